"""Several assemblies become one program."""

from __future__ import annotations

import pytest

from rvx.asm import AssemblyError, Executable, assemble, link
from rvx.model.machine import Machine

START = ".globl _start\n_start: nop\n"


def linked(machine: Machine, *texts: str, **options: int) -> Executable:
    return link([assemble(text, machine, file=f"{i}.S") for i, text in enumerate(texts)], **options)


def section(executable: Executable, name: str) -> tuple[int, bytes]:
    (found,) = (s for s in executable.sections if s.name == name)
    return found.address, found.contents


def word(executable: Executable, name: str, index: int = 0) -> int:
    _, contents = section(executable, name)
    return int.from_bytes(contents[4 * index : 4 * index + 4], "little")


def test_data_has_a_page_of_its_own(machine: Machine) -> None:
    executable = linked(machine, START + ".data\n.word 1\n.bss\n.zero 4")
    addresses = [(s.name, s.address) for s in executable.sections]
    assert addresses == [(".text", 0x80000000), (".data", 0x80001000), (".bss", 0x80001004)]


def test_bases_can_be_chosen(machine: Machine) -> None:
    executable = linked(machine, START + ".data\n.word 1", text_base=0x400, data_base=0x2000_0000)
    assert section(executable, ".text")[0] == 0x400
    assert section(executable, ".data")[0] == 0x2000_0000


def test_data_may_not_lie_in_the_code(machine: Machine) -> None:
    with pytest.raises(AssemblyError, match=r"\.text .* overlaps \.data .*put the data elsewhere"):
        linked(machine, START + ".skip 8\n.data\n.word 1", data_base=0x8000_0004)


def test_sections_of_one_name_are_joined_in_order_of_the_files(machine: Machine) -> None:
    data = '.data\n.byte {0}\n.section .data.x, "aw"\n.byte 1{0}\n.balign 4'
    executable = linked(machine, START + data.format(1), data.format(2))
    assert section(executable, ".data")[1] == bytes(
        [1, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 0, 12, 0, 0, 0]
    )


def test_start_up_code_comes_first(machine: Machine) -> None:
    executable = linked(machine, 'ret\n.section .text.init, "ax"\n_start: nop')
    assert executable.entry == 0x80000000
    assert word(executable, ".text") == 0x13


def test_constants_follow_the_code(machine: Machine) -> None:
    executable = linked(machine, ".section .rodata\n.word 1\n.text\n_start: nop\n.data\n.word 2")
    assert [s.name for s in executable.sections] == [".text", ".rodata", ".data"]


def test_global_symbols_are_shared(machine: Machine) -> None:
    executable = linked(
        machine,
        START + ".data\n.word there, there - here\nhere:",
        ".globl there\n.data\n.word 7\nthere:",
    )
    there, here = executable.symbols["there"], executable.symbols["here"]
    assert word(executable, ".data") == there
    assert word(executable, ".data", 1) == there - here


def test_local_symbols_are_not_shared(machine: Machine) -> None:
    with pytest.raises(AssemblyError) as caught:
        linked(machine, START + "\n  call  there", "there: ret")
    assert str(caught.value).startswith("0.S:4:9: `there` is not defined")


def test_two_definitions_are_an_error_at_the_second(machine: Machine) -> None:
    with pytest.raises(AssemblyError) as caught:
        linked(machine, START, "nop\n _start: nop\n.globl _start")
    assert str(caught.value) == (
        "1.S:2:2: `_start` is already defined at 0.S:2:1: "
        "rename one of them, or make one .weak or .local"
    )


def test_a_definition_wins_over_a_weak_one(machine: Machine) -> None:
    weak = ".weak value\nvalue = 1\n"
    strong = ".globl value\nvalue = 2\n"
    use = START + ".data\n.word value"
    for texts in ((use, weak, strong), (use, strong, weak), (weak + use, strong)):
        assert word(linked(machine, *texts), ".data") == 2
    assert word(linked(machine, use, weak), ".data") == 1


def test_an_undefined_weak_symbol_is_zero(machine: Machine) -> None:
    assert word(linked(machine, START + ".weak none\n.data\n.word none"), ".data") == 0


def test_common_memory_is_shared_and_as_large_as_the_largest(machine: Machine) -> None:
    executable = linked(machine, START + ".comm x, 4, 4\n.comm y, 2", ".comm x, 16, 32")
    (bss,) = (s for s in executable.sections if s.name == ".bss")
    assert executable.symbols["x"] % 32 == 0
    assert bss.size >= 16 + 2


def test_a_definition_wins_over_common_memory(machine: Machine) -> None:
    executable = linked(machine, START + ".comm x, 4, 4", ".globl x\n.data\nx: .word 5")
    assert executable.symbols["x"] == section(executable, ".data")[0]


def test_the_linker_defines_what_programs_expect(machine: Machine) -> None:
    text = (
        START
        + """
        .data
        .word __global_pointer$, __bss_start, _end, _edata, _etext, __start_table, __stop_table
        .word __init_array_start, __init_array_end
        .section table, "a"
        .word 1, 2
        .bss
        .zero 12
    """
    )
    executable = linked(machine, text)
    data, table = section(executable, ".data")[0], section(executable, "table")[0]
    found = [word(executable, ".data", i) for i in range(9)]
    end = data + 9 * 4
    assert found == [data + 0x800, end, end + 12, end, 0x80000004, table, table + 8, 0, 0]


def test_programs_may_define_those_themselves(machine: Machine) -> None:
    executable = linked(machine, START + ".globl _end\n_end = 5\n.data\n.word _end")
    assert word(executable, ".data") == 5


def test_the_entry_may_have_another_name_and_be_local(machine: Machine) -> None:
    one = assemble("nop\nmain: ret", machine, file="a.S")
    assert link([one], entry="main").entry == 0x80000004


def test_an_address_beyond_the_machine_is_an_error(machine: Machine) -> None:
    with pytest.raises(AssemblyError, match="outside the 32-bit address space"):
        linked(machine, START + ".skip 100", text_base=0xFFFF_FFF0)


def test_debugging_sections_are_kept_but_not_loaded(machine: Machine) -> None:
    executable = linked(machine, START + '.section .debug_x,"",@progbits\nx: .word x, _start')
    (debug,) = (s for s in executable.sections if s.name == ".debug_x")
    assert (debug.address, debug.contents) == (0, bytes(4) + b"\0\0\0\x80")


def test_a_name_of_a_section_is_its_start(machine: Machine) -> None:
    executable = linked(machine, START + ".data\n.word .data, .text")
    assert [word(executable, ".data", i) for i in (0, 1)] == [0x80001000, 0x80000000]
