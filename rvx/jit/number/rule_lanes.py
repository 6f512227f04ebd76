"""Rule: the lanes of an instruction at once, in vectors of doubles, where all of them are ordinary.

The sums of `rule_sum`: those that are exact, and those whose errors cannot matter far from ties
(`rule_near`). Where a lane's result is not a normal number of the format, or near a tie, all lanes
are computed anew, one by one.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

from rvx.jit.number.lane_shape import LaneShape, Place
from rvx.jit.number.rule import Rule
from rvx.jit.number.rule_carrier import BINARY32, BINARY64, is_ieee
from rvx.jit.number.rule_decode import double_table
from rvx.jit.number.rule_near import MAGNITUDE, apart_flag, is_safe_apart, is_small_exact, near_flag
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
_MOST_SHORT: Final = 1  # of the result and the operands, or else fewer than the others
# Sums are multiples of 2**-_FLOAT_RANGE and, of a few terms, below 2**(_FLOAT_RANGE + 6).
_FLOAT_RANGE: Final = 120


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
        vector = Vector(out, self.count)
        if self.tests_first:
            self._leave_if_special(out, words, hard)
        values, known = dict[int, str](), dict[tuple[int, int], str]()
        for summand in self.sum.summands:
            for place in summand.places:
                if place not in values:
                    values[place] = self._operand(vector, words, place, known)
        add = self._close_sum if self.sum.guarded else self._sum
        total = add(vector, values, hard)
        if self.by_host:
            return self._rounded_by_host(vector, total, hard)
        return self._rounded(vector, vector.to_bits(total), hard)

    # Operands

    def _operand(
        self, vector: Vector, words: list[str], parameter: int, known: dict[tuple[int, int], str]
    ) -> str:
        """The doubles of a parameter. Specials become NaNs or infinities, as the host has them.

        `known` are floats that a word has been converted to, by the word and its first bit.
        """
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
        every = place.step // format.bits
        first = place.low // format.bits % every
        low = place.low - first * format.bits
        if (floats := known.get((place.word, low))) is None:
            count = self.count * every
            whole = out.resize(out.op("lshr", bits, word, str(low)), bits, count * format.bits)
            floats = known[place.word, low] = _floats(vector, whole, format, count)
        return vector.from_floats(floats, self.count * every, every, first)

    def _leave_if_special(self, out: Function, words: list[str], hard: str) -> None:
        """Before any arithmetic: what is inexact there would raise NX, but not beside these.

        Where an exponent is all ones, adding its lowest bit carries into the sign's place.
        """
        found = list[str]()
        for number, (word, bits) in enumerate(zip(words, self.widths, strict=True)):
            exponents = lowest = signs = 0
            for parameter, place in enumerate(self.places):
                format = self.sum.shape.formats[parameter]
                if place.word != number or not _is_wide(self.sum, parameter):
                    continue
                assert isinstance(format, Float)
                for lane in range(self.count):
                    at = place.low + lane * place.step
                    exponents |= ((1 << format.exponent) - 1) << format.fraction + at
                    lowest |= 1 << format.fraction + at
                    signs |= 1 << format.bits - 1 + at
            if not signs:
                continue
            carried = out.op("add", bits, out.op("and", bits, word, str(exponents)), str(lowest))
            special = out.op("and", bits, carried, str(signs))
            found.append(out.compare("ne", bits, special, "0"))
        any_special = reduce(lambda a, b: out.op("or", 1, a, b), found)
        _leave(out, any_special, hard)

    # Sums

    def _sum(self, vector: Vector, values: dict[int, str], hard: str) -> str:
        total, inexact = self._summand(vector, self.sum.summands[0], values), list[str]()
        for summand, checked in zip(self.sum.summands[1:], self.sum.checked[1:], strict=True):
            total = self._added(vector, total, summand, values)
            inexact += [total] if checked else []
        if inexact:
            before = [vector.to_bits(each) for each in inexact if each != total]
            near = near_flag(vector, self.sum.rounding, vector.to_bits(total), before)
            _leave(vector.out, vector.any_negative(near), hard)
        return total

    def _close_sum(self, vector: Vector, values: dict[int, str], hard: str) -> str:
        """The exact sum of terms whose digits all have room in one double."""
        found = [self._summand(vector, summand, values) for summand in self.sum.summands]
        digits = max(summand.digits(self.sum.shape.formats) for summand in self.sum.summands)
        apart = apart_flag(vector, [vector.to_bits(each) for each in found], digits)
        _leave(vector.out, vector.any_negative(apart), hard)
        return reduce(lambda a, b: vector.float_op("fadd", a, b), found)

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
        """To binary32; or to binary16 as a float that is odd first, which the host then rounds.
        All but NaNs."""
        out = vector.out
        is_all_wide = all(_is_wide(self.sum, i) for i in range(len(self.places)))
        if not (self.tests_first and is_all_wide):
            _leave(out, vector.any_nan(total), hard)
        if self.sum.rounding.target.bits == BINARY32.bits:
            return vector.to_floats(total), "0"
        ones = (1 << FRACTION - BINARY32.fraction) - 1
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
        magnitude = vector.op("and", bits, vector.constant(MAGNITUDE))
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


def _floats(vector: Vector, whole: str, format: Format, count: int) -> str:
    """So many numbers of a format of the host, or of the upper half of one, as floats."""
    if is_ieee(format, 5, 10):
        return vector.halves_to_floats(whole, count)
    if is_ieee(format, 8, 7):
        shorts, wide = f"<{count} x i16>", f"<{count} x i32>"
        codes = vector.out.value(f"bitcast i{count * 16} {whole} to {shorts}")
        codes = vector.out.value(f"zext {shorts} {codes} to {wide}")
        codes = vector.out.value(f"shl {wide} {codes}, splat (i32 16)")
        return vector.out.value(f"bitcast {wide} {codes} to <{count} x float>")
    return vector.out.value(f"bitcast i{count * 32} {whole} to <{count} x float>")


def _leave(out: Function, condition: str, where: str) -> None:
    on = out.label("ordinary")
    out.branch(condition, where, on, likely=False)
    out.begin(on)


def _lane(out: Function, word: str, width: int, place: Place, i: int, format: Format) -> str:
    low = place.low + i * place.step
    return out.resize(out.op("lshr", width, word, str(low)), width, format.bits)


def _is_wide(rule: DoubleSum, parameter: int) -> bool:
    """Whether the host converts it, infinities too."""
    return rule.shape.formats[parameter].bits > _TABLE_BITS


def lane_rule(rule: Rule | None, host_mode: Rounding | None, shape: LaneShape) -> LaneSum | None:
    """The rule for lanes of which `rule` is the rule of one."""
    count, widths, places = shape.count, shape.widths, shape.places
    if not isinstance(rule, DoubleSum) or not _has_no_errors(rule):
        return None
    if count & count - 1 or not 2 <= count <= _MOST_LANES:
        return None
    formats, target = rule.shape.formats, rule.rounding.target
    if rule.guarded and min(format.bits for format in formats) <= _TABLE_BITS:
        return None
    if rule.rounding.mode is Rounding.ODD or target.bits not in (8, 16, 32):
        return None
    # Short ones come from tables one by one, and go apart again: many together take longer.
    short = sum(format.bits <= _TABLE_BITS for format in (target, *formats))
    if short > _MOST_SHORT and 2 * short >= len(formats) + 1:
        return None
    for summand in rule.summands:
        if summand.common or len(summand.terms) != 1:
            return None
    for format, place in zip(formats, places, strict=True):
        if format.bits <= _TABLE_BITS:
            continue
        is_host = is_ieee(format, 8, 23) or is_ieee(format, 8, 7) or is_ieee(format, 5, 10)
        every = place.step // format.bits
        if not is_host or every < 1 or count * every > _MOST_LANES or place.step % format.bits:
            return None
        low = place.low - place.low // format.bits % every * format.bits
        if place.low % format.bits or widths[place.word] - low < count * place.step:
            return None
    tests_first = rule.guarded or _raises_beside(rule)
    return LaneSum(rule, count, widths, places, _is_by_host(rule, host_mode), tests_first)


def _raises_beside(rule: DoubleSum) -> bool:
    """Whether the sum may raise a flag where a wide operand is an infinity or a NaN, wrongly.

    Two infinities raise NV also beside a NaN in a third term. And an addition is inexact only where
    the sum is out of the format's range: but an infinity, a third term, is not.
    """
    if len(rule.shape.terms) <= 2:
        return False
    wide = sum(any(_is_wide(rule, i) for i in term.parameters) for term in rule.shape.terms)
    spans = [summand.span(rule.shape.formats) for summand in rule.summands]
    is_exact = width(reduce(Span.add, spans)) <= FRACTION + 1
    return wide > 1 or not (is_exact or rule.rounding.sticky)


def _has_no_errors(rule: DoubleSum) -> bool:
    """Whether its additions are exact, or their errors do not matter far from ties."""
    return rule.guarded or not any(rule.checked) or (is_safe_apart(rule.rounding) and not rule.wide)


def _is_by_host(rule: DoubleSum, host_mode: Rounding | None) -> bool:
    """Whether the result is a number that the host rounds, binary16 by way of a float."""
    spans = [summand.span(rule.shape.formats) for summand in rule.summands]
    target, is_exact = rule.rounding.target, rule.guarded or not any(rule.checked)
    if rule.rounding.mode is not host_mode or not rule.zero_is_host:
        return False
    if is_ieee(target, 8, 23):
        return is_exact or rule.host_rounds
    in_range = all(span.lsb > -_FLOAT_RANGE and top(span) < _FLOAT_RANGE for span in spans)
    lsb = min(span.lsb for span in spans)
    return is_ieee(target, 5, 10) and in_range and (is_exact or is_small_exact(target, lsb))
