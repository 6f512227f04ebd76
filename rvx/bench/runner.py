"""Runs kernels on the simulator. No result counts that was not checked (`check.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final, Literal, TypeAlias

import numpy as np

from rvx.bench.check import check
from rvx.bench.compiled import Build
from rvx.bench.error import Error
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Values, unrounded
from rvx.bench.kernel import Form, Kernel
from rvx.bench.matrix import Matrix
from rvx.bench.program import build_program, data_text, symbol, tensor_bytes
from rvx.bench.progress import OnRun, silent
from rvx.bench.reading import Reader
from rvx.bench.result import Arrays, Output, Result, Stored
from rvx.bench.size import BenchError, Size
from rvx.bench.system import BY_NAME, SYSTEMS, System
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator

FIRST_FOUND: Final = Build()
Engine: TypeAlias = Literal["jit", "reference"]


@dataclass(frozen=True)
class _Setting:
    seed: int
    core: str
    reads: bool
    build: Build
    engine: Engine


def run_bench(
    kernel: Kernel,
    sizes: Sequence[Size],
    *,
    seed: int = 0,
    core: str = "cv32e40p",
    systems: Sequence[str] | None = None,
    reads: bool = False,
    build: Build = FIRST_FOUND,
    engine: Engine = "jit",
    progress: OnRun = silent,
) -> list[Result]:
    """Run a kernel in number systems (all it has by default) at each size, after the baseline,
    which is always run.

    The operands of a size depend on the seed alone. `core` may set parameters,
    `cv32e40p,FPU_ADDMUL_LAT=1`. `reads` also tells where the cycles went, `build` who compiles
    kernels in C, `engine` what executes. Raises BenchError where a result is not within its bound,
    and CompilerError.
    """
    setting = _Setting(seed, core, reads, build, engine)
    chosen = _chosen(kernel, systems)
    runs = [(size, system) for size in sizes for system in chosen]
    results: list[Result] = []
    baseline = 0
    for done, (size, system) in enumerate(runs):
        progress(done, len(runs), f"{kernel.name} {size} {system.name}")
        result = _run(kernel, system, size, setting)
        if system is chosen[0]:
            baseline = result.cycles
        results.append(replace(result, speedup=baseline / result.cycles))
    progress(len(runs), len(runs), "")
    return results


def systems_of(kernel: Kernel) -> tuple[System, ...]:
    """Those that a kernel is there for; the first is the baseline."""
    if kernel.systems is not None:
        return tuple(BY_NAME[name] for name in kernel.systems)
    there = (s for s in SYSTEMS if not s.only and kernel.name not in s.without)
    return tuple(system for system in there if system.header or not kernel.sources)


def _chosen(kernel: Kernel, names: Sequence[str] | None) -> list[System]:
    there = systems_of(kernel)
    if names is None:
        return list(there)
    known = [system.name for system in there]
    for name in names:
        if name not in known:
            raise BenchError(f"{kernel.name} has no variant '{name}'; it has {', '.join(known)}")
    return [system for system in there if system.name in names or system is there[0]]


def _run(kernel: Kernel, system: System, size: Size, setting: _Setting) -> Result:
    """Run a kernel once; the speedup is left at 1."""
    core, build = setting.core, setting.build
    label = f"{kernel.name} {size} {system.name} on {core}"
    simulator = Simulator(
        isa=system.isa,
        core=core,
        engine=setting.engine,
        stdin=BytesIO(),
        stdout=BytesIO(),
        stderr=BytesIO(),
    )
    formats = Formats.of(simulator.machine, system)
    inputs = _drawn(kernel, size, setting.seed)
    operands = {
        tensor.name: formats.quantized(tensor, inputs[tensor.name])
        for tensor in kernel.tensors
        if tensor.name in inputs
    }
    data = data_text(kernel, system, size, operands, formats.wide)
    elf = build_program(simulator.machine, kernel, system, data, build)
    program = simulator.load(read_elf(elf, name=label, xlen=simulator.machine.xlen))
    reader = Reader(simulator) if setting.reads else None
    ended, passed = simulator.run(), simulator.kernel
    if ended.status != 0 or passed.passages != 1:
        raise BenchError(f"{label}: the program ended with status {ended.status}")
    arrays = _arrays(kernel, size, inputs, operands, formats, simulator, label)
    check(kernel, system, size, arrays, formats, label)
    outputs = arrays.outputs.values()
    return Result(
        kernel=kernel.name,
        system=system.name,
        isa=system.isa,
        core=core,
        size=size,
        seed=setting.seed,
        instret=passed.instret,
        cycles=passed.cycles,
        work=kernel.work(size),
        unit=kernel.unit,
        speedup=1.0,
        error=Error.between([(o.matrix.values, o.reference) for o in outputs]),
        error_quantized=Error.between([(o.matrix.values, o.quantized_reference) for o in outputs]),
        compiler=build.identity if kernel.sources or system.is_compiled else None,
        code_bytes=program.symbols[f"{kernel.name}_{system.name}"].size,
        data_bytes=sum(
            len(operands[tensor.name].rows)
            if tensor.name in operands
            else tensor_bytes(tensor, size, formats.wide)
            for tensor in kernel.tensors
            if tensor.form is not Form.ROOM
        ),
        reading=reader.reading() if reader is not None else None,
        arrays=arrays,
    )


def _drawn(kernel: Kernel, size: Size, seed: int) -> dict[str, Values]:
    random = np.random.default_rng(seed)
    return {
        tensor.name: tensor.draw(size, random)
        for tensor in kernel.tensors
        if tensor.draw is not None
    }


def _arrays(
    kernel: Kernel,
    size: Size,
    inputs: Mapping[str, Values],
    operands: Mapping[str, Stored],
    formats: Formats,
    simulator: Simulator,
    label: str,
) -> Arrays:
    """What went in and what the program left, beside what it should have."""
    rounded = {name: operand.values for name, operand in operands.items()}
    ideal = kernel.golden(size, inputs, unrounded)
    quantized = kernel.golden(size, rounded, formats.rounded)
    tensors = {tensor.name: tensor for tensor in kernel.tensors}
    outputs: dict[str, Output] = {}
    for name, answer in quantized.items():
        tensor = tensors[name]
        length = tensor_bytes(tensor, size, formats.wide)
        rows = simulator.read(symbol(tensor), np.uint8, length).tobytes()
        if tensor.form is Form.OPERAND:
            packed = formats.quantized(tensor, kernel.golden(size, rounded, unrounded)[name].values)
            _same_bits(f"{label}: {name}", rows, packed.rows)
            outputs[name] = Output(packed, ideal[name].values, answer.values)
            continue
        matrix = Matrix.from_rows(formats.wide, rows, tensor.shape(size))
        outputs[name] = Output(matrix, ideal[name].values, answer.values)
    return Arrays(inputs, operands, outputs)


def _same_bits(what: str, found: bytes, wanted: bytes) -> None:
    """Raises BenchError where a packed result is not its definition, word by word."""
    words, definition = np.frombuffer(found, "<u4"), np.frombuffer(wanted, "<u4")
    if wrong := np.flatnonzero(words[: definition.size] != definition).tolist():
        at = wrong[0]
        raise BenchError(
            f"{what}: word {at} is {words[at]:#010x}, by definition {definition[at]:#010x}"
        )
