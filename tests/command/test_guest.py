"""What a guest can count on: traps and their handler, counters, memory, its start."""

from __future__ import annotations

import numpy as np
import pytest
from calling import EXIT, Rvx

from rvx import Machine
from rvx.asm import assemble_file, elf_image, link
from rvx.machine.elf import read_elf
from rvx.machine.program import Program
from rvx.machine.report import UnhandledTrap

RECORDS = """
        .text
exit:   li   a7, 93
        csrw mtvec, zero
        ecall
        .balign 4
handler: csrr t3, mcause
        sw   t3, 0(s1)
        csrr t3, mepc
        sw   t3, 4(s1)
        csrr t4, mtval
        sw   t4, 8(s1)
        addi s1, s1, 12
        addi t3, t3, 4
        beqz s2, 1f
        mv   t3, s2
1:      li   s2, 0
        csrw mepc, t3
        mret
        .data
log:    .space 1200
out:    .space 64
"""
START = ("la t0, handler", "csrw mtvec, t0", "la s1, log")
FIRST = 0x80000014  # the instruction after START


def machine(rvx: Rvx, *lines: str, text_base: int = 0x8000_0000, **options: object) -> Machine:
    """A machine that has loaded the program that the lines are."""
    found = Machine(**options)  # type: ignore[arg-type]
    found.load(program(rvx, found, *lines, text_base=text_base))
    return found


def program(rvx: Rvx, found: Machine, *lines: str, text_base: int = 0x8000_0000) -> Program:
    assembly = assemble_file(rvx.folder / rvx.program(*lines), found.machine)
    executable = link([assembly], text_base=text_base)
    return read_elf(elf_image(executable), name="p.elf", xlen=32)


def traps(rvx: Rvx, *lines: str) -> list[tuple[int, int, int]]:
    """mcause, mepc from the first line, and mtval of each trap."""
    ran = machine(rvx, *START, "first:", *lines, "li a0, 0", "j exit", RECORDS)
    assert ran.run(1000).status == 0
    count = (ran.hart.registers["x"][9] - ran.address_of("log")) // 12
    rows = ran.read("log", "<u4", (count, 3)).tolist()
    return [(cause, pc - FIRST, value) for cause, pc, value in rows]


@pytest.mark.parametrize(
    ("line", "trap"),
    [
        (".word 0xffffffff", (2, 0, 0xFFFFFFFF)),
        (".word 0", (2, 0, 0)),
        ("csrr a0, 0x5c0", (2, 0, 0x5C002573)),
        ("csrw mhartid, a0", (2, 0, 0xF1451073)),
        ("ecall", (11, 0, 0)),
        ("ebreak", (3, 0, FIRST)),
        ("lw a0, 4(zero)", (5, 0, 4)),
        ("sh a0, -2(zero)", (7, 0, 0xFFFFFFFE)),
        ("jal ra, .+6", (0, 0, FIRST + 6)),
        ("beq zero, zero, .+10", (0, 0, FIRST + 10)),
    ],
)
def test_a_trap_and_the_way_back(rvx: Rvx, line: str, trap: tuple[int, int, int]) -> None:
    assert traps(rvx, line) == [trap]


def test_a_branch_that_is_not_taken_does_not_trap(rvx: Rvx) -> None:
    assert traps(rvx, "bne zero, zero, .+10") == []


def test_a_trap_leaves_no_effect(rvx: Rvx) -> None:
    lines = ("li ra, 7", "jal ra, .+6", "li t0, 9", "li t1, 4", "lw t0, 0(t1)", "sw t0, 0(t1)")
    ran = machine(rvx, *START, *lines, "li a0, 0", "j exit", RECORDS)
    ran.run()
    x = ran.hart.registers["x"]
    assert (x[1], x[5]) == (7, 9)


def test_a_fetch_where_nothing_is(rvx: Rvx) -> None:
    assert traps(rvx, "la s2, back", "jr zero", "back: nop") == [(1, -FIRST, 0)]


def test_traps_do_not_retire(rvx: Rvx) -> None:
    ran = machine(rvx, *START, "csrr s3, minstret", "ecall", "csrr s4, minstret", "j exit", RECORDS)
    ran.run()
    x = ran.hart.registers["x"]
    assert x[20] - x[19] == 1 + 12  # the first csrr, and the handler's instructions


def test_the_vector_at_zero_is_used_where_a_program_lies_there(rvx: Rvx) -> None:
    lines = ("j handler", ".org 64", "main: .word 0", "handler: csrr a0, mcause", "beqz a0, main")
    done = machine(rvx, *lines, EXIT, text_base=0)
    assert done.run(100).status == 2
    with pytest.raises(UnhandledTrap, match="illegal instruction at 0x00001040 <main>"):
        machine(rvx, *lines, EXIT, text_base=0x1000).run(100)


