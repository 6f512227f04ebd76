"""Sums of posits that are taken apart: aligned, added and put together."""

from __future__ import annotations

from typing import TypeAlias

from rvx.jit.each_lane import EachLane
from rvx.jit.number.posit_code import pack
from rvx.jit.number.posit_fields import Held, Unpacked, negated_where, room
from rvx.jit.text import Arithmetic
from rvx.record import record

Number: TypeAlias = tuple[Unpacked, str]  # with its sign, 0 or all ones


@record(frozen=True)
class Aligned:
    """A sum of numbers that were shifted to the exponent of one of them, `room(format)` zeros below
    their digits: `±total * 2**exponent / 2**(size - 1)`, the sign being that of this one. The other
    was shifted to the floor, so that what is `lost` of it is positive, whatever its sign."""

    total: str
    exponent: str
    sign: str
    lost: str


def added_to_larger(
    out: Arithmetic, one: Unpacked, other: Unpacked, sign: str, differ: str, held: Held
) -> Aligned:
    """The sum or, where `differ` is all ones, the difference of magnitudes. The first has the sign,
    and no smaller exponent. Their lowest `room(format)` bits must be zero."""
    size, zeros = held.size, room(held.format)
    ones, top = str((1 << size) - 1), str(size - 1)
    differ = out.resize(differ, held.width, size, signed=True)
    # Room for a carry, and for the zeros that `pack` wants below.
    large = out.op("lshr", size, one.significand, str(zeros))
    small = negated_where(out, size, out.op("lshr", size, other.significand, str(zeros)), differ)
    distance = out.op("sub", size, one.exponent, other.exponent)
    far = out.compare("ugt", size, distance, top)
    distance = out.select(far, f"i{size}", top, distance)  # the second is short of the size
    total = out.op("add", size, large, out.op("ashr", size, small, distance))
    kept = out.op("shl", size, ones, distance)
    lost = out.op("and", size, small, out.op("xor", size, kept, ones))
    return Aligned(total, one.exponent, sign, lost)


def added(out: Arithmetic, one: Number, other: Number, differ: str, held: Held) -> Aligned:
    """As `added_to_larger`, of numbers with any exponents. With equal ones the total may be
    negative."""
    size, type = held.size, f"i{held.size}"
    (a, sign_a), (b, sign_b) = one, other
    swaps = out.compare("slt", size, a.exponent, b.exponent)
    sign = out.select(swaps, f"i{held.width}", sign_b, sign_a)
    if isinstance(out, EachLane):  # both ways, so that little waits for the comparison
        ways = (added_to_larger(out, *pair, sign, differ, held) for pair in ((b, a), (a, b)))
        parts = zip(*((way.total, way.exponent, way.lost) for way in ways), strict=True)
        total, exponent, lost = (out.select(swaps, type, *pair) for pair in parts)
        return Aligned(total, exponent, sign, lost)
    larger, smaller = (
        Unpacked(
            out.select(swaps, type, x.exponent, y.exponent),
            out.select(swaps, type, x.significand, y.significand),
        )
        for x, y in ((b, a), (a, b))
    )
    return added_to_larger(out, larger, smaller, sign, differ, held)


def packed_sum(out: Arithmetic, sum: Aligned, held: Held, *, is_ordered: bool = False) -> str:
    """The code of a sum. `is_ordered`: of two posits of the format, the larger one first, and not
    equal with unequal signs."""
    width, size = held.width, held.size
    zeros, total, sign = room(held.format), sum.total, sum.sign
    if not is_ordered:
        negative = out.op("ashr", size, total, str(size - 1))
        total = negated_where(out, size, total, negative)
        sign = out.op("xor", width, sign, out.resize(negative, size, width))
    shift = out.unary("ctlz", size, total)  # of a zero too large: what is made of it is not chosen
    significand = out.op("shl", size, total, shift)
    # Digits are lost only where the numbers differ so much that none but two cancel: a bit in the
    # place of the sum's last digit or below it stands for them.
    some = out.compare("ne", size, sum.lost, "0")
    digit = out.op("shl", size, out.resize(some, 1, size), str(zeros - 1))
    significand = out.op("or", size, significand, digit)
    exponent = out.op("sub", size, out.op("add", size, sum.exponent, str(zeros)), shift)
    code = pack(out, Unpacked(exponent, significand), sign, held, is_sum=is_ordered)
    if is_ordered:
        return code
    return out.select(out.compare("eq", size, total, "0"), f"i{width}", "0", code)
