"""fp32 in numpy: rounding, bits, and the fused multiply-add that numpy does not have."""

from __future__ import annotations

import math

import numpy as np

from rvx.bench.golden.answer import Values


def single(values: Values | float) -> Values:
    """Rounded to fp32."""
    return np.asarray(values, np.float32).astype(np.float64)


def single_bits(value: float) -> int:
    """Of the fp32 number."""
    return int(np.float32(value).view(np.uint32))


def fused(a: float, b: float, c: float) -> float:
    """a b + c of fp32 numbers, rounded once: the product is exact in float64, and the sum is
    rounded to odd there, after which rounding again is rounding once (Boldo and Melquiond 2008)."""
    product = a * b
    total = product + c
    back = total - product
    error = (product - (total - back)) + (c - back)
    if error and not int(np.float64(total).view(np.int64)) & 1:
        total = math.nextafter(total, math.inf if error > 0.0 else -math.inf)
    return float(single(total))
