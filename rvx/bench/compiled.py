"""Kernels in C: compiled by the first compiler that is found, once, and linked by our own linker.

Objects are kept from one run to the next. The compiler is part of every cycle count, and named in
what `rvx bench` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
_LEVEL: Final = "-O3"
_RUNTIMES: Final[dict[tuple[str, ...], list[Assembly]]] = {}


@dataclass(frozen=True)
class Build:
    """Who compiles kernels in C, and how."""

    name: str | None = None
    """As `find_compiler` takes it: None for the first there is."""
    flags: tuple[str, ...] = ()
    """After our own, so that they win."""

    @cached_property
    def compiler(self) -> Compiler:
        """Raises CompilerError."""
        return find_compiler(self.name)

    @property
    def identity(self) -> str:
        """The compiler and what it is told of how well to compile. Raises CompilerError."""
        return " ".join([self.compiler.version, _LEVEL, *self.flags])


def flags_of(system: System, build: Build) -> tuple[str, ...]:
    """What the compiler is told; the same for the baseline as for every other system."""
    numbers = (f'-DNUMBERS="{system.header}"',) if system.header else ()
    return (
        *(_LEVEL, "-ffreestanding", f"-DVARIANT={system.name}", *numbers),
        *(f"-I{folder}" for folder in _INCLUDES),
        *build.flags,
    )


def compiled(
    machine: Machine,
    sources: Sequence[str],
    system: System,
    others: Sequence[Assembly],
    build: Build,
) -> list[Assembly]:
    """The others, kernels in `firmware/kernels`, and what both need of the run time. Raises
    CompilerError."""
    compilation = Compilation(machine, build.compiler, flags_of(system, build))
    objects = [read_object(_object(compilation, s), machine, file=s) for s in sources]
    return with_needed([*others, *objects], _runtime(compilation))


def _runtime(compilation: Compilation) -> list[Assembly]:
    """Read once a process."""
    machine, compiler = compilation.machine, compilation.compiler
    key = (machine.digest, compiler.identity, str(compilation.target))
    if key not in _RUNTIMES:
        runtime = archive(compiler, compilation.target, htif=False)
        _RUNTIMES[key] = read_archive(runtime, machine, file="runtime.a")
    return _RUNTIMES[key]


def _object(compilation: Compilation, source: str) -> bytes:
    return kept(
        "kernel",
        lambda: compilation.object(KERNELS / source),
        compilation.compiler.identity,
        compilation.machine.digest,
        str(compilation.target),
        *(flag for flag in compilation.flags if not flag.startswith("-I")),
        source,
        *(text_of(folder, "*.h", "*.c") for folder in _INCLUDES[:2]),
    )
