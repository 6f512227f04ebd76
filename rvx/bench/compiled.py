"""Kernels in C: compiled by the first compiler that is found, once, and linked by our own linker.

Objects are kept from one run to the next. The compiler is part of every cycle count, and named in
what `rvx bench` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from rvx.asm import Assembly
from rvx.asm.archive import read_archive, with_needed
from rvx.asm.object_reader import read_object
from rvx.bench.system import System
from rvx.c import Compilation, Compiler, find_compiler
from rvx.c.cache import kept, text_of
from rvx.c.runtime import archive
from rvx.model.machine import Machine

FIRMWARE: Final = Path(str(files("rvx.firmware")))
KERNELS: Final = FIRMWARE / "kernels"

_INCLUDES: Final = (KERNELS, FIRMWARE / "numbers", KERNELS / "gemm")


def flags_of(system: System) -> tuple[str, ...]:
    """What the compiler is told; the same for the baseline as for every other system."""
    return (
        *("-O3", "-ffreestanding", f"-DVARIANT={system.name}", f'-DNUMBERS="{system.header}"'),
        *(f"-I{folder}" for folder in _INCLUDES),
    )


def compiled(
    machine: Machine, sources: Sequence[str], system: System, others: Sequence[Assembly]
) -> list[Assembly]:
    """The others, kernels in `firmware/kernels`, and what both need of the run time. Raises
    CompilerError."""
    compiler = find_compiler()
    compilation = Compilation(machine, compiler, flags_of(system))
    found = [*others]
    for source in sources:
        data = _object(compilation, compiler, system, source)
        found.append(read_object(data, machine, file=source))
    runtime = archive(compiler, compilation.target, htif=False)
    return with_needed(found, read_archive(runtime, machine, file="runtime.a"))


def _object(compilation: Compilation, compiler: Compiler, system: System, source: str) -> bytes:
    return kept(
        "kernel",
        lambda: compilation.object(KERNELS / source),
        compiler.identity,
        compilation.machine.digest,
        str(compilation.target),
        *(flag for flag in flags_of(system) if not flag.startswith("-I")),
        source,
        *(text_of(folder, "*.h", "*.c") for folder in _INCLUDES[:2]),
    )
