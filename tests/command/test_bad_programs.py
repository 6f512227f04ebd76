"""Programs that cannot be used: one line, the documented status, and no file is left."""

from __future__ import annotations

import os
import struct

import pytest
from calling import EXIT, HERE, ISA, Rvx

UNUSABLE = 125
FIVE = HERE / "five.isa"


@pytest.fixture
def elf(rvx: Rvx) -> bytes:
    """A program with code and data."""
    rvx.program("la a0, x", "lw a0, 0(a0)", EXIT, ".data", "x: .word 0")
    assert rvx("asm", "p.S", "-o", "good.elf").succeeded
    return (rvx.folder / "good.elf").read_bytes()


def test_every_truncation_of_an_elf(rvx: Rvx, elf: bytes) -> None:
    lengths = {0, 1, 3, 4, 5, 19, 20, 51, 52, 60, 115, 116, 200, 4095, 4096, len(elf) // 2}
    for length in sorted(lengths | set(range(len(elf) - 400, len(elf), 37)) | {len(elf) - 1}):
        rvx.write("cut.elf", elf[:length])
        what = "is a truncated ELF file" if length else "is empty"
        assert rvx("run", "cut.elf").refused(UNUSABLE, f"cut.elf: {what}"), length
        assert rvx("dis", "cut.elf").refused(1, "cut.elf: "), length


def test_every_byte_of_the_headers_damaged(rvx: Rvx, elf: bytes) -> None:
    sections = struct.unpack_from("<I", elf, 32)[0]
    for at in [*range(4, 116), *range(sections, len(elf), 7)]:
        rvx.write("bad.elf", elf[:at] + bytes([elf[at] ^ 0xFF]) + elf[at + 1 :])
        ran = rvx("run", "bad.elf", "-q", "--max-instructions", "100")
        assert ran.status in (0, 126) or ran.refused(UNUSABLE, "bad.elf"), (at, ran)
        read = rvx("dis", "bad.elf")
        assert read.status == 0 or read.refused(1, "bad.elf"), (at, read)


CAN_BE_READ = ("is a relocatable object, not a program", "is position-independent")


def _elf64() -> bytes:
    start = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    return start + struct.pack("<HHIQQQIHHHHHH", 2, 243, 1, 0, 0, 0, 0, 64, 56, 0, 64, 0, 0)


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda elf: _elf64(), "is a 64-bit ELF; this machine is RV32"),
        (lambda elf: elf[:18] + b"\x3e\0" + elf[20:], "is a program for machine X86_64"),
        (lambda elf: elf[:18] + b"\xf7\xf7" + elf[20:], "is a program for machine 63479"),
        (lambda elf: elf[:16] + b"\1\0" + elf[18:], CAN_BE_READ[0]),
        (lambda elf: elf[:16] + b"\3\0" + elf[18:], CAN_BE_READ[1]),
        (lambda elf: elf[:5] + b"\2" + elf[6:], "is a"),
        (lambda elf: b"MZ" + elf, "is not an ELF file"),
        (lambda elf: b"int main() { return 0; }", "is not an ELF file"),
        (lambda elf: os.urandom(5000).replace(b"\x7f", b""), "is not an ELF file"),
    ],
    ids=["rv64", "x86", "no machine", "object", "shared", "big endian", "dos", "text", "noise"],
)
def test_a_file_that_is_no_rv32_program(rvx: Rvx, elf: bytes, make, line: str) -> None:
    rvx.write("bad.elf", make(elf))
    assert rvx("run", "bad.elf").refused(UNUSABLE, f"bad.elf: {line}")
    assert rvx("compare", "good.elf", "bad.elf").refused(1, f"bad.elf: {line}")
    if line not in CAN_BE_READ:
        assert rvx("dis", "bad.elf").refused(1, "bad.elf: ")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("none.elf", "none.elf: cannot be read: No such file or directory"),
        ("none.S", "none.S: cannot read this file: No such file or directory"),
        (".", ".: is not a regular file"),
        ("/dev/zero", "/dev/zero: is not a regular file"),
        ("p.S/x.elf", "p.S/x.elf: cannot be read: Not a directory"),
        ("p.S/x.S", "p.S/x.S: cannot read this file: Not a directory"),
        ("x.cc", "x.cc: C++ is compiled elsewhere"),
        (FIVE, "five.isa: is not an ELF file"),
        ("a\0b", "is not a file name"),
    ],
)
def test_a_path_that_is_no_program(rvx: Rvx, name: object, line: str) -> None:
    rvx.program("nop")
    rvx.write("x.cc", "int main(void) { return 0; }")
    before = rvx.files()
    assert rvx("run", name).refused(UNUSABLE, line)
    assert rvx("compare", name, name).refused(1, line)
    assert rvx.files() == before


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("bogus a0, a1", f"p.S:2:1: {ISA} has no instruction `bogus`"),
        ("addi a0, a0, 2048", "p.S:2:14: imm is 2048, but it holds -2048 to 2047"),
        ("addi a0, a0", "p.S:2:1: "),
        ("addi a0, f0, 1", "p.S:2:10: "),
        ("lw a0, a1, 4", "p.S:2:"),
        ("j nowhere", "p.S:2:3: "),
        ("csrr a0, nothing", "p.S:2:10: "),
        ("vfdotpex.h.b fa0, fa1, fa2", "p.S:2:1: "),
        ("_start: nop", "p.S:2:1: `_start` is already defined at p.S:1:1"),
        ('.include "none.S"', "p.S:2:10: "),
        (".macro m", "p.S:2:"),
        (".rept 100000000\nnop\n.endr", "p.S:2:1: "),
        (".space 500000000", "p.S:2:8: "),
        ("li a0, " + "(" * 5000 + "1", "p.S:2:"),
        ('.ascii "abc', "p.S:2:"),
    ],
    ids=lambda text: text.split("\n")[0][:20] if " " in text else None,
)
def test_assembly_that_is_wrong(rvx: Rvx, source: str, line: str) -> None:
    name = rvx.program(source)
    assert rvx("asm", name, "-o", "p.elf").refused(1, line)
    assert rvx("run", name).refused(UNUSABLE, line)
    assert list(rvx.files()) == [name]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "no symbol `_start`"),
        (b"main: nop\n", "no symbol `_start`"),
        (b"\xff\xfe\0\0", "it is not UTF-8 text"),
        (b"\x7fELF\1\1\1\0\0\0", "p.S: a damaged object file"),
    ],
)
def test_a_source_that_is_no_program(rvx: Rvx, content: bytes, line: str) -> None:
    rvx.write("p.S", content)
    assert rvx("asm", "p.S", "-o", "p.elf").refused(1, line)
    assert list(rvx.files()) == ["p.S"]


def test_a_program_outside_of_ram(rvx: Rvx, elf: bytes) -> None:
    line = "good.elf: the segment at 0x80001000 to 0x80001003 lies outside of RAM"
    assert rvx("run", "good.elf", "--ram", "0x80000000:4K").refused(UNUSABLE, line)
    line = "which is 0x0 to 0xfffff; try --ram 0x80000000:1M"
    assert rvx("run", "good.elf", "--ram", "0:1M").refused(UNUSABLE, line)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("0xzz", "0xzz: no such file, and no word such as 0x00b50533"),
        ("12abc", "12abc: no such file, and no word"),
        ("0x1ffffffff", "0x1ffffffff: an instruction starting so has 4 bytes"),
        ("none.elf", "none.elf: "),
        (".", ".: "),
    ],
)
def test_words_that_cannot_be_disassembled(rvx: Rvx, word: str, line: str) -> None:
    assert rvx("dis", word).refused(1, line)


def test_words_that_are_no_instruction_are_data(rvx: Rvx) -> None:
    words = {
        "0xffffffff": ".word 0xffffffff",
        "0": ".word 0x00000000",
        "0x00b50533": "add a0, a0, a1",
    }
    assert rvx("dis", *words).out.splitlines() == list(words.values())
