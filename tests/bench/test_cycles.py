"""Cycles are exact: a change is a diff to review. `python test_cycles.py` writes them anew."""

import json
from pathlib import Path

import pytest

from rvx.bench import KERNELS, run_bench, systems_of
from rvx.bench.quantize import QUANTIZE

GEMM = KERNELS["gemm"]
SYSTEMS = [system.name for system in systems_of(GEMM) if system.name not in QUANTIZE]

COMMITTED = Path(__file__).with_name("cycles.json")
SIZES = ("16,16,16", "8,8,64", "13,10,21")
CORES = ("single", "cv32e40p", "cv32e40p,FPU_ADDMUL_LAT=1")


def measured(core, size):
    return {
        result.system: {
            "instret": result.instret,
            "cycles": result.cycles,
            "code_bytes": result.code_bytes,
        }
        for result in run_bench(GEMM, [GEMM.size(size)], core=core, systems=SYSTEMS)
    }


def cases():
    """Each size and each core once by default."""
    for i, core in enumerate(CORES):
        for j, size in enumerate(SIZES):
            marks = () if i == j else pytest.mark.sweep
            yield pytest.param(core, size, marks=marks)


@pytest.mark.parametrize(("core", "size"), list(cases()))
def test_cycles_are_the_committed_ones(core, size):
    assert measured(core, size) == json.loads(COMMITTED.read_text())[core][size]


# What the headers of the kernels say of cv32e40p: steps, blocks, and what a tile costs besides.
FORMULAS = {
    "fp32": lambda k: (24 * k + 11 * (k // 16 - 1) + 35) / 16,
    "fp16": lambda k: (24 * (k // 2) + 11 * (k // 32 - 1) + 52) / 16,
    "fp8": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 92) / 16,
    "fp16_64": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 84) / 16,
    "fp8_64": lambda k: (24 * (k // 8) + 11 * (k // 128 - 1) + 100) / 16,
    "posit32_mac": lambda k: (24 * k + 11 * (k // 16 - 1) + 52) / 16,
    "posit16_mac": lambda k: (24 * (k // 2) + 11 * (k // 32 - 1) + 100) / 16,
    "posit8_mac": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 192) / 16,
    "fp32_dot": lambda k: 3 * k + 5 * (k // 16 - 1) + 12,
    "posit32": lambda k: 3 * k + 5 * (k // 16 - 1) + 13,
    "posit16": lambda k: 3 * (k // 2) + 5 * (k // 32 - 1) + 13,
    "posit8": lambda k: 3 * (k // 4) + 5 * (k // 64 - 1) + 14,
}


QUICK = ("fp32", "fp8", "fp8_64", "posit8")


@pytest.mark.parametrize(
    "variant",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.sweep) for name in FORMULAS],
)
def test_a_tile_costs_what_its_source_says(variant):
    def cycles(columns):
        size = GEMM.size(f"4,{columns},128")
        runs = run_bench(GEMM, [size], core="cv32e40p,DATA_WIDTH=64", systems=[variant])
        return next(run.cycles for run in runs if run.system == variant)

    # Four rows by four columns more: a tile, or sixteen elements.
    assert cycles(12) - cycles(8) == 16 * FORMULAS[variant](128)


if __name__ == "__main__":
    table = {core: {size: measured(core, size) for size in SIZES} for core in CORES}
    COMMITTED.write_text(json.dumps(table, indent=2) + "\n")
