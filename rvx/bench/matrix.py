"""Matrices in a number format: codes on one side, float64 on the other, rows in memory between.

Float64 holds every value of the formats benchmarked exactly; only `quantize` rounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rvx.number import Format, Real, Rounding, dyadic, real, resolve, zero

Values = npt.NDArray[np.float64]
Codes = npt.NDArray[np.unsignedinteger]

WORD = 4
"""Bytes. A row starts at a multiple of it, so that kernels can take it a word at a time;
operands of programs with wider registers start at a multiple of theirs."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Codes of a format, of any shape: rows are along the last axis."""

    format: Format
    codes: Codes
    word: int = WORD

    @classmethod
    def quantize(cls, format: Format, values: Values, word: int = WORD) -> Matrix:
        """Round finite values to the format, to nearest."""
        return cls(format, encode(format, values), word)

    @classmethod
    def from_rows(cls, format: Format, data: bytes, shape: tuple[int, ...]) -> Matrix:
        """Read a matrix of the shape from memory; the inverse of `rows`."""
        padded = np.frombuffer(data, _dtype(format)).reshape(*shape[:-1], -1)
        return cls(format, padded[..., : shape[-1]].copy())

    @property
    def values(self) -> Values:
        """The exact values of the codes."""
        return decode(self.format, self.codes)

    @property
    def rows(self) -> bytes:
        """The matrix in memory: little-endian, each row padded with zeros to whole words."""
        *rows, columns = self.codes.shape
        dtype = _dtype(self.format)
        padded = np.zeros(
            (*rows, row_bytes(self.format, columns, self.word) // dtype.itemsize), dtype
        )
        padded[..., :columns] = self.codes
        return padded.tobytes()


def row_bytes(format: Format, columns: int, word: int = WORD) -> int:
    """The bytes from one row to the next."""
    return -(-columns * format.bits // (8 * word)) * word


def encode(format: Format, values: Values) -> Codes:
    """Round finite values to the nearest codes; same shape."""
    codes = [format.encode(_exact(value), Rounding.RNE)[0] for value in values.ravel().tolist()]
    return np.array(codes, _dtype(format)).reshape(values.shape)


def decode(format: Format, codes: Codes) -> Values:
    """The values of codes; same shape. NaR is a NaN."""
    distinct, where = np.unique(codes, return_inverse=True)
    values = [_as_float(format.decode(code)) for code in distinct.tolist()]
    return np.array(values, np.float64)[where].reshape(codes.shape)


def _exact(value: float) -> Real:
    if value == 0:
        return zero(math.copysign(1.0, value) < 0)
    fraction, exponent = math.frexp(value)
    return dyadic(int(math.ldexp(fraction, 53)), exponent - 53)


def _as_float(value: Real) -> float:
    match resolve(value).kinds:
        case real.NAN:
            return math.nan
        case real.POS_INF:
            return math.inf
        case real.NEG_INF:
            return -math.inf
        case real.NEG_ZERO:
            return -0.0
    return math.ldexp(value.significand, value.exponent)


def _dtype(format: Format) -> np.dtype[np.unsignedinteger]:
    return np.min_scalar_type((1 << format.bits) - 1).newbyteorder("<")
