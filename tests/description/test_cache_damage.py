"""The cache of models where it is damaged, cannot be written or is shared."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rvx.description import cache, load_machine
from rvx.description.cache import home, models
from rvx.model.machine import Machine
from rvx.store import Store

from .kept import ISA, forget, names, shown

ROOT = Path(__file__).parents[2]


class Planted:
    """A pickle that shows whether it was read."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return Path.touch, (Path(os.environ["RVX_CACHE_DIR"]) / "read",)  # type: ignore[return-value]


def damaged(kind: str, path: Path) -> None:
    data = path.read_bytes()
    match kind:
        case "pickle":
            path.write_bytes(pickle.dumps(Planted()))
        case "pickle in its place":
            path.write_bytes(data[:43] + pickle.dumps(Planted()))
        case "bit":
            path.write_bytes(data[:-99] + bytes([data[-99] ^ 4]) + data[-98:])
        case "half":
            path.write_bytes(data[: len(data) // 2])
        case "folder":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize("kind", ["pickle", "pickle in its place", "bit", "half", "folder"])
def test_what_is_damaged_is_made_anew(folder: Path, kind: str) -> None:
    made = shown(load_machine(ISA))
    before = names(folder)
    for path in folder.iterdir():
        damaged(kind, path)
    forget()
    assert shown(load_machine(ISA)) == made
    assert not (folder.parent / "read").exists()
    assert names(folder) == before
    if kind != "folder":  # which nothing can replace
        forget()
        assert isinstance(cache._get(f"machine-{made['digest']}"), Machine)


def test_an_entry_of_another_kind_is_not_used(folder: Path) -> None:
    made = load_machine(ISA)
    models().put(f"machine-{made.digest}", pickle.dumps(["no machine"]))
    forget()
    assert shown(load_machine(ISA)) == shown(made)
    models().put(f"machine-{made.digest}", b"no pickle")
    forget()
    assert shown(load_machine(ISA)) == shown(made)


def test_without_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path / "file"))
    assert "add" in load_machine("rv32i").instructions


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_where_the_user_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path / "cache"))
    assert "add" in load_machine("rv32i").instructions
    tmp_path.chmod(0o700)


def test_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RVX_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", "/home/somebody")
    for platform, variables, expected in (
        ("linux", {"XDG_CACHE_HOME": ""}, "/home/somebody/.cache/rvx"),
        ("linux", {"XDG_CACHE_HOME": "/var/cache"}, "/var/cache/rvx"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, None),
        ("darwin", {}, "/home/somebody/Library/Caches/rvx"),
        ("win32", {"LOCALAPPDATA": ""}, None),
        ("win32", {"LOCALAPPDATA": "/users/local"}, "/users/local/rvx"),
    ):
        monkeypatch.setattr(sys, "platform", platform)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert home() == (Path(expected) if expected else None)


def test_its_size_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 300_000)
    for isa in ("rv32i", "rv32im", "rv32imf", "rv32imf_xdotp"):
        load_machine(isa)
    assert sum(status.st_size for _, status in Store(folder, 0).entries()) <= 300_000


PROCESS = """
import sys
from rvx.description import load_machine
print(len(load_machine(sys.argv[1]).instructions))
"""


def test_processes_share_it(folder: Path) -> None:
    command = [sys.executable, "-c", PROCESS, ISA]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = {process.communicate()[0] for process in started}
    assert told == {f"{len(load_machine(ISA).instructions)}\n"}
    store = models()
    assert all(store.get(path.name) is not None for path, _ in store.entries())
