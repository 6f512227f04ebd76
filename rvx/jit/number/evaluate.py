"""Exact expressions in a function: every node of the model, on finite numbers or on any.

The nodes' words are the function's parameters (`canonical.py`). The `finite` evaluation takes
numbers without infinities and NaNs; wherever one arises it leaves for the block `cold`, which is
to compute the expression anew by the full one.
"""

from __future__ import annotations

from collections.abc import Sequence

from rvx.jit.number import decode, unary
from rvx.jit.number.callee import Direction, Target
from rvx.jit.number.context import Context, zero_if
from rvx.jit.number.digits import Drawn, Mode
from rvx.jit.number.division import divided
from rvx.jit.number.encode import digits_for, encode
from rvx.jit.number.order import Order, common, extreme, holds, made_of, order, parts
from rvx.jit.number.polynomial import terms_of
from rvx.jit.number.product import product
from rvx.jit.number.range import top_of
from rvx.jit.number.site import Shape
from rvx.jit.number.special import any_product, finite_product, join, negated_kinds
from rvx.jit.number.sum import total
from rvx.jit.number.truncate import aligned, are_aligned, truncated
from rvx.jit.number.value import (
    Value,
    fixed_constant,
    known,
    negated,
    scaled,
)
from rvx.jit.text import Function
from rvx.model import ir
from rvx.number import Fixed, Format
from rvx.number.flags import NV
from rvx.number.real import NEGATIVE, POS_ZERO, POSITIVE


