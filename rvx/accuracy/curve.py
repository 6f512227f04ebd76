"""Decimal accuracy: how many digits a format keeps of a number, across magnitudes.

The accuracy of y for x is -log10 |log10(y / x)| (Gustafson and Yonemoto, "Beating Floating Point at
its Own Game", 2017). Here y is the nearer neighbour and x lies halfway between the two on the
logarithmic scale: what the format keeps at worst.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import log, log1p, log10

from rvx.accuracy.neighbours import enclosing, power
from rvx.number import Format

_FAR = 100  # bits between two numbers of which one is nothing beside the other


@dataclass(frozen=True)
class Point:
    """The decimals that are kept of numbers about 2**exponent."""

    exponent: int
    decimals: float


def curve(format: Format, low: int, high: int, step: int = 1) -> tuple[Point, ...]:
    """A point for each power of two from 2**low to 2**high that lies within the format's range."""
    found = []
    around = enclosing(format)
    for exponent in range(low, high + 1, step):
        pair = around(power(exponent))
        if pair is not None:
            found.append(Point(exponent, decimals(*pair)))
    return tuple(found)


def decimals(below: Fraction, above: Fraction) -> float:
    """What is kept at worst between two positive neighbours."""
    gap = above.numerator * below.denominator - below.numerator * above.denominator
    of = below.numerator * above.denominator
    match gap.bit_length() - of.bit_length():  # beyond what a float holds: by their logarithms
        case bits if bits < -_FAR:
            return log10(of) - log10(gap) + log10(2 * log(10))
        case bits if bits > _FAR:
            return -log10((log10(gap) - log10(of)) / 2)
    return -log10(log1p(gap / of) / log(10) / 2)
