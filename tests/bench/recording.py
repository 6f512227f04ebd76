"""What is kept of `rvx bench` in recorded/: one file a kernel, one line a number system and size.

Cycles of kernels in C are those of the compiler that the file names, which is the one of the extra
`test` (pyproject.toml).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rvx.bench import Kernel, Result, run_bench, systems_of
from rvx.bench.compiled import Build
from rvx.bench.reading import Reading

FOLDER = Path(__file__).with_name("recorded")
CORES = ("single", "cv32e40p")
LATENCY = "cv32e40p,FPU_ADDMUL_LAT=1"
WIDE = "cv32e40p,DATA_WIDTH=64"
"""For systems whose registers are as wide."""
READ = "cv32e40p"
"""The core on which it is told where the cycles went: instructions are the same on every core."""

ODD = {1: "33", 2: "9,7", 3: "13,10,21", 5: "5,7,3,3,2", 6: "5,7,3,3,2,5"}
"""By how many dimensions a kernel has."""
MORE = {
    "gemm": ("8,8,64", "64", "64,64,256", "128"),
    **dict.fromkeys(("forward", "input_gradient", "weight_gradient"), ("64",)),
}
Row = dict[str, Any]
Runs = dict[str, dict[str, Row]]
"""By size and system."""


@cache
def compiler() -> str:
    """Raises CompilerError."""
    return Build().identity


def is_compiled(kernel: Kernel, system: str) -> bool:
    """Whether any of it is in C."""
    (found,) = (s for s in systems_of(kernel) if s.name == system)
    return bool(kernel.sources) or found.is_compiled


def odd(kernel: Kernel) -> str:
    """A size that is a multiple of nothing."""
    return str(kernel.size(ODD.get(len(kernel.dimensions), "7")))


def sizes_of(kernel: Kernel) -> list[str]:
    texts = (*MORE.get(kernel.name, ()),)
    return [str(kernel.default_size), odd(kernel), *(str(kernel.size(text)) for text in texts)]


def cores_of(kernel: Kernel, size: str) -> dict[str, list[str]]:
    """The systems that run on each core."""
    names = [system.name for system in systems_of(kernel)]
    cores = dict.fromkeys(CORES, names)
    if kernel.name == "gemm" and size in (str(kernel.default_size), odd(kernel), "8x8x64"):
        cores[LATENCY] = names
    if wide := [system.name for system in systems_of(kernel) if system.word == 8]:
        cores[WIDE] = wide
    return cores


def measured(kernel: Kernel, size: str, systems: Sequence[str]) -> dict[str, Row]:
    """One run of each system on each core."""
    rows: dict[str, Row] = {system: {} for system in systems}
    given = [kernel.size(size.replace("x", ","))]
    for core, runs in cores_of(kernel, size).items():
        names = [system for system in systems if system in runs]
        for result in run_bench(kernel, given, core=core, systems=names, reads=core == READ):
            if result.system in names:
                _add(rows[result.system], result)
    return rows


def _add(row: Row, result: Result) -> None:
    row.setdefault("instret", result.instret)
    assert result.instret == row["instret"], "instructions depend on the core"
    row.setdefault("cycles", {})[result.core] = result.cycles
    row |= _of_the_program(result)
    if result.reading is not None:
        row |= _reading(result.reading)


def _of_the_program(result: Result) -> Row:
    errors = (result.error, result.error_quantized)
    return {
        "work": result.work,
        "error": [_short(error.relative_rms) for error in errors],
        "max_error": [_short(error.max_abs) for error in errors],
        "code_bytes": result.code_bytes,
        "data_bytes": result.data_bytes,
    }


def _reading(reading: Reading) -> Row:
    return {
        "instructions": dict(reading.instructions),
        "stalls": dict(reading.stalls),
        "products": reading.products,
        "peak_products_per_cycle": reading.widest,
    }


def reading_of(row: Row) -> Reading:
    """What `_reading` wrote."""
    names = ("instructions", "stalls", "products", "peak_products_per_cycle")
    return Reading(*(row[name] for name in names))


def _short(value: float) -> float:
    """As far as every version of numpy computes the same."""
    return float(f"{value:.3g}")


def path_of(kernel: str) -> Path:
    return FOLDER / f"{kernel}.json"


def read(kernel: str) -> tuple[str | None, Runs]:
    """The compiler, and the runs."""
    if not path_of(kernel).exists():
        return None, {}
    content = json.loads(path_of(kernel).read_text(encoding="utf-8"))
    return content["compiler"], content["runs"]


def write(kernel: str, identity: str | None, runs: Mapping[str, Mapping[str, Row]]) -> None:
    lines = ["{", f'"compiler": {json.dumps(identity)},', '"runs": {']
    for size, rows in runs.items():
        body = [f"{json.dumps(system)}: {json.dumps(row)}" for system, row in rows.items()]
        lines.append(f"{json.dumps(size)}: {{\n" + ",\n".join(body) + "\n},")
    lines[-1] = lines[-1].removesuffix(",")
    FOLDER.mkdir(exist_ok=True)
    path_of(kernel).write_text("\n".join([*lines, "}", "}"]) + "\n", encoding="utf-8")
