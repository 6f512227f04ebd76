"""A format in figures, and its codes with their values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import log10

from rvx.accuracy.curve import Point, curve
from rvx.accuracy.neighbours import enclosing, fraction_of, power
from rvx.number import Format
from rvx.number.real import INFINITE, NAN, NEG_INF, NEGATIVE, OPEN_ZERO

MOST_TABULATED = 8  # bits


@dataclass(frozen=True)
class Coded:
    """A code and its value: a number, or the name of what is none ("inf", "-inf", "NaN", "-0")."""

    code: int
    value: Fraction | str


@dataclass(frozen=True)
class Summary:
    """The figures of a format; `smallest` is the smallest number above zero, `epsilon` the distance
    from 1 to the next, `best` the most decimals kept anywhere, `decades` log10 of largest over
    smallest."""

    format: Format
    lowest: Fraction
    largest: Fraction
    smallest: Fraction
    epsilon: Fraction | None
    decades: float
    best: float
    at_one: float | None
    accuracy: tuple[Point, ...]


def summary(format: Format) -> Summary:
    """Look at a format, at every power of two of its range."""
    span = format.span
    smallest, largest = _smallest(format), span.high * power(span.lsb)
    points = curve(format, scale(smallest), scale(largest))
    pair = enclosing(format)(Fraction(1))
    here = [point.decimals for point in points if point.exponent == 0]
    return Summary(
        format,
        span.low * power(span.lsb),
        largest,
        smallest,
        pair[1] - pair[0] if pair and pair[0] == 1 else None,
        _log10(largest / smallest) if smallest else 0.0,
        max((point.decimals for point in points), default=0.0),
        here[0] if here else None,
        points,
    )


def _smallest(format: Format) -> Fraction:
    """The first code above zero, where codes of zeros and of negative numbers are passed over."""
    for code in range(1 << min(format.bits, 16)):
        value = format.decode(code)
        if value.significand > 0:
            return fraction_of(value)
    return power(format.span.lsb)


def scale(number: Fraction) -> int:
    """The floor of log2 of a positive number."""
    estimate = number.numerator.bit_length() - number.denominator.bit_length()
    return estimate if number >= power(estimate) else estimate - 1


def _log10(number: Fraction) -> float:
    return log10(number.numerator) - log10(number.denominator)


def table(format: Format) -> tuple[Coded, ...]:
    """Every code of a format of at most 8 bits."""
    return tuple(Coded(code, _value(format, code)) for code in range(1 << format.bits))


def _value(format: Format, code: int) -> Fraction | str:
    value = format.decode(code)
    if value.kinds & NAN:
        return "NaN" if format.raises_flags else "NaR"
    if value.kinds & INFINITE:
        return "-inf" if value.kinds & NEG_INF else "inf"
    if value.kinds & OPEN_ZERO and value.kinds & (NEGATIVE >> 2):
        return "-0"
    return fraction_of(value)
