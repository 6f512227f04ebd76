"""Rounding of a magnitude: the modes by their definitions in IEEE 754-2019, section 4.3."""

import math
from fractions import Fraction

import pytest

from rvx.number import Rounding, flag_names, round_magnitude


@pytest.mark.parametrize(
    ("mode", "quarters"),
    [  # 2 + k/4 for k = 0 to 7: 2, 2¼, 2½, 2¾, 3, 3¼, 3½, 3¾
        (Rounding.RNE, [2, 2, 2, 3, 3, 3, 4, 4]),
        (Rounding.RTZ, [2, 2, 2, 2, 3, 3, 3, 3]),
        (Rounding.RMM, [2, 2, 3, 3, 3, 3, 4, 4]),
        (Rounding.ODD, [2, 3, 3, 3, 3, 3, 3, 3]),
        (Rounding.RUP, [2, 3, 3, 3, 3, 4, 4, 4]),
        (Rounding.RDN, [2, 2, 2, 2, 3, 3, 3, 3]),
    ],
)
def test_quarters(mode, quarters):
    for k, rounded in enumerate(quarters):
        assert round_magnitude(8 + k, 2, mode, negative=False) == (rounded, k % 4 != 0)


def by_definition(value: Fraction, mode: Rounding) -> int:
    """Round a signed value to an integer with the functions of the standard library."""
    nearest = {
        Rounding.RNE: round(value),
        Rounding.RTZ: math.trunc(value),
        Rounding.RDN: math.floor(value),
        Rounding.RUP: math.ceil(value),
        Rounding.RMM: int(math.copysign(math.floor(abs(value) + Fraction(1, 2)), value)),
    }
    if mode is Rounding.ODD:
        is_even = math.floor(value) % 2 == 0
        return math.ceil(value) if is_even else math.floor(value)
    return nearest[mode]


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("mode", Rounding)
def test_against_the_standard_library(mode, negative):
    for shift in range(-2, 7):
        for magnitude in range(300):
            exact = Fraction(-magnitude if negative else magnitude) / Fraction(2) ** shift
            rounded, inexact = round_magnitude(magnitude, shift, mode, negative)
            assert (-rounded if negative else rounded) == by_definition(exact, mode)
            assert inexact == (exact.denominator != 1)


@pytest.mark.parametrize(
    ("flags", "names"),
    [(0, "0"), (1, "NX"), (3, "UF|NX"), (5, "OF|NX"), (8, "DZ"), (17, "NV|NX"),
     (31, "NV|DZ|OF|UF|NX")],
)  # fmt: skip
def test_flag_names(flags, names):
    assert flag_names(flags) == names