def test_ecall_is_a_trap_with_an_exit_port(rvx: Rvx) -> None:
    lines = ("j handler", ".org 64", "main: ecall", "handler: csrr a0, mcause", "beqz a0, main")
    port = 0xF0000000
    ends = (f"li t0, {port}", "sw a0, 0(t0)")
    assert machine(rvx, *lines, *ends, text_base=0, exit_port=port).run(100).status == 11
    assert machine(rvx, *lines, EXIT, text_base=0).run(8).status is None  # a host call, unknown


# Counters


def counted(rvx: Rvx, *lines: str, core: str = "single") -> list[int]:
    """s2 to s11 after the lines."""
    ran = machine(rvx, *lines, EXIT, core=core)
    ran.run()
    return ran.hart.registers["x"][18:28]


def test_counters_read_what_was_before(rvx: Rvx) -> None:
    names = ("mcycle", "mcycle", "minstret", "cycle", "instret", "time", "mcycleh", "instreth")
    lines = [f"csrr s{2 + i}, {name}" for i, name in enumerate(names)]
    assert counted(rvx, *lines)[:8] == [0, 1, 2, 3, 4, 5, 0, 0]


def test_a_written_counter_goes_on_from_there(rvx: Rvx) -> None:
    """The write wins over the increment of the instruction that writes."""
    lines = (
        *("li t0, 1000", "csrw mcycle, t0", "csrr s2, mcycle", "nop", "csrr s3, cycle"),
        *("csrw minstret, t0", "csrr s4, minstret", "nop", "csrr s5, instret"),
        *("li t0, -1", "csrw mcycle, t0", "csrr s6, mcycle", "csrr s7, mcycle", "csrr s8, mcycleh"),
        *("csrwi minstreth, 3", "csrr s9, minstreth", "csrrw s10, minstret, zero"),
        "csrr s11, minstret",
    )
    found = counted(rvx, *lines)
    assert found[:7] == [1000, 1002, 1000, 1002, 0xFFFFFFFF, 0, 1]
    assert (found[7], found[9]) == (3, 0)


def test_inhibited_counters_stand_still(rvx: Rvx) -> None:
    lines = (
        *("csrwi mcountinhibit, 5", "csrr s2, mcycle", "nop", "csrr s3, mcycle"),
        *("csrr s4, minstret", "li t0, 70", "csrw mcycle, t0", "nop", "csrr s5, mcycle"),
        *("csrwi mcountinhibit, 1", "csrr s6, minstret", "csrr s7, minstret", "csrr s8, mcycle"),
        *("csrwi mcountinhibit, 0", "csrr s9, mcycle", "csrr s10, mcycle", "csrr s11, minstret"),
    )
    assert counted(rvx, *lines) == [0, 0, 0, 70, 0, 1, 70, 70, 71, 6]


def test_the_cycle_counter_counts_the_cores_cycles(rvx: Rvx) -> None:
    lines = ("csrr s2, mcycle", "li t0, 7", "1: addi t0, t0, -1", "bnez t0, 1b", "csrr s3, mcycle")
    slow = counted(rvx, *lines, core="tiny")
    assert slow[1] - slow[0] == 1 + 1 + 14 + 6 * 2


def test_an_instruction_of_ones_own_sees_the_counters(rvx: Rvx) -> None:
    rvx.write(
        "own.isa",
        "extension Xown requires I { instruction own.now rd: x "
        "is I(opcode = 0b0101011, funct3 = 0, imm = 0, rs1 = 0) { rd = cycle[31:0]; } }",
    )
    ran = machine(rvx, "nop", "nop", "own.now s2", EXIT, extra="own.isa")
    ran.run()
    assert ran.hart.registers["x"][18] == 2


def test_loading_again_starts_again(rvx: Rvx) -> None:
    ran = machine(rvx, "csrr a0, mcycle", "li t0, 50", "csrw mcycle, t0", EXIT)
    first = ran.run()
    ran.load(program(rvx, ran, "csrr a0, mcycle", "li t0, 50", "csrw mcycle, t0", EXIT))
    assert (first.status, ran.run()) == (0, first)


# Memory and start


def test_misaligned_accesses_are_made(rvx: Rvx) -> None:
    lines = ("la t0, out", "li t1, 0x11223344", "sw t1, 3(t0)", "lh a0, 5(t0)", "lw s2, 3(t0)")
    ran = machine(rvx, *lines, EXIT, RECORDS)
    assert ran.run().status == 0x22
    assert ran.hart.registers["x"][18] == 0x11223344


