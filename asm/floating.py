"""Floating-point constants, rounded once to nearest even, however many digits they have."""

from __future__ import annotations

import math
import re
import struct
from fractions import Fraction

_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)\s*(?:0[fFdDrR:])?(?:
        (?P<name>inf(?:inity)?|nan)
      | 0x(?P<hex>[0-9a-f]*\.?[0-9a-f]*)(?:p(?P<power>[+-]?\d+))?
      | (?P<decimal>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))""",
    re.VERBOSE | re.IGNORECASE,
)

# Far more digits than decide a rounding; exact arithmetic with many more takes long.
_LONGEST = 2000


class FloatProblem(Exception):
    """Text that is no number, or a number that the format cannot hold."""


def encode(text: str, size: int) -> bytes:
    """The little-endian binary32 (4 bytes) or binary64 (8 bytes) of a constant."""
    if (match := _NUMBER.fullmatch(text)) is None:
        raise FloatProblem(f"`{text}` is not a floating-point number")
    sign = -1.0 if match["sign"] == "-" else 1.0
    magnitude = _magnitude(match, size)
    if math.isinf(magnitude) and not match["name"]:
        raise FloatProblem(f"{text} is too large for {8 * size} bits")
    return struct.pack("<d" if size == 8 else "<f", math.copysign(magnitude, sign))


def _magnitude(match: re.Match[str], size: int) -> float:
    if match["name"]:
        return float(match["name"])
    double = _nearest_double(match)
    if size == 8 or math.isinf(double):
        return double
    return _nearest_single(double, match)


def _nearest_double(match: re.Match[str]) -> float:
    if match["decimal"]:
        return float(match["decimal"])
    try:
        return float.fromhex(f"0x{match['hex']}p{match['power'] or 0}")
    except OverflowError:
        return math.inf
    except ValueError:
        raise FloatProblem(f"`{match[0]}` is not a floating-point number") from None


def _nearest_single(double: float, match: re.Match[str]) -> float:
    """Rounding the nearest double again is right unless the double is a tie that the number
    itself is not; then the double beside it, which has an odd significand, decides."""
    bits = struct.unpack("<Q", struct.pack("<d", double))[0]
    could_be_tie = not bits & (1 << 28) - 1 or double < 2.0**-126
    if could_be_tie and double > 0 and bits % 2 == 0:
        exact = _exact(match)
        if exact != double:
            double = math.nextafter(double, math.inf if exact > double else 0.0)
    try:
        single: float = struct.unpack("<f", struct.pack("<f", double))[0]
    except OverflowError:
        return math.inf
    return single


def _exact(match: re.Match[str]) -> Fraction:
    if len(match[0]) > _LONGEST:
        raise FloatProblem(f"{match[0][:20]}... has more than {_LONGEST} characters")
    if match["decimal"]:
        return Fraction(match["decimal"])
    whole, _, fraction = match["hex"].partition(".")
    power = int(match["power"] or 0) - 4 * len(fraction)
    return int(whole + fraction, 16) * Fraction(2) ** power
