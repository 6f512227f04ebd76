"""The positive numbers of a format in order: the two that enclose a magnitude."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from rvx.number import Format, Real, Rounding, dyadic
from rvx.number.real import POSITIVE

MOST_LISTED = 16  # bits of a format whose codes are all looked at

Enclosing: TypeAlias = Callable[[Fraction], tuple[Fraction, Fraction] | None]


def fraction_of(value: Real) -> Fraction:
    """The finite part, exactly."""
    if value.exponent >= 0:
        return Fraction(value.significand << value.exponent)
    return Fraction(value.significand, 1 << -value.exponent)


def power(exponent: int) -> Fraction:
    """2**exponent."""
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def enclosing(format: Format) -> Enclosing:
    """The largest number at most x, and the next one: of a positive x with a denominator that is a
    power of two; None outside the range."""
    if format.bits <= MOST_LISTED:
        numbers = positive_numbers(format)

        def listed(x: Fraction) -> tuple[Fraction, Fraction] | None:
            place = bisect_right(numbers, x)
            return (numbers[place - 1], numbers[place]) if 0 < place < len(numbers) else None

        return listed
    largest = format.span.high * power(format.span.lsb)

    def stepped(x: Fraction) -> tuple[Fraction, Fraction] | None:
        """Wide formats count their positive numbers up."""
        if not 0 < x <= largest:
            return None
        exact = dyadic(x.numerator, 1 - x.denominator.bit_length())
        code, _ = format.encode(exact, format.mode or Rounding.RNE)
        at = _positive(format, code)
        if at is not None and at > x:
            code, at = code - 1, _positive(format, code - 1)
        above = _positive(format, code + 1)
        return None if at is None or above is None or not at <= x < above else (at, above)

    return stepped


def positive_numbers(format: Format) -> list[Fraction]:
    """All of them, in ascending order."""
    found = (_positive(format, code) for code in range(1 << format.bits))
    return sorted({number for number in found if number is not None})


def _positive(format: Format, code: int) -> Fraction | None:
    if not 0 <= code < 1 << format.bits:
        return None
    value = format.decode(code)
    return fraction_of(value) if value.kinds == POSITIVE else None
