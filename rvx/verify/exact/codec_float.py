"""Binary floating point: IEEE 754's formats and OCP's."""

from __future__ import annotations

from fractions import Fraction

from rvx.number import NV, NX, OF, UF, Float, Mode, Rounding
from rvx.verify.exact import finite
from rvx.verify.exact.number import (
    ANY_ZERO,
    NAN,
    Number,
    decided,
    infinity,
    is_infinite,
    is_negative,
    is_zero,
    nan,
    of_finite,
    zero,
)
from rvx.verify.exact.rounding import overflows_away, to_units


def bias_of(format: Float) -> int:
    return 2 ** (format.exponent - 1) - 1 if format.bias is None else format.bias


def largest(format: Float) -> tuple[int, int]:
    """Exponent field and digits of the largest number."""
    top, digits = 2**format.exponent - 1, 2**format.fraction - 1
    if format.specials == "ieee":
        return top - 1, digits
    if format.specials == "none":
        return top, digits
    return (top, digits - 1) if digits else (top - 1, 0)


def value_of(format: Float, field: int, digits: int) -> Fraction:
    """Of exponent field and digits, as if every code were a number (IEEE 754-2019, 3.4)."""
    unit = finite.power_of_two(max(field, 1) - bias_of(format) - format.fraction)
    return (digits + (2**format.fraction if field else 0)) * unit


def decode(format: Float, code: int) -> Number:
    digits = code % 2**format.fraction
    field = code >> format.fraction & 2**format.exponent - 1
    negative = format.signed and code >> format.fraction + format.exponent == 1
    if (field, digits) > largest(format):
        if format.specials == "ieee" and not digits:
            return infinity(negative)
        is_signaling = format.specials == "ieee" and digits < 2 ** (format.fraction - 1)
        return nan(NV if is_signaling else 0)
    value = value_of(format, field, digits)
    if not value:
        return zero(negative)
    return of_finite(-value if negative else value)


def canonical_nan(format: Float) -> tuple[int, int] | None:
    """Field and digits of the NaN that arithmetic gives."""
    top = 2**format.exponent - 1
    match format.specials:
        case "ieee":
            return top, 2 ** (format.fraction - 1)
        case "none":
            return None
    return top, 2**format.fraction - 1


def encode(format: Float, number: Number, mode: Mode) -> tuple[int, int]:
    number = decided(number)
    flags, negative = number.flags, is_negative(number)
    if number.kinds == NAN:
        code = canonical_nan(format)
        if code is None:
            return _joined(format, False, *largest(format)), flags | NV
        return _joined(format, False, *code), flags
    if is_infinite(number):
        if _beyond(format) != "infinity":
            flags |= OF | NX
        return _signed(format, negative, _limit(format), flags, number.flags)
    if is_zero(number):
        if number.kinds == ANY_ZERO:
            negative = mode is Rounding.RDN
        return _signed(format, negative, (0, 0), flags, number.flags)
    code, raised = _rounded(format, finite.magnitude(number.total), mode, negative)
    return _signed(format, negative, code, flags | raised, number.flags)


def _rounded(
    format: Float, x: finite.Finite, mode: Mode, negative: bool
) -> tuple[tuple[int, int], int]:
    """Field and digits of a magnitude that is not zero, and the flags."""
    least = 1 - bias_of(format)  # exponent of the smallest normal number
    exponent = max(finite.floor_log2(x), least)
    unit = finite.power_of_two(exponent - format.fraction)
    units, inexact = to_units(x, unit, mode, negative)
    one = 2**format.fraction
    if units == 2 * one:
        exponent, units = exponent + 1, one
    field, digits = (exponent - least + 1, units - one) if units >= one else (0, units)
    if (field, digits) > largest(format):
        away = overflows_away(mode, negative)
        return _limit(format) if away else largest(format), OF | NX
    if not inexact:
        return (field, digits), 0
    # Tiny: with this precision and no bound on exponents it would round to below the smallest.
    free = finite.power_of_two(finite.floor_log2(x) - format.fraction)
    is_tiny = to_units(x, free, mode, negative)[0] * free < finite.power_of_two(least)
    return (field, digits), NX | (UF if is_tiny else 0)


def _beyond(format: Float) -> str:
    """What becomes of a number beyond the largest."""
    by_specials = {"ieee": "infinity", "ocp": "nan", "nan": "nan", "none": "saturate"}
    return format.overflow or by_specials[format.specials]


def _limit(format: Float) -> tuple[int, int]:
    match _beyond(format):
        case "infinity":
            return 2**format.exponent - 1, 0
        case "nan":
            return 2**format.exponent - 1, 2**format.fraction - 1
    return largest(format)


def _signed(
    format: Float, negative: bool, code: tuple[int, int], flags: int, pending: int
) -> tuple[int, int]:
    """The whole code. Where there is no sign, what is below zero is invalid and becomes zero; the
    only NaN of a format without infinities has no sign."""
    if negative and not format.signed:
        return (0, pending | NV) if code != (0, 0) else (0, flags)
    if code == canonical_nan(format):
        negative = False
    return _joined(format, negative, *code), flags


def _joined(format: Float, negative: bool, field: int, digits: int) -> int:
    return (negative << format.exponent | field) << format.fraction | digits