class Evaluator:
    """Writes the evaluation of one shape into a function."""

    def __init__(
        self,
        out: Function,
        shape: Shape,
        parameters: Sequence[str],
        cold: str | None,
    ) -> None:
        self._out = out
        self._shape = shape
        self._parameters = parameters
        self._finite = cold is not None
        self._context = Context(out, cold)

    # Nodes

    def value(self, e: ir.Number, digits: int | None) -> Value:
        """The number: exact, or with at least `digits` digits and then rounded to odd."""
        match e:
            case ir.Exact(significand, exponent):
                kind = POSITIVE if significand > 0 else NEGATIVE if significand else POS_ZERO
                return Value(fixed_constant(significand, exponent), known(kind))
            case ir.Decode(word, ir.Named(_, format)):
                return self._leaf(self._word(word), format)
            case ir.WordNumber(word, is_signed):
                format = Fixed(bits=word.width, signed=is_signed)
                return self._leaf(self._word(word), format)
            case ir.NumberLocal(name):
                return self._local(int(name))
            case ir.NumberOp("+" | "-"):
                return self._sum(e, digits)
            case ir.NumberOp("*", left, right):
                return self._product(self.value(left, None), self.value(right, None))
            case ir.NumberOp(op, left, right):
                one, other = self._compared(left), self._compared(right)
                return extreme(self._out, op, one, other, finite=self._finite)
            case ir.NumberFunction(op, value):
                return self._function(op, value, digits)
            case ir.Quotient(left, right):
                return divided(self._context, self._closed(left), self._closed(right), digits)
            case ir.Scale(value, power):
                of = self.value(value, digits)
                return Value(scaled(self._out, of.finite, power), of.kinds, of.flags)
            case ir.Truncate(value, exponent):
                least = self.value(exponent, None)
                return truncated(self._context, self._closed(value), least)
            case ir.Rounded(number, ir.Named(_, format), mode) if mode is not None:
                return self._rounded(number, format, mode)
            case ir.NumberSelect(condition, then, otherwise):
                return self._select(condition, then, otherwise, digits)
        raise AssertionError(f"{type(e).__name__} is a parameter")

    def order(self, left: ir.Number, right: ir.Number) -> tuple[Order, str]:
        """The order of two numbers, and their flags."""
        one, other = self._compared(left), self._compared(right)
        found = order(self._out, one, other, finite=self._finite)
        return found, join(self._out, one.flags, other.flags)

    def holds(self, op: str, left: ir.Number, right: ir.Number, quiet: bool) -> tuple[str, str]:
        """Whether `left op right` (i1), and the flags."""
        found, flags = self.order(left, right)
        if not quiet and op not in ("==", "!="):
            invalid = self._out.select(found.unordered, "i32", str(NV), "0")
            flags = join(self._out, flags, invalid)
        return holds(self._out, op, found), flags

    def coded(self, number: ir.Number, format: Format, mode: Direction) -> tuple[str, str]:
        """The number rounded to a code, and the flags."""
        how = self._mode(mode)
        value = self.value(number, digits_for(format, top_of(number), how))
        return encode(self._out, format, how, value, finite=self._finite)

    def target(self, target: Target, mode: Direction) -> tuple[str, str]:
        """The code, or the truth of the comparison, that the shape is evaluated for."""
        if target.format is None:
            left, right = self._shape.numbers
            return self.holds(target.op, left, right, target.quiet)
        (number,) = self._shape.numbers
        return self.coded(number, target.format, mode)

    def _mode(self, mode: Direction) -> Mode:
        if isinstance(mode, ir.Stochastic):
            return Drawn(self._word(mode.draw), mode.draw.width)
        return mode

    def _closed(self, e: ir.Number) -> Value:
        """The exact number as a single monomial."""
        return self._context.resolved(self.value(e, None))

    def _compared(self, e: ir.Number) -> Value:
        """A resolved operand of a comparison. Comparing zeros and infinities takes its kind."""
        value = self._closed(e)
        kinds = value.kinds()
        return Value(value.finite, lambda: kinds, value.flags)

    # Leaves

    def _word(self, word: ir.Word) -> str:
        assert isinstance(word, ir.WordLocal)
        return self._parameters[int(word.name)]

    def _leaf(self, code: str, format: Format) -> Value:
        out = self._out
        finite = decode.number(out, format, code)
        if self._finite or not decode.has_specials(format):
            return Value(finite, lambda: decode.finite_kinds(out, format, code))
        kinds, flags = decode.kinds_and_flags(out, format, code)
        special = decode.is_special(out, format, code)
        return Value(zero_if(out, special, finite), lambda: kinds, flags)

    def _local(self, index: int) -> Value:
        local = self._shape.locals[index]
        found = self._leaf(self._parameters[local.code], local.format)
        flags = join(self._out, found.flags, self._parameters[local.flags])
        return Value(found.finite, found.kinds, flags)

    # Polynomials

    def _sum(self, e: ir.Number, digits: int | None) -> Value:
        out = self._out
        terms = terms_of(e, 0, False)
        if (found := self._aligned(terms)) is not None:
            return found
        values = [self._moved(*term) for term in terms]
        finite = total(out, [value.finite for value in values], digits)
        flags = "0"
        for value in values:
            flags = join(out, flags, value.flags)

        def kinds() -> str:
            found = "0"
            for value in values:
                found = join(out, found, value.kinds())
            return found

        return Value(finite, kinds, flags)

    def _aligned(self, terms: Sequence[tuple[ir.Number, int, bool]]) -> Value | None:
        """The sum, if all terms are cut at the same place and have room in a word."""
        cut = [(term, minus) for term, power, minus in terms if not power]
        first = cut[0][0] if cut and len(cut) == len(terms) else None
        if not (self._finite and isinstance(first, ir.Truncate)):
            return None
        values = []
        for term, minus in cut:
            if not isinstance(term, ir.Truncate) or term.exponent != first.exponent:
                return None
            value = self._closed(term.value)
            values.append(self._negated(value) if minus else value)
        if not are_aligned(self._context, values):
            return None
        return aligned(self._context, values, self.value(first.exponent, None))

    def _moved(self, term: ir.Number, power: int, minus: bool) -> Value:
        value = self.value(term, None)
        value = Value(scaled(self._out, value.finite, power), value.kinds, value.flags)
        return self._negated(value) if minus else value

    def _negated(self, value: Value) -> Value:
        out = self._out
        finite = negated(out, value.finite)
        return Value(finite, lambda: negated_kinds(out, value.kinds()), value.flags)

    def _product(self, a: Value, b: Value) -> Value:
        out = self._out
        finite, flags = product(out, a.finite, b.finite), join(out, a.flags, b.flags)
        if self._finite:
            return Value(finite, lambda: finite_product(out, a.kinds(), b.kinds()), flags)
        kinds, invalid = any_product(out, a.kinds(), b.kinds())
        return Value(finite, lambda: kinds, join(out, flags, invalid))

    # Functions of one number

    def _function(self, op: str, e: ir.Number, digits: int | None) -> Value:
        context = self._context
        match op:
            case "-":
                return self._negated(self.value(e, digits))
            case "abs":
                return unary.absolute(context, context.resolved(self.value(e, digits)))
            case "sign":
                return unary.sign(context, context.resolved(self.value(e, 2)))
            case "exponent":
                return unary.exponent(context, self.value(e, 2))
            case "sqrt":
                return unary.square_root(context, self._closed(e), digits)
            case "log":
                return unary.log(context, self._closed(e))
            case "antilog":
                return unary.antilog(context, self._closed(e))
        raise AssertionError(op)

    def _rounded(self, number: ir.Number, format: Format, mode: Direction) -> Value:
        out = self._out
        code, flags = self.coded(number, format, mode)
        if self._finite:
            self._context.leave_if(decode.is_special(out, format, code))
        found = self._leaf(code, format)
        return Value(found.finite, found.kinds, join(out, found.flags, flags))

    def _select(
        self, condition: ir.Truth, then: ir.Number, otherwise: ir.Number, digits: int | None
    ) -> Value:
        out = self._out
        assert isinstance(condition, ir.TruthLocal)
        first, second, first_end, done = (
            out.label(hint) for hint in ("then", "else", "chosen", "selected")
        )
        out.branch(self._parameters[int(condition.name)], first, second)
        out.begin(first)
        one = self.value(then, digits)
        one_kinds = one.kinds()
        out.jump(first_end)
        out.begin(second)
        other = self.value(otherwise, digits)
        like = common(one.finite, other.finite)
        right = [*parts(out, other.finite, like), ("i32", other.kinds()), ("i32", other.flags)]
        from_second = out.block
        out.jump(done)
        out.begin(first_end)
        left = [*parts(out, one.finite, like), ("i32", one_kinds), ("i32", one.flags)]
        out.jump(done)
        out.begin(done)
        *values, kinds, flags = (
            out.phi(type, (x, first_end), (y, from_second))
            for (type, x), (_, y) in zip(left, right, strict=True)
        )
        return Value(made_of(like, values), lambda: kinds, flags)
