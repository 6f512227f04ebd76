"""What compilers make of the baseline's 4x4 blocking in C: `firmware/kernels/gemm/fp32_c.c`."""

from __future__ import annotations

import json
import sys
from typing import Any

from recording import FOLDER, READ

from rvx.bench import KERNELS, run_bench
from rvx.bench.compiled import Build

COMPARED = FOLDER / "compilers" / "fp32_c.json"
SIZE = KERNELS["gemm"].size("64")
UNROLLED = (1, 2, 4, 8)
NAMES = ("zig", "riscv64-unknown-elf-gcc")
LEVELS = ("-O2", "-O3")


def builds(name: str, level: str) -> list[Build]:
    """One for each of UNROLLED."""
    return [Build(name, (level, f"-DUNROLL={count}")) for count in UNROLLED]


def cycles(build: Build) -> int:
    runs = run_bench(KERNELS["gemm"], [SIZE], core=READ, systems=["fp32_c"], build=build)
    return runs[-1].cycles


def compare() -> None:
    """Write cycles by compiler, level, and unrolling."""
    found: list[dict[str, Any]] = []
    for name in NAMES:
        for level in LEVELS:
            each = builds(name, level)
            version = each[0].compiler.version
            print(version, level, file=sys.stderr, flush=True)
            counts = [cycles(build) for build in each]
            found.append({"name": name, "version": version, "level": level, "cycles": counts})
    COMPARED.parent.mkdir(exist_ok=True, parents=True)
    rows = ",\n".join(json.dumps(row) for row in found)
    COMPARED.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def compared() -> list[dict[str, Any]]:
    """What `compare` wrote."""
    rows: list[dict[str, Any]] = json.loads(COMPARED.read_text(encoding="utf-8"))
    return rows
