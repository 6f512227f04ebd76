"""What every bit of C must be: each variant's sums in its own order, on exact numbers.

Shares the formats with rvx (they have tests of their own), and no code with the simulator.
"""

from collections.abc import Callable, Sequence

import numpy as np

from rvx.number import Format, Rounding, add, build, dyadic, multiply, zero

FP32 = build("float", {"exponent": 8, "fraction": 23})
FP16 = build("float", {"exponent": 5, "fraction": 10})
BF16 = build("float", {"exponent": 8, "fraction": 7})
E5M2 = build("float", {"exponent": 5, "fraction": 2})
FP8ALT = build("float", {"exponent": 4, "fraction": 3})
POSIT32 = build("posit", {"bits": 32, "es": 2})

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


def lane_sums(operand: Format) -> Dot:
    """`vfdotpex.h.b`: two FP16 lanes, two products a step each; then `vfsum.h` of both and +0."""

    def dot(a: Sequence[int], b: Sequence[int]) -> int:
        lanes = [0, 0]
        padding = [0] * (-len(a) % 4)
        products = [
            multiply(operand.decode(x), operand.decode(y))
            for x, y in zip([*a, *padding], [*b, *padding], strict=True)
        ]
        for k in range(0, len(products), 2):
            lane = k // 2 % 2
            exact = add(add(FP16.decode(lanes[lane]), products[k]), products[k + 1])
            lanes[lane] = rounded(FP16, exact)
        return rounded(FP16, add(add(zero(False), FP16.decode(lanes[0])), FP16.decode(lanes[1])))

    return dot


def pair_sums(operand: Format) -> Dot:
    """`vfdotpex.s.h`: one FP32 lane, two products a step."""

    def dot(a: Sequence[int], b: Sequence[int]) -> int:
        total = 0
        padding = [0] * (len(a) % 2)
        pairs = [
            multiply(operand.decode(x), operand.decode(y))
            for x, y in zip([*a, *padding], [*b, *padding], strict=True)
        ]
        for k in range(0, len(pairs), 2):
            total = rounded(FP32, add(add(FP32.decode(total), pairs[k]), pairs[k + 1]))
        return total

    return dot


def exact_sum(a: Sequence[int], b: Sequence[int]) -> int:
    """The quire: rounded once."""
    total = dyadic(0, 0)
    for x, y in zip(a, b, strict=True):
        total = add(total, multiply(POSIT32.decode(x), POSIT32.decode(y)))
    return rounded(POSIT32, total)


DOTS: dict[str, Dot] = {
    "fp32": fused_sum,
    "fp32_c": fused_sum,
    "fp32_dot": fused_sum,
    "fp16": pair_sums(FP16),
    "bf16": pair_sums(BF16),
    "fp8": lane_sums(E5M2),
    "fp8alt": lane_sums(FP8ALT),
    "posit32": exact_sum,
}


def golden(variant: str, a: np.ndarray, bt: np.ndarray) -> np.ndarray:
    """The codes of C for the codes of A (m by k) and of B transposed (n by k)."""
    dot = DOTS[variant]
    return np.array([[dot(row, column) for column in bt.tolist()] for row in a.tolist()])
