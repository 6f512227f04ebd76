"""Rounding by definition: between two neighbours, by comparing with the middle between them."""

from __future__ import annotations

from fractions import Fraction

from rvx.number import Rounding
from rvx.verify.exact import finite
from rvx.verify.exact.finite import Finite

HALF = Fraction(1, 2)


def to_units(x: Finite, unit: Fraction, mode: Rounding, negative: bool) -> tuple[int, bool]:
    """How many units the magnitude x rounds to, of a number of that sign; and whether that is not
    exactly it."""
    below = finite.floor_in_units(x, unit)
    if finite.order(x, below * unit) == 0:
        return below, False
    middle = finite.order(x, (below + HALF) * unit)
    even = below if below % 2 == 0 else below + 1
    nearest = below if middle < 0 else below + 1
    match mode:
        case Rounding.RNE:
            chosen = nearest if middle else even
        case Rounding.RMM:
            chosen = nearest if middle else below + 1
        case Rounding.RTZ:
            chosen = below
        case Rounding.RDN:
            chosen = below + 1 if negative else below
        case Rounding.RUP:
            chosen = below if negative else below + 1
        case Rounding.ODD:
            chosen = below + 1 if below == even else below
    return chosen, True
