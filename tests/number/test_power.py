"""Powers of a radix against a list of their values, in every mode, and stochastic rounding."""

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise, product

import ml_dtypes
import numpy as np
import pytest

from rvx.number import (
    NV,
    NX,
    OF,
    QUIET_NAN,
    UF,
    Draw,
    Float,
    Power,
    Rounding,
    dyadic,
    infinity,
    zero,
)

E8M0 = Power(8, -127, nan=True, flags=True)
EVEN = Power(4, -6, 4, signed=True, zero=True, flags=True)
ODD = Power(4, -5, 4, signed=True, zero=True, flags=True)
WIDE = Power(5, -3, 16, signed=True, flags=True)
FORMATS = [E8M0, EVEN, ODD, WIDE, Power(3, 0, 2, zero=True, flags=True)]


def magnitudes(format):
    """The values of the codes, by the definition."""
    count = 2 ** (format.bits - format.signed) - format.nan
    powers = [Fraction(2) ** format.least * format.radix**k for k in range(count)]
    return [Fraction(0), *powers[: count - 1]] if format.zero else powers


def rounded(format, value, mode, negative):
    """The code of a magnitude: one of two neighbours; and whether it is exact."""
    grid = magnitudes(format)
    if value < grid[0]:
        return 0, False
    if value > grid[-1]:
        above = grid[-1] * format.radix
        grid = [*grid, above, above * format.radix]
    below = bisect_right(grid, value) - 1
    if below == len(grid) - 1 or grid[below] == value:
        return below, grid[below] == value
    part = (value - grid[below]) / (grid[below + 1] - grid[below])
    up = {
        "RNE": part > Fraction(1, 2) or (part == Fraction(1, 2) and below % 2 == 1),
        "RMM": part >= Fraction(1, 2),
        "RTZ": False,
        "RDN": negative,
        "RUP": not negative,
        "ODD": below % 2 == 0,
    }[mode]
    return below + up, False


def values(format):
    """Every value, the middles, and what lies beside."""
    grid = [g for g in magnitudes(format) if g][-8:] + [g for g in magnitudes(format) if g][:8]
    near = [Fraction(n, 4) for n in (4, 5, 6, 8, 10, 34)]
    tiny = Fraction(1, 2**40)
    for g, factor in product(grid, near):
        for value in (g * factor, g * factor * (1 + tiny), g * factor * (1 - tiny), g / factor):
            if value.denominator & value.denominator - 1 == 0:
                yield value


def real(value):
    return dyadic(value.numerator, 1 - value.denominator.bit_length())


@pytest.mark.parametrize("format", FORMATS, ids=str)
@pytest.mark.parametrize("mode", Rounding)
def test_rounding(format, mode):
    top = len(magnitudes(format)) - 1
    for value, negative in product(values(format), (False, True)):
        code, flags = format.encode(real(-value if negative else value), mode)
        expected, is_exact = rounded(format, value, mode.name, negative)
        if negative and not format.signed:
            assert code == 0
            assert flags & NV or (format.zero and expected == 0)
            continue
        if expected > top:
            away = {"RTZ": False, "ODD": False, "RDN": negative, "RUP": not negative}
            expected = top + (format.nan and away.get(mode.name, True))
            assert flags == OF | NX
        else:
            assert flags & ~UF == (0 if is_exact else NX)
        sign = 1 << format.bits - 1 if negative else 0
        assert code == sign | expected, (value, mode)


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_every_code_is_its_value_and_back(format):
    grid = magnitudes(format)
    for code, value in enumerate(grid):
        found = format.decode(code)
        assert found.significand * Fraction(2) ** found.exponent == value
        assert format.encode(found, Rounding.RTZ) == (code, 0)


def test_e8m0_is_that_of_ml_dtypes():
    codes = np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e8m0fnu).astype(np.float64)
    for code, value in enumerate(codes):
        found = E8M0.decode(code)
        if code == 255:
            assert np.isnan(value)
            assert found == QUIET_NAN
        else:
            assert found.significand * 2.0**found.exponent == value
    assert not any(E8M0.encode(E8M0.decode(c), m)[1] for c in range(255) for m in Rounding)


def test_specials():
    assert E8M0.encode(QUIET_NAN, Rounding.RNE) == (255, 0)
    assert E8M0.encode(infinity(False), Rounding.RTZ) == (255, OF | NX)
    assert E8M0.encode(infinity(True), Rounding.RNE) == (0, NV)
    assert E8M0.encode(zero(False), Rounding.RNE) == (0, UF | NX)
    assert EVEN.encode(zero(True), Rounding.RNE) == (8, 0)
    assert EVEN.encode(infinity(True), Rounding.RNE) == (15, OF | NX)
    assert EVEN.encode(QUIET_NAN, Rounding.RNE) == (7, NV)
    assert Power(8, -127, nan=True).encode(zero(False), Rounding.RNE) == (0, 0)


def test_nearest_in_radix_4_cuts_at_two_and_a_half_and_below_the_least_at_half():
    for k in range(-3, 3):
        cut = Fraction(4) ** k * Fraction(5, 2)
        assert EVEN.encode(real(cut * 1025 / 1024), Rounding.RNE)[0] == k + 5
        assert EVEN.encode(real(cut * 1023 / 1024), Rounding.RNE)[0] == k + 4
    assert EVEN.encode(dyadic(1, -7), Rounding.RNE) == (0, UF | NX)
    assert EVEN.encode(dyadic(1025, -17), Rounding.RNE) == (1, UF | NX)


@pytest.mark.parametrize("format", [EVEN, Float(3, 0, "none", bias=4), Float(5, 2)], ids=str)
def test_stochastic_rounding_goes_up_as_often_as_the_value_is_far(format):
    codes = [format.decode(code) for code in range(6)]
    numbers = [c.significand * Fraction(2) ** c.exponent for c in codes]
    for below, (low, high) in enumerate(pairwise(numbers)):
        for sixteenths in range(1, 16):
            value = low + (high - low) * sixteenths / 16
            found = [format.encode(real(value), Draw(draw, 4))[0] - below for draw in range(16)]
            assert found == [draw < sixteenths for draw in range(16)]
