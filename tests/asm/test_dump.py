"""Listings of whole files: relocations, source lines, data; and what debuggers are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rvx.asm import assemble, disassemble_image, elf_image, link, listing_of_object, object_image
from rvx.asm.dump import Shown
from rvx.asm.source_lines import lines_of_program
from rvx.description import load_machine
from rvx.model.machine import Machine

SOURCE = """
    .file   "a.c"
    .file   1 "{folder}" "a.c"
    .globl  _start
_start:
    .loc    1 1 3
    li      a0, 1
    .loc    1 2 3 is_stmt 0
    call    f
    .loc    1 2 9 is_stmt 1
    ret
    .loc    1 300 1 prologue_end
f:  ret
    .data
text: .ascii  "some text to see"
    .ascii  "some text to see"
    .ascii  "some text to see"
    .word   f
"""


@pytest.fixture(scope="module")
def compressed() -> Machine:
    return load_machine("rv32imc")


def shown(contents: bytes, machine: Machine, **options: bool) -> list[str]:
    return list(disassemble_image(contents, machine, "a.elf", Shown(**options)))


def test_an_object_is_shown_with_its_relocations(compressed: Machine) -> None:
    assembly = assemble(SOURCE, compressed, file="a.S", compress=True)
    assert shown(object_image(assembly, 0), compressed, data=True) == [
        "Disassembly of section .text:",
        "",
        "00000000 <_start>:",
        "       0:  4505      c.li a0, 1",
        "       2:  00000097  auipc ra, 0x0",
        "       2:  R_RISCV_CALL_PLT .text+0xc",
        "       6:  000080e7  jalr ra",
        "       a:  8082      c.jr ra",
        "",
        "0000000c <f>:",
        "       c:  8082      c.jr ra",
        "",
        "Contents of section .data:",
        "00000000 <text>:",
        "       0:  736f6d65 20746578 7420746f 20736565  some text to see",
        "        *",
        "      30:  00000000                             ....",
        "      30:  R_RISCV_32 .text+0xc",
        "",
    ]


def test_source_lines_stand_between_the_instructions(compressed: Machine, tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("  first line\n  second line\n")
    source = SOURCE.format(folder=tmp_path)
    assembly = assemble(source, compressed, file="a.S", compress=True)
    comments = ["; a.c:1: first line", "; a.c:2: second line", "; a.c:300"]
    for image in (elf_image(link([assembly])), object_image(assembly, 0)):
        lines = shown(image, compressed, source=True)
        assert [line for line in lines if line.startswith(";")] == comments


def test_the_line_table_says_where_an_address_comes_from(compressed: Machine) -> None:
    assembly = assemble(SOURCE, compressed, file="a.S", compress=True)
    lines = lines_of_program(elf_image(link([assembly])))
    found = [str(lines.at(0x8000_0000 + at)) for at in (0, 1, 2, 9, 10, 12, 13)]
    assert found == ["a.c:1", "a.c:1", *["a.c:2"] * 3, "a.c:300", "a.c:300"]
    assert lines.at(0x8000_000E) is None


def test_an_object_has_a_listing(compressed: Machine) -> None:
    text = "_start: li a0, 1\n  call f\n"
    assembly = assemble(text, compressed, file="a.S", compress=True)
    assert listing_of_object(assembly).splitlines() == [
        ".text of a.S",
        "00000000 4505          1  _start: li a0, 1",
        "00000002 00000097      2    call f",
        "00000006 000080e7",
    ]


def test_standard_input_is_words_or_a_file(compressed: Machine) -> None:
    image = elf_image(link([assemble("_start: ret", compressed, file="a.S", compress=True)]))
    command = [sys.executable, "-m", "rvx", "dis", "--isa", "rv32imc", "-"]
    done = subprocess.run(command, input=image, capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-2:] == ["80000000:  8082      c.jr ra", ""]
    done = subprocess.run(command, input=b"0x00b50533 0x8082\n", capture_output=True, check=True)
    assert done.stdout.decode() == "add a0, a0, a1\nc.jr ra\n"


def test_numbers_of_any_length_may_depend_on_labels(compressed: Machine) -> None:
    text = "_start: nop\n.data\n.uleb128 end - start, start - here\nhere: start: .skip 200\nend:\n"
    (data,) = (
        section
        for section in assemble(text, compressed, file="a.S").sections
        if section.name == ".data"
    )
    assert data.contents[:3] == bytes((0x80 | 200 & 0x7F, 200 >> 7, 0))
    assert data.size == 203
