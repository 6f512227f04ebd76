"""The tables of first bits, against what the codes are: all codes of short formats."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from rvx.jit.number.prefix import OUTSIDE, prefixes
from rvx.number import Float, Format, Posit

_SHORT = 12
FORMATS = [Posit(8, 0), Posit(12, 1), Posit(32, 2), Float(4, 3), Float(4, 3, "ocp"), Float(5, 6)]


@pytest.mark.parametrize("format", [*FORMATS, Float(8, 23)], ids=repr)
def test_numbers_by_prefix(format: Format) -> None:
    known, random = prefixes(format), Random(3)
    assert known is not None
    short = format.bits <= _SHORT
    codes = range(1 << format.bits) if short else random.choices(range(1 << format.bits), k=20000)
    for code in codes:
        at = code >> format.bits - known.length
        if known.exponents[at] == OUTSIDE:
            continue
        negative = isinstance(format, Float) and code >> format.bits - 1
        value, exponent = (
            (word + (1 << 63)) % (1 << 64) - (1 << 63)
            for word in ((~code if negative else code) + known.offsets[at], known.exponents[at])
        )
        real = format.decode(code)
        expected = Fraction(real.significand) * Fraction(2) ** real.exponent
        assert value * Fraction(2) ** exponent == expected, hex(code)
        assert abs(value) <= 1 << known.bits
        assert known.low <= exponent <= known.high
