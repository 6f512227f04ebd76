"""The number systems that kernels are compiled for: a row each. Formats as in `formats.isa`."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    also: tuple[str, ...] = ()
    """More programs that its C calls."""
    only: tuple[str, ...] = ()
    """The kernels that it is for, if not for all."""
    without: tuple[str, ...] = ()
    """The kernels that it is not for."""
    transposed: tuple[str, ...] = ()
    """The operands that its program takes the other way about than its contract says."""

    @property
    def is_compiled(self) -> bool:
        """Whether its product is in C."""
        return self.gemm.endswith(".c")


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


def _at_flen_64(system: System) -> System:
    """The same with eight bytes a register; sums in twice as many lanes, added up once more."""
    return replace(
        system,
        name=f"{system.name}_64",
        isa=system.isa.replace("imf_", "imfd_"),
        gemm=system.gemm.replace(".S", "_64.S"),
        roundings_per_term=system.roundings_per_term / 2,
        roundings_per_sum=system.roundings_per_sum + 1,
        word=8,
    )


_FP16: Final = System("fp16", _MINIFLOAT, "fp32", "fp16", "fp16.S", "fp16.h", 0.5, 1)
_BF16: Final = System("bf16", _MINIFLOAT, "fp32", "bf16", "fp16.S", "bf16.h", 0.5, 1)
_FP8: Final = System("fp8", _MINIFLOAT, "fp16", "e5m2", "fp8.S", "fp8.h", 0.25, 2)
_FP8ALT: Final = System("fp8alt", _MINIFLOAT, "fp16", "fp8alt", "fp8alt.S", "fp8alt.h", 0.25, 2)

_IBM: Final = "rv32imf_zicsr_xfp4_xvsq"
_LUQ: Final = "rv32imf_zicsr_xfp4_xluq_xvsq"
_VSQ: Final = "rv32imf_zicsr_xvsq"
_MX: Final = "rv32imf_zicsr_xmx"


def _four_bits(powers: str) -> tuple[str, ...]:
    """The products of integers, and those with gradients that are powers."""
    gradients = (f"{powers}_i4", f"{powers}_u4", f"i4_{powers}", f"u4_{powers}")
    return tuple(f"{name}.S" for name in ("int4", "int4_unsigned", *gradients))


def _software(name: str, header: str, per_term: float, per_sum: int) -> System:
    """MXFP8 on the baseline's instructions."""
    return System(
        name,
        BASELINE.isa,
        "fp32",
        "mxe4m3",
        "fp32.S",
        f"mxgemm/{header}",
        per_term,
        per_sum,
        only=("mxgemm",),
    )


SYSTEMS: Final = (
    BASELINE,
    System("fp32_c", "rv32imf_zicsr", "fp32", "fp32", "fp32_c.c", transposed=("bt",)),
    System("fp32_dot", "rv32imf_zicsr", "fp32", "fp32", "fp32_dot.S"),
    _FP16,
    _BF16,
    _FP8,
    _FP8ALT,
    *map(_at_flen_64, (_FP16, _BF16, _FP8, _FP8ALT)),
    _posits("posit32", "posit32"),
    _posits("posit16", "posit32"),
    _posits("posit8", "posit16"),
    _posits("bposit32", "bposit32", "bposit32"),
    _without_quire("posit32", "posit32", 1.0, 0),
    _without_quire("posit16", "posit32", 0.5, 1),
    _without_quire("posit8", "posit16", 0.25, 3),
    System("xposit32", "rv32imf_zicsr_xposit", "posit32", "posit32", "xposit32.S", None, 0.0, 1),
    System("mxfp8", _MX, "fp32", "mxe4m3", "mxfp8.S", "mxfp8.h", 0.25, 1),
    System("mxfp8e5m2", _MX, "fp32", "mxe5m2", "mxfp8e5m2.S", "mxfp8e5m2.h", 0.25, 1),
    System("mxfp6", _MX, "fp32", "e2m3", "mxfp6.S", "mxfp6.h", 0.25, 1),
    System("mxfp6e3m2", _MX, "fp32", "e3m2", "mxfp6e3m2.S", "mxfp6e3m2.h", 0.25, 1),
    System("mxfp4", _MX, "fp32", "e2m1", "mxfp4.S", "mxfp4.h", 0.125, 1),
    System("nvfp4", "rv32imf_zicsr_xnvfp4", "fp32", "e2m1", "nvfp4.S", "nvfp4.h", 0.125, 3),
    System("vsq4", _VSQ, "fp32", "vsq4", "vsq4.S", "vsq4.h", 1.0, 4, also=("fp32.S",)),
    System("vsq8", _VSQ, "fp32", "vsq8", "vsq8.S", "vsq8.h", 1.0, 4, also=("fp32.S",)),
    System("ibm4", _IBM, "fp32", "sawb4", "ibm4.S", "ibm4.h", 1.0, 4, also=_four_bits("r4")),
    System(
        "luq4",
        _LUQ,
        "fp32",
        "sawb4",
        "luq4.S",
        "luq4.h",
        1.0,
        4,
        also=_four_bits("r2"),
        # It quantises gradients six times, each drawing on: definitions draw from the start.
        without=("attention_backward",),
    ),
    _software("mx_table", "table.h", 1.0, 2),
    _software("mx_bits", "bits.h", 1.0, 2),
    _software("mx_blocks", "blocks.h", 1.0 + 1 / 32, 3),
)
BY_NAME: Final = {system.name: system for system in SYSTEMS}
