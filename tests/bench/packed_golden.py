"""Products of packed matrices, bit by bit: what firmware/kernels/gemm/gemm.h says of each."""

from fractions import Fraction

import numpy as np

from rvx.bench.panel import Packed
from rvx.number import Rounding, build, dyadic

FP32 = build("float", {"exponent": 8, "fraction": 23})
INTEGER_SUMS = ("vsq4", "vsq8", "ibm4", "luq4")


def single(value: Fraction) -> Fraction:
    """Rounded to fp32, to nearest; here all numbers are binary fractions."""
    shift = value.denominator.bit_length() - 1
    code, _ = FP32.encode(dyadic(value.numerator, -shift), Rounding.RNE)
    return Fraction(float(np.uint32(code).view(np.float32)))


def unit_of(matrix: Packed) -> Fraction:
    """What the whole matrix is multiplied by."""
    return Fraction(float(np.uint32(matrix.header[0]).view(np.float32))) if matrix.header else None


def rows_of(matrix: Packed) -> list[list[Fraction]]:
    """Elements times the scales of their blocks."""
    unit = unit_of(matrix) or Fraction(1)
    return [[Fraction(value) / unit for value in row] for row in matrix.values.tolist()]


def sum_by_words(a: list[Fraction], b: list[Fraction], lanes: int) -> Fraction:
    """Rounded once a word."""
    total = Fraction(0)
    for k in range(0, len(a), lanes):
        products = (x * y for x, y in zip(a[k : k + lanes], b[k : k + lanes], strict=True))
        total = single(total + sum(products))
    return total


def exact_sum(a: list[Fraction], b: list[Fraction], lanes: int) -> Fraction:
    """Of integers, rounded once."""
    total = sum(x * y for x, y in zip(a, b, strict=True))
    assert total.denominator == 1
    return single(total)


def golden(system: str, a: Packed, bt: Packed) -> np.ndarray:
    """The values of C for packed A (m by k) and B transposed (n by k)."""
    dot = exact_sum if system in INTEGER_SUMS else sum_by_words
    lanes, columns = a.layout.lanes, rows_of(bt)
    sums = [[dot(row, column, lanes) for column in columns] for row in rows_of(a)]
    if a.header:
        both = single(unit_of(a) * unit_of(bt))
        sums = [[single(value * both) for value in row] for row in sums]
    return np.array([[float(value) for value in row] for row in sums])
