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
    """The product's program in `firmware/kernels/gemm`, in assembly or in C."""
    header: str | None = None
    """Its C in `firmware/numbers`, None where it has the product alone."""
    roundings_per_term: float = 1.0
    """How many roundings a term of a product goes through, at most, for each term there is."""
    roundings_per_sum: int = 0
    """And how many more, whatever their number."""
    word: int = 4
    """Bytes; rows of operands start at a multiple of it."""
    transposed: tuple[str, ...] = ()
    """The operands that its program takes the other way about than its contract says."""

    @property
    def is_compiled(self) -> bool:
        """Whether its product is in C."""
        return self.gemm.endswith(".c")


BASELINE: Final = System("fp32", "rv32imf_zicsr", "fp32", "fp32", "fp32.S", header="fp32.h")

_MINIFLOAT: Final = "rv32imf_zicsr_xsmallfloat_xfvec"

SYSTEMS: Final = (
    BASELINE,
    System("fp32_c", "rv32imf_zicsr", "fp32", "fp32", "fp32_c.c", transposed=("bt",)),
    System("fp32_dot", "rv32imf_zicsr", "fp32", "fp32", "fp32_dot.S"),
    System("fp16", _MINIFLOAT, "fp32", "fp16", "fp16.S", "fp16.h", 0.5, 1),
    System("bf16", _MINIFLOAT, "fp32", "bf16", "fp16.S", None, 0.5, 1),
    System("fp8", _MINIFLOAT, "fp16", "e5m2", "fp8.S", "fp8.h", 0.25, 2),
    System("fp8alt", _MINIFLOAT, "fp16", "fp8alt", "fp8alt.S", None, 0.25, 2),
    System("posit32", "rv32imf_zicsr_xposit", "posit32", "posit32", "posit32.S", None, 0.0, 1),
)
BY_NAME: Final = {system.name: system for system in SYSTEMS}
