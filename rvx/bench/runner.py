"""Runs the variants of a kernel on the simulator. No result counts that was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Final

import numpy as np

from rvx.bench.error import Error, bound
from rvx.bench.gemm import GEMM
from rvx.bench.kernel import BenchError, Kernel, Size, Variant
from rvx.bench.matrix import Matrix
from rvx.bench.program import RESULT, build_program, data_text, result_bytes
from rvx.bench.progress import OnRun, silent
from rvx.bench.result import Arrays, Result
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator
from rvx.model.expression import Named
from rvx.model.machine import Machine
from rvx.number import Format

DEFAULT_SIZE: Final = "16,16,16"
VARIANT_NAMES: Final = tuple(variant.name for variant in GEMM.variants)


def run_bench(
    sizes: Sequence[Size],
    *,
    seed: int = 0,
    core: str = "cv32e40p",
    variants: Sequence[str] | None = None,
    progress: OnRun = silent,
) -> list[Result]:
    """Run variants (all by default) at each size, after the baseline, which is always run.

    The operands of a size depend on the seed alone. `core` may set parameters,
    `cv32e40p,FPU_ADDMUL_LAT=1`. Raises BenchError where a result is not within its bound.
    """
    chosen = _chosen(variants)
    runs = [(size, variant) for size in sizes for variant in chosen]
    results: list[Result] = []
    baseline = 0
    for done, (size, variant) in enumerate(runs):
        progress(done, len(runs), f"{GEMM.name} {size} {variant.name}")
        result = _run(GEMM, variant, size, seed, core)
        if variant is chosen[0]:
            baseline = result.cycles
        results.append(replace(result, speedup=baseline / result.cycles))
    progress(len(runs), len(runs), "")
    return results


def _chosen(names: Sequence[str] | None) -> list[Variant]:
    if names is None:
        return list(GEMM.variants)
    for name in names:
        if name not in VARIANT_NAMES:
            known = ", ".join(VARIANT_NAMES)
            raise BenchError(f"{GEMM.name} has no variant '{name}'; it has {known}")
    return [v for v in GEMM.variants if v.name in names or v is GEMM.variants[0]]


def _run(kernel: Kernel, variant: Variant, size: Size, seed: int, core: str) -> Result:
    """Run one variant once; the speedup is left at 1."""
    label = f"{kernel.name} {size} {variant.name} on {core}"
    simulator = Simulator(
        isa=variant.isa, core=core, stdin=BytesIO(), stdout=BytesIO(), stderr=BytesIO()
    )
    operand = _format(simulator.machine, variant.operand)
    result = _format(simulator.machine, variant.result)
    inputs = kernel.operands(size, np.random.default_rng(seed))
    operands = tuple(Matrix.quantize(operand, values) for values in inputs)
    data = data_text(kernel, variant, size, operands, result)
    elf = build_program(simulator.machine, kernel, variant, data)
    program = simulator.load(read_elf(elf, name=label, xlen=simulator.machine.xlen))
    ended, passed = simulator.run(), simulator.kernel
    if ended.status != 0 or passed.passages != 1:
        raise BenchError(f"{label}: the program ended with status {ended.status}")
    length = result_bytes(kernel, size, result)
    rows = simulator.read(RESULT, np.uint8, length).tobytes()
    arrays = Arrays(
        inputs=inputs,
        operands=operands,
        result=Matrix.from_rows(result, rows, kernel.shape(size)),
        reference=kernel.answer(inputs),
        quantized_reference=kernel.answer(tuple(operand.values for operand in operands)),
    )
    _check(arrays, kernel, variant, size, label)
    values = arrays.result.values
    return Result(
        kernel=kernel.name,
        variant=variant.name,
        isa=variant.isa,
        core=core,
        size=size,
        seed=seed,
        instret=passed.instret,
        cycles=passed.cycles,
        macs=kernel.macs(size),
        speedup=1.0,
        error=Error.between(values, arrays.reference),
        error_quantized=Error.between(values, arrays.quantized_reference),
        code_bytes=program.symbols[variant.entry].size,
        data_bytes=length + sum(len(operand.rows) for operand in operands),
        arrays=arrays,
    )


def _format(machine: Machine, name: str) -> Format:
    match machine.formats[name]:
        case Named(_, format):
            return format
        case _:
            raise BenchError(f"'{name}' is one of several formats; a variant needs a single one")


def _check(arrays: Arrays, kernel: Kernel, variant: Variant, size: Size, label: str) -> None:
    """Raise BenchError where an element is further from its float64 value than rounding allows."""
    limit = bound(
        arrays.result,
        kernel.answer(tuple(np.abs(operand.values) for operand in arrays.operands)),
        terms=kernel.terms(size),
        roundings=variant.roundings(size),
    )
    difference = np.abs(arrays.result.values - arrays.quantized_reference)
    if wrong := np.argwhere(~(difference <= limit)).tolist():
        row, column = wrong[0]
        raise BenchError(
            f"{label}: element ({row}, {column}) is {arrays.result.values[row, column]:g}, "
            f"in float64 {arrays.quantized_reference[row, column]:g}; "
            f"rounding explains no more than {limit[row, column]:.2g} of the difference"
        )
