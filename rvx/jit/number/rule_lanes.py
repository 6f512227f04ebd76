"""Rule: the lanes of an instruction at once, in vectors of doubles, where all of them are ordinary.

The sums of `rule_sum` that need no error terms. Where a lane's result is not a normal number of
the format, all lanes are computed anew, one by one.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

from rvx.jit.number.lane_shape import LaneShape, Place
from rvx.jit.number.rule import Rule
from rvx.jit.number.rule_carrier import BINARY32, BINARY64, is_ieee
from rvx.jit.number.rule_decode import double_table
from rvx.jit.number.rule_round import FRACTION
from rvx.jit.number.rule_sum import DoubleSum
from rvx.jit.number.rule_summand import Summand, top, width
from rvx.jit.number.shape import Term
from rvx.jit.number.vector import Vector
from rvx.jit.text import Function
from rvx.number import Float, Format, Rounding, Span
from rvx.number.flags import NX
from rvx.record import record

_TABLE_BITS: Final = 8
_MOST_LANES: Final = 8
# Sums are multiples of 2**-_FLOAT_RANGE and, of a few terms, below 2**(_FLOAT_RANGE + 6).
_FLOAT_RANGE: Final = 120
_MAGNITUDE: Final = BINARY64.sign - 1


@record(frozen=True)
class LaneSum:
    """`places` are those of the sum's parameters, `widths` those of the words."""

    sum: DoubleSum
    count: int
    widths: tuple[int, ...]
    places: tuple[Place, ...]
    by_host: bool  # it rounds, and raises the flags
    tests_first: bool  # for infinities and NaNs among the wide operands

    def emit(self, out: Function, words: list[str], hard: str) -> tuple[str, str]:
        """The lanes' codes as one integer, and the flags; goes to `hard` where it is none."""
        vector, values = Vector(out, self.count), dict[int, str]()
        for summand in self.sum.summands:
            for place in summand.places:
                if place not in values:
                    values[place] = self._operand(vector, words, place)
        for place, value in values.items():
            if self.tests_first and _is_wide(self.sum, place):
                self._leave_if_special(vector, value, hard)
        total = self._summand(vector, self.sum.summands[0], values)
        for summand in self.sum.summands[1:]:
            total = self._added(vector, total, summand, values)
        if self.by_host:
            return self._rounded_by_host(vector, total, hard)
        return self._rounded(vector, vector.to_bits(total), hard)

    # Operands

    def _operand(self, vector: Vector, words: list[str], parameter: int) -> str:
        """The doubles of a parameter. Specials become NaNs or infinities, as the host has them."""
        place, format = self.places[parameter], self.sum.shape.formats[parameter]
        out, bits = vector.out, self.widths[place.word]
        word = words[place.word]
        if format.bits <= _TABLE_BITS:
            return vector.gathered(
                [
                    double_table(out, _lane(out, word, bits, place, i, format), format)
                    for i in range(1 if place.step == 0 else self.count)
                ]
                * (self.count if place.step == 0 else 1)
            )
        assert isinstance(format, Float)
        whole = out.resize(out.op("lshr", bits, word, str(place.low)), bits, self._bits(format))
        if is_ieee(format, 5, 10):
            return vector.from_halves(whole)
        if is_ieee(format, 8, 7):
            shorts, floats = f"<{self.count} x i16>", f"<{self.count} x i32>"
            codes = out.value(f"bitcast i{self._bits(format)} {whole} to {shorts}")
            wide = out.value(f"zext {shorts} {codes} to {floats}")
            wide = out.value(f"shl {floats} {wide}, splat (i32 16)")
            whole = out.value(f"bitcast {floats} {wide} to i{32 * self.count}")
        return vector.from_floats(whole)

    def _bits(self, format: Format) -> int:
        return self.count * format.bits

    def _leave_if_special(self, vector: Vector, value: str, hard: str) -> None:
        """Before any arithmetic: what is inexact there would raise NX, but not beside these."""
        out, finite = vector.out, vector.out.label("finite")
        magnitude = vector.op("and", vector.to_bits(value), vector.constant(_MAGNITUDE))
        rest = vector.op("sub", vector.constant(BINARY64.infinity - 1), magnitude)
        out.branch(vector.any_negative(rest), hard, finite, likely=False)
        out.begin(finite)

    # Sums

    def _summand(self, vector: Vector, summand: Summand, values: dict[int, str]) -> str:
        (term,) = summand.terms
        return self._product(vector, term, values)

    def _product(self, vector: Vector, term: Term, values: dict[int, str]) -> str:
        product = values[term.parameters[0]]
        for place in term.parameters[1:]:
            product = vector.float_op("fmul", product, values[place])
        factor = term.factor * 2.0**term.power
        if factor == -1:
            return vector.negate(product)
        if factor != 1:
            product = vector.float_op("fmul", product, vector.all(factor))
        return product

    def _added(self, vector: Vector, total: str, summand: Summand, values: dict[int, str]) -> str:
        """`total` + summand, fused where that is a product of two."""
        (term,) = summand.terms
        if len(term.parameters) == 2 and abs(term.factor) == 1 and not term.power:
            a, b = (values[place] for place in term.parameters)
            a = vector.negate(a) if term.factor < 0 else a
            return vector.float_op("fma", a, b, total)
        return vector.float_op("fadd", total, self._product(vector, term, values))

    # Rounding

    def _rounded_by_host(self, vector: Vector, total: str, hard: str) -> tuple[str, str]:
        """To binary16, all but NaNs: as a float that is odd first, which the host then rounds."""
        out, easy, ones = (
            vector.out,
            vector.out.label("easy"),
            (1 << FRACTION - BINARY32.fraction) - 1,
        )
        out.branch(vector.any_nan(total), hard, easy, likely=False)
        out.begin(easy)
        bits = vector.to_bits(total)
        # What the float has not room for carries into its last bit.
        rest = vector.op("and", bits, vector.constant(ones))
        carried = vector.op("add", rest, vector.constant(ones))
        odd = vector.op("and", vector.op("or", bits, carried), vector.constant(~ones))
        return vector.to_halves(vector.from_bits(odd)), "0"

    def _rounded(self, vector: Vector, bits: str, hard: str) -> tuple[str, str]:
        """As `DoubleToFloat` rounds a result in the normal range."""
        out, rounding = vector.out, self.sum.rounding
        target, dropped = rounding.target, rounding.dropped
        magnitude = vector.op("and", bits, vector.constant(_MAGNITUDE))
        low, high = rounding.normal_range
        outside = vector.op(
            "or",
            vector.op("sub", magnitude, vector.constant(low)),
            vector.op("sub", vector.constant(high), magnitude),
        )
        easy = out.label("easy")
        out.branch(vector.any_negative(outside), hard, easy, likely=False)
        out.begin(easy)
        rebias = -(BINARY64.bias + target.emin - 1 << FRACTION)
        constant, varying = self._increment(vector, bits, magnitude)
        moved = vector.op("add", magnitude, vector.constant(rebias + constant))
        if varying:
            moved = vector.op("add", moved, varying)
        code = vector.op("lshr", moved, vector.constant(dropped))
        rest = vector.op("and", bits, vector.constant((1 << dropped) - 1))
        sign = vector.op("lshr", bits, vector.constant(64 - target.bits))
        sign = vector.op("and", sign, vector.constant(1 << target.bits - 1))
        found = vector.narrowed(vector.op("or", code, sign), target.bits)
        if rounding.sticky:
            return found, "0"
        inexact = vector.any_nonzero(rest)
        return found, out.select(inexact, "i32", str(NX), "0")

    def _increment(self, vector: Vector, bits: str, magnitude: str) -> tuple[int, str]:
        """What to add before the rest is dropped: a constant and a value."""
        dropped = self.sum.rounding.dropped
        half, ones = 1 << dropped - 1, (1 << dropped) - 1
        match self.sum.rounding.mode:
            case Rounding.RNE:
                last = vector.op("lshr", magnitude, vector.constant(dropped))
                return half - 1, vector.op("and", last, vector.constant(1))
            case Rounding.RMM:
                return half, ""
            case Rounding.RDN | Rounding.RUP as mode:
                # All ones where the sign is the one that rounds away from zero.
                sign = vector.op("lshr", bits, vector.constant(63))
                if mode is Rounding.RDN:
                    away = vector.op("sub", vector.constant(0), sign)
                else:
                    away = vector.op("sub", sign, vector.constant(1))
                return 0, vector.op("and", away, vector.constant(ones))
        return 0, ""


