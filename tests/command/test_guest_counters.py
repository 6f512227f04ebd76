"""The counters as a guest sees them (privileged manual 3.1.10 and 3.1.12)."""

from __future__ import annotations

from calling import EXIT, Rvx
from guest import counted, machine, program


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
