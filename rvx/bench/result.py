"""What a benchmark found: the numbers of the table, and the arrays they can be recomputed from."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeAlias

import numpy as np

from rvx.bench.error import Error
from rvx.bench.golden.answer import Values
from rvx.bench.matrix import Matrix
from rvx.bench.panel import Packed
from rvx.bench.reading import Reading
from rvx.bench.size import Size

SCHEMA: Final = "rvx-bench/3"

Stored: TypeAlias = Matrix | Packed
"""An operand: codes, their values, and its rows in memory."""

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, eq=False)
class Output:
    """A result beside its two answers in float64: for the inputs, and for the inputs as rounded."""

    matrix: Stored
    reference: Values
    quantized_reference: Values


@dataclass(frozen=True, eq=False)
class Arrays:
    """Everything that went in and came out, by name."""

    inputs: Mapping[str, Values]
    """Before they were rounded, float64."""
    operands: Mapping[str, Stored]
    outputs: Mapping[str, Output]


@dataclass(frozen=True)
class Result:
    """One run of one kernel in one number system."""

    kernel: str
    system: str
    isa: str
    core: str
    size: Size
    seed: int
    instret: int
    """Instructions retired between `rvx_begin` and `rvx_end`: the call of the kernel."""
    cycles: int
    """Between the same two."""
    work: int
    """Operations of the kernel's definition."""
    unit: str
    """Of work: MAC or element."""
    speedup: float
    """Cycles of the baseline at the same size, over the cycles here."""
    error: Error
    """Of all outputs, against the float64 answers for the inputs before they were rounded."""
    error_quantized: Error
    """Against the float64 answers for the rounded inputs."""
    compiler: str | None
    """Whose code ran, and how well it was told to compile; None where all of it is assembly."""
    code_bytes: int
    """The kernel's own instructions."""
    data_bytes: int
    """Operands and results in memory, padding of rows included."""
    reading: Reading | None
    """Where the cycles went, if that was asked for."""
    arrays: Arrays

    @property
    def cycles_per_work(self) -> float:
        return self.cycles / self.work


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
        "system": result.system,
        "isa": result.isa,
        "core": result.core,
        "size": list(result.size.values),
        "seed": result.seed,
        "instret": result.instret,
        "cycles": result.cycles,
        "work": result.work,
        "unit": result.unit,
        "cycles_per_work": result.cycles_per_work,
        "speedup": result.speedup,
        "error": asdict(result.error),
        "error_quantized": asdict(result.error_quantized),
        "compiler": result.compiler,
        "code_bytes": result.code_bytes,
        "data_bytes": result.data_bytes,
        **_reading(result.reading, result.work),
    }


def _reading(reading: Reading | None, work: int) -> dict[str, Json]:
    if reading is None:
        return {}
    counts = reading.instructions
    return {
        "instructions": dict(counts),
        "instructions_per_work": {name: count / work for name, count in counts.items()},
        "stalls": dict(reading.stalls),
        "products": reading.products,
        "peak_products_per_cycle": reading.widest,
        "share_of_peak": reading.share_of_peak,
        "lost_to": dict(reading.lost_to()),
    }


def _rvx_version() -> str:
    try:
        return version("rvx")
    except PackageNotFoundError:  # a checkout that is not installed
        return "unknown"
