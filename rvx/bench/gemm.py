"""GEMM, C = A B, and its variants: a table. A new one is a row here and a file in `firmware/`."""

from __future__ import annotations

from typing import Final

import numpy as np

from rvx.bench.kernel import Kernel, Size, Variant
from rvx.bench.matrix import Values


def _gemm_operands(size: Size, random: np.random.Generator) -> tuple[Values, ...]:
    """A (m by k) and B transposed (n by k), uniform in [-1, 1): PERCIVAL's setup."""
    a = random.uniform(-1.0, 1.0, (size.m, size.k))
    b = random.uniform(-1.0, 1.0, (size.k, size.n))
    return a, np.ascontiguousarray(b.T)


_VARIANTS: Final = (
    Variant(
        name="fp32",
        isa="rv32imf_zicsr",
        source="fp32.S",
        entry="gemm_fp32",
        operand="fp32",
        result="fp32",
        roundings=lambda size: size.k,
    ),
    Variant(
        name="fp32_dot",
        isa="rv32imf_zicsr",
        source="fp32_dot.S",
        entry="gemm_fp32_dot",
        operand="fp32",
        result="fp32",
        roundings=lambda size: size.k,
    ),
    Variant(
        name="fp8",
        isa="rv32imf_zicsr_xdotp",
        source="fp8.S",
        entry="gemm_fp8",
        operand="e5m2",
        result="fp16",
        roundings=lambda size: -(-size.k // 4) + 1,
    ),
    Variant(
        name="fp8alt",
        isa="rv32imf_zicsr_xdotp",
        source="fp8.S",
        entry="gemm_fp8alt",
        operand="fp8alt",
        result="fp16",
        roundings=lambda size: -(-size.k // 4) + 1,
    ),
    Variant(
        name="posit32",
        isa="rv32imf_zicsr_xposit",
        source="posit32.S",
        entry="gemm_posit32",
        operand="posit32",
        result="posit32",
        roundings=lambda size: 1,
    ),
)

GEMM: Final = Kernel(
    name="gemm",
    macs=lambda size: size.m * size.n * size.k,
    operands=_gemm_operands,
    answer=lambda operands: operands[0] @ operands[1].T,
    shape=lambda size: (size.m, size.n),
    terms=lambda size: size.k,
    variants=_VARIANTS,
)
