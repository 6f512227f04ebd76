"""Finite reals that are compared exactly: rationals, and square roots of rationals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TypeAlias

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Root:
    """The square root of a positive rational, or its negative."""

    square: Fraction
    negative: bool = False


Finite: TypeAlias = "Fraction | Root"


def power_of_two(exponent: int) -> Fraction:
    """2**exponent."""
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)


def sign(x: Finite) -> int:
    """-1, 0 or 1."""
    if isinstance(x, Root):
        return -1 if x.negative else 1
    above = x.numerator
    return (above > 0) - (above < 0)


def magnitude(x: Finite) -> Finite:
    """|x|."""
    return Root(x.square) if isinstance(x, Root) else abs(x)


def negated(x: Finite) -> Finite:
    """-x."""
    return Root(x.square, not x.negative) if isinstance(x, Root) else -x


def scaled(x: Finite, exponent: int) -> Finite:
    """x * 2**exponent."""
    if isinstance(x, Root):
        return Root(x.square * power_of_two(2 * exponent), x.negative)
    return x * power_of_two(exponent)


def root(x: Fraction) -> Finite:
    """The square root of a positive rational: a rational where it is one."""
    above, below = isqrt(x.numerator), isqrt(x.denominator)
    if above * above == x.numerator and below * below == x.denominator:
        return Fraction(above, below)
    return Root(x)


def order(x: Finite, y: Finite) -> int:
    """-1, 0 or 1 as x is less than, equal to or more than y."""
    if not isinstance(x, Root) and not isinstance(y, Root):
        left, right = x.numerator * y.denominator, y.numerator * x.denominator
        return (left > right) - (left < right)
    if sign(x) != sign(y):
        return (sign(x) > sign(y)) - (sign(x) < sign(y))
    a, b = (z.square if isinstance(z, Root) else z * z for z in (x, y))
    return order(a, b) * sign(x)


def floor_in_units(x: Finite, unit: Fraction) -> int:
    """How often the unit goes into x, which is not negative."""
    if isinstance(x, Root):
        ratio = x.square / (unit * unit)
        return isqrt(ratio.numerator // ratio.denominator)
    return x.numerator * unit.denominator // (x.denominator * unit.numerator)


def floor_log2(x: Finite) -> int:
    """The floor of log2 |x|, of x that is not zero."""
    if isinstance(x, Root):
        return floor_log2(x.square) // 2
    above, below = abs(x.numerator), x.denominator
    guess = above.bit_length() - below.bit_length()
    fits = above >= below << guess if guess >= 0 else above << -guess >= below
    return guess if fits else guess - 1
