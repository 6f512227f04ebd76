"""A start costs what it needs: which modules a command imports, once the models are kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from calling import EXIT, Rvx, environment

from rvx.command.main import COMMANDS

# What takes long to import, and what only other commands need.
SLOW = {"importlib.metadata", "lark", "llvmlite", "numpy", "rich", "tempfile"}
PARSING = {"rvx.description.parse", "rvx.description.machine"}
OTHERS = {"rvx.asm", "rvx.bench", "rvx.emit"}

SHOW = """
import sys
from rvx.command.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
"""


def imported(words: Sequence[str], folder: Path) -> set[str]:
    """The modules that the command has imported at its end, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.fixture
def program(rvx: Rvx) -> str:
    name = rvx.program("li a0, 0", EXIT)
    assert rvx("asm", name, "-o", "p.elf").succeeded
    return "p.elf"


@pytest.mark.parametrize("core", ["single", "cv32e40p"])
@pytest.mark.parametrize("engine", ["jit", "reference"])
def test_running_an_elf_file(rvx: Rvx, program: str, engine: str, core: str) -> None:
    words = ["run", program, "-q", "--core", core, "--engine", engine]
    assert rvx(*words).succeeded
    unwanted = SLOW | PARSING | OTHERS
    if engine == "jit":
        unwanted -= {"llvmlite", "tempfile"}  # llvmlite imports it
    assert not imported(words, rvx.folder) & unwanted


def test_the_version(rvx: Rvx) -> None:
    found = imported(["--version"], rvx.folder)
    assert not found & (SLOW - {"importlib.metadata", "tempfile"} | PARSING | OTHERS)
    assert not [name for name in found if name.endswith("_command")]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_imports_no_other(rvx: Rvx, name: str) -> None:
    found = imported([name, "--help"], rvx.folder)
    assert [m for m in found if m.endswith("_command")] == [f"rvx.command.{name}_command"]
    assert not found & PARSING


@pytest.mark.parametrize("words", [["list"], ["check"], ["dis", "0x00b50533"], ["header"]])
def test_a_command_that_needs_the_machine_parses_nothing(rvx: Rvx, words: list[str]) -> None:
    assert rvx(*words).succeeded
    assert not imported(words, rvx.folder) & ({"numpy", "rich"} | PARSING)
