"""An empty cache of models, for tests that want it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .kept import forget


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the entries will be."""
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path / "cache"))
    forget()
    return tmp_path / "cache" / "models"


@pytest.fixture
def parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the texts that are parsed from now on."""
    from rvx.description import parse

    original, names = parse.parse_text, []

    def parse_text(text: str, file: str) -> object:
        names.append(file)
        return original(text, file)

    monkeypatch.setattr(parse, "parse_text", parse_text)
    return names
