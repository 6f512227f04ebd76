"""Files kept from run to run: whole and this user's, or not used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rvx.store import Store

CONTENT = bytes(range(256)) * 40

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut short": lambda data: data[:-1],
    "cut in its checksum": lambda data: data[:20],
    "longer": lambda data: data + b"\0",
    "a bit of its content": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "a bit of its checksum": lambda data: data[:15] + bytes([data[15] ^ 1]) + data[16:],
    "of another version": lambda data: b"rvx kept 0\n" + data[11:],
    "text": lambda data: b"not a file of rvx\n",
    "zeros": lambda data: bytes(len(data)),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "kept", 1 << 20)


def path_of(store: Store, name: str) -> Path:
    assert store.folder is not None
    return store.folder / name


def test_what_is_put_is_got(store: Store) -> None:
    assert store.get("one") is None
    store.put("one", CONTENT)
    store.put("two", b"")
    assert (store.get("one"), store.get("two")) == (CONTENT, b"")
    store.put("one", b"other")
    assert store.get("one") == b"other"
    assert sorted(path.name for path, _ in store.entries()) == ["one", "two"]
    assert store.clear() == 2
    assert store.get("one") is None


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_not_whole_is_nothing(store: Store, damage: str) -> None:
    store.put("one", CONTENT)
    path = path_of(store, "one")
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert store.get("one") is None
    store.put("one", CONTENT)
    assert store.get("one") == CONTENT


def test_another_entry_in_its_place(store: Store) -> None:
    store.put("one", CONTENT)
    store.put("two", b"two")
    path_of(store, "two").replace(path_of(store, "one"))
    assert store.get("one") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such rights")
def test_what_others_can_write_is_not_trusted(store: Store) -> None:
    store.put("one", CONTENT)
    path = path_of(store, "one")
    path.chmod(0o620)
    assert store.get("one") is None
    path.chmod(0o600)
    path.parent.chmod(0o777)
    assert store.get("one") is None
    store.put("two", CONTENT)
    path.parent.chmod(0o700)
    assert store.get("one") == CONTENT
    assert store.get("two") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such rights")
def test_what_is_another_users_is_not_trusted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("one", CONTENT)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert store.get("one") is None


def test_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in (None, tmp_path / "file", tmp_path / "file" / "kept"):
        store = Store(folder, 1 << 20)
        store.put("one", CONTENT)
        assert store.get("one") is None
        assert store.clear() == 0


def test_the_oldest_go_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", 3000)
    for number, name in enumerate(("one", "two", "three")):
        store.put(name, bytes(1000))
        if (path := path_of(store, name)).exists():
            os.utime(path, (number, number))
    assert [store.get(name) is not None for name in ("one", "two", "three")] == [False, True, True]
    store.put("large", bytes(4000))
    assert list(store.entries()) == []


WRITER = """
import sys
from pathlib import Path
from rvx.store import Store
store = Store(Path(sys.argv[1]), 30_000)
for number in range(100):
    name = str(number % 5)
    found = store.get(name)
    assert found is None or found == name.encode() * 5000, number
    store.put(name, name.encode() * 5000)
"""


def test_several_processes(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "kept"
    command = [sys.executable, "-c", WRITER, str(folder)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    assert {path.name for path, _ in Store(folder, 0).entries()} <= set("01234")
