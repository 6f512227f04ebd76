"""Statements that add products to a quire, and the functions that do it."""

from __future__ import annotations

from collections.abc import Callable

from rvx.jit.number import decode
from rvx.jit.number.accumulate_quickly import add_quickly
from rvx.jit.number.callee import COLD
from rvx.jit.number.limbs import Limbs
from rvx.jit.number.polynomial import factors, leaf
from rvx.jit.number.signed_product import (
    Signed,
    negative,
    product_of,
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
    terms = [
        inner
        for term, minus in _terms(s.value.number, False)
        for inner in _apart(term, minus, quire, choose)
    ]
    if terms.count((own, False)) != 1:
        return None
    terms.remove((own, False))
    if not terms or not all(_is_product(term) for term, _ in terms):
        return None
    if not quire.is_exact and not _drop_apart(s.value.number, quire, choose):
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


def _apart(
    term: ir.Number, minus: bool, quire: Quire, choose: Choose
) -> list[tuple[ir.Number, bool]]:
    """A product that is rounded to the quire's unit before it is added is, for `Limbs` drops what
    is below the unit, toward minus infinity, of each product by itself."""
    match term:
        case ir.Rounded(value, use) if not minus and choose(use) == quire:
            inner = _terms(value, False)
            return inner if len(inner) == 1 else [(term, minus)]
    return [(term, minus)]


def _drop_apart(e: ir.Number, quire: Quire, choose: Choose) -> bool:
    """Whether dropping what is below the unit of each term gives the same as of the sum."""
    together = 0
    for term, _ in _terms(e, False):
        is_rounded = isinstance(term, ir.Rounded) and choose(term.format) == quire
        is_fine = term.span is None or term.span.lsb < quire.lsb
        together += is_fine and not is_rounded
    return together <= 1


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
    """Write `void @name(ptr quire, codes...)`; False: a product is too long for two limbs,
    or the sum could go beyond the quire's width by more than `Limbs` can tell."""
    types = ("ptr", *shape.types)
    codes = [f"%p{i + 1}" for i in range(len(shape.types))]
    quick = Function(module, name, "void", types, f"{STRICT} alwaysinline")
    if not add_quickly(quick, Limbs(quick, "%p0", what.quire), shape, codes, what.minus):
        return _Writer(Function(module, name, "void", types), what.quire, shape, codes).function(
            what.minus
        )
    cold = Function(module, f"{name}.any", "void", types, COLD)
    is_written = _Writer(cold, what.quire, shape, codes).function(what.minus)
    if is_written:
        arguments = [(type, f"%p{i}") for i, type in enumerate(types)]
        quick.call("void", cold.name, *arguments)
        quick.ret()
        quick.finish()
    return is_written


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
        if not limbs.can_mend([term.span for term in self.shape.numbers]):
            return False
        before = limbs.leave_if_nar(done)
        for term, is_minus in zip(self.shape.numbers, minus, strict=True):
            following = out.label("next")
            if len(self.shape.numbers) > 1:
                self._leave_if_zero(term, following)
            number = product_of(out, term, self._number)
            if number is None or not limbs.takes(number):
                return False
            limbs.add(negative(out, number) if is_minus else number)
            out.jump(following)
            out.begin(following)
        limbs.trim(before)
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
        leaves = list(
            dict.fromkeys(
                each for e in self.shape.numbers for each in factors(self.shape, e, self.codes)
            )
        )
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
        for code, format in factors(self.shape, term, self.codes):
            if (zero := self._is_zero_or_nar(code, format)) is not None:
                on = out.label("nonzero")
                out.branch(zero, following, on, likely=False)
                out.begin(on)

    def _number(self, e: ir.Number) -> Signed:
        code, format, _ = leaf(self.shape, e, self.codes)
        return signed_number(self.out, format, code)
