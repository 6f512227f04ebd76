"""Programs made by another toolchain, compiled when a test asks for them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "data" / "elf"
RV32IMF = ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+f", "-mabi=ilp32f")
BARE = (
    *("-O2", "-ffreestanding", "-nostdlib", "-rtlib=compiler-rt"),
    *("-fno-sanitize=all", "-fno-math-errno", "-ffp-contract=off"),
)

Compiler = Callable[..., Path]


@pytest.fixture(scope="session")
def compile_program(tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    """`compile_program("start.S", "foreign.c", *flags)` is the path of the executable."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("ziglang is not installed: nothing to compile foreign programs with")

    @cache
    def compile_program(
        *arguments: str, target: tuple[str, ...] = RV32IMF, script: str | None = "program.ld"
    ) -> Path:
        path = tmp_path_factory.mktemp("foreign") / Path(arguments[-1]).with_suffix(".elf").name
        files = [str(SOURCES / a) if a.endswith((".c", ".S")) else a for a in arguments]
        link = [f"-Wl,-T,{SOURCES / script}"] if script else []
        command = [sys.executable, "-m", "ziglang", "cc", *target, *BARE, *link, *files]
        done = subprocess.run([*command, "-o", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return path

    return compile_program
