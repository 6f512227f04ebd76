"""What a benchmark found: the numbers of the table, and the arrays they can be recomputed from."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeAlias

import numpy as np

from rvx.bench.error import Error
from rvx.bench.kernel import Size
from rvx.bench.matrix import Matrix, Values

SCHEMA: Final = "rvx-bench/1"

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json]"


@dataclass(frozen=True, eq=False)
class Arrays:
    """Everything that went in and came out."""

    inputs: tuple[Values, ...]
    """The operands before they were quantized, float64, as the program takes them."""
    operands: tuple[Matrix, ...]
    result: Matrix
    reference: Values
    """The answer for the inputs, in float64."""
    quantized_reference: Values
    """The answer for the quantized operands, in float64."""


@dataclass(frozen=True)
class Result:
    """One run of one variant."""

    kernel: str
    variant: str
    isa: str
    core: str
    size: Size
    seed: int
    instret: int
    """Instructions retired between `rvx_begin` and `rvx_end`: the call of the kernel."""
    cycles: int
    """Between the same two."""
    macs: int
    speedup: float
    """Cycles of the baseline at the same size, over the cycles here."""
    error: Error
    """Against the float64 answer for the inputs before they were quantized."""
    error_quantized: Error
    """Against the float64 answer for the quantized operands."""
    code_bytes: int
    """The kernel's own instructions."""
    data_bytes: int
    """Operands and result in memory, padding of rows included."""
    arrays: Arrays

    @property
    def cycles_per_mac(self) -> float:
        return self.cycles / self.macs


def to_json(results: Sequence[Result]) -> dict[str, Json]:
    """The results and the versions that produced them, ready for `json.dump`."""
    return {
        "schema": SCHEMA,
        "versions": {
            "rvx": _rvx_version(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "results": [_row(result) for result in results],
    }


def _row(result: Result) -> dict[str, Json]:
    return {
        "kernel": result.kernel,
        "variant": result.variant,
        "isa": result.isa,
        "core": result.core,
        "size": list(result.size),
        "seed": result.seed,
        "instret": result.instret,
        "cycles": result.cycles,
        "macs": result.macs,
        "cycles_per_mac": result.cycles_per_mac,
        "speedup": result.speedup,
        "error": asdict(result.error),
        "error_quantized": asdict(result.error_quantized),
        "code_bytes": result.code_bytes,
        "data_bytes": result.data_bytes,
    }


def _rvx_version() -> str:
    try:
        return version("rvx")
    except PackageNotFoundError:  # a checkout that is not installed
        return "unknown"
