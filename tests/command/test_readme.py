"""The README's tour, as it is printed there: its files, its commands, its Python."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from calling import ROOT, environment

TOUR = re.search(
    r"^## From description to cycles\n(.*?)^## ",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
assert TOUR is not None
FILES = dict(re.findall(r"`([\w.]+)`[^`\n]*\n\n```\n(.*?)```", TOUR[1], re.DOTALL))
COMMANDS = "".join(re.findall(r"```sh\n(.*?)```", TOUR[1], re.DOTALL)).splitlines()
PYTHON = "".join(re.findall(r"```python\n(.*?)```", TOUR[1], re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the tour's files, and `rvx` for a shell."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "rvx"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m rvx "$@"\n')
    script.chmod(0o755)
    return tmp_path


def test_the_tour(folder: Path) -> None:
    assert set(FILES) == {"mine.isa", "mine.S"}
    given = environment()
    path = {"PATH": f"{folder / 'bin'}:{given['PATH']}"}
    told = {}
    for line in COMMANDS:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=given | path,
            capture_output=True,
            text=True,
            check=False,
        )
        promised = re.search(r"# exit status (\d+)", line)
        assert done.returncode == int(promised[1] if promised else 0), (line, done.stderr)
        told[line.split()[1]] = done.stdout + done.stderr
    assert list(told) == ["check", "verify", "run", "asm", "header", "docs"]
    assert told["run"] == "rvx: 7 instructions, 7 cycles on cv32e40p\n"
    assert "mine.dot a0, a1, a2" in told["asm"]
    assert re.search(r" rvx_mine_dot\(\S+ rd, ", (folder / "mine.h").read_text())
    assert "`mine.dot`" in (folder / "reference" / "xmine.md").read_text()

    checks = "\nassert (result.status, result.instret) == (70, 7)\n"
    done = subprocess.run(
        [sys.executable, "-c", PYTHON + checks],
        cwd=folder,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_page_that_it_refers_to_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / path).is_file(), path
    for path in re.findall(r"`((?:rvx|isa|asm|firmware|docs|tests)/[\w./]*)`", text):
        assert (ROOT / path).exists(), path
