"""The number systems that kernels are compiled for: a row each. Formats as in `formats.isa`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class System:
    """What a kernel computes in."""

    name: str
    isa: str
    wide: str
    """The format of activations, gradients, parameters: what products give."""
    operand: str
    """The format that products take."""
    gemm: str
    """The product's program in `firmware/kernels/gemm`."""
    header: str | None = None
    """Its C in `firmware/numbers`, None where it has the product alone."""
    roundings_per_term: float = 1.0
    """How many roundings to `sums` a term of a product goes through, at most, for each term there
    is."""
    roundings_per_sum: int = 0
    """And how many more to `wide`, whatever their number."""
    real: str = "fp32"
    """The format that kernels in C compute in."""
    sums: str | None = None
    """The format that products are added up in; None for `wide`. An exact sum has none."""
    word: int = 4
    """Bytes; rows of operands start at a multiple of it."""


BASELINE: Final = System("fp32", "rv32imf_zicsr", "fp32", "fp32", "fp32.S", header="fp32.h")

_MINIFLOAT: Final = "rv32imf_zicsr_xsmallfloat_xfvec"
_POSITS: Final = "rv32imf_zicsr_xpositvec"


def _posits(operand: str, wide: str, real: str = "posit32") -> System:
    """Products in the quire of what they take: exact, rounded once to `wide`."""
    return System(operand, _POSITS, wide, operand, f"{operand}.S", f"{operand}.h", 0.0, 1, real)


def _without_quire(operand: str, wide: str, per_term: float, per_sum: int) -> System:
    """Sums of fused multiply-adds, as many as a word has lanes."""
    name = f"{operand}_mac"
    return System(
        name, _POSITS, wide, operand, f"{name}.S", None, per_term, per_sum, "posit32", operand
    )


SYSTEMS: Final = (
    BASELINE,
    System("fp32_dot", "rv32imf_zicsr", "fp32", "fp32", "fp32_dot.S"),
    System("fp16", _MINIFLOAT, "fp32", "fp16", "fp16.S", "fp16.h", 0.5, 1),
    System("bf16", _MINIFLOAT, "fp32", "bf16", "fp16.S", "bf16.h", 0.5, 1),
    System("fp8", _MINIFLOAT, "fp16", "e5m2", "fp8.S", "fp8.h", 0.25, 2),
    System("fp8alt", _MINIFLOAT, "fp16", "fp8alt", "fp8alt.S", "fp8alt.h", 0.25, 2),
    _posits("posit32", "posit32"),
    _posits("posit16", "posit32"),
    _posits("posit8", "posit16"),
    _posits("bposit32", "bposit32", "bposit32"),
    _without_quire("posit32", "posit32", 1.0, 0),
    _without_quire("posit16", "posit32", 0.5, 1),
    _without_quire("posit8", "posit16", 0.25, 3),
    System("xposit32", "rv32imf_zicsr_xposit", "posit32", "posit32", "xposit32.S", None, 0.0, 1),
)
BY_NAME: Final = {system.name: system for system in SYSTEMS}
