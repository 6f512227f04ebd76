"""Rounding to integers and fixed point: every mode, bound and flag as `Fixed.encode` has them."""

from __future__ import annotations

from rvx.jit.number.digits import Mode, drawn_bits, normalised, rounds_up, shift_jamming
from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    fixed_point,
    magnitude,
    signed,
    storage,
    with_sign,
)
from rvx.jit.text import Function
from rvx.number import Fixed, Quire
from rvx.number.flags import NV, NX

Coded = tuple[str, str]

_WIDEST = 128  # beyond, a number to be bounded is shifted to the units by its exponent


def round_fixed(out: Function, format: Fixed, mode: Mode, number: Finite) -> Coded:
    """Round a finite number to its code; the flags (i32) are the rounding's."""
    mode = format.rounding or mode
    if isinstance(number, Floating) and number.top - number.lsb >= _WIDEST:
        units, width, inexact, beyond = _from_floating(out, format, mode, number)
    else:
        units, width, inexact = _from_fixed(out, format, mode, fixed_point(out, number))
        beyond = "0"
    low, high = signed(format.low, width), str(format.high)
    under = out.compare("slt", width, units, low)
    over = out.compare("sgt", width, units, high)
    outside = out.op("or", 1, out.op("or", 1, under, over), beyond)
    if format.overflow == "saturate":
        units = out.select(over, f"i{width}", high, out.select(under, f"i{width}", low, units))
    code = out.resize(units, width, format.bits)
    if not format.flags:
        return code, "0"
    flags = out.select(inexact, "i32", str(NX), "0")
    return code, out.select(outside, "i32", str(NV), flags)


def fixed_digits(format: Fixed, top: int | None, mode: Mode) -> int | None:
    """The digits, rounded to odd, that rounding needs; `top` bounds the number by 2**top.

    None: all, as the low bits are kept when it wraps.
    """
    behind = 0 if format.rounding else drawn_bits(mode)
    if format.overflow != "wrap":
        return format.bits + 3 + behind
    return None if top is None else max(top, 0) + format.fraction + 4 + behind


def _from_fixed(
    out: Function, format: Fixed, mode: Mode, number: FixedPoint
) -> tuple[str, int, str]:
    """The number in units of the format, its width, and whether it is inexact."""
    shift = -format.fraction - number.lsb
    if shift <= 0:
        width = storage(max(number.bound.bit_length() - shift, format.bits) + 2)
        value = out.resize(number.value, number.width, width, signed=True)
        return out.op("shl", width, value, str(-shift)), width, "0"
    width = storage(max(number.bound.bit_length(), format.bits, shift) + 2)
    value = out.resize(number.value, number.width, width, signed=True)
    negative, absolute = magnitude(out, width, value)
    kept = out.op("lshr", width, absolute, str(shift))
    rest = out.op("and", width, absolute, str((1 << shift) - 1))
    up, inexact = rounds_up(out, width, kept, rest, shift, mode, negative)
    kept = out.op("add", width, kept, out.resize(up, 1, width))
    return with_sign(out, width, kept, negative), width, inexact


def _from_floating(
    out: Function, format: Fixed, mode: Mode, number: Floating
) -> tuple[str, int, str, str]:
    """The same from a number of a wide range; the last of the four: beyond the width, so outside.

    What is beyond has its low bits where the format wraps, and else any value out of range.
    """
    behind = 2 + drawn_bits(mode)
    width = storage(max(format.bits + 2 + behind, number.bits + 1 + behind))
    significand = out.resize(number.significand, number.width, width)
    aligned, zeros = normalised(out, width, significand)
    # The units' place in the aligned significand, less what to round by and a sticky bit.
    place = out.op(
        "sub", 32, out.op("sub", 32, zeros, number.exponent), signed(format.fraction + behind)
    )
    zero = out.compare("eq", width, significand, "0")
    place = out.select(zero, "i32", "0", place)
    left = out.compare("slt", 32, place, "2")  # too large for the register and a sign
    down = out.select(left, "i32", "2", place)
    shifted = shift_jamming(out, width, aligned, down)
    kept = out.op("lshr", width, shifted, str(behind))
    rest = out.op("and", width, shifted, str((1 << behind) - 1))
    up, inexact = rounds_up(out, width, kept, rest, behind, mode, number.sign)
    kept = out.op("add", width, kept, out.resize(up, 1, width))
    units = with_sign(out, width, kept, number.sign)
    inexact = out.op("and", 1, inexact, out.op("xor", 1, left, "1"))
    beyond = out.op("and", 1, left, out.op("xor", 1, zero, "1"))
    if format.overflow == "wrap":
        instead = _wrapped(out, format, width, number, significand)
    else:
        largest = str((1 << width - 1) - 1)
        instead = out.select(number.sign, f"i{width}", str(1 << width - 1), largest)
    return out.select(beyond, f"i{width}", instead, units), width, inexact, beyond


def _wrapped(out: Function, format: Fixed, width: int, number: Floating, significand: str) -> str:
    """The low bits of a number too large for the register; all of them are above its point."""
    shift = out.op("add", 32, number.exponent, signed(format.fraction))
    right = out.compare("slt", 32, shift, "0")
    by = out.select(right, "i32", out.op("sub", 32, "0", shift), "0")
    by = out.select(out.compare("ult", 32, by, str(width)), "i32", by, str(width - 1))
    kept = out.op("lshr", width, significand, out.resize(by, 32, width))
    fits = out.compare("ult", 32, shift, str(width))
    amount = out.select(fits, "i32", shift, "0")
    moved = out.op("shl", width, significand, out.resize(amount, 32, width))
    moved = out.select(fits, f"i{width}", moved, "0")
    return with_sign(out, width, out.select(right, f"i{width}", kept, moved), number.sign)


def quire_code(out: Function, format: Quire, number: Finite) -> str:
    """The code of a number on the quire's grid, or of the next below it; by the format's rule where
    it is beyond the width."""
    found = fixed_point(out, number)
    shift = found.lsb - format.lsb
    needed = found.bound.bit_length() + max(shift, 0) + 1
    width = storage(max(needed, format.bits))
    value = out.resize(found.value, found.width, width, signed=True)
    if shift < 0:
        value = out.op("ashr", width, value, str(-shift))
    else:
        value = out.op("shl", width, value, str(shift))
    if needed > format.bits and format.overflow != "wrap":
        value = _quire_bounded(out, format, width, value)
    return out.resize(value, width, format.bits)


def _quire_bounded(out: Function, format: Quire, width: int, value: str) -> str:
    largest = format.canonical_nan - 1
    above = out.compare("sgt", width, value, str(largest))
    below = out.compare("slt", width, value, str(-largest))
    instead = format.canonical_nan, format.canonical_nan
    if format.overflow == "saturate":
        instead = largest, -largest
    value = out.select(above, f"i{width}", str(instead[0]), value)
    return out.select(below, f"i{width}", str(instead[1]), value)
