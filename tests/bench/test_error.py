import numpy as np
import pytest
from gemm_golden import E5M2, FP16, FP32, POSIT8, POSIT16, POSIT32, golden

from rvx.bench.error import Error, Steps, bound, bound_once
from rvx.bench.matrix import Matrix

STEPS = {
    "fp32": [Steps(FP32, 16)],
    "fp8": [Steps(FP16, 5)],
    "posit32": [],
    "posit32_mac": [Steps(POSIT32, 16)],
    "posit16_mac": [Steps(POSIT16, 8), Steps(POSIT32, 1)],
    "posit8_mac": [Steps(POSIT8, 4), Steps(POSIT16, 3)],
}
FORMATS = {
    "fp32": (FP32, FP32),
    "fp8": (E5M2, FP16),
    "posit32": (POSIT32, POSIT32),
    "posit32_mac": (POSIT32, POSIT32),
    "posit16_mac": (POSIT16, POSIT32),
    "posit8_mac": (POSIT8, POSIT16),
}


def problem(variant, scale=1.0, k=16):
    random = np.random.default_rng(3)
    operand, result = FORMATS[variant]
    a, b = (Matrix.quantize(operand, scale * random.uniform(-1, 1, (4, k))) for _ in range(2))
    codes = golden(variant, a.codes, b.codes).astype(f"u{result.bits // 8}")
    return Matrix(result, codes), (a, b)


def magnitude(a, b):
    return np.abs(a.values) @ np.abs(b.values).T


def limit_of(variant, c, a, b):
    size = magnitude(a, b)
    if not STEPS[variant]:
        return bound_once(c, size, terms=16)
    return bound(size, STEPS[variant], terms=16)


@pytest.mark.parametrize("variant", STEPS)
@pytest.mark.parametrize("scale", [1.0, 2.0**-9, 2.0**-62])
def test_right_results_are_within_the_bound(variant, scale):
    c, (a, b) = problem(variant, scale)
    limit = limit_of(variant, c, a, b)
    assert (np.abs(c.values - a.values @ b.values.T) <= limit).all()


@pytest.mark.parametrize("variant", [name for name in STEPS if name != "posit8_mac"])
def test_a_lost_product_is_outside_the_bound(variant):
    c, (a, b) = problem(variant)
    limit = limit_of(variant, c, a, b)
    without_last = a.values[:, :-1] @ b.values[:, :-1].T
    assert (np.abs(c.values - without_last) > limit).mean() > 0.8


def test_error_is_what_it_says():
    error = Error.between([(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]]))])
    assert error.max_abs == 2.0
    assert error.rms == pytest.approx(2**0.5)
    assert error.relative_rms == pytest.approx(2 / 17**0.5)
