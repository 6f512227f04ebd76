import numpy as np
import pytest
from gemm_golden import BPOSIT32, FP16, POSIT8, POSIT16, POSIT32

from rvx.bench.golden.answer import furthest
from rvx.bench.matrix import Matrix
from rvx.bench.precision import units

FORMATS = [FP16, POSIT8, POSIT16, POSIT32, BPOSIT32]


def errors(format, size):
    """Of rounding numbers of a magnitude, and what `units` says of them."""
    values = size * np.random.default_rng(4).uniform(1.0, 2.0, 400)
    unit, least = units(format, values)
    return np.abs(Matrix.quantize(format, values).values - values), unit * values + least


@pytest.mark.parametrize("format", FORMATS, ids=str)
@pytest.mark.parametrize("exponent", [-60, -21, -11, -6, -1, 0, 3, 7, 12])
def test_no_rounding_is_further_off(format, exponent):
    off, limit = errors(format, 2.0**exponent)
    assert (off <= limit).all()


@pytest.mark.parametrize("format", FORMATS, ids=str)
@pytest.mark.parametrize("exponent", [-9, -3, 0, 4, 9])
def test_some_rounding_is_as_far_off_as_a_third_of_it(format, exponent):
    off, limit = errors(format, 2.0**exponent)
    assert (off / limit).max() > (0.15 if format == POSIT8 else 0.3)


@pytest.mark.parametrize("format", [POSIT8, POSIT16, BPOSIT32], ids=str)
def test_no_smaller_number_is_further_off(format):
    """So that no partial sum is rounded further than the whole would be."""
    values = 2.0 ** np.random.default_rng(5).uniform(-20.0, 12.0, 2000)
    off = np.abs(Matrix.quantize(format, values).values - values)
    for size in 2.0 ** np.arange(-16, 12):
        unit, least = units(format, np.array([size]))
        assert (off[values < size] <= unit * size + least).all()


def test_a_coarser_intermediate_counts():
    size = np.array([1.0])
    assert units(POSIT32, size)[0].tolist() == [2.0**-28]
    assert units(POSIT32, size, 2.0**-20)[0].tolist() == [2.0**-24]


def test_the_furthest_is_by_factors():
    assert furthest(0.25, 3.0, 0.0) == 0.25
    assert furthest(np.array([0.5, 8.0]), 4.0).tolist() == [4.0, 8.0]
