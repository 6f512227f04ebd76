"""An instruction that a description declares is assembled, disassembled and listed as any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from rvx.asm import AssemblyError, assemble, disassemble, elf_image, link
from rvx.description import load_machine
from rvx.model.machine import Machine

OWN = Path(__file__).parent / "own.isa"


@pytest.fixture(scope="module")
def own() -> Machine:
    return load_machine("rv32im_xown", extra=[OWN])


def code(machine: Machine, text: str) -> str:
    executable = link([assemble(f"_start: {text}", machine, file="own.S")])
    return executable.sections[0].contents.hex()


def test_short_instructions_have_two_bytes(own: Machine) -> None:
    assert code(own, "c.add a0, a1; c.nop") == "2e95" + "0100"


def test_padding_uses_the_shortest_no_operation(own: Machine) -> None:
    assert code(own, "c.nop\n.balign 8\nc.nop") == "0100" + "0100" + "13000000" + "0100"


def test_a_load_can_name_a_symbol(own: Machine) -> None:
    assert code(own, "fetch a0, 4(a1)\nfetch a0, _start") == "2b854500" + "17050000" + "2b05c5ff"


def test_a_branch_takes_a_label(own: Machine) -> None:
    assert code(own, "nop\n1: bodd a0, a1, _start") == "13000000" + "db0eb5fe"


def test_an_alias_may_negate(own: Machine) -> None:
    assert code(own, "subi a0, a1, 5\nsubi a0, a1, five\nfive = 5") == "1385b5ff" * 2
    with pytest.raises(AssemblyError, match=r"own\.S:1:22: imm is 2049"):
        code(own, "subi a0, a1, -2049")


def test_an_alias_may_name_a_register_twice(own: Machine) -> None:
    assert code(own, "double a0, a1") == "3385b500"
    assert disassemble(0x00B58533, 0, own) == "double a0, a1"


def test_short_words_are_disassembled_as_such(own: Machine) -> None:
    assert disassemble(0x952E, 0, own) == "c.add a0, a1"
    assert disassemble(0x1234_952E, 0, own) == "c.add a0, a1"
    assert disassemble(0x0000, 0, own) == ".half 0x0000"


def test_the_file_says_that_there_are_short_instructions(own: Machine) -> None:
    image = elf_image(link([assemble("_start: c.nop", own, file="own.S")]))
    assert image[36] & 1


def test_short_insn_forms(own: Machine) -> None:
    text = """
    a:  .insn cr C2, 9, a0, a1
        .insn ci C1, 0, a0, -5
        .insn ci 1, 2, a5, 31
        .insn ciw C0, 0, a0, 0xa5
        .insn css C2, 6, a1, 0x2a
        .insn cl C0, 2, a0, 20(a1)
        .insn cs C0, 6, a0, 9(s1)
        .insn ca C1, 0x23, 2, a0, a5
        .insn cb C1, 6, a0, a
        .insn cb C1, 7, s0, b
        .insn cj C1, 5, a
        .insn cj 1, 1, b
    b:
    """
    # As GNU as 2.40 and LLVM 20 have them.
    expected = "2e956d15fd47a8142ed58855a8c85d8d65d919e0f5b70920"
    assert code(own, text) == expected
