"""--engine, --stats, and `rvx cache`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from calling import EXIT, Rvx

LOOP = ("li t0, 20000", "1: addi t1, t1, 3", "addi t0, t0, -1", "bnez t0, 1b", "li a0, 5", EXIT)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


def speed(rvx: Rvx, *options: str) -> str:
    done = rvx.run(*LOOP, options=("--stats", *options))
    assert done.status == 5
    return done.err.splitlines()[-1]


def test_the_share_of_native_code_is_told(rvx: Rvx, home: Path) -> None:
    told = re.fullmatch(
        r"rvx: \d+\.\d{3} s, \d+\.\d{3} MIPS, (\d+\.\d\d) % natively, \d\.\d{3} s of translation",
        speed(rvx),
    )
    assert told is not None
    assert 99 < float(told[1]) < 100


def test_the_reference_can_be_asked_for(rvx: Rvx, home: Path) -> None:
    assert speed(rvx, "--engine", "reference").endswith("MIPS by the reference")
    assert not (home / "objects").exists()


def test_the_cache_is_shown_and_cleared(rvx: Rvx, home: Path) -> None:
    speed(rvx)
    shown = json.loads(rvx("cache", "--json").out)
    assert shown["path"] == str(home)
    assert shown["objects"]["entries"] == 1
    assert shown["objects"]["bytes"] > 1000
    assert rvx("cache").out.startswith(f"{home}\nobjects ")
    assert rvx("cache", "clear").succeeded
    assert json.loads(rvx("cache", "--json").out)["objects"] == {"entries": 0, "bytes": 0}
    assert list((home / "objects").iterdir()) == []
