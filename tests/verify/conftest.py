"""The `rvx` command in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rvx.command.main import main

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the words in a folder: exit status and standard output."""

    def run(*words: str, cwd: Path) -> tuple[int, str]:
        monkeypatch.chdir(cwd)
        status = main(words)
        return status, capsys.readouterr().out

    return run
