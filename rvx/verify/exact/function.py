"""The functions of numbers that decide their operands first: docs/language.md, primitives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from rvx.verify.exact import finite
from rvx.verify.exact.number import (
    ANY_ZERO,
    DZ,
    INFINITY,
    MINUS,
    MINUS_INFINITY,
    MINUS_ZERO,
    NAN,
    NV,
    PLUS,
    PLUS_ZERO,
    Number,
    decided,
    infinity,
    is_infinite,
    is_negative,
    is_zero,
    multiply,
    nan,
    negate,
    of_finite,
    rational,
    zero,
)

LEAST = -(1 << 20)  # the exponent of what has none
_MOST = 1 << 17  # no format has an exponent as large


def quotient(a: Number, b: Number) -> Number:
    """a / b; 0/0 and inf/inf are invalid, what else is divided by zero infinite."""
    a, b = decided(a), decided(b)
    flags, negative = a.flags | b.flags, is_negative(a) != is_negative(b)
    if NAN in (a.kinds, b.kinds):
        return nan(flags)
    if (is_zero(a) and is_zero(b)) or (is_infinite(a) and is_infinite(b)):
        return nan(flags | NV)
    if is_infinite(a):
        return infinity(negative, flags)
    if is_zero(b):
        return infinity(negative, flags | DZ)
    if is_zero(a) and a.kinds == ANY_ZERO:
        return replace(a, flags=flags)
    if is_zero(a) or is_infinite(b):
        return zero(negative, flags)
    assert isinstance(a.total, Fraction)
    assert isinstance(b.total, Fraction)
    return of_finite(a.total / b.total, flags)


def root(a: Number) -> Number:
    """The square root; of a number below zero invalid, of a zero that zero."""
    a = decided(a)
    if a.kinds in (MINUS, MINUS_INFINITY):
        return nan(a.flags | NV)
    if a.kinds != PLUS:
        return a
    assert isinstance(a.total, Fraction)
    return of_finite(finite.root(a.total), a.flags)


def order(a: Number, b: Number) -> int | None:
    """-1, 0 or 1; None where one is a NaN. Of decided numbers."""
    if NAN in (a.kinds, b.kinds):
        return None
    if is_infinite(a) or is_infinite(b):
        left, right = (is_infinite(n) * (-1 if is_negative(n) else 1) for n in (a, b))
        return (left > right) - (left < right)
    return finite.order(a.total, b.total)


def minimum(a: Number, b: Number) -> Number:
    """The smaller, -0 below +0; a NaN gives the other; the flags of both."""
    a, b = decided(a), decided(b)
    flags = a.flags | b.flags
    if NAN in (a.kinds, b.kinds):
        return replace(b if a.kinds == NAN else a, flags=flags)
    by = order(a, b)
    if by == 0 and is_zero(a):
        rank = {MINUS_ZERO: -1, ANY_ZERO: 0, PLUS_ZERO: 1}
        by = rank[a.kinds] - rank[b.kinds]
    assert by is not None
    return replace(a if by <= 0 else b, flags=flags)


def maximum(a: Number, b: Number) -> Number:
    """The larger, as `minimum`."""
    return negate(minimum(negate(a), negate(b)))


def absolute(a: Number) -> Number:
    a = decided(a)
    if a.kinds == ANY_ZERO:
        return zero(False, a.flags)
    return negate(a) if is_negative(a) else a


def sign(a: Number) -> Number:
    """-1, 0 or 1; a NaN and a zero stay what they are."""
    a = decided(a)
    if a.kinds == NAN or is_zero(a):
        return a
    return replace(rational(-1 if is_negative(a) else 1), flags=a.flags)


def exponent(a: Number) -> Number:
    """The floor of log2 of the magnitude; LEAST of zero and specials."""
    a = decided(a)
    found = finite.floor_log2(a.total) if a.kinds in (PLUS, MINUS) else LEAST
    return replace(rational(found), flags=a.flags)


def logarithm(a: Number) -> Number:
    """Mitchell's: of 2**e * (1 + f) it is e + f."""
    a = decided(a)
    if a.kinds in (NAN, INFINITY):
        return a
    if is_zero(a):
        return infinity(True)
    if is_negative(a):
        return nan()
    assert isinstance(a.total, Fraction)
    e = finite.floor_log2(a.total)
    return rational(e + a.total / finite.power_of_two(e) - 1)


def antilogarithm(a: Number) -> Number:
    """Its inverse: of e + f, with e its floor, 2**e * (1 + f)."""
    a = decided(a)
    if a.kinds in (NAN, INFINITY):
        return a
    if a.kinds == MINUS_INFINITY:
        return zero(False)
    assert isinstance(a.total, Fraction)
    e = max(-_MOST, min(_MOST, a.total.numerator // a.total.denominator))
    f = a.total - e if abs(e) < _MOST else Fraction(0)
    return rational(finite.power_of_two(e) * (1 + f))


def truncated(a: Number, least: int) -> Number:
    """Without what lies below 2**least, toward zero; the sign stays."""
    a = decided(a)
    if a.kinds not in (PLUS, MINUS):
        return a
    unit = finite.power_of_two(least)
    kept = finite.floor_in_units(finite.magnitude(a.total), unit) * unit
    if not kept:
        return zero(is_negative(a), a.flags)
    return of_finite(-kept if is_negative(a) else kept, a.flags)


OPERATIONS: Mapping[str, Callable[[Number, Number], Number]] = {
    "*": multiply,
    "minimum": minimum,
    "maximum": maximum,
}

FUNCTIONS: Mapping[str, Callable[[Number], Number]] = {
    "-": negate,
    "abs": absolute,
    "sign": sign,
    "sqrt": root,
    "exponent": exponent,
    "log": logarithm,
    "antilog": antilogarithm,
}