def test_an_access_over_the_end_of_memory_faults_whole(rvx: Rvx) -> None:
    lines = ("li t0, 0x80001ffe", "li t1, -1", "la s2, after", "sw t1, 0(t0)", "after: li a0, 0")
    ran = machine(rvx, *START, *lines, "j exit", RECORDS, ram="0x80000000:8K")
    ran.run()
    assert ran.read("log", "<u4", 1)[0] == 7
    assert ran.memory.read(0x80001FFE, 2) == b"\0\0"


def test_code_that_writes_code(rvx: Rvx) -> None:
    lines = ("la t0, new", "lw t1, 0(t0)", "la t0, old", "sw t1, 0(t0)", "j old")
    ran = machine(rvx, *lines, "new: li a0, 42", "old: li a0, 1", EXIT)
    assert ran.run().status == 42
    again = ("old: li a0, 1", "bnez a1, 1f", "la t0, new", "lw t1, 0(t0)", "la t0, old")
    ran = machine(rvx, *again, "sw t1, 0(t0)", "li a1, 1", "j old", f"1: {EXIT}", "new: li a0, 9")
    assert ran.run().status == 9


def test_the_stack_is_at_the_end_of_ram_and_aligned(rvx: Rvx) -> None:
    assert machine(rvx, EXIT).hart.registers["x"][2] == 0x84000000
    ran = machine(rvx, EXIT, ram=["0x80000000:100001", "0:1M"])
    assert ran.hart.registers["x"][2] == 0x80000000 + 100001 & -16
    assert ran.memory.load(ran.hart.registers["x"][2] - 4, 4) == 0


def test_the_heap_ends_before_the_stack(rvx: Rvx) -> None:
    lines = ("li a7, 214", "li a0, 0", "ecall", "mv s2, a0", "li a0, -16", "ecall", "mv s3, a0")
    _break, refused = counted(rvx, *lines)[:2]
    assert _break == refused
    assert 0x80000000 < _break < 0x83F00000


def test_a_program_that_starts_elsewhere(rvx: Rvx) -> None:
    found = Machine()
    source = rvx.folder / rvx.write("p.S", "one: li a0, 1\n j out\nmain: li a0, 2\nout:" + EXIT)
    executable = link([assemble_file(source, found.machine)], entry="main")
    found.load(read_elf(elf_image(executable), name="p.elf", xlen=32))
    assert found.run().status == 2


def test_a_large_program(rvx: Rvx) -> None:
    """A hundred thousand instructions and eight megabytes of data."""
    data = (".data", "start: .word 3", ".space 8000000", "end: .word 4")
    lines = (
        ".rept 100000",
        "addi a0, a0, 1",
        ".endr",
        "la t0, end",
        "lw t0, 0(t0)",
        "add a0, a0, t0",
    )
    rvx.program(*lines, EXIT, *data)
    assert rvx("asm", "p.S", "-o", "p.elf").succeeded
    done = rvx("run", "p.elf", "--timing", "off")
    assert (done.status, done.err) == (
        100_004 & 0xFF,
        "rvx: 100006 instructions, 100006 cycles with timing off\n",
    )


# Host calls


@pytest.mark.parametrize(
    ("call", "arguments", "result"),
    [
        (1234, (), -38),
        (64, (1, 0x1000, 4), -14),
        (64, (7, 0x80000000, 4), -9),
        (64, (1, 0x80000000, 0), 0),
        (63, (0, 0x80000000, 0), 0),
        (63, (0, 0x1000, 8), -14),
        (57, (9,), -9),
        (80, (1, 0x1000), -14),
        (169, (0x1000,), -14),
    ],
)
def test_host_calls_that_fail(rvx: Rvx, call: int, arguments: tuple[int, ...], result: int) -> None:
    sets = [f"li a{i}, {value}" for i, value in enumerate(arguments)]
    done = rvx.run(*sets, f"li a7, {call}", "ecall", "neg a0, a0", EXIT)
    assert (done.status, done.out) == (-result, "")


def test_the_time_is_simulated(rvx: Rvx) -> None:
    lines = (
        "li t0, 1000",
        "1: addi t0, t0, -1",
        "bnez t0, 1b",
        "la a0, out",
        "li a7, 169",
        "ecall",
    )
    ran = machine(rvx, *lines, EXIT, RECORDS)
    ran.run()
    assert ran.read("out", np.int64, 2).tolist() == [0, 20]  # 2004 cycles at 100 MHz
