"""What every bit of C must be: each variant's sums in its own order, on exact numbers.

Shares the formats with rvx (they have tests of their own), and no code with the simulator.
"""

from collections.abc import Callable, Sequence

import numpy as np

from rvx.number import Format, Real, Rounding, add, build, dyadic, multiply, zero

FP32 = build("float", {"exponent": 8, "fraction": 23})
FP16 = build("float", {"exponent": 5, "fraction": 10})
BF16 = build("float", {"exponent": 8, "fraction": 7})
E5M2 = build("float", {"exponent": 5, "fraction": 2})
FP8ALT = build("float", {"exponent": 4, "fraction": 3})
POSIT32 = build("posit", {"bits": 32, "es": 2})
POSIT16 = build("posit", {"bits": 16, "es": 2})
POSIT8 = build("posit", {"bits": 8, "es": 2})
BPOSIT32 = build("posit", {"bits": 32, "es": 5, "regime": 6})

Dot = Callable[[Sequence[int], Sequence[int]], int]


def rounded(format: Format, value) -> int:
    return format.encode(value, Rounding.RNE)[0]


def fused_sum(a: Sequence[int], b: Sequence[int]) -> int:
    """`fmadd.s` over k, from +0."""
    total = 0
    for x, y in zip(a, b, strict=True):
        product = multiply(FP32.decode(x), FP32.decode(y))
        total = rounded(FP32, add(product, FP32.decode(total)))
    return total


def lane_sums(operand: Format, sums: Format, count: int) -> Dot:
    """`vfdotpex`: so many lanes, two products a step each; then `vfsum` of neighbors and +0, as
    long as there are two."""

    def dot(a: Sequence[int], b: Sequence[int]) -> int:
        lanes = [0] * count
        padding = [0] * (-len(a) % (2 * count))
        products = [
            multiply(operand.decode(x), operand.decode(y))
            for x, y in zip([*a, *padding], [*b, *padding], strict=True)
        ]
        for k in range(0, len(products), 2):
            lane = k // 2 % count
            exact = add(add(sums.decode(lanes[lane]), products[k]), products[k + 1])
            lanes[lane] = rounded(sums, exact)
        while len(lanes) > 1:
            pairs = zip(lanes[::2], lanes[1::2], strict=True)
            lanes = [
                rounded(sums, add(add(zero(False), sums.decode(x)), sums.decode(y)))
                for x, y in pairs
            ]
        return lanes[0]

    return dot


def exact_sum(operand: Format, wide: Format) -> Dot:
    """A quire: rounded once."""

    def dot(a: Sequence[int], b: Sequence[int]) -> int:
        total = dyadic(0, 0)
        for x, y in zip(a, b, strict=True):
            total = add(total, multiply(operand.decode(x), operand.decode(y)))
        return rounded(wide, total)

    return dot


def fused_lanes(operand: Format, count: int, *wider: Format) -> Dot:
    """`vpmac`: a sum a lane. Of `wider` the first are the formats in which the upper half of the
    sums is added to the lower, the last is that of C."""

    def dot(a: Sequence[int], b: Sequence[int]) -> int:
        lanes = [dyadic(0, 0)] * count
        for k, (x, y) in enumerate(zip(a, b, strict=True)):
            product = multiply(operand.decode(x), operand.decode(y))
            lanes[k % count] = kept(operand, add(lanes[k % count], product))
        for format in wider[:-1]:
            half = len(lanes) // 2
            lanes = [kept(format, add(lanes[i], lanes[half + i])) for i in range(half)]
        (total,) = lanes
        return rounded(wider[-1], total)

    return dot


def kept(format: Format, value: Real) -> Real:
    return format.decode(rounded(format, value))


DOTS: dict[str, Dot] = {
    "fp32": fused_sum,
    "fp32_c": fused_sum,
    "fp32_dot": fused_sum,
    "fp16": lane_sums(FP16, FP32, 1),
    "bf16": lane_sums(BF16, FP32, 1),
    "fp8": lane_sums(E5M2, FP16, 2),
    "fp8alt": lane_sums(FP8ALT, FP16, 2),
    "fp16_64": lane_sums(FP16, FP32, 2),
    "bf16_64": lane_sums(BF16, FP32, 2),
    "fp8_64": lane_sums(E5M2, FP16, 4),
    "fp8alt_64": lane_sums(FP8ALT, FP16, 4),
    "posit32": exact_sum(POSIT32, POSIT32),
    "posit16": exact_sum(POSIT16, POSIT32),
    "posit8": exact_sum(POSIT8, POSIT16),
    "bposit32": exact_sum(BPOSIT32, BPOSIT32),
    "posit32_mac": fused_lanes(POSIT32, 1, POSIT32),
    "posit16_mac": fused_lanes(POSIT16, 2, POSIT32, POSIT32),
    "posit8_mac": fused_lanes(POSIT8, 4, POSIT16, POSIT32, POSIT16),
    "xposit32": exact_sum(POSIT32, POSIT32),
}


def golden(variant: str, a: np.ndarray, bt: np.ndarray) -> np.ndarray:
    """The codes of C for the codes of A (m by k) and of B transposed (n by k)."""
    dot = DOTS[variant]
    return np.array([[dot(row, column) for column in bt.tolist()] for row in a.tolist()])
