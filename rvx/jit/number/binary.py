"""Quotients and truncation: functions of two numbers that close them."""

from __future__ import annotations

from dataclasses import replace

from rvx.jit.number import logarithm
from rvx.jit.number.context import Context, zero_if
from rvx.jit.number.quotient import quotient
from rvx.jit.number.special import is_not_finite, join
from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    Value,
    fixed_point,
    floating,
    is_negative,
    is_zero,
    magnitude,
    signed,
    storage,
    with_sign,
)
from rvx.number.flags import DZ, NV
from rvx.number.real import (
    INFINITE,
    LEAST_EXPONENT,
    NAN,
    NEG_INF,
    NEG_ZERO,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    POS_ZERO,
    POSITIVE,
    QUOTIENT_BITS,
)

_NEGATIVES = NEG_ZERO | NEGATIVE | NEG_INF
_FAR = 1 << 24  # beyond every exponent


def divided(c: Context, a: Value, b: Value, digits: int | None) -> Value:
    """The quotient of two resolved numbers, rounded to odd."""
    out = c.out
    one, other = floating(out, a.finite), floating(out, b.finite)
    nothing, none = is_zero(out, one), is_zero(out, other)
    c.leave_if(out.op("or", 1, nothing, none))
    digits = min(digits or QUOTIENT_BITS, QUOTIENT_BITS)
    if c.is_finite:
        found = quotient(out, one, other, digits)
        kind = out.select(found.sign, "i32", str(NEGATIVE), str(POSITIVE))
        return Value(found, lambda: kind, join(out, a.flags, b.flags))
    # Whatever is divided by zero has a kind that says so.
    divisor = out.select(none, f"i{other.width}", "1", other.significand)
    found = quotient(out, one, replace(other, significand=divisor), digits)
    return _quotient_of_kinds(c, found, a, b)


def _quotient_of_kinds(c: Context, found: Floating, a: Value, b: Value) -> Value:
    out = c.out
    one, other = a.kinds(), b.kinds()
    both = join(out, one, other)
    signs = [
        out.op("and", 1, c.has(x, _NEGATIVES), out.compare("ne", 32, x, str(OPEN_ZERO)))
        for x in (one, other)
    ]
    negative = out.resize(out.op("xor", 1, *signs), 1, 32)
    flags = join(out, a.flags, b.flags)
    infinity, zero, number = (
        out.op("shl", 32, str(kind), negative) for kind in (POS_INF, POS_ZERO, POSITIVE)
    )
    open_zero = out.compare("eq", 32, one, str(OPEN_ZERO))
    kind, raised = number, "0"
    for applies, result, flag in reversed((
        (c.has(both, NAN), str(NAN), 0),
        (_both(c, one, other, INFINITE), str(NAN), NV),
        (_both(c, one, other, OPEN_ZERO), str(NAN), NV),
        (c.has(one, INFINITE), infinity, 0),
        (c.has(other, OPEN_ZERO), infinity, DZ),
        (open_zero, str(OPEN_ZERO), 0),
        (c.has(one, OPEN_ZERO), zero, 0),
        (c.has(other, INFINITE), zero, 0),
    )):  # fmt: skip
        kind = out.select(applies, "i32", result, kind)
        raised = out.select(applies, "i32", str(flag), raised)
    finite = zero_if(out, out.compare("ne", 32, kind, number), found)
    return Value(finite, lambda: kind, join(out, flags, raised))


def _both(c: Context, one: str, other: str, mask: int) -> str:
    return c.out.op("and", 1, c.has(one, mask), c.has(other, mask))


def truncated(c: Context, value: Value, least: Value) -> Value:
    """A resolved number without what lies below 2**least, toward zero."""
    out = c.out
    at = _floor(c, least.finite)
    finite = value.finite
    was_zero, negative = is_zero(out, finite), is_negative(out, finite)
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
    gone = out.op("and", 1, is_zero(out, kept), out.op("xor", 1, was_zero, "1"))

    def kinds() -> str:
        zero = out.select(negative, "i32", str(NEG_ZERO), str(POS_ZERO))
        kind = value.kinds()
        if not c.is_finite:
            usual = out.op("xor", 1, is_not_finite(out, kind), "1")
            return out.select(out.op("and", 1, gone, usual), "i32", zero, kind)
        return out.select(gone, "i32", zero, kind)

    return Value(kept, kinds, value.flags)


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
    above = out.compare("sgt", width, value, str(_FAR))
    value = out.select(above, f"i{width}", str(_FAR), value)
    below = out.compare("slt", width, value, signed(-_FAR, width))
    value = out.select(below, f"i{width}", signed(-_FAR, width), value)
    return out.resize(value, width, 32)


assert LEAST_EXPONENT > -_FAR
