"""User mode (privileged manual 3.1.6, 3.3): how one gets there, what it may, and the way back."""

from __future__ import annotations

import pytest
from bare import Bare, traps, user

ILLEGAL, ECALL_FROM_USER = 2, 8
MPP, MPRV, TW = 3 << 11, 1 << 17, 1 << 21


def causes(*lines: str) -> list[int]:
    return [row[0] for row in traps(*lines)]


def test_mret_goes_to_user_mode_and_ecall_back() -> None:
    ran = Bare("csrr a0, mhartid", *user("li a1, 5"), "csrr a2, mstatus")
    assert [row[0] for row in ran.log] == [ECALL_FROM_USER]
    assert ran.log[0][3] & MPP == 0
    assert ran.x[11] == 5


@pytest.mark.parametrize("line", ["mret", "csrr a0, mstatus", "csrw mscratch, a0", "csrr a0, mip"])
def test_what_user_mode_may_not(line: str) -> None:
    assert causes(*user(line)) == [ILLEGAL, ECALL_FROM_USER]


@pytest.mark.parametrize(
    "line", ["wfi", "fence", "fence.i", "fadd.d fa0, fa0, fa0", "csrr a0, fcsr"]
)
def test_what_user_mode_may(line: str) -> None:
    assert [row[0] for row in traps(*user(line), isa="rv32imafdc_zifencei")] == [ECALL_FROM_USER]


def test_wfi_in_user_mode_is_illegal_with_timeout_wait() -> None:
    lines = (f"li t0, {TW}", "csrs mstatus, t0")
    assert causes(*lines, "wfi", *user("wfi")) == [ILLEGAL, ECALL_FROM_USER]


def test_user_mode_reaches_all_of_memory() -> None:
    """There is no physical memory protection."""
    lines = user("la a0, data", "sw a0, 0(a0)", "lw a1, 0(a0)", "li a2, 0x02000000", "lw a3, 0(a2)")
    ran = Bare(*lines)
    assert [row[0] for row in ran.traps] == [ECALL_FROM_USER]
    assert ran.x[11] == ran.machine.address_of("data")


def test_the_unit_may_be_off_in_user_mode() -> None:
    lines = ("li t0, 3 << 13", "csrc mstatus, t0")
    assert causes(*lines, *user("fadd.s fa0, fa0, fa0", "csrr a0, fcsr")) == [
        ILLEGAL,
        ILLEGAL,
        ECALL_FROM_USER,
    ]


def test_mret_to_user_mode_clears_mprv() -> None:
    ran = Bare(f"li t0, {MPRV}", "csrs mstatus, t0", "csrr a0, mstatus", *user("nop"),
               "csrr a1, mstatus")  # fmt: skip
    assert (ran.x[10] & MPRV, ran.x[11] & MPRV) == (MPRV, 0)


def test_mret_to_machine_mode_keeps_mprv() -> None:
    ran = Bare(f"li t0, {MPRV}", "csrs mstatus, t0", "ecall", "csrr a0, mstatus")
    assert ran.x[10] & MPRV == MPRV


def test_mprv_changes_nothing() -> None:
    """Loads and stores as in user mode: it sees the same memory."""
    lines = (
        f"li t0, {MPP}",
        "csrc mstatus, t0",
        f"li t0, {MPRV}",
        "csrs mstatus, t0",
        "la a0, data",
    )
    ran = Bare(*lines, "sw a0, 0(a0)", "lw a1, 0(a0)")
    assert (ran.traps, ran.x[11]) == ([], ran.machine.address_of("data"))


def test_at_reset_mret_stays_in_machine_mode() -> None:
    ran = Bare("la t0, 1f", "csrw mepc, t0", "mret", "1: csrr a0, mstatus")
    assert (ran.traps, ran.x[10] & MPP) == ([], 0)


def test_a_trap_in_user_mode_returns_there() -> None:
    lines = user("ebreak", "csrr a0, mstatus")
    found = Bare(*lines).log
    assert [row[0] for row in found] == [3, ILLEGAL, ECALL_FROM_USER]
    assert [row[3] & MPP for row in found] == [0, 0, 0]


def test_calls_of_the_host_from_user_mode() -> None:
    """Where no handler is set, ecall is the host's in every mode."""
    from rvx import Machine
    from rvx.asm import assemble, elf_image, link
    from rvx.machine.elf import read_elf

    machine = Machine()
    text = "_start: la t0, 1f\ncsrw mepc, t0\nli t0, 3 << 11\ncsrc mstatus, t0\nmret\n"
    text += "1: li a0, 42\nli a7, 93\necall\n"
    executable = link([assemble(text, machine.machine, file="u.S")], text_base=0x8000_0000)
    machine.load(read_elf(elf_image(executable), name="u.elf", xlen=32))
    assert machine.run(100).status == 42
    assert machine.hart.states["privilege"] == [0]
