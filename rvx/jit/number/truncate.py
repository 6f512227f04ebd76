"""Numbers without what lies below a power of two, and sums of those that are cut at one place.

Such a sum, as tensor cores make it, is one of integers in that unit.
Where none of them is longer than a word they are aligned and added in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rvx.jit.number import logarithm
from rvx.jit.number.context import Context
from rvx.jit.number.digits import least as smaller
from rvx.jit.number.special import is_not_finite, join
from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    Value,
    bits_of,
    fixed_point,
    floating,
    is_negative,
    is_zero,
    known,
    magnitude,
    signed,
    storage,
    with_sign,
)
from rvx.jit.text import Function
from rvx.number.real import LEAST_EXPONENT, NEG_ZERO, NEGATIVE, POS_ZERO, POSITIVE

_FAR: Final = 1 << 24  # beyond every exponent
_WORD: Final = 64


def truncated(c: Context, value: Value, least: Value) -> Value:
    """A resolved number without what lies below 2**least, toward zero."""
    out = c.out
    at = _floor(c, least.finite)
    finite = value.finite
    kept: Finite
    if isinstance(finite, FixedPoint):
        sign, absolute = magnitude(out, finite.width, finite.value)
        unit = signed(finite.lsb)
        absolute = logarithm.truncated(out, finite.width, absolute, unit, at)
        absolute = with_sign(out, finite.width, absolute, sign)
        kept = FixedPoint(absolute, finite.width, finite.lsb, finite.bound)
    else:
        width = finite.width
        absolute = logarithm.truncated(out, width, finite.significand, finite.exponent, at)
        kept = replace(finite, significand=absolute)
    return Value(kept, lambda: _kinds(c, value, is_zero(out, kept)), value.flags)


def _kinds(c: Context, value: Value, nothing: str) -> str:
    """The kind of what is left of a resolved number, `nothing` or something."""
    out = c.out
    was_zero, negative = is_zero(out, value.finite), is_negative(out, value.finite)
    gone = out.op("and", 1, nothing, out.op("xor", 1, was_zero, "1"))
    zero = out.select(negative, "i32", str(NEG_ZERO), str(POS_ZERO))
    kind = value.kinds()
    if not c.is_finite:
        usual = out.op("xor", 1, is_not_finite(out, kind), "1")
        gone = out.op("and", 1, gone, usual)
    return out.select(gone, "i32", zero, kind)


def are_aligned(c: Context, values: Sequence[Value]) -> bool:
    """Whether `aligned` takes the finite numbers: they and their sum have room in a word, which
    they have not anyway."""
    spare, finite = _WORD - 1 - _carries(values), [value.finite for value in values]
    is_wide = max(x.top for x in finite) - min(x.lsb for x in finite) > spare
    return c.is_finite and is_wide and all(bits_of(x) < spare for x in finite)


def aligned(c: Context, values: Sequence[Value], least: Value) -> Value:
    """The sum of resolved finite numbers, each without what lies below 2**least, in that unit;
    leaves for the full evaluation with zeros alone, or where one has no room above the unit."""
    out = c.out
    low = min(value.finite.lsb for value in values)
    top = max(value.finite.top for value in values)
    # Below all units nothing is cut, above all numbers everything.
    at = _within(out, 32, _floor(c, least.finite), low, top + 1)
    total, flags, left, all_bits = "0", "0", "0", "0"
    room = _WORD - 2 - _carries(values)
    for value in values:
        number = floating(out, value.finite)
        leading = logarithm.exponent(out, number, is_zero(out, number)).value
        height = out.op("sub", 32, leading, at)
        left = out.op("or", 1, left, out.compare("sgt", 32, height, str(room)))
        kept = _shifted(out, number, at)
        all_bits = out.op("or", _WORD, all_bits, kept)
        total = out.op("add", _WORD, total, with_sign(out, _WORD, kept, number.sign))
        flags = join(out, flags, value.flags)
    # Which zero a sum of zeros is: to decide it here would keep all operands in registers.
    c.leave_if(out.op("or", 1, left, out.compare("eq", _WORD, all_bits, "0")))
    sign, absolute = magnitude(out, _WORD, total)
    highest = top + _carries(values)
    found = Floating(sign, absolute, _WORD, _WORD - 1, at, low, top + 1, low, highest)
    return Value(found, known(POSITIVE | NEGATIVE), flags)


def _carries(values: Sequence[Value]) -> int:
    """By how many bits a sum may be longer than its terms."""
    return (len(values) - 1).bit_length()


def _shifted(out: Function, number: Floating, at: str) -> str:
    """The magnitude in units of 2**at (i32), toward zero, an i64; it must have room."""
    significand = out.resize(number.significand, number.width, _WORD)
    up = out.op("sub", 32, number.exponent, at)
    down = smaller(out, 32, out.op("sub", 32, "0", up), str(_WORD - 1))
    # A zero may be anywhere: the mask is for it.
    left = out.resize(out.op("and", 32, up, str(_WORD - 1)), 32, _WORD)
    raised = out.op("shl", _WORD, significand, left)
    lowered = out.op("lshr", _WORD, significand, out.resize(down, 32, _WORD))
    return out.select(out.compare("sge", 32, up, "0"), f"i{_WORD}", raised, lowered)


def _floor(c: Context, number: Finite) -> str:
    """The integer (i32) at or below a number, bounded to what exponents may be."""
    out, found = c.out, fixed_point(c.out, number)
    up = max(found.lsb, 0)
    width = max(storage(found.bound.bit_length() + up + 1), 32)
    value = out.resize(found.value, found.width, width, signed=True)
    if found.lsb < 0:
        places = min(-found.lsb, width - 1)
        value = out.op("ashr", width, value, str(places))
    value = out.op("shl", width, value, str(up))
    if found.bound << up <= _FAR:
        return out.resize(value, width, 32)
    return out.resize(_within(out, width, value, -_FAR, _FAR), width, 32)


def _within(out: Function, width: int, value: str, low: int, high: int) -> str:
    """The nearest to a signed integer from `low` to `high`."""
    above = out.compare("sgt", width, value, signed(high, width))
    value = out.select(above, f"i{width}", signed(high, width), value)
    below = out.compare("slt", width, value, signed(low, width))
    return out.select(below, f"i{width}", signed(low, width), value)


assert LEAST_EXPONENT > -_FAR
