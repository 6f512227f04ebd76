"""Places that cannot be written: said before the work is done, and nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from calling import EXIT, Rvx

FILES = ["none/out", ".", "p.S/out", "/proc/out", "/dev/null/out", "", "n" * 300]
FOLDERS = ["p.S", "p.S/out", "/dev/null", "/proc/none/out"]

TO_FILE = [
    ("run", "p.S", "--stamps"),
    ("run", "p.S", "--signature"),
    ("asm", "p.S", "-o"),
    ("header", "-o"),
    ("bench", "--size", "1", "--json"),
]
TO_FOLDER = [("docs", "-o"), ("bench", "--size", "1", "--dump")]


@pytest.fixture
def words(rvx: Rvx) -> None:
    rvx.program(
        *("li a0, 1", "la a1, text", "li a2, 3", "li a7, 64", "ecall", EXIT),
        *(".data", 'text: .ascii "hi\\n"', ".balign 4", "begin_signature: .word 1, 2"),
        "end_signature:",
    )


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("command", TO_FILE, ids=lambda words: f"{words[0]} {words[-1]}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path[:20])
def test_a_file_that_cannot_be_written(rvx: Rvx, command: tuple[str, ...], path: str) -> None:
    before = rvx.files()
    status = 125 if command[0] == "run" else 1
    assert rvx(*command, path).refused(status, f"{Path(path)}: ")  # and no guest has printed
    assert rvx.files() == before


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("command", TO_FOLDER, ids=lambda words: f"{words[0]} {words[-1]}")
@pytest.mark.parametrize("path", FOLDERS)
def test_a_folder_that_cannot_be_made(rvx: Rvx, command: tuple[str, ...], path: str) -> None:
    before = rvx.files()
    assert rvx(*command, path).refused(1, ": ")
    assert rvx.files() == before


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("command", TO_FILE, ids=lambda words: f"{words[0]} {words[-1]}")
def test_a_device_that_is_full(rvx: Rvx, command: tuple[str, ...]) -> None:
    done = rvx(*command, "/dev/full")
    assert done.status == (125 if command[0] == "run" else 1)
    assert done.err.splitlines()[-1] == "rvx: /dev/full: " + (
        "cannot write this file: " if command[0] == "asm" else ""
    ) + os.strerror(28)
    assert list(rvx.files()) == ["p.S"]


@pytest.mark.usefixtures("words")
def test_no_input_is_overwritten(rvx: Rvx) -> None:
    rvx.write("own.isa", "format e3m4 = float(exponent: 3, fraction: 4);")
    (rvx.folder / "link").symlink_to("p.S")
    before = rvx.files()
    for path in ("p.S", "./p.S", "link", "own.isa"):
        line = f"{Path(path)}: is an input; name another file to write"
        assert rvx("asm", "p.S", "-x", "own.isa", "-o", path).refused(1, line)
        assert rvx("run", "p.S", "-x", "own.isa", "--stamps", path).refused(125, line)
    assert rvx("header", "-x", "own.isa", "-o", "own.isa").refused(1, "is an input")
    assert rvx.files() == before


@pytest.mark.usefixtures("words")
def test_an_output_replaces_what_was_there(rvx: Rvx) -> None:
    rvx.write("out", "old" * 1000)
    (rvx.folder / "link").symlink_to("out")
    for path in ("out", "link"):
        assert rvx("run", "p.S", "-q", "--stamps", path).status == 3
        assert (rvx.folder / "out").read_text().startswith("80000000 0\n")
    assert (rvx.folder / "link").is_symlink()
    assert (rvx.folder / "out").stat().st_mode & 0o777 == 0o666 & ~_umask()
    assert sorted(rvx.files()) == ["link", "out", "p.S"]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.usefixtures("words")
def test_a_folder_that_may_not_be_written(rvx: Rvx) -> None:
    (rvx.folder / "closed").mkdir(mode=0o500)
    line = "Permission denied"
    assert rvx("run", "p.S", "--stamps", "closed/out").refused(125, line)
    assert rvx("header", "-o", "closed/out").refused(1, line)
    assert rvx("docs", "-o", "closed").refused(1, line)
    assert rvx("bench", "--size", "1", "--dump", "closed/out").refused(1, line)


@pytest.mark.usefixtures("words")
def test_a_budget_that_is_used_up_still_writes_what_was_asked_for(rvx: Rvx) -> None:
    options = ("-q", "--stamps", "stamps", "--signature", "words", "--max-instructions", "2")
    assert rvx("run", "p.S", *options).status == 124
    assert rvx.files()["stamps"] == b"80000000 0\n80000004 1\n"
    assert rvx.files()["words"] == b"00000001\n00000002\n"


def test_a_signature_that_is_not_there(rvx: Rvx) -> None:
    line = "p.S: has no signature; define begin_signature and end_signature"
    assert rvx("run", rvx.program("nop"), "--signature", "out").refused(125, line)
    odd = rvx.program(EXIT, ".data", "begin_signature: .byte 1, 2", "end_signature:")
    line = "the signature at 0x80001000 has 2 bytes, not a number of words"
    assert rvx("run", odd, "--signature", "out").refused(125, line)
    assert list(rvx.files()) == ["p.S"]
