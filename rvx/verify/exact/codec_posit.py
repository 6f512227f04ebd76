"""Posits and bounded posits: the string of bits is read, and neighbours are found by search."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from rvx.number import Posit
from rvx.verify.exact import finite
from rvx.verify.exact.number import (
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


def decode(format: Posit, code: int) -> Number:
    bits = format.bits
    if code == 0:
        return zero(False)
    if code == 1 << bits - 1:
        return nan()
    if code >> bits - 1:
        return of_finite(-_value((1 << bits) - code, bits, format.es, _longest(format)))
    return of_finite(_value(code, bits, format.es, _longest(format)))


def encode(format: Posit, number: Number) -> tuple[int, int]:
    """To the nearest, ties to even, never to zero or NaR; no flags."""
    number = decided(number)
    if number.kinds == NAN or is_infinite(number):
        return 1 << format.bits - 1, 0
    if is_zero(number):
        return 0, 0
    code = _nearest(format, finite.magnitude(number.total))
    return ((1 << format.bits) - code if is_negative(number) else code), 0


def _longest(format: Posit) -> int:
    return format.bits - 1 if format.regime is None else format.regime


@lru_cache(maxsize=1 << 15)
def _value(code: int, bits: int, es: int, longest: int) -> Fraction:
    """Of a positive code of that many bits: sign, regime, exponent, fraction (Posit Standard)."""
    text = f"{code:0{bits - 1}b}"
    run = min(len(text) - len(text.lstrip(text[0])), longest)
    regime = run - 1 if text[0] == "1" else -run
    rest = text[run + (run < longest) :]
    exponent = int(rest[:es].ljust(es, "0"), 2) if es else 0
    digits = rest[es:]
    fraction = Fraction(int(digits, 2), 1 << len(digits)) if digits else Fraction(0)
    return finite.power_of_two((regime << es) + exponent) * (1 + fraction)


def _nearest(format: Posit, x: finite.Finite) -> int:
    """The largest code whose value is not above, then one more where x is beyond the cut."""
    bits, es, longest = format.bits, format.es, _longest(format)
    low, high = 1, (1 << bits - 1) - 1
    if finite.order(x, _value(low, bits, es, longest)) <= 0:
        return low
    if finite.order(x, _value(high, bits, es, longest)) >= 0:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if finite.order(x, _value(middle, bits, es, longest)) < 0:
            high = middle
        else:
            low = middle
    # The cut is the posit of one bit more that lies between them.
    longer = longest + (format.regime is None)
    side = finite.order(x, _value(2 * low + 1, bits + 1, es, longer))
    if side == 0:
        return low if low % 2 == 0 else high
    return low if side < 0 else high
