"""`rvx asm` and `rvx dis`: what their options do."""

from __future__ import annotations

from calling import EXIT, Rvx

from rvx.machine.elf import load_elf


def test_files_are_linked_together(rvx: Rvx) -> None:
    rvx.write("one.S", ".globl _start\n_start: call two\n" + EXIT)
    rvx.write("two.S", ".globl two\ntwo: li a0, 22\n ret\n")
    assert rvx("asm", "one.S", "two.S", "-o", "p.elf").succeeded
    assert rvx("run", "-q", "p.elf").status == 22


def test_included_files_are_looked_for(rvx: Rvx) -> None:
    (rvx.folder / "include").mkdir()
    rvx.write("include/status.inc", ".equ STATUS, 33\n")
    rvx.program('.include "status.inc"', "li a0, STATUS", EXIT)
    assert rvx("asm", "p.S", "-o", "p.elf").refused(1, "p.S:2:10: no file status.inc")
    assert rvx("asm", "p.S", "-I", "include", "-o", "p.elf").succeeded
    assert rvx("run", "-q", "p.elf").status == 33


def test_a_listing(rvx: Rvx) -> None:
    rvx.program("li a0, 1", "ecall", ".data", "x: .byte 7")
    done = rvx("asm", "p.S", "-o", "p.elf", "--listing")
    assert done.succeeded
    lines = [line.split() for line in done.out.splitlines()]
    assert ["80000000", "00100513", "2", "li", "a0,", "1"] in lines
    assert any(line[:2] == ["80001000", "07"] for line in lines)


def test_where_code_and_data_go(rvx: Rvx) -> None:
    rvx.program("la a0, x", "lw a0, 0(a0)", EXIT, ".data", "x: .word 44")
    assert rvx("asm", "p.S", "-o", "p.elf", "--text", "0x1000", "--data", "0x20000000").succeeded
    loaded = load_elf(rvx.folder / "p.elf", xlen=32)
    assert [segment.address for segment in loaded.segments] == [0x1000, 0x20000000]
    assert (loaded.entry, loaded.symbols["x"].address) == (0x1000, 0x20000000)
    assert rvx("run", "-q", "p.elf").status == 44
    overlap = rvx("asm", "p.S", "-o", "q.elf", "--text", "0", "--data", "4")
    assert overlap.refused(1, "overlaps")
    beyond = rvx("asm", "p.S", "-o", "q.elf", "--text", "0xfffffff0")
    assert beyond.refused(1, "outside the 32-bit address space")
    assert sorted(rvx.files()) == ["p.S", "p.elf"]


def test_aliases_or_not(rvx: Rvx) -> None:
    assert rvx("dis", "0x00008067", "0x00000013").out == "ret\nnop\n"
    plain = rvx("dis", "--no-aliases", "0x00008067", "0x00000013").out
    assert plain == "jalr zero, 0(ra)\naddi zero, zero, 0\n"


def test_words_of_an_extension(rvx: Rvx) -> None:
    word = "0x26f4b533"
    assert rvx("dis", word).out.startswith(".word ")
    rvx.write(
        "own.isa",
        "extension Xown requires I { instruction own.op rd: x, rs1: x, rs2: x "
        "is R(opcode = 0b0110011, funct3 = 3, funct7 = 0b0010011) { rd = rs1; } }",
    )
    assert rvx("dis", word, "-x", "own.isa").out == "own.op a0, s1, a5\n"
