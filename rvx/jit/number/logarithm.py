"""Exponents and Mitchell's logarithms of finite numbers, exact as the reference defines them."""

from __future__ import annotations

from rvx.jit.number.digits import normalised
from rvx.jit.number.value import FixedPoint, Floating, signed, storage
from rvx.jit.text import Function
from rvx.number.real import LEAST_EXPONENT

# An antilogarithm of 2**20 and more is as large, and one of -2**20 and less as small, as this.
_MOST_EXPONENT = 20


def exponent(out: Function, number: Floating, zero: str) -> FixedPoint:
    """The floor of log2 of the magnitude, an integer; the least exponent where `zero`."""
    zeros = out.resize(out.unary("ctlz", number.width, number.significand), number.width, 32)
    found = out.op("sub", 32, out.op("add", 32, number.exponent, signed(number.width - 1)), zeros)
    bound = max(-LEAST_EXPONENT, abs(number.low), abs(number.high + number.bits))
    found = out.select(zero, "i32", signed(LEAST_EXPONENT), found)
    return FixedPoint(found, 32, 0, bound)


def logarithm(out: Function, number: Floating) -> tuple[FixedPoint, str]:
    """e + f of 2**e * (1 + f), positive, and e (i32)."""
    aligned, zeros = normalised(out, number.width, number.significand)
    places = number.bits - 1  # of the fraction
    e = out.op("add", 32, number.exponent, signed(number.width - 1))
    e = out.op("sub", 32, e, zeros)
    bound = max(abs(number.low), abs(number.high + number.bits)) + 1 << places
    width = storage(max(bound.bit_length() + 1, number.width))
    fraction = out.op("lshr", number.width, aligned, str(number.width - number.bits))
    fraction = out.resize(fraction, number.width, width)
    whole = out.op("sub", 32, e, "1")  # the leading one stands for one
    whole = out.op("shl", width, out.resize(whole, 32, width, signed=True), str(places))
    return FixedPoint(out.op("add", width, whole, fraction), width, -places, bound), e


def antilogarithm(out: Function, number: FixedPoint) -> tuple[Floating, str, str]:
    """2**e * (1 + f) of e + f; e (i32); and whether e was too large to be taken as it is."""
    places = max(-number.lsb, 0)
    width = storage(max(number.bound.bit_length() + max(number.lsb, 0), places + 24) + 1)
    value = out.resize(number.value, number.width, width, signed=True)
    value = out.op("shl", width, value, str(max(number.lsb, 0)))
    whole = out.op("ashr", width, value, str(places))
    fraction = out.op("and", width, value, str((1 << places) - 1))
    most, far = 1 << _MOST_EXPONENT, "0"
    if number.bound << max(number.lsb, 0) >= most << places:
        limit = most << places
        above = out.compare("sge", width, value, str(limit))
        below = out.compare("sle", width, value, signed(-limit, width))
        far = out.op("or", 1, above, below)
        whole = out.select(above, f"i{width}", str(most), whole)
        whole = out.select(below, f"i{width}", signed(-most, width), whole)
        fraction = out.select(far, f"i{width}", "0", fraction)
    e = out.resize(whole, width, 32)
    significand = out.op("or", width, fraction, str(1 << places))
    reach = min((number.bound << max(number.lsb, 0) >> places) + 1, most)
    low, high = -reach - places, reach - places
    found = Floating(
        "0", significand, width, places + 1, out.op("add", 32, e, signed(-places)),
        low, high, low, reach + 1,
    )  # fmt: skip
    return found, e, far


def truncated(out: Function, width: int, magnitude: str, unit: str, least: str) -> str:
    """The magnitude, in units of 2**unit (i32), without what lies below 2**least (i32)."""
    shift = out.op("sub", 32, least, unit)
    keeps = out.compare("sle", 32, shift, "0")
    drops = out.compare("sge", 32, shift, str(width))
    amount = out.select(out.op("or", 1, keeps, drops), "i32", "0", shift)
    amount = out.resize(amount, 32, width)
    kept = out.op("shl", width, out.op("lshr", width, magnitude, amount), amount)
    return out.select(drops, f"i{width}", "0", kept)
