"""The compilers, assemblers and linkers of others, as far as they are installed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

GNU = "riscv64-unknown-elf-"
GNU_LINKER = which(f"{GNU}ld")
HAS_LLVM = find_spec("ziglang") is not None

needs_gnu_linker = pytest.mark.skipif(GNU_LINKER is None, reason=f"no {GNU}ld")
needs_llvm = pytest.mark.skipif(not HAS_LLVM, reason="no ziglang package")


def run(*command: str | Path) -> None:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Compiler:
    """A C compiler for RV32 and its own assembler."""

    name: str

    def _command(self, isa: str, abi: str) -> list[str]:
        if self.name == "gcc":
            return [f"{GNU}gcc", f"-march={isa}_zicsr", f"-mabi={abi}", "-mcmodel=medany"]
        letters = "".join(f"+{letter}" for letter in isa.removeprefix("rv32i"))
        cpu = f"-mcpu=generic_rv32{letters}+zicsr"
        target = ("-target", "riscv32-freestanding-none")
        return [sys.executable, "-m", "ziglang", "cc", *target, cpu, f"-mabi={abi}"]

    def _safe(self) -> tuple[str, ...]:
        """Without the checks of undefined behaviour that zig asks for."""
        return ("-fno-sanitize=undefined",) if self.name == "clang" else ()

    def to_assembly(self, source: Path, output: Path, isa: str, abi: str, *options: str) -> None:
        common = (*self._safe(), "-ffreestanding", "-fno-pic", f"-I{source.parent}")
        debug = () if "-g" in options else ("-g0",)
        # What zig writes has the common symbols twice: as such, and in a section of that name.
        debug = (*debug, "-fcommon") if self.name == "gcc" else debug
        command = self._command(isa, abi)
        run(*command, *debug, *common, *options, "-S", source, "-o", output)

    def to_object(self, source: Path, output: Path, isa: str, abi: str, *options: str) -> None:
        run(
            *self._command(isa, abi),
            "-fcommon",
            *self._safe(),
            *options,
            "-c",
            source,
            "-o",
            output,
        )

    def assemble(self, source: Path, output: Path, isa: str, abi: str) -> None:
        """By its own assembler, without leaving anything to be relaxed."""
        relax = ("-mno-relax",)
        if self.name == "gcc":
            march = (f"-march={isa}_zicsr", f"-mabi={abi}")
            run(f"{GNU}as", *march, *relax, source, "-o", output)
        else:
            run(*self._command(isa, abi), *relax, "-g0", "-c", source, "-o", output)


COMPILERS = [
    pytest.param(
        Compiler("gcc"),
        id="gcc",
        marks=pytest.mark.skipif(which(f"{GNU}gcc") is None, reason=f"no {GNU}gcc"),
    ),
    pytest.param(Compiler("clang"), id="clang", marks=needs_llvm),
]


def gnu_link(output: Path, *words: str | Path) -> None:
    run(f"{GNU}ld", "-m", "elf32lriscv", "--no-warn-rwx-segments", *words, "-o", output)


def llvm_link(output: Path, *words: str | Path) -> None:
    run(sys.executable, "-m", "ziglang", "ld.lld", *words, "-o", output)


LINKERS = [
    pytest.param(gnu_link, id="gnu", marks=needs_gnu_linker),
    pytest.param(llvm_link, id="lld", marks=needs_llvm),
]
