"""Numbers of a body before they are rounded: sums of products of operands, decided as a whole.

A sum is known by the kinds of its products and by what the finite ones add up to. A product is a
NaN if a factor is one; infinite if a factor is; zero if a factor is. A product with an infinite and
a zero factor is invalid, whatever stands between them. Only when a sum is used (rounded, compared,
divided) is it decided what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from rvx.verify.exact import finite
from rvx.verify.exact.finite import ZERO, Finite

NV, DZ = 16, 8

# What a product has among its factors, and its sign.
HAS_NAN, HAS_INFINITY, HAS_ZERO, IS_NEGATIVE = 1, 2, 4, 8
Kinds: TypeAlias = frozenset[int]

PLUS, MINUS = frozenset({0}), frozenset({IS_NEGATIVE})
PLUS_ZERO, MINUS_ZERO = frozenset({HAS_ZERO}), frozenset({HAS_ZERO | IS_NEGATIVE})
ANY_ZERO = PLUS_ZERO | MINUS_ZERO
NAN = frozenset({HAS_NAN})
INFINITY, MINUS_INFINITY = frozenset({HAS_INFINITY}), frozenset({HAS_INFINITY | IS_NEGATIVE})


@dataclass(frozen=True, slots=True)
class Number:
    """`total` is the sum of the finite products; `flags` travel until something is assigned."""

    kinds: Kinds
    total: Finite = ZERO
    flags: int = 0


def rational(value: Fraction | int) -> Number:
    """A number that is no operand: zero is positive."""
    if not value:
        return Number(PLUS_ZERO)
    return Number(PLUS if value > 0 else MINUS, Fraction(value))


def of_finite(value: Finite, flags: int = 0) -> Number:
    """A number that is not zero."""
    return Number(PLUS if finite.sign(value) > 0 else MINUS, value, flags)


def nan(flags: int = 0) -> Number:
    """A NaN, signaling with NV."""
    return Number(NAN, ZERO, flags)


def infinity(negative: bool, flags: int = 0) -> Number:
    return Number(MINUS_INFINITY if negative else INFINITY, ZERO, flags)


def zero(negative: bool, flags: int = 0) -> Number:
    return Number(MINUS_ZERO if negative else PLUS_ZERO, ZERO, flags)


def add(a: Number, b: Number) -> Number:
    if isinstance(a.total, finite.Root) or isinstance(b.total, finite.Root):
        raise AssertionError("a root is only rounded, negated, scaled or compared")
    return Number(a.kinds | b.kinds, a.total + b.total, a.flags | b.flags)


def negate(a: Number) -> Number:
    return Number(_negated(a.kinds), finite.negated(a.total), a.flags)


def multiply(a: Number, b: Number) -> Number:
    if isinstance(a.total, finite.Root) or isinstance(b.total, finite.Root):
        raise AssertionError("a root is only rounded, negated, scaled or compared")
    kinds, flags = _products(a.kinds, b.kinds)
    return Number(kinds, a.total * b.total, a.flags | b.flags | flags)


def scale(a: Number, exponent: int) -> Number:
    return replace(a, total=finite.scaled(a.total, exponent))


@lru_cache(maxsize=4096)
def _negated(kinds: Kinds) -> Kinds:
    return frozenset(kind ^ IS_NEGATIVE for kind in kinds)


@lru_cache(maxsize=4096)
def _products(a: Kinds, b: Kinds) -> tuple[Kinds, int]:
    found, flags = set(), 0
    for one in a:
        for other in b:
            has = (one | other) & ~IS_NEGATIVE
            if has & HAS_INFINITY and has & HAS_ZERO:
                flags, has = NV, has | HAS_NAN
            found.add(has | (one ^ other) & IS_NEGATIVE)
    return frozenset(found), flags


def decided(a: Number) -> Number:
    """What the sum is: a NaN, an infinity, a number that is not zero, a zero of a sign, or a zero
    whose sign is for the rounding mode to say (ANY_ZERO)."""
    if any(kind & HAS_NAN for kind in a.kinds):
        return nan(a.flags)
    infinite = {bool(kind & IS_NEGATIVE) for kind in a.kinds if kind & HAS_INFINITY}
    if len(infinite) == 2:
        return nan(a.flags | NV)
    if infinite:
        return infinity(infinite.pop(), a.flags)
    if finite.sign(a.total):
        return of_finite(a.total, a.flags)
    if a.kinds in (PLUS_ZERO, MINUS_ZERO):
        return Number(a.kinds, ZERO, a.flags)
    return Number(ANY_ZERO, ZERO, a.flags)


def is_negative(a: Number) -> bool:
    """The sign of what is decided; a zero of no sign counts as positive."""
    return a.kinds in (MINUS, MINUS_ZERO, MINUS_INFINITY)


def is_zero(a: Number) -> bool:
    return a.kinds <= ANY_ZERO


def is_infinite(a: Number) -> bool:
    return a.kinds in (INFINITY, MINUS_INFINITY)


def integer(a: Number) -> int:
    """The integer that it is."""
    found = decided(a)
    assert isinstance(found.total, Fraction)
    assert found.total.denominator == 1
    return found.total.numerator
