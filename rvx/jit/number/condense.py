"""Long integers, such as quires, as a few digits rounded to odd: what rounding them needs.

Which limb has the leading digit rarely changes from one sum of a guest to the next, so that it is
found by branches. All that follows then is on two limbs.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.value import Finite, FixedPoint, Floating, floating, signed
from rvx.jit.text import Function

_LIMB: Final = 64
_PAIR: Final = 2 * _LIMB
_ONES: Final = (1 << _LIMB) - 1


def condensed(out: Function, number: Finite, digits: int) -> Floating:
    """The number with at least so many digits, rounded to odd where it is long and more are not
    needed; else all of it."""
    if not isinstance(number, FixedPoint) or number.width <= _PAIR or digits >= _LIMB:
        return floating(out, number)
    limbs = _limbs(out, number)
    sign = out.op("ashr", _LIMB, limbs[-1], str(_LIMB - 1))
    high, low, rest, bits = _leading(out, limbs, sign)
    # Minus one makes the complement two's, unless it ends in what has been left out.
    none = out.compare("eq", _LIMB, rest, "0")
    joined = out.op("shl", _PAIR, out.resize(high, _LIMB, _PAIR), str(_LIMB))
    joined = out.op("or", _PAIR, joined, out.resize(low, _LIMB, _PAIR))
    wide = out.resize(sign, _LIMB, _PAIR, signed=True)
    joined = out.op("xor", _PAIR, joined, wide)
    joined = out.op("sub", _PAIR, joined, out.select(none, f"i{_PAIR}", wide, "0"))
    low = out.resize(joined, _PAIR, _LIMB)
    high = out.resize(out.op("lshr", _PAIR, joined, str(_LIMB)), _PAIR, _LIMB)
    zeros = out.unary("ctlz", _LIMB, high)
    shift = out.op("and", _LIMB, zeros, str(_LIMB - 1))
    out.module.declare("i64 @llvm.fshl.i64(i64, i64, i64)")
    first = out.value(f"call i64 @llvm.fshl.i64(i64 {high}, i64 {low}, i64 {shift})")
    lost = out.op("or", _LIMB, out.op("shl", _LIMB, low, shift), rest)
    lost = out.op("or", _LIMB, lost, out.op("shl", _LIMB, first, str(digits)))
    some = out.resize(out.compare("ne", _LIMB, lost, "0"), 1, _LIMB)
    kept = out.op("or", _LIMB, out.op("lshr", _LIMB, first, str(_LIMB - digits)), some)
    # Below zero and no digits: a power of two beyond the two limbs.
    is_negative = out.compare("ne", _LIMB, sign, "0")
    beyond = out.op("and", 1, is_negative, out.compare("eq", _PAIR, joined, "0"))
    kept = out.select(beyond, "i64", str(1 << digits - 1), kept)
    zeros = out.select(beyond, "i64", str(_ONES), zeros)
    lsb, least = number.lsb, number.lsb - digits
    exponent = out.op("sub", 32, bits, out.resize(zeros, _LIMB, 32))
    exponent = out.op("add", 32, exponent, signed(least))
    most = lsb + _LIMB * len(limbs) - digits + 1
    return Floating(is_negative, kept, _LIMB, digits, exponent, least, most, lsb, number.top)


def _limbs(out: Function, number: FixedPoint) -> list[str]:
    """The limbs, the least significant first."""
    width = -(-number.width // _LIMB) * _LIMB
    value = out.resize(number.value, number.width, width, signed=True)
    places = range(0, width, _LIMB)
    return [out.resize(out.op("lshr", width, value, str(at)), width, _LIMB) for at in places]


def _leading(out: Function, limbs: list[str], sign: str) -> tuple[str, str, str, str]:
    """The first limb that is not all signs, or the last one; the one below it; the others below,
    ORed; and the number of bits from the first one down (i32)."""
    found, done = list[tuple[tuple[str, str, str, str], str]](), out.label("leading")
    for place in range(len(limbs) - 1, 0, -1):
        leads, on = out.label("limb"), out.label("next")
        out.branch(out.compare("eq", _LIMB, limbs[place], sign), on, leads)
        out.begin(leads)
        rest = "0"
        for below in limbs[: place - 1]:
            rest = out.op("or", _LIMB, rest, below)
        found.append(((limbs[place], limbs[place - 1], rest, str(_LIMB * (place + 1))), leads))
        out.jump(done)
        out.begin(on)
    found.append(((limbs[0], "0", "0", str(_LIMB)), out.block))
    out.jump(done)
    out.begin(done)
    high, low, rest, bits = (
        out.phi(type, *((values[i], label) for values, label in found))
        for i, type in enumerate(("i64", "i64", "i64", "i32"))
    )
    return high, low, rest, bits
