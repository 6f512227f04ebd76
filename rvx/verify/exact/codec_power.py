"""Powers of a radix without a fraction, such as E8M0: codes listed, neighbours looked up."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache

from rvx.number import NV, NX, OF, UF, Mode, Power, Rounding
from rvx.verify.exact import finite
from rvx.verify.exact.number import (
    ANY_ZERO,
    NAN,
    Number,
    decided,
    is_infinite,
    is_negative,
    is_zero,
    nan,
    of_finite,
    zero,
)
from rvx.verify.exact.rounding import is_up, overflows_away


@lru_cache(maxsize=64)
def _magnitudes(format: Power) -> tuple[Fraction, ...]:
    """The magnitudes of all codes that are numbers, in their order."""
    count = (1 << format.bits - format.signed) - format.nan - format.zero
    least = finite.power_of_two(format.least)
    return (Fraction(0),) * format.zero + tuple(least * format.radix**k for k in range(count))


def decode(format: Power, code: int) -> Number:
    sign = format.bits - 1 if format.signed else format.bits
    negative, magnitude = code >> sign == 1, code % (1 << sign)
    values = _magnitudes(format)
    if magnitude == len(values):
        return nan()
    value = values[magnitude]
    return of_finite(-value if negative else value) if value else zero(negative)


def encode(format: Power, number: Number, mode: Mode) -> tuple[int, int]:
    code, flags = _encoded(format, decided(number), mode)
    return code, flags if format.flags else 0


def _encoded(format: Power, number: Number, mode: Mode) -> tuple[int, int]:
    values, pending, negative = _magnitudes(format), number.flags, is_negative(number)
    if number.kinds == NAN:
        return (len(values), pending) if format.nan else (len(values) - 1, pending | NV)
    if is_zero(number):
        if number.kinds == ANY_ZERO:
            negative = mode is Rounding.RDN
        code, flags = 0, 0 if format.zero else UF | NX
        negative = negative and format.signed  # no zero is below zero
    elif is_infinite(number):
        code, flags = _limit(format), OF | NX
    else:
        code, flags = _rounded(format, finite.magnitude(number.total), mode, negative)
    if negative and not format.signed:
        is_nothing = format.zero and code == 0
        return 0, pending | (flags if is_nothing else NV)
    if negative and code < len(values):  # the only NaN has no sign
        code |= 1 << format.bits - 1
    return code, pending | flags


def _limit(format: Power) -> int:
    """The code of what is beyond the largest power."""
    largest = len(_magnitudes(format)) - 1
    return largest + 1 if format.nan and format.overflow != "saturate" else largest


def _rounded(format: Power, x: finite.Finite, mode: Mode, negative: bool) -> tuple[int, int]:
    """The code of a magnitude that is not zero, and the flags."""
    values = _magnitudes(format)
    if finite.order(x, values[format.zero]) < 0:
        return _underflow(format, x, mode, negative)
    code = bisect_right(values, 0, key=lambda value: finite.order(value, x)) - 1
    if finite.order(x, values[code]) == 0:
        return code, 0
    # Beyond the largest power there is a next one that is not.
    above = values[code] * format.radix
    code += finite.order(x, above) >= 0 or is_up(
        x, values[code], above, code % 2 == 0, mode, negative
    )
    if code == len(values):
        return (_limit(format) if overflows_away(mode, negative) else code - 1), OF | NX
    return code, NX


def _underflow(format: Power, x: finite.Finite, mode: Mode, negative: bool) -> tuple[int, int]:
    """Of a magnitude below the least power. It is tiny unless it rounded up to that if there
    were smaller ones too."""
    least = _magnitudes(format)[format.zero]
    smaller = least / format.radix
    is_even = (format.zero - 1) % 2 == 0  # the code that the power below would have
    is_tiny = finite.order(x, smaller) <= 0 or not is_up(x, smaller, least, is_even, mode, negative)
    code = int(format.zero and is_up(x, Fraction(0), least, True, mode, negative))
    return code, UF | NX if is_tiny else NX
