"""Exact sums, and sums of two terms rounded to odd.

A sum is exact in fixed point, as wide as the range of its terms. Where that is wide and the sum is
only going to be rounded, two terms far apart need not be added in full. Let the term with the
larger exponent be A * 2**d and the other B, d >= 0, A > 0, B < 2**w, in units of the smaller
exponent. For d up to a distance D the sum is exact. Beyond it, A * 2**D is added to B / 2**(d - D),
rounded to odd. As B / 2**(d - D) < 2**(w - 1) <= 2**(D - 2) where D > w, the sum has at least D
significant bits, and it is the exact sum rounded to odd: all further roundings whose breakpoints
have less than D bits come out right, and so do its sign and whether it is zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from rvx.jit.number.digits import least, shift_jamming
from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    bits_of,
    fixed_point,
    floating,
    magnitude,
    negated,
    on_grid,
    storage,
)
from rvx.jit.text import Function

_NARROW = 64
_WIDE = 128


def total(out: Function, terms: Sequence[Finite], digits: int | None) -> Finite:
    """Add up, exactly; or with at least `digits` bits and then rounded to odd, if not None."""
    if len(terms) == 1:
        return terms[0]
    width = _width(terms)
    if digits is None or width <= _NARROW:
        return _exact(out, terms)
    groups = [[term] for term in terms] if len(terms) == 2 else _groups(terms)
    if len(groups) == 2:
        one, other = (_exact(out, group) for group in groups)
        if _window_width(one, other, digits) < width:
            return _window(out, floating(out, one), floating(out, other), digits)
        return _exact(out, [one, other])
    return _exact(out, terms)


def _range(terms: Sequence[Finite]) -> tuple[int, int]:
    """Unit and bound of the sum."""
    lsb = min(term.lsb for term in terms)
    bound = sum(
        term.bound << term.lsb - lsb if isinstance(term, FixedPoint) else 1 << term.top - lsb
        for term in terms
    )
    return lsb, bound


def _width(terms: Sequence[Finite]) -> int:
    """The register that holds the exact sum."""
    return storage(_range(terms)[1].bit_length() + 1)


def _groups(terms: Sequence[Finite]) -> list[list[Finite]]:
    """Terms that are exact together in a narrow register."""
    groups: list[list[Finite]] = []
    for term in sorted(terms, key=lambda t: (t.top - t.lsb, t.lsb)):
        for group in groups:
            if _width([*group, term]) <= _WIDE:
                group.append(term)
                break
        else:
            groups.append([term])
    return groups


def _exact(out: Function, terms: Sequence[Finite]) -> Finite:
    if len(terms) == 1:
        return terms[0]
    lsb, bound = _range(terms)
    width = storage(bound.bit_length() + 1)
    found = "0"
    for term in terms:
        found = out.op("add", width, found, on_grid(out, fixed_point(out, term), lsb, width))
    return FixedPoint(found, width, lsb, bound)


def _distance(one: Finite, other: Finite, digits: int) -> int:
    return max(digits, bits_of(one) + 1, bits_of(other) + 1)


def _window_width(one: Finite, other: Finite, digits: int) -> int:
    return storage(max(bits_of(one), bits_of(other)) + _distance(one, other, digits) + 2)


def _window(out: Function, a: Floating, b: Floating, digits: int) -> Floating:
    """Two terms in a window; a term that is zero counts as the one of the smaller exponent."""
    distance = _distance(a, b, digits)
    width = _window_width(a, b, digits)
    one, other = (out.resize(x.significand, x.width, width) for x in (a, b))
    swap = out.compare("slt", 32, a.exponent, b.exponent)
    if not (a.plain and b.plain and a.low == b.low):  # else it is so already
        swap = out.op("or", 1, swap, out.compare("eq", width, one, "0"))
        swap = out.op("and", 1, swap, out.compare("ne", width, other, "0"))
    high = out.select(swap, f"i{width}", other, one)
    low = out.select(swap, f"i{width}", one, other)
    high_exponent = out.select(swap, "i32", b.exponent, a.exponent)
    low_exponent = out.select(swap, "i32", a.exponent, b.exponent)
    apart = out.op("sub", 32, high_exponent, low_exponent)  # any, where `low` is zero
    left = least(out, 32, apart, str(distance))
    high = out.op("shl", width, high, out.resize(left, 32, width))
    low = shift_jamming(out, width, low, out.op("sub", 32, apart, left))
    differ = out.op("xor", 1, a.sign, b.sign)
    low = out.select(differ, f"i{width}", out.op("sub", width, "0", low), low)
    negative, found = magnitude(out, width, out.op("add", width, high, low))
    sign = out.op("xor", 1, out.select(swap, "i1", b.sign, a.sign), negative)
    return Floating(
        sign,
        found,
        width,
        max(bits_of(a), bits_of(b)) + distance + 1,
        out.op("sub", 32, high_exponent, left),
        min(a.low, b.low) - distance,
        max(a.high, b.high),
        min(a.lsb, b.lsb, min(a.low, b.low) - distance),
        max(a.top, b.top) + 1,
    )


def difference(out: Function, a: Finite, b: Finite) -> Finite:
    """A number with the sign of a - b, zero if that is."""
    return total(out, [a, negated(out, b)], 2)
