"""The C compilers that the header is tried with: Clang from the `ziglang` wheel, and GCC where it
is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Werror")
_CLANG_TARGET = ("-target", "riscv32-freestanding-none", "-mabi=ilp32f")
_GCC_TARGET = ("-march=rv32imf", "-mabi=ilp32f", "-ffreestanding")
_GCC = "riscv64-unknown-elf-gcc"


@dataclass(frozen=True)
class Compiler:
    """How to run a compiler on C and on C++."""

    name: str
    c: tuple[str, ...]
    cpp: tuple[str, ...]

    def run(self, source: Path, standard: str, *options: str) -> subprocess.CompletedProcess[str]:
        is_cpp = standard.startswith(("c++", "gnu++"))
        command = [*(self.cpp if is_cpp else self.c), f"-std={standard}", *WARNINGS, *options]
        return subprocess.run(
            [*command, "-c", str(source), "-o", str(source.with_suffix(".o"))],
            capture_output=True,
            text=True,
            check=False,
        )

    def compile(self, source: Path, standard: str, *options: str) -> Path:
        """The object file; fails the test with what the compiler says."""
        done = self.run(source, standard, *options)
        assert done.returncode == 0, f"{self.name} {standard} {options}: {done.stderr[:4000]}"
        return source.with_suffix(".o")


def code_of(path: Path) -> dict[str, bytes]:
    """The code of each function."""
    with path.open("rb") as file:
        elf = ELFFile(file)
        section, table = elf.get_section_by_name(".text"), elf.get_section_by_name(".symtab")
        assert section is not None
        assert isinstance(table, SymbolTableSection)
        text, symbols = section.data(), table.iter_symbols()
        return {
            s.name: text[s["st_value"] : s["st_value"] + s["st_size"]]
            for s in symbols
            if s["st_info"]["type"] == "STT_FUNC"
        }


def _clang() -> Compiler:
    zig = (sys.executable, "-m", "ziglang")
    target = (*_CLANG_TARGET, "-mcpu=generic_rv32+m+f")
    return Compiler("clang", (*zig, "cc", *target), (*zig, "c++", "-x", "c++", *target))


def in_a_sweep(*values: object) -> object:
    """Parameters that the default run leaves out."""
    return pytest.param(*values, marks=pytest.mark.sweep)


COMPILERS = [
    pytest.param(_clang(), id="clang"),
    pytest.param(
        Compiler("gcc", (_GCC, *_GCC_TARGET), (_GCC, "-x", "c++", *_GCC_TARGET)),
        id="gcc",
        marks=pytest.mark.skipif(shutil.which(_GCC) is None, reason=f"{_GCC} is not installed"),
    ),
]
