"""When a sum of doubles that is not exact may be rounded again: far from where roundings part.

Let u be the sum, rounded after each addition, and t one of the partial sums. An addition to t errs
by at most 2**-53 |t|. With |t| <= 2**GROWTH |u| that is at most 2**GROWTH units in the last place
of u, and by half of one in the last addition. To nearest, only numbers around a tie are rounded
differently for so little: the digits that are dropped are then near one half.
"""

from __future__ import annotations

from functools import reduce
from typing import Final

from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.number.rule_round import FRACTION, DoubleToFloat
from rvx.jit.number.vector import Vector
from rvx.jit.text import Function
from rvx.number import Float, Rounding

_GROWTH: Final = 16
_FAR: Final = 1 << 12  # exponents are smaller
_MARGIN: Final = 1 << _GROWTH + 2  # for up to three partial sums
MAGNITUDE: Final = BINARY64.sign - 1
_LEAST_DROPPED: Final = _GROWTH + 8  # so that one in a few hundred is near at most


def is_safe_apart(rounding: DoubleToFloat) -> bool:
    """Whether there is something between ties, and only they matter."""
    is_nearest = rounding.mode in (Rounding.RNE, Rounding.RMM)
    return is_nearest and rounding.dropped >= _LEAST_DROPPED


def near_mark(rounding: DoubleToFloat) -> int:
    """A quiet NaN whose dropped digits look like those of a tie: with it in a sum, `leave_if_near`
    leaves, as the host hands the digits of a NaN on."""
    return BINARY64.quiet_nan | 1 << rounding.dropped - 1


def is_exact_if_small(rounding: DoubleToFloat, lsb: int) -> bool:
    """Whether a sum of multiples of 2**lsb that is below the target's normal range is a number of
    the target: where it is not much smaller than its partial sums, those have few digits."""
    fits = _GROWTH + rounding.target.fraction < FRACTION
    return fits and lsb >= rounding.target.lsb


def is_small_exact(target: Float, lsb: int) -> bool:
    """Whether a sum of multiples of 2**lsb that is below the target's normal range is exact, where
    it is not much smaller than its partial sums."""
    return target.emin + _GROWTH + 2 - lsb <= FRACTION + 1


def near_flag(vector: Vector, rounding: DoubleToFloat, bits: str, partial: list[str]) -> str:
    """A vector that is negative where `leave_if_near` leaves; all by their bits."""
    assert len(partial) <= 2
    half, margin = 1 << rounding.dropped - 1, _MARGIN
    rest = vector.op("and", bits, vector.constant((1 << rounding.dropped) - 1))
    above = vector.op("sub", rest, vector.constant(half - margin))
    beyond = vector.op("sub", rest, vector.constant(half + margin))
    # Not below the first, but below the second.
    found = vector.op("and", vector.op("xor", above, vector.constant(-1)), beyond)
    for each in partial:
        size, total = (vector.op("and", b, vector.constant(MAGNITUDE)) for b in (each, bits))
        limit = vector.op("add", total, vector.constant(_GROWTH << FRACTION))
        found = vector.op("or", found, vector.op("sub", limit, size))
    return found


def leave_if_near(
    out: Function, rounding: DoubleToFloat, bits: str, partial: list[str], near: str
) -> None:
    """Jump to `near` if a tie is, or if one of the two partial sums is much larger than the sum
    (its bits). In the normal range alone that is all that can be."""
    assert len(partial) <= 2
    # Magnitudes, which are ordered as their bits are: without the sign, in 63 bits.
    limit = out.op("add", 64, out.op("shl", 64, bits, "1"), str(_GROWTH << FRACTION + 1))
    for each in partial:
        size = out.op("shl", 64, BINARY64.to_code(out, each), "1")
        _leave(out, out.compare("ugt", 64, size, limit), near)
    # The dropped digits at the top of a word, so that the distance to one half may wrap.
    width = 32 if rounding.dropped <= 32 else 64
    lifted = out.op("shl", width, out.resize(bits, 64, width), str(width - rounding.dropped))
    margin = _MARGIN << width - rounding.dropped
    above = out.op("sub", width, lifted, str((1 << width - 1) - margin))
    _leave(out, out.compare("ult", width, above, str(2 * margin)), near)


def leave_if_apart(out: Function, values: list[tuple[str, int]], apart: str) -> None:
    """Jump away unless the sum of doubles, with their numbers of digits, is exact in any order:
    unless all their digits, and those that carries bring, have room in one double."""
    highest, lowest = "0", str(2 * _FAR)
    for value, digits in values:
        exponent = out.op("lshr", 64, BINARY64.to_code(out, value), str(FRACTION))
        exponent = out.op("and", 64, exponent, str(BINARY64.infinity >> FRACTION))
        highest = _extreme(out, "ugt", highest, exponent)
        least = out.op("add", 64, exponent, str(_FAR - (digits - 1)))
        is_zero = out.compare("eq", 64, exponent, "0")
        lowest = _extreme(out, "ult", lowest, out.select(is_zero, "i64", str(2 * _FAR), least))
    carries = (len(values) - 1).bit_length()
    reach = out.op("sub", 64, out.op("add", 64, highest, str(_FAR)), lowest)
    _leave(out, out.compare("sgt", 64, reach, str(FRACTION - carries)), apart)


def apart_flag(vector: Vector, values: list[str], digits: int) -> str:
    """A vector that is negative where doubles (their bits) of so many digits at most lie too far
    apart for an exact sum: as `leave_if_apart`, but with all taken for as long as the longest.

    The bits of magnitudes differ by more than their exponents do; a zero becomes a large number.
    """
    sizes = [vector.op("and", bits, vector.constant(MAGNITUDE)) for bits in values]
    less = [vector.op("sub", size, vector.constant(1)) for size in sizes]
    halves = [vector.op("lshr", each, vector.constant(1)) for each in less]
    highest = reduce(lambda a, b: vector.extreme("sgt", a, b), sizes)
    lowest = reduce(lambda a, b: vector.extreme("slt", a, b), halves)
    carries = (len(values) - 1).bit_length()
    most = FRACTION - carries - (digits - 1)
    reach = vector.op("sub", vector.op("lshr", highest, vector.constant(1)), lowest)
    return vector.op("sub", vector.constant(most << FRACTION - 1), reach)


def _extreme(out: Function, predicate: str, a: str, b: str) -> str:
    return out.select(out.compare(predicate, 64, a, b), "i64", a, b)


def _leave(out: Function, condition: str, where: str) -> None:
    on = out.label("apart")
    out.branch(condition, where, on, likely=False)
    out.begin(on)
