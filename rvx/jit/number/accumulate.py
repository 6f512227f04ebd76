"""Statements that add products to a quire, and the functions that do it."""

from __future__ import annotations

from collections.abc import Callable

from rvx.jit.number import decode
from rvx.jit.number.limbs import Limbs
from rvx.jit.number.polynomial import leaf
from rvx.jit.number.signed_product import (
    Signed,
    moved,
    multiplied,
    negative,
    signed_constant,
    signed_number,
    skips_zero,
)
from rvx.jit.number.site import Shape
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Format, Quire
from rvx.record import record

Choose = Callable[[ir.FormatUse], Format | None]


@record(frozen=True)
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


@record()
class _Writer:
    out: Function
    quire: Quire
    shape: Shape
    codes: list[str]

    def function(self, minus: tuple[bool, ...]) -> bool:
        """Write it all."""
        out, limbs = self.out, Limbs(self.out, "%p0", self.quire)
        start, special, done = (out.label(hint) for hint in ("finite", "nar", "done"))
        self._test_codes(special, start, done)
        out.begin(start)
        limbs.leave_if_nar(done)
        for term, is_minus in zip(self.shape.numbers, minus, strict=True):
            following = out.label("next")
            if len(self.shape.numbers) > 1:
                self._leave_if_zero(term, following)
            number = self._product(term)
            if number is None or not limbs.takes(number):
                return False
            limbs.add(negative(out, number) if is_minus else number)
            out.jump(following)
            out.begin(following)
        limbs.trim()
        out.jump(done)
        out.begin(special)
        limbs.set_nar()
        out.jump(done)
        out.begin(done)
        out.ret()
        out.finish()
        return True

    # Codes

    def _test_codes(self, special: str, start: str, done: str) -> None:
        """Go on with `start` where all is usual. A product with a zero is no addition at all."""
        out = self.out
        rare = out.label("rare")
        is_nan, tests = "0", "0"
        leaves = list(dict.fromkeys(each for e in self.shape.numbers for each in self._leaves(e)))
        for code, format in leaves:
            test = self._is_zero_or_nar(code, format)
            tests = out.op("or", 1, tests, test or decode.is_special(out, format, code))
        out.branch(tests, rare, start, likely=False)
        out.begin(rare)
        for code, format in leaves:
            is_nan = out.op("or", 1, is_nan, decode.is_special(out, format, code))
        out.branch(is_nan, special, done if len(self.shape.numbers) == 1 else start)

    def _is_zero_or_nar(self, code: str, format: Format) -> str | None:
        """Whether all bits but the first are zeros (i1), where that is not to be decoded."""
        if not skips_zero(format):
            return None
        width = format.bits
        return self.out.compare("eq", width, self.out.op("shl", width, code, "1"), "0")

    def _leave_if_zero(self, term: ir.Number, following: str) -> None:
        """Where a factor that must not be zero is."""
        out = self.out
        for code, format in self._leaves(term):
            if (zero := self._is_zero_or_nar(code, format)) is not None:
                on = out.label("nonzero")
                out.branch(zero, following, on, likely=False)
                out.begin(on)

    def _leaves(self, e: ir.Number) -> list[tuple[str, Format]]:
        match e:
            case ir.Exact():
                return []
            case ir.Scale(value):
                return self._leaves(value)
            case ir.NumberOp(_, left, right):
                return self._leaves(left) + self._leaves(right)
        return [leaf(self.shape, e, self.codes)[:2]]

    # Products

    def _product(self, e: ir.Number) -> Signed | None:
        """The product, None: it does not fit."""
        out = self.out
        match e:
            case ir.Exact(significand, exponent):
                found = signed_constant(out, significand, exponent)
            case ir.Scale(value, power):
                of = self._product(value)
                return None if of is None else moved(out, of, power)
            case ir.NumberOp(_, left, right):
                one, other = self._product(left), self._product(right)
                if one is None or other is None:
                    return None
                found = multiplied(out, one, other)
            case _:
                code, format, _ = leaf(self.shape, e, self.codes)
                found = signed_number(out, format, code)
        return found if found.fits else None
