"""Rounding of an integer significand, the only place where digits are dropped by a mode.

The modes are those of IEEE 754-2019, section 4.3 (RMM is roundTiesToAway), round to odd, which
sets the last bit of every inexact result, and stochastic rounding by a number that was drawn.
"""

from enum import Enum
from typing import TypeAlias

from rvx.record import record


class Rounding(Enum):
    """A rounding direction, named as the RISC-V manual names the values of `frm`."""

    RNE = "to nearest, ties to even"
    RTZ = "toward zero"
    RDN = "down"
    RUP = "up"
    RMM = "to nearest, ties to maximum magnitude"
    ODD = "to odd"


@record(frozen=True)
class Draw:
    """Stochastic rounding: away from zero where what is cut off, in `2**bits`-ths of the gap and
    rounded down, is above the number drawn, which has `bits` bits."""

    number: int
    bits: int


Mode: TypeAlias = Rounding | Draw


def round_magnitude(
    magnitude: int, shift: int, mode: Rounding | Draw, negative: bool
) -> tuple[int, bool]:
    """Divide `magnitude` by `2**shift` and round: the rounded magnitude and whether it is inexact.

    `negative` is the sign of the number that the magnitude belongs to.
    """
    if shift <= 0:
        return magnitude << -shift, False
    below = magnitude >> shift
    rest = magnitude - (below << shift)
    if not rest:
        return below, False
    return below + rounds_away(rest, 1 << shift, below % 2 == 1, mode, negative), True


def rounds_away(rest: int, gap: int, is_odd: bool, mode: Rounding | Draw, negative: bool) -> bool:
    """Tell whether to round `rest` up to `gap`, 0 < rest < gap, and not down to zero.

    `is_odd` is whether the code of the value below is odd.
    """
    match mode:
        case Rounding.RNE:
            return 2 * rest > gap or (2 * rest == gap and is_odd)
        case Rounding.RTZ:
            return False
        case Rounding.RDN:
            return negative
        case Rounding.RUP:
            return not negative
        case Rounding.RMM:
            return 2 * rest >= gap
        case Rounding.ODD:
            return not is_odd
        case Draw(number, bits):
            return (rest << bits) // gap > number
