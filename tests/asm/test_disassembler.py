"""Text for words, and listings for files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rvx.asm import (
    AssemblyError,
    Executable,
    disassemble,
    disassemble_elf,
    listing,
    syntax_line,
    write_elf,
)
from rvx.description import load_machine
from rvx.model.machine import Machine

PC = 0x8000_0010


@pytest.mark.parametrize(
    ("word", "text", "plain"),
    [
        (0x00000013, "nop", "addi zero, zero, 0"),
        (0x00008067, "ret", "jalr zero, 0(ra)"),
        (0x00050067, "jr a0", "jalr zero, 0(a0)"),
        (0x00058513, "mv a0, a1", "addi a0, a1, 0"),
        (0x00000463, "beqz zero, 0x80000018", "beq zero, zero, 0x80000018"),
        (0xFE5216E3, "bne tp, t0, 0x7ffffffc", "bne tp, t0, 0x7ffffffc"),
        (0x00B52533, "slt a0, a0, a1", "slt a0, a0, a1"),
        (0xFFDFF06F, "j 0x8000000c", "jal zero, 0x8000000c"),
        (0x12345537, "lui a0, 0x12345", "lui a0, 0x12345"),
        (0xFF812503, "lw a0, -8(sp)", "lw a0, -8(sp)"),
        (0x00C5F553, "fadd.s fa0, fa1, fa2", "fadd.s fa0, fa1, fa2"),
        (0x00C59553, "fadd.s fa0, fa1, fa2, rtz", "fadd.s fa0, fa1, fa2, rtz"),
        (0x20B58553, "fmv.s fa0, fa1", "fsgnj.s fa0, fa1, fa1"),
        (0x30002573, "csrr a0, mstatus", "csrrs a0, mstatus, zero"),
        (0x7C051073, "csrw 0x7c0, a0", "csrrw zero, 0x7c0, a0"),
        (0x0FF0000F, "fence", "fence iorw, iorw"),
        (0x0310000F, "fence rw, w", "fence rw, w"),
        (0x0010000F, "fence 0, w", "fence 0, w"),
        (0x00000000, ".word 0x00000000", ".word 0x00000000"),
        (0xFFFFFFFF, ".word 0xffffffff", ".word 0xffffffff"),
    ],
)
def test_a_word_has_this_text(word: int, text: str, plain: str, machine: Machine) -> None:
    assert disassemble(word, PC, machine) == text
    assert disassemble(word, PC, machine, aliases=False) == plain


def test_a_reserved_rounding_mode_is_data() -> None:
    machine = load_machine("rv32imf")
    names = set(machine.rounding_names.values())
    code = next(code for code in range(8) if code not in names)
    word = 0x00C58553 | code << 12
    assert disassemble(word, PC, machine) == f".word {word:#010x}"


def test_a_target_is_named_where_symbols_are_given(machine: Machine) -> None:
    text = disassemble(0xFFDFF06F, PC, machine, symbols={0x8000000C: "main+4"}.get)
    assert text == "j 0x8000000c <main+4>"


def test_a_file_is_listed_with_its_symbols(
    build: Callable[[str], Executable], machine: Machine, tmp_path: Path
) -> None:
    text = "_start: call f\n.word 0\nf: ret\n.byte 1, 2\nodd: .byte 3"
    write_elf(build(text), tmp_path / "a.elf")
    assert list(disassemble_elf(tmp_path / "a.elf", machine)) == [
        "Disassembly of section .text:",
        "",
        "80000000 <_start>:",
        "80000000:  00000097  auipc ra, 0x0",
        "80000004:  00c080e7  jalr 12(ra)",
        "80000008:  00000000  .word 0x00000000",
        "",
        "8000000c <f>:",
        "8000000c:  00008067  ret",
        "80000010:  01        .byte 0x01",
        "80000011:  02        .byte 0x02",
        "",
        "80000012 <odd>:",
        "80000012:  03        .byte 0x03",
        "",
    ]


@pytest.mark.parametrize("cut", [0, 3, 40, 60, 4200])
def test_a_damaged_file_is_one_line(
    cut: int, build: Callable[[str], Executable], machine: Machine, tmp_path: Path
) -> None:
    path = tmp_path / "a.elf"
    write_elf(build("nop"), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(AssemblyError, match=r"a\.elf: not a readable ELF file"):
        list(disassemble_elf(path, machine))


def test_a_missing_file_is_one_line(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="cannot read this file: No such file"):
        list(disassemble_elf(tmp_path / "none.elf", machine))


def test_a_listing_shows_where_bytes_come_from(build: Callable[[str], Executable]) -> None:
    text = """_start:
    li a0, 0x12345678   # two
    .macro m n
    addi a0, a0, \\n
    .endm
    m 5
    .data
    .ascii "abcdef"
    .zero 100
    .bss
    .zero 8
"""
    assert (
        listing(build(text))
        == """\
.text of test.S
80000000 12345537      2      li a0, 0x12345678   # two
80000004 67850513
80000008 00550513      4      addi a0, a0, 5

.data of test.S
80001000 61626364      8      .ascii "abcdef"
80001004 6566
80001006 00000000      9      .zero 100
8000100a 00000000
8000100e 00000000
80001012 00000000
     ...

.bss of test.S
8000106a              11      .zero 8
8000106e
"""
    )


def test_a_signature_is_the_syntax(machine: Machine) -> None:
    assert syntax_line(machine.instructions["lw"]) == "lw rd, imm(rs1)"
    assert syntax_line(machine.instructions["fadd.s"]) == "fadd.s rd, rs1, rs2[, rm]"
    assert syntax_line(machine.instructions["ecall"]) == "ecall"
