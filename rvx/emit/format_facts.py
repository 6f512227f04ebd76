"""What a number format can hold, in words: its range, its precision, its special values."""

from __future__ import annotations

from dataclasses import fields

from rvx.number import FAMILIES, Fixed, Float, Format, Posit, Quire, Rounding, from_integer


def declared(format: Format) -> str:
    """The format as a description declares it: `float(exponent: 5, fraction: 2)`."""
    for name, family in FAMILIES.items():
        if family.make is type(format) and all(
            getattr(format, setting) == value for setting, value in family.given.items()
        ):
            shown = [
                f"{f.name}: {_setting(value)}"
                for f in fields(format)  # type: ignore[arg-type]
                if f.name in family.settings and (value := getattr(format, f.name)) != f.default
            ]
            return f"{name}({', '.join(shown)})"
    return str(format)


def _setting(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Rounding():
            return value.name.lower()
        case int() | str():
            return str(value)
    return declared(value) if isinstance(value, Format) else str(value)


def largest(format: Format) -> str:
    """The largest number."""
    return power_text(format.span.high, format.span.lsb)


def smallest(format: Format) -> str:
    """The smallest number above zero."""
    return power_text(1, format.span.lsb)


def lowest(format: Format) -> str:
    """The most negative number."""
    return power_text(format.span.low, format.span.lsb)


def epsilon(format: Format) -> str:
    """From 1 to the next number above it, where both are in the format."""
    if not format.span.contains(type(format.span).constant(1)):
        return "-"
    code, _ = format.encode(from_integer(1), Rounding.RNE)
    one, above = format.decode(code), format.decode(code + 1)
    exponent = min(one.exponent, above.exponent)
    step = (above.significand << above.exponent - exponent) - (
        one.significand << one.exponent - exponent
    )
    return power_text(step, exponent) if step > 0 else "-"


def specials(format: Format) -> str:
    """What is no number."""
    match format:
        case Float(specials="ieee"):
            return "infinities, NaN"
        case Float(specials="ocp" | "nan"):
            return "NaN"
        case Posit() | Quire():
            return "NaR"
        case Float() | Fixed():
            return "none"
    return "none" if format.canonical_nan is None else "NaN"


def power_text(significand: int, exponent: int) -> str:
    """The number in decimal where that is short, else with a power of two."""
    if not significand:
        return "0"
    sign, magnitude = "-" * (significand < 0), abs(significand)
    shift = (magnitude & -magnitude).bit_length() - 1
    magnitude, exponent = magnitude >> shift, exponent + shift
    if exponent >= 0 and (whole := magnitude << exponent) < 10**6:
        return f"{sign}{whole}"
    if magnitude == 1:
        return f"{sign}2^{exponent}"
    top = magnitude.bit_length()
    if magnitude + 1 == 1 << top:  # all ones, as the largest of a format is: 2^128 - 2^104
        last = f"2^{exponent}" if exponent else "1"
        first = f"2^{top + exponent}" if top + exponent else "1"
        return f"-({first} - {last})" if sign else f"{first} - {last}"
    return f"{sign}{float(magnitude) / (1 << top - 1):.6g} * 2^{top - 1 + exponent}"
