"""The `rvx` command as tests call it: mostly in this process, which takes milliseconds, or as a
process of its own, which takes more than a second."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rvx.command.main import main

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

# The default machine, with all that is in it.
ISA = "rv32imf_zicntr_zicsr_zifencei_zihpm_sm"
EXIT = "li a7, 93\n ecall\n"


@dataclass(frozen=True)
class Done:
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def succeeded(self) -> bool:
        """Whether it did, and told nothing but on standard output."""
        return self.status == 0 and not self.err

    def refused(self, status: int, part: str) -> bool:
        """Whether it ended with that status and one line on standard error, with this in it."""
        lines = self.err.splitlines(keepends=True)
        return (
            (self.status, self.out, len(lines)) == (status, "", 1)
            and lines[0].startswith("rvx: ")
            and lines[0].endswith("\n")
            and part in lines[0]
        )


def environment() -> dict[str, str]:
    """Of a user who has set nothing of Python's, with this checkout on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def command_line(*words: object) -> list[str]:
    return [sys.executable, "-m", "rvx", *map(str, words)]


def command(*words: object, cwd: Path, **more: Any) -> Done:
    """Run `rvx` as a process."""
    done = subprocess.run(
        command_line(*words),
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        **more,
    )
    return Done(done.returncode, done.stdout, done.stderr)


class Rvx:
    """Runs `rvx` in this process and in an empty folder, and writes files there."""

    def __init__(
        self, folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self._capture = capture
        self._patch = patch
        patch.chdir(folder)

    def __call__(self, *words: object, stdin: bytes = b"") -> Done:
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capture.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        return Done(status, *self._capture.readouterr())

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file; returns its name."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def program(self, *lines: str, name: str = "p.S") -> str:
        """Write an assembly program that starts with the lines; returns its name."""
        return self.write(name, "_start:\n" + "\n".join(lines) + "\n")

    def run(self, *lines: str, options: Sequence[object] = ("-q",), stdin: bytes = b"") -> Done:
        """Run the program that the lines are."""
        return self("run", self.program(*lines), *options, stdin=stdin)

    def files(self) -> dict[str, bytes]:
        """Everything in the folder."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in found}
