import math

import ml_dtypes
import numpy as np
import pytest

from rvx.bench.matrix import Matrix, decode, encode, row_bytes
from rvx.number import build

FP32 = build("float", {"exponent": 8, "fraction": 23})
FP16 = build("float", {"exponent": 5, "fraction": 10})
E5M2 = build("float", {"exponent": 5, "fraction": 2})
POSIT32 = build("posit", {"bits": 32, "es": 2})
POSIT16 = build("posit", {"bits": 16, "es": 2})

# Scales that reach overflow and subnormals of the narrow formats.
VALUES = np.random.default_rng(7).standard_normal((40, 50)) * 10.0 ** np.linspace(-9, 6, 50)


@pytest.mark.parametrize(
    ("format", "dtype"), [(FP32, np.float32), (FP16, np.float16), (E5M2, ml_dtypes.float8_e5m2)]
)
def test_encoding_agrees_with_numpy(format, dtype):
    with np.errstate(over="ignore"):
        expected = VALUES.astype(dtype)
    codes = encode(format, VALUES)
    assert codes.tolist() == expected.view(codes.dtype).tolist()
    assert decode(format, codes).tolist() == expected.astype(np.float64).tolist()


@pytest.mark.parametrize("format", [E5M2, FP16, POSIT16])
def test_every_finite_code_comes_back(format):
    codes = np.arange(1 << format.bits)
    values = decode(format, codes)
    finite = np.isfinite(values)
    assert encode(format, values[finite]).tolist() == codes[finite].tolist()


def test_zeros_keep_their_sign_and_specials_are_floats():
    values = decode(FP16, np.array([0x8000, 0x7C00, 0xFC00, 0x7E00]))
    assert math.copysign(1, values[0]) == -1
    assert values[1:3].tolist() == [math.inf, -math.inf]
    assert math.isnan(values[3])
    assert math.isnan(decode(POSIT32, np.array([0x80000000]))[0])


def test_rows_start_on_words():
    matrix = Matrix(E5M2, np.arange(1, 11, dtype=np.uint8).reshape(2, 5))
    assert matrix.rows.hex() == "0102030405000000" + "060708090a000000"
    assert row_bytes(FP16, 3) == 8
    back = Matrix.from_rows(E5M2, matrix.rows, (2, 5))
    assert back.codes.tolist() == matrix.codes.tolist()
