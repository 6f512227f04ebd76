"""Rounding of an integer significand, the only place where digits are dropped by a mode.

The modes are those of IEEE 754-2019, section 4.3 (RMM is roundTiesToAway), and round to odd,
which sets the last bit of every inexact result.
"""

from enum import Enum


class Rounding(Enum):
    """A rounding direction, named as the RISC-V manual names the values of `frm`."""

    RNE = "to nearest, ties to even"
    RTZ = "toward zero"
    RDN = "down"
    RUP = "up"
    RMM = "to nearest, ties to maximum magnitude"
    ODD = "to odd"


def round_magnitude(magnitude: int, shift: int, mode: Rounding, negative: bool) -> tuple[int, bool]:
    """Divide `magnitude` by `2**shift` and round: the rounded magnitude and whether it is inexact.

    `negative` is the sign of the number that the magnitude belongs to.
    """
    if shift <= 0:
        return magnitude << -shift, False
    below = magnitude >> shift
    rest = magnitude - (below << shift)
    if not rest:
        return below, False
    half = 1 << shift - 1
    match mode:
        case Rounding.RNE:
            up = rest > half or (rest == half and below % 2 == 1)
        case Rounding.RTZ:
            up = False
        case Rounding.RDN:
            up = negative
        case Rounding.RUP:
            up = not negative
        case Rounding.RMM:
            up = rest >= half
        case Rounding.ODD:
            up = below % 2 == 0
    return below + up, True
