"""Traps that a guest handles: mcause, mepc, mtval and the way back."""

from __future__ import annotations

import pytest
from calling import EXIT, Rvx
from guest import FIRST, RECORDS, START, machine, traps

from rvx.machine.report import UnhandledTrap


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
