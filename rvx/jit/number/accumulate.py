"""Adding products to a quire where it lies in memory, in limbs of 64 bits.

A product touches two limbs; what is carried or borrowed beyond them rarely goes on. The sum wraps
at the quire's width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rvx.jit.number import decode
from rvx.jit.number.digits import least
from rvx.jit.number.polynomial import leaf
from rvx.jit.number.product import product
from rvx.jit.number.site import Shape
from rvx.jit.number.value import Finite, Floating, fixed_constant, floating, negated, scaled, signed
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Quire

_LIMB: Final = 64
_BYTES: Final = _LIMB // 8
_PAIR: Final = 2 * _LIMB

Choose = Callable[[ir.FormatUse], Format | None]


@dataclass(frozen=True)
class Accumulation:
    """`quire = quire +- products`: the products' signs, apart from the factors' codes."""

    quire: Quire
    minus: tuple[bool, ...]


def accumulation(
    s: ir.SetState, choose: Choose
) -> tuple[Accumulation, tuple[ir.Number, ...]] | None:
    """The statement as an accumulation and its products, or None: it is none."""
    if s.low or not isinstance(s.value, ir.Encode):
        return None
    quire = choose(s.value.format)
    if not isinstance(quire, Quire):
        return None
    own = ir.Decode(ir.State(s.name, s.index, quire.bits), s.value.format, quire.span, False)
    terms = _terms(s.value.number, False)
    if terms.count((own, False)) != 1:
        return None
    terms.remove((own, False))
    if not terms or not all(_is_product(term) for term, _ in terms):
        return None
    signs = tuple(minus for _, minus in terms)
    return Accumulation(quire, signs), tuple(term for term, _ in terms)


def _terms(e: ir.Number, minus: bool) -> list[tuple[ir.Number, bool]]:
    match e:
        case ir.NumberOp("+" | "-" as op, left, right):
            return [*_terms(left, minus), *_terms(right, minus != (op == "-"))]
        case ir.NumberFunction("-", value):
            return _terms(value, not minus)
    return [(e, minus)]


def _is_product(e: ir.Number) -> bool:
    match e:
        case ir.Decode() | ir.WordNumber() | ir.Exact():
            return True
        case ir.Scale(value):
            return _is_product(value)
        case ir.NumberOp("*", left, right):
            return _is_product(left) and _is_product(right)
    return False


def define(module: Module, name: str, what: Accumulation, shape: Shape) -> bool:
    """Write `void @name(ptr quire, codes...)`; False: a product is too long for two limbs."""
    out = Function(module, name, "void", ("ptr", *shape.types), STRICT)
    writer = _Writer(out, what.quire, shape, [f"%p{i + 1}" for i in range(len(shape.types))])
    return writer.function(what.minus)


@dataclass
class _Writer:
    out: Function
    quire: Quire
    shape: Shape
    codes: list[str]

    @property
    def limbs(self) -> int:
        return (self.quire.bits + _LIMB - 1) // _LIMB

    def function(self, minus: tuple[bool, ...]) -> bool:
        out = self.out
        start, special, done = (out.label(hint) for hint in ("finite", "nar", "done"))
        out.branch(self._any_special(), special, start, likely=False)
        out.begin(start)
        self._leave_if_nar(done)
        for term, negative in zip(self.shape.numbers, minus, strict=True):
            factor = floating(out, self._product(term))
            if factor.bits > _LIMB or self._last_limb(factor) >= self.limbs or self.limbs == 1:
                return False
            self._add(floating(out, negated(out, factor)) if negative else factor)
        out.jump(done)
        out.begin(special)
        for limb in range(self.limbs - 1):
            out.store("i64", "0", "%p0", limb * _BYTES, align=_BYTES)
        out.store("i64", str(self._top_bit), "%p0", (self.limbs - 1) * _BYTES, align=_BYTES)
        out.jump(done)
        out.begin(done)
        out.ret()
        out.finish()
        return True

    @property
    def _top_bit(self) -> int:
        """NaR's top limb."""
        return 1 << (self.quire.bits - 1) % _LIMB

    # Special values

    def _any_special(self) -> str:
        found = "0"
        for term in self.shape.numbers:
            for code, format in self._leaves(term):
                special = decode.is_special(self.out, format, code)
                found = self.out.op("or", 1, found, special)
        return found

    def _leaves(self, e: ir.Number) -> list[tuple[str, Format]]:
        match e:
            case ir.Exact():
                return []
            case ir.Scale(value):
                return self._leaves(value)
            case ir.NumberOp(_, left, right):
                return self._leaves(left) + self._leaves(right)
        return [leaf(self.shape, e, self.codes)[:2]]

    def _leave_if_nar(self, done: str) -> None:
        """A quire that is NaR stays so."""
        out, last = self.out, self.limbs - 1
        maybe, on = out.label("maybe"), out.label("number")
        top = out.load("i64", "%p0", last * _BYTES, align=_BYTES)
        out.branch(out.compare("eq", _LIMB, top, str(self._top_bit)), maybe, on, likely=False)
        out.begin(maybe)
        below = "0"
        for limb in range(last):
            below = out.op("or", _LIMB, below, out.load("i64", "%p0", limb * _BYTES, align=_BYTES))
        out.branch(out.compare("eq", _LIMB, below, "0"), done, on)
        out.begin(on)

    # Products

    def _product(self, e: ir.Number) -> Finite:
        match e:
            case ir.Exact(significand, exponent):
                return fixed_constant(significand, exponent)
            case ir.Scale(value, power):
                return scaled(self.out, self._product(value), power)
            case ir.NumberOp(_, left, right):
                return product(self.out, self._product(left), self._product(right))
        code, format, _ = leaf(self.shape, e, self.codes)
        return decode.digits(self.out, format, code)

    def _last_limb(self, factor: Floating) -> int:
        return max(factor.high - self.quire.lsb, 0) // _LIMB

    def _add(self, factor: Floating) -> None:
        """Add a product: shifted to its place in two limbs, then what goes beyond them."""
        out = self.out
        place = out.op("sub", 32, factor.exponent, signed(self.quire.lsb))
        digits = out.resize(factor.significand, factor.width, _LIMB)
        if factor.low < self.quire.lsb:  # the bits below the unit are zeros
            below = out.compare("slt", 32, place, "0")
            down = out.select(below, "i32", out.op("sub", 32, "0", place), "0")
            down = out.op("and", 32, down, str(_LIMB - 1))
            digits = out.op("lshr", _LIMB, digits, out.resize(down, 32, _LIMB))
            place = out.select(below, "i32", "0", place)
        at = out.op("lshr", 32, place, "6")
        if self._last_limb(factor) == self.limbs - 1:  # the pair that holds the top limb
            at = least(out, 32, at, str(self.limbs - 2))
        shift = out.op("sub", 32, place, out.op("shl", 32, at, "6"))
        shifted = out.resize(digits, _LIMB, _PAIR)
        shifted = out.op("shl", _PAIR, shifted, out.resize(shift, 32, _PAIR))
        limb = out.resize(at, 32, _LIMB)
        negative = out.op("and", 1, factor.sign, out.compare("ne", _LIMB, digits, "0"))
        opposite = out.op("sub", _PAIR, "0", shifted)
        shifted = out.select(negative, f"i{_PAIR}", opposite, shifted)
        pointer = out.value(f"getelementptr i64, ptr %p0, i64 {limb}")
        old = out.load("i128", pointer, align=_BYTES)
        total = out.op("add", _PAIR, old, shifted)
        out.store("i128", total, pointer, align=_BYTES)
        carry = out.resize(out.compare("ult", _PAIR, total, old), 1, _LIMB)
        beyond = out.op("sub", _LIMB, carry, out.resize(negative, 1, _LIMB))
        self._carry(limb, beyond)

    def _carry(self, limb: str, beyond: str) -> None:
        """Add 1, 0 or -1 to the limbs from two above."""
        out = self.out
        index = out.variable("i64")
        loop, test, on = out.label("carry"), out.label("limb"), out.label("added")
        out.store("i64", out.op("add", _LIMB, limb, "2"), index, align=_BYTES)
        out.branch(out.compare("eq", _LIMB, beyond, "0"), on, loop)
        out.begin(loop)
        at = out.load("i64", index, align=_BYTES)
        out.branch(out.compare("ult", _LIMB, at, str(self.limbs)), test, on)
        out.begin(test)
        pointer = out.value(f"getelementptr i64, ptr %p0, i64 {at}")
        old = out.load("i64", pointer, align=_BYTES)
        total = out.op("add", _LIMB, old, beyond)
        out.store("i64", total, pointer, align=_BYTES)
        out.store("i64", out.op("add", _LIMB, at, "1"), index, align=_BYTES)
        # A carry goes on where the limb was all ones, a borrow where it was zero.
        carries = out.compare("eq", _LIMB, beyond, "1")
        last = out.select(carries, "i64", total, old)
        out.branch(out.compare("eq", _LIMB, last, "0"), loop, on)
        out.begin(on)
        self._mask()

    def _mask(self) -> None:
        """The bits of the top limb beyond the width are zeros."""
        bits = self.quire.bits % _LIMB
        if bits:
            out, at = self.out, (self.limbs - 1) * _BYTES
            top = out.load("i64", "%p0", at, align=_BYTES)
            out.store("i64", out.op("and", _LIMB, top, str((1 << bits) - 1)), "%p0", at, _BYTES)
