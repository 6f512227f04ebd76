"""Rounding by definition: between two neighbours, by comparing with the cut between them."""

from __future__ import annotations

from fractions import Fraction

from rvx.number import Draw, Mode, Rounding
from rvx.verify.exact import finite
from rvx.verify.exact.finite import Finite


def is_up(
    x: Finite, below: Fraction, above: Fraction, is_even: bool, mode: Mode, negative: bool
) -> bool:
    """Whether a magnitude between two neighbours, which is neither, rounds to the one above.
    `is_even` says whether the code of the one below is."""
    middle = finite.order(x, (below + above) / 2)
    match mode:
        case Rounding.RNE:
            return middle > 0 or (middle == 0 and not is_even)
        case Rounding.RMM:
            return middle >= 0
        case Rounding.RTZ:
            return False
        case Rounding.RDN:
            return negative
        case Rounding.RUP:
            return not negative
        case Rounding.ODD:
            return is_even
        case Draw(number, bits):
            # What is cut off, in parts of the gap and rounded down, is above the number.
            part = Fraction(number + 1, 1 << bits)
            return finite.order(x, below + (above - below) * part) >= 0


def overflows_away(mode: Mode, negative: bool) -> bool:
    """Whether what rounds to beyond the largest number becomes more than that (IEEE 754-2019,
    7.4): in the modes that have gone away from zero."""
    match mode:
        case Rounding.RTZ | Rounding.ODD:
            return False
        case Rounding.RDN:
            return negative
        case Rounding.RUP:
            return not negative
    return True


def to_units(x: Finite, unit: Fraction, mode: Mode, negative: bool) -> tuple[int, bool]:
    """How many units the magnitude x rounds to, of a number of that sign; and whether that is not
    exactly it."""
    units = finite.floor_in_units(x, unit)
    below, above = units * unit, (units + 1) * unit
    if finite.order(x, below) == 0:
        return units, False
    return units + is_up(x, below, above, units % 2 == 0, mode, negative), True
