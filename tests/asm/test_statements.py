"""How a text becomes statements: comments, separators, labels, names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rvx.asm import AssemblyError, Executable, assemble, link
from rvx.model.machine import Machine

Words = Callable[[str], list[int]]
NOP = 0x13
RET = 0x8067


@pytest.mark.parametrize(
    "text",
    [
        "nop # a comment; not a statement",
        "nop // a comment",
        "nop /* one */ /* two */",
        "/* over\nlines */ nop",
        "nop;",
        ";; nop ;\n;",
        "  \t\n nop\r\n",
        "label: other: 1: nop",
        "label :nop",
        '.ifc "#", "#"\nnop # "\n.endif',
        "\nNOP = 1\nnop",
    ],
)
def test_this_is_one_instruction(words: Words, text: str) -> None:
    assert words(text) == [NOP]


def test_statements_share_a_line(words: Words) -> None:
    assert words("nop; ret; li a0, ';'; li a0, '#'") == [NOP, RET, 0x03B00513, 0x02300513]


def test_a_numeric_label_can_be_used_again(words: Words) -> None:
    assert words("1: j 1f\n1: j 1b\nj 1b") == [0x0040006F, 0x0000006F, 0xFFDFF06F]


def test_a_variable_has_the_value_of_its_last_assignment(words: Words) -> None:
    assert words("a = 1\nli a0, a\na = a + 1\nli a0, a") == [0x00100513, 0x00200513]


def test_a_label_may_be_called_like_a_register(words: Words) -> None:
    assert words("j a0\na0: lui a1, %hi(a0)") == [0x0040006F, 0x800005B7]


def test_an_address_is_where_a_branch_leads(words: Words) -> None:
    assert words("nop\nj 0x80000000") == [NOP, 0xFFDFF06F]


def test_optional_operands_can_be_left_out(words: Words) -> None:
    assert words("fadd.s f0, f0, f0\nfadd.s f0, f0, f0, dyn") == [0x00007053] * 2


def test_letters_can_be_given_as_a_number(words: Words) -> None:
    assert words("fence 3, 3\nfence rw, rw") == [0x0330000F] * 2


def test_li_of_what_the_linker_knows_has_room_for_any_value(words: Words) -> None:
    assert words("li a0, _start + 4") == [0x80000537, 0x00450513]


def test_a_symbol_of_the_data_is_loaded_and_stored(words: Words) -> None:
    found = words("lw a0, x\nsw a0, x, t0\nvalue: ret\n.data\nx: .word 1")
    assert found[:4] == [0x00001517, 0x00052503, 0x00001297, 0xFEA2AC23]


def test_a_load_of_the_users_own_has_the_symbol_form_too(machine: Machine, words: Words) -> None:
    assert machine.instructions["plw"].classes >= {"load"}
    found = words("plw p0, x, t0\n.data\nx: .word 1")
    assert found[0] == 0x00001297


def test_warnings_are_collected(machine: Machine) -> None:
    found = assemble('.warning "slow"', machine, file="w.S").warnings
    assert found == ("w.S:1:1: slow",)


def test_an_included_file_is_found_beside_and_in_folders(machine: Machine, tmp_path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "one.inc").write_text('.include "two.inc"\n')
    (tmp_path / "sub" / "two.inc").write_text("_start: ret\n add\n")
    with pytest.raises(AssemblyError) as caught:
        assemble(
            '.include "one.inc"',
            machine,
            file=str(tmp_path / "main.S"),
            include=[tmp_path / "sub"],
        )
    assert str(caught.value).startswith(f"{tmp_path}/sub/two.inc:2:2: 0 operands given")


def test_sections_can_be_left_and_entered_again(build: Callable[[str], Executable]) -> None:
    text = """
    _start: nop
        .section .first, "a"
        .byte 1
        .section .second, "a"
        .byte 2
        .previous
        .byte 3
        .pushsection .third, "a"
        .byte 4
        .popsection
        .byte 5
    """
    found = {s.name: s.contents for s in build(text).sections}
    assert (found[".first"], found[".second"], found[".third"]) == (b"\1\3\5", b"\2", b"\4")


def test_what_changes_no_byte_is_accepted(words: Words) -> None:
    text = """
        .file "a.c"
        .file 1 "a.c"
        .option push; .option norelax; .option arch, +zicsr; .option pop
        .attribute arch, "rv32i"
        .loc 1 2 3 is_stmt 0
        .cfi_startproc
        .cfi_def_cfa_offset 16
        .ident "compiler"
        .hidden _start
        nop
        .cfi_endproc
    """
    assert words(text) == [NOP]


def test_a_recursive_macro_may_end(words: Words) -> None:
    text = """
        .macro count n
        .if \\n
        addi a0, a0, \\n
        count (\\n - 1)
        .endif
        .endm
        count 100
    """
    assert len(words(text)) == 100


def test_exitm_leaves_the_macro_only(words: Words) -> None:
    text = ".macro m\nnop\n.if 1\n.exitm\n.endif\nret\n.endm\nm\nret"
    assert words(text) == [NOP, RET]


def test_a_parameter_ends_where_its_name_does(words: Words) -> None:
    text = ".macro m op, n\n\\op\\().s fa0, fa1, fa\\n\n\\op .s\n.endm"
    assert words(f"{text}\nnop") == [NOP]


def test_end_ends_the_text(words: Words) -> None:
    assert words("nop\n.end\nnonsense") == [NOP]


def test_two_assemblies_are_linked(machine: Machine) -> None:
    one = assemble(".globl f\n_start: call f\nlw a0, shared", machine, file="one.S")
    two = assemble("f: ret\n.globl f\n.comm shared, 4, 4", machine, file="two.S")
    executable = link([one, two])
    assert executable.symbols["f"] == 0x80000010
    assert executable.sections[0].contents[:4] == bytes.fromhex("97000000")
