"""Quotients of two closed numbers."""

from __future__ import annotations

from dataclasses import replace

from rvx.jit.number.context import Context, zero_if
from rvx.jit.number.quotient import quotient
from rvx.jit.number.special import NEGATIVES, join
from rvx.jit.number.value import Floating, Value, floating, is_zero
from rvx.number.flags import DZ, NV
from rvx.number.real import (
    INFINITE,
    NAN,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    POS_ZERO,
    POSITIVE,
    QUOTIENT_BITS,
)


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
        out.op("and", 1, c.has(x, NEGATIVES), out.compare("ne", 32, x, str(OPEN_ZERO)))
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