def _lane(out: Function, word: str, width: int, place: Place, i: int, format: Format) -> str:
    low = place.low + i * place.step
    return out.resize(out.op("lshr", width, word, str(low)), width, format.bits)


def _is_wide(rule: DoubleSum, parameter: int) -> bool:
    """Whether the host converts it, infinities too."""
    return rule.shape.formats[parameter].bits > _TABLE_BITS


def lane_rule(rule: Rule | None, host_mode: Rounding | None, shape: LaneShape) -> LaneSum | None:
    """The rule for lanes of which `rule` is the rule of one."""
    count, widths, places = shape.count, shape.widths, shape.places
    if not isinstance(rule, DoubleSum) or any(rule.checked):
        return None
    if count & count - 1 or not 2 <= count <= _MOST_LANES:
        return None
    formats, target = rule.shape.formats, rule.rounding.target
    if rule.rounding.mode is Rounding.ODD or target.bits not in (8, 16, 32):
        return None
    # Short ones come from tables one by one, and go apart again: together they take longer.
    if max(format.bits for format in (target, *formats)) <= _TABLE_BITS:
        return None
    for summand in rule.summands:
        if summand.common or len(summand.terms) != 1:
            return None
    for format, place in zip(formats, places, strict=True):
        if format.bits <= _TABLE_BITS:
            continue
        is_host = is_ieee(format, 8, 23) or is_ieee(format, 8, 7) or is_ieee(format, 5, 10)
        room = widths[place.word] - place.low
        if not is_host or place.step != format.bits or room < count * format.bits:
            return None
    tests_first = _raises_beside(rule)
    return LaneSum(rule, count, widths, places, _is_by_host(rule, host_mode), tests_first)


def _raises_beside(rule: DoubleSum) -> bool:
    """Whether the sum may raise a flag where a wide operand is an infinity or a NaN, wrongly.

    Two infinities raise NV also beside a NaN. And an addition is inexact only where the sum is out
    of the format's range: but an infinity is not, and what it is added to may be inexact.
    """
    wide = sum(any(_is_wide(rule, i) for i in term.parameters) for term in rule.shape.terms)
    spans = [summand.span(rule.shape.formats) for summand in rule.summands]
    is_exact = width(reduce(Span.add, spans)) <= FRACTION + 1
    return wide > 1 or not (is_exact or rule.rounding.sticky)


def _is_by_host(rule: DoubleSum, host_mode: Rounding | None) -> bool:
    """Whether the result is a binary16 number that the host rounds, by way of a float."""
    spans = [summand.span(rule.shape.formats) for summand in rule.summands]
    in_range = all(span.lsb > -_FLOAT_RANGE and top(span) < _FLOAT_RANGE for span in spans)
    is_half = is_ieee(rule.rounding.target, 5, 10)
    return is_half and in_range and rule.rounding.mode is host_mode
