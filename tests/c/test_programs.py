"""The programs of `firmware/programs`: the same output and exit status on rvx, on another simulator
and natively, for every ISA string, level and compiler."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from program_run import PROGRAMS, Ended, elsewhere, native_compiler, natively, on_rvx, on_unicorn

from rvx import c

NAMES = sorted(path.stem for path in PROGRAMS.glob("*.c"))
ISAS = ("rv32im", "rv32imf", "rv32imfc", "rv32imafc", "rv32imafdc")
LEVELS = ("-O0", "-O2", "-Os")
GCC = "riscv64-unknown-elf-gcc"
FLAGS = ("-ffp-contract=off", "-w")

# Of the matrix, what the default run sees: each program once, each ISA string and each level.
CHOSEN = [
    ("dct", "rv32im", "-O2", "jit"),
    ("heap", "rv32imf", "-O2", "jit"),
    ("library", "rv32imafdc", "-O2", "jit"),
    ("lists", "rv32imafc", "-O0", "jit"),
    ("numbers", "rv32imfc", "-Os", "jit"),
    ("quicksort", "rv32im", "-Os", "jit"),
    ("records", "rv32imf", "-O0", "jit"),
    ("sha256", "rv32imfc", "-O2", "jit"),
]


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory):
    """The program on this host."""
    if native_compiler() is None:
        pytest.skip("no C compiler for this host: nothing to compare with")

    @cache
    def native(name: str) -> Ended:
        return natively(PROGRAMS / f"{name}.c", tmp_path_factory.mktemp("native"))

    return native


def check(name: str, isa: str, level: str, compiler: str, native, folder: Path, **more) -> None:
    flags = (level, *FLAGS)
    image = c.compile([PROGRAMS / f"{name}.c"], isa=isa, compiler=compiler, flags=flags)
    expected = native(name)
    assert on_rvx(image, isa, **more) == expected
    assert elsewhere(image, folder) == expected


@pytest.mark.parametrize(("name", "isa", "level", "engine"), CHOSEN)
def test_a_program_says_the_same_everywhere(name, isa, level, engine, native, tmp_path) -> None:
    check(name, isa, level, "zig", native, tmp_path, engine=engine, timing=engine == "jit")


@pytest.mark.sweep
@pytest.mark.parametrize("compiler", ["zig", GCC])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("name", NAMES)
def test_every_combination(name, isa, level, compiler, native, tmp_path: Path) -> None:
    if shutil.which(compiler) is None and compiler == GCC:
        pytest.skip(f"{GCC} is not installed, and no pip package has it")
    check(name, isa, level, compiler, native, tmp_path)


def test_without_multiplication(native) -> None:
    image = c.compile([PROGRAMS / "lists.c"], isa="rv32i", flags=("-O1",))
    assert on_rvx(image, "rv32i") == native("lists")


def test_on_unicorn(native) -> None:
    image = c.compile([PROGRAMS / "lists.c"], isa="rv32imafdc", flags=("-O2",))
    assert on_unicorn(image) == native("lists")
