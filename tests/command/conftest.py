"""The command in an empty folder, for every test that wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from calling import Rvx


@pytest.fixture
def rvx(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Rvx:
    return Rvx(tmp_path, capsys, monkeypatch)
