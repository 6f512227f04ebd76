"""Formats that count units: integers, fixed point, quires."""

from __future__ import annotations

from fractions import Fraction

from rvx.number import NV, NX, Fixed, Float, Format, Mode, Posit, Quire
from rvx.verify.exact import codec_float, codec_posit, finite
from rvx.verify.exact.number import (
    NAN,
    Number,
    decided,
    is_infinite,
    is_negative,
    nan,
    of_finite,
    rational,
    zero,
)
from rvx.verify.exact.rounding import to_units


def _signed(code: int, bits: int) -> int:
    return code - (1 << bits) if code >> bits - 1 else code


def decode_fixed(format: Fixed, code: int) -> Number:
    units = _signed(code, format.bits) if format.signed else code
    return rational(Fraction(units, 1 << format.fraction))


def encode_fixed(format: Fixed, number: Number, mode: Mode) -> tuple[int, int]:
    """Flags only where the format has them; what is out of range is invalid and nothing else."""
    number = decided(number)
    flags, negative = number.flags, is_negative(number)
    low = -(1 << format.bits - 1) if format.signed else 0
    high = (1 << format.bits - format.signed) - 1
    if number.kinds == NAN or (is_infinite(number) and format.overflow == "wrap"):
        units = {"maximum": high, "minimum": low, "zero": 0}[format.nan]
        flags |= NV
    elif is_infinite(number):
        units, flags = low if negative else high, flags | NV
    else:
        unit = finite.power_of_two(-format.fraction)
        size, inexact = to_units(
            finite.magnitude(number.total), unit, format.rounding or mode, negative
        )
        units = -size if negative else size
        if not low <= units <= high:
            flags |= NV
            if format.overflow != "wrap":
                units = low if negative else high
        elif inexact:
            flags |= NX
    return units % (1 << format.bits), flags if format.flags else 0


def lsb_of(format: Format) -> int:
    """The exponent of the smallest number above zero."""
    match format:
        case Float():
            return 1 - codec_float.bias_of(format) - format.fraction
        case Posit():
            smallest = codec_posit.decode(format, 1).total
            assert isinstance(smallest, Fraction)
            # Its neighbours may have a finer unit where the regime is bounded.
            exponent_bits = max(format.bits - 1 - _regime_bits(format) - format.es, 0)
            return _floor_exponent(smallest) - exponent_bits
        case Fixed():
            return -format.fraction
    raise AssertionError(format)


def _regime_bits(format: Posit) -> int:
    return format.bits - 1 if format.regime is None else format.regime


def _floor_exponent(x: Fraction) -> int:
    return finite.floor_log2(x)


def decode_quire(format: Quire, code: int) -> Number:
    if code == 1 << format.bits - 1:
        return nan()
    units = _signed(code, format.bits)
    if not units:
        return zero(False)
    return of_finite(units * _quire_unit(format))


def encode_quire(format: Quire, number: Number) -> tuple[int, int]:
    """What lies below the unit is dropped, toward minus infinity. NaR stands for infinities too,
    and for a sum beyond the width where the format does not say that it wraps or saturates."""
    number = decided(number)
    nar = 1 << format.bits - 1
    if number.kinds == NAN or is_infinite(number):
        return nar, 0
    assert isinstance(number.total, Fraction)
    ratio = number.total / _quire_unit(format)
    units = ratio.numerator // ratio.denominator
    if abs(units) >= nar:
        match getattr(format, "overflow", "wrap"):
            case "nar":
                return nar, 0
            case "saturate":
                units = nar - 1 if units > 0 else 1 - nar
    return units % (1 << format.bits), 0


def _quire_unit(format: Quire) -> Fraction:
    fraction = getattr(format, "fraction", None)
    return finite.power_of_two(2 * lsb_of(format.format) if fraction is None else -fraction)
