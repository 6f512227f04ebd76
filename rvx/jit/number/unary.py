"""Functions of one number, on resolved values but for `exponent`."""

from __future__ import annotations

from dataclasses import replace

from rvx.jit.number import logarithm
from rvx.jit.number.context import Context, zero_if
from rvx.jit.number.root import root
from rvx.jit.number.special import NEGATIVES, is_not_finite, join, negated_kinds
from rvx.jit.number.value import (
    FixedPoint,
    Value,
    fixed_point,
    floating,
    is_negative,
    is_zero,
    magnitude,
    signed,
)
from rvx.number.flags import NV
from rvx.number.real import (
    INFINITE,
    NAN,
    NEG_INF,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    POS_ZERO,
    POSITIVE,
    QUOTIENT_BITS,
)

_POSITIVES = POS_ZERO | POSITIVE | POS_INF


def absolute(c: Context, value: Value) -> Value:
    out = c.out
    finite = value.finite
    if isinstance(finite, FixedPoint):
        _, absolute = magnitude(out, finite.width, finite.value)
        finite = FixedPoint(absolute, finite.width, finite.lsb, finite.bound)
    else:
        finite = replace(finite, sign="0")

    def kinds() -> str:
        kind = value.kinds()
        kept = out.op("and", 32, kind, str(_POSITIVES | NAN))
        negative = out.op("lshr", 32, out.op("and", 32, kind, str(NEGATIVES)), "1")
        return join(out, kept, negative)

    return Value(finite, kinds, value.flags)


def sign(c: Context, value: Value) -> Value:
    """-1, 0 or 1: by the kind, as infinities have a sign too."""
    out = c.out
    kind = value.kinds()
    below, above = c.has(kind, NEGATIVE | NEG_INF), c.has(kind, POSITIVE | POS_INF)
    one = out.resize(above, 1, 32)
    finite = out.select(below, "i32", signed(-1), one)
    kinds = out.select(above, "i32", str(POSITIVE), kind)
    kinds = out.select(below, "i32", str(NEGATIVE), kinds)
    return Value(FixedPoint(finite, 32, 0, 1), lambda: kinds, value.flags)


def exponent(c: Context, value: Value) -> Value:
    out = c.out
    number = floating(out, value.finite)
    none = is_zero(out, number)
    if not c.is_finite:  # of an infinity or a NaN: as of zero
        none = out.op("or", 1, none, is_not_finite(out, value.kinds()))
    found = logarithm.exponent(out, number, none)
    return Value(found, lambda: _kind_of(c, found.value), value.flags)


def _kind_of(c: Context, integer: str) -> str:
    """The kind of an integer (i32)."""
    out = c.out
    kind = out.select(out.compare("slt", 32, integer, "0"), "i32", str(NEGATIVE), str(POSITIVE))
    return out.select(out.compare("eq", 32, integer, "0"), "i32", str(POS_ZERO), kind)


def square_root(c: Context, value: Value, digits: int | None) -> Value:
    out, number = c.out, floating(c.out, value.finite)
    zero = is_zero(out, number)
    c.leave_if(out.op("and", 1, number.sign, out.op("xor", 1, zero, "1")))
    found = root(out, number, digits or QUOTIENT_BITS)
    if c.is_finite:
        return Value(found, value.kinds, value.flags)
    kind = value.kinds()
    invalid = c.has(kind, NEGATIVE | NEG_INF)
    kind = out.select(invalid, "i32", str(NAN), kind)
    flags = join(out, value.flags, out.select(invalid, "i32", str(NV), "0"))
    return Value(found, lambda: kind, flags)


def log(c: Context, value: Value) -> Value:
    out, number = c.out, floating(c.out, value.finite)
    zero = is_zero(out, number)
    c.leave_if(out.op("or", 1, number.sign, zero))
    found, e = logarithm.logarithm(out, number)
    whole = out.compare("eq", 32, e, "0")
    both = POSITIVE | NEGATIVE
    kinds = out.select(whole, "i32", str(both | POS_ZERO), str(both))
    if c.is_finite:
        return Value(found, lambda: kinds, value.flags)
    kind = value.kinds()
    for of, result in (
        (POS_INF, POS_INF), (NAN, NAN), (OPEN_ZERO | NEG_INF, NEG_INF), (NEGATIVE, NAN),
    ):  # fmt: skip
        kinds = out.select(c.has(kind, of), "i32", str(result), kinds)
    clean = c.has(kind, OPEN_ZERO | NEG_INF | NEGATIVE)
    return Value(found, lambda: kinds, out.select(clean, "i32", "0", value.flags))


def antilog(c: Context, value: Value) -> Value:
    out = c.out
    number = fixed_point(out, value.finite)
    found, e, far = logarithm.antilogarithm(out, number)
    below, zero = is_negative(out, number), is_zero(out, number)
    kind = out.select(zero, "i32", str(POS_ZERO), out.select(below, "i32", "8", "4"))
    kinds = join(out, kind, negated_kinds(out, _kind_of(c, e)))
    kinds = join(out, kinds, str(POSITIVE))
    kinds = out.select(far, "i32", str(POSITIVE), kinds)
    if c.is_finite:
        return Value(found, lambda: kinds)
    kind = value.kinds()
    for of, result in ((POS_INF, POS_INF), (NAN, NAN), (NEG_INF, POS_ZERO)):
        kinds = out.select(c.has(kind, of), "i32", str(result), kinds)
    finite = zero_if(out, c.has(kind, INFINITE | NAN), found)
    flags = out.select(c.has(kind, POS_INF | NAN), "i32", value.flags, "0")
    return Value(finite, lambda: kinds, flags)
