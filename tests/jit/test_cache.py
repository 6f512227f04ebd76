"""The cache of compiled code: what is used, and what is better not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from assembled import EXIT, machine, share, state_of

from rvx.jit.pack import Kept, Pack, load_pack, save_pack, store_in
from rvx.store import Store

LOOP = "li t0, 3000\n1: addi t1, t1, 3\n xor t2, t2, t1\n addi t0, t0, -1\n bnez t0, 1b\n" + EXIT


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path / "rvx"))
    return tmp_path / "rvx" / "objects"


@pytest.fixture
def cache(tmp_path) -> Store:
    return store_in(tmp_path / "deep" / "objects")


def kept(pc: int, level: int = 0, image: bytes = b"code", size: int = 10) -> Kept:
    code = (range(pc, pc + 4),)
    return Kept(pc, 5, level, 1, 1, f"r{pc}", code, (image,), (6,), (), bytes(size))


# Files


def test_what_was_put_is_found(cache):
    cache.put("name", b"content")
    assert cache.get("name") == b"content"
    assert cache.get("other") is None


@pytest.mark.parametrize("change", [b"", b"rvx kept 1\n", None, b"x"])
def test_a_file_that_is_not_whole_is_removed(cache, change):
    cache.put("name", b"content" * 1000)
    ((path, _),) = cache.entries()
    data = path.read_bytes()
    path.write_bytes(data[:-1] if change is None else data[:-1] + change if change else b"")
    assert cache.get("name") is None
    assert not path.exists()


def test_a_file_under_another_name_is_not_used(cache):
    cache.put("name", b"content")
    ((path, _),) = cache.entries()
    path.rename(path.with_name("other"))
    assert cache.get("other") is None


def test_what_others_can_write_is_not_used(cache):
    cache.put("name", b"content")
    cache.folder.chmod(0o777)
    assert cache.get("name") is None


@pytest.mark.parametrize("blocked", ["file", "none"])
def test_without_a_folder_nothing_is_kept(tmp_path, blocked):
    (tmp_path / "file").write_text("")
    cache = store_in(tmp_path / "file" / "objects" if blocked == "file" else None)
    cache.put("name", b"content")
    assert cache.get("name") is None
    assert list(cache.entries()) == []


def test_those_not_used_for_longest_go_first(tmp_path):
    cache = Store(tmp_path / "objects", most=2500)
    for age, name in enumerate(("one", "two", "three")):
        cache.put(name, bytes(1000))
        os.utime(tmp_path / "objects" / name, (age, age))
    assert cache.get("one") is None
    cache.get("two")  # it is used: now three is the oldest
    cache.put("four", bytes(1000))
    assert [name for name in ("two", "three", "four") if cache.get(name)] == ["two", "four"]


def test_nothing_is_left_of_a_write_that_failed(cache, monkeypatch):
    def refuse(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr(Path, "replace", refuse)
    cache.put("name", b"content")
    assert list(cache.entries()) == []


# Packs


def test_packs_are_merged(cache):
    save_pack(cache, "p", Pack(b"t", 1, [kept(0), kept(4, level=2), kept(8)], {5: b"a", 6: b"b"}))
    save_pack(
        cache, "p", Pack(b"t", 1, [kept(0, level=2), kept(4), kept(8, image=b"new!")], {7: b""})
    )
    pack = load_pack(cache, "p")
    found = sorted((r.pc, r.level, r.image[0]) for r in pack.regions)
    assert found == [(0, 2, b"code"), (4, 2, b"code"), (8, 0, b"code"), (8, 0, b"new!")]
    assert pack.situations == {5: b"a", 6: b"b"}


def test_a_pack_is_bounded(cache, monkeypatch):
    monkeypatch.setattr("rvx.jit.pack.MOST_BYTES", 100)
    save_pack(cache, "p", Pack(b"", 1, [kept(4 * i, size=30) for i in range(10)], {}))
    assert [r.pc for r in load_pack(cache, "p").regions] == [28, 32, 36]


def test_what_is_no_pack_is_an_empty_one(cache):
    cache.put("p", b"\x80nonsense")
    assert load_pack(cache, "p").regions == []


# Runs


def run_again(text: str = LOOP, **options):
    made = machine(text, **options)
    made.run()
    return made


def translated(made) -> bool:
    return made.native.translated > 0


def test_a_second_run_translates_nothing(folder):
    first, second = run_again(), run_again()
    assert translated(first)
    assert not translated(second)
    assert state_of(first) == state_of(second)
    assert share(second) > 0.98


def test_the_same_text_elsewhere_is_other_code(folder):
    run_again()
    assert translated(run_again(LOOP.replace("addi t1, t1, 3", "addi t1, t1, 5")))
    assert translated(run_again(core="cv32e40p"))
    assert translated(run_again(timing=False))
    assert not translated(run_again())


def test_code_that_a_guest_has_changed_meanwhile_is_not_used(folder):
    run_again()
    made = machine(LOOP)
    changed, expected = machine(LOOP.replace("xor", "add")), machine(LOOP.replace("xor", "add"))
    made.memory.write(0x8000_0000, changed.memory.read(0x8000_0000, 64))
    made.run()
    expected.run()
    assert state_of(made) == state_of(expected)


def test_a_corrupt_cache_is_rebuilt(folder):
    expected = state_of(run_again())
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    again = run_again()
    assert translated(again)
    assert state_of(again) == expected
    assert not translated(run_again())


def test_a_folder_that_cannot_be_written_is_no_error(folder, tmp_path):
    (tmp_path / "rvx").write_text("no folder")
    run_again()
    assert translated(run_again())


_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from assembled import machine, state_of
from test_cache import LOOP, translated
made = machine(LOOP, core="cv32e40p")
print(made.run(), translated(made), made.cycles)
"""


def test_processes_share_it(folder):
    """Situations have the same numbers in every process, whatever hashes strings there."""

    def start(seed: str) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", _PROGRAM, str(Path(__file__).parent)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    together = [start(seed) for seed in ("1", "2")]
    told = [process.communicate()[0] for process in together]
    assert told[0].replace("True", "False") == told[1].replace("True", "False")
    after = start("3").communicate()[0]
    assert after == told[0].replace("True", "False")
