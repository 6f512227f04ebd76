"""The CLINT's timer and software interrupts (privileged manual 3.1.9, 3.2.1): when they are taken,
and what the handler then finds."""

from __future__ import annotations

import pytest
from bare import Bare, traps, user

from rvx import Machine
from rvx.machine.report import UnhandledTrap

SOFTWARE, TIMER = 0x80000003, 0x80000007
MIE = 1 << 3
MPIE, MPP = 1 << 7, 3 << 11
# t1 is mtimecmp: the timer is set by `sw t2, 0(t1)` behind TIMER_ON, that many ticks from then.
TIMER_ON = ("li t1, 0x02004000", "sw zero, 4(t1)", "li t2, 1 << 7", "csrs mie, t2")
SET = ("csrr t2, time", "addi t2, t2, {}", "sw t2, 0(t1)")


def set_in(ticks: int) -> tuple[str, ...]:
    return tuple(line.format(ticks) for line in SET)


@pytest.mark.parametrize("engine", ["reference", "jit"])
@pytest.mark.parametrize("ticks", range(3, 10))
def test_the_timer_interrupts_the_first_instruction_that_finds_it(ticks: int, engine: str) -> None:
    """One instruction a cycle: `csrr time` reads t, so the instruction that is hit is the one whose
    time would be t + ticks."""
    lines = (*TIMER_ON, "csrsi mstatus, 8", "start: csrr t2, time", f"addi t2, t2, {ticks}")
    ran = Bare(*lines, "sw t2, 0(t1)", *["nop"] * 10, engine=engine)
    start = ran.machine.address_of("start") - ran.machine.address_of("first")
    assert ran.traps == [(TIMER, start + 4 * ticks, 0)]
    assert ran.log[0][3] & (MIE | MPIE | MPP) == MPIE | MPP


@pytest.mark.parametrize("engine", ["reference", "jit"])
@pytest.mark.parametrize("timing", [True, False])
def test_a_long_loop_is_interrupted_where_the_reference_says(engine: str, timing: bool) -> None:
    lines = (*TIMER_ON, *set_in(1900), "csrsi mstatus, 8", "li a1, 30000")
    loop = ("1: addi a0, a0, 1", "xor a2, a2, a0", "addi a1, a1, -1", "bnez a1, 1b")
    ran = Bare(*lines, *loop, engine=engine, timing=timing, limit=200_000)
    assert ran.result.status == 0
    assert len(ran.traps) == 1
    assert ran.traps[0] == Bare(*lines, *loop, engine="reference", limit=200_000).traps[0]
    assert ran.x[10] == 30_000


def test_the_timer_counts_a_cores_cycles() -> None:
    """In tiny a taken branch takes three cycles more."""
    loop = ("la a3, log", "1: addi a0, a0, 1", "beq s0, a3, 1b")
    lines = (*TIMER_ON, *set_in(100), "csrsi mstatus, 8", *loop)
    turns = [Bare(*lines, core=core, isa="rv32ima").x[10] for core in ("single", "tiny")]
    assert 20 < turns[1] < turns[0]


def test_an_interrupt_comes_again_until_it_is_cleared() -> None:
    again = (*set_in(6), "sw zero, 4(t1)", *["nop"] * 8)  # the handler has set the upper half
    found = traps(*TIMER_ON, "csrsi mstatus, 8", *again, *again, *again)
    assert [row[0] for row in found] == [TIMER] * 3


def test_an_interrupt_that_is_not_cleared_comes_again() -> None:
    """Each time before the same instruction, which never executes: this handler only returns."""
    lines = ("la t0, 9f", "csrw mtvec, t0", "li t1, 0x02000000", "li t2, 8", "csrs mie, t2")
    loop = ("li t2, 1", "sw t2, 0(t1)", "csrsi mstatus, 8", "li a1, 5", ".balign 4")
    ran = Bare(*lines, *loop, "9: addi a0, a0, 1", "mret", limit=200)
    assert (ran.result.status, ran.x[11]) == (None, 0)
    assert ran.x[10] > 50


@pytest.mark.parametrize(
    ("lines", "causes"),
    [
        (["csrsi mstatus, 8"], []),  # mie does not let it
        (["li t2, 8", "csrs mie, t2"], []),  # mstatus does not
        (["csrsi mstatus, 8", "li t2, 8", "csrs mie, t2"], [SOFTWARE]),
        (["li t2, 8", "csrs mie, t2", "csrsi mstatus, 8"], [SOFTWARE]),
        (["csrsi mstatus, 8", "li t2, 1 << 7 | 1 << 11", "csrs mie, t2"], []),
    ],
)
def test_what_enables_the_software_interrupt(lines: list[str], causes: list[int]) -> None:
    raised = ("li t1, 0x02000000", "li t2, 1", "sw t2, 0(t1)")
    assert [row[0] for row in traps(*raised, *lines, "nop", "nop")] == causes
    assert [row[0] for row in traps(*lines, *raised, "nop", "nop")] == causes


def test_an_interrupt_is_taken_behind_the_instruction_that_lets_it() -> None:
    raised = ("li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)")
    ran = Bare(*raised, "csrsi mstatus, 8", "here: li a0, 7")
    assert ran.traps == [(SOFTWARE, ran.machine.address_of("here") - _first(ran), 0)]
    ran = Bare("li t2, 8", "csrs mie, t2", "csrsi mstatus, 8", *raised[0:1], "li t2, 1",
               "sw t2, 0(t1)", "here: li a0, 7")  # fmt: skip
    assert ran.traps == [(SOFTWARE, ran.machine.address_of("here") - _first(ran), 0)]


def _first(ran: Bare) -> int:
    return ran.machine.address_of("first")


def test_mret_lets_a_pending_interrupt_through() -> None:
    """Behind mret MIE is what MPIE was: the interrupt finds the instruction that mret goes to."""
    lines = ("li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)")
    ran = Bare(*lines, "li t2, 1 << 7", "csrs mstatus, t2", "la t2, here", "csrw mepc, t2", "mret",
               ".word 0", "here: nop")  # fmt: skip
    assert ran.traps == [(SOFTWARE, ran.machine.address_of("here") - _first(ran), 0)]


def test_the_software_interrupt_comes_before_the_timer() -> None:
    lines = (*TIMER_ON, "li t2, 8", "csrs mie, t2", "sw zero, 0(t1)", "li t0, 0x02000000")
    found = traps(*lines, "li t2, 1", "sw t2, 0(t0)", "csrsi mstatus, 8", "nop")
    assert [row[0] for row in found] == [SOFTWARE, TIMER]
    assert found[0][1] == found[1][1]


def test_an_interrupt_comes_before_the_exception_of_its_instruction() -> None:
    lines = ("li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)")
    for bad, cause in ((".word 0", 2), ("ebreak", 3), ("lw a0, 0(zero)", 5), ("ecall", 11)):
        found = traps(*lines, "csrsi mstatus, 8", bad)
        assert [row[0] for row in found] == [SOFTWARE, cause]
        assert found[0][1] == found[1][1]


def test_vectored_interrupts_go_to_four_times_their_cause() -> None:
    lines = ("la t0, vector", "addi t0, t0, 1", "csrw mtvec, t0", "li a0, 0")
    # The slots note which one was taken.
    table = ("j 9f", ".balign 256", "table: j handler", ".rept 15", "j slots", ".endr",
             "slots: csrr a0, mcause", "j handler", "9:")  # fmt: skip
    enter = ("la t0, table", "addi t0, t0, 1", "csrw mtvec, t0", "csrr a1, mtvec")
    raised = ("li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)")
    ran = Bare(*lines, *table, *enter, *raised, "csrsi mstatus, 8", "nop", "ebreak")
    assert [row[0] for row in ran.traps] == [SOFTWARE, 3]
    assert ran.x[10] == SOFTWARE  # the exception went to the base
    assert ran.x[11] == ran.machine.address_of("table") + 1


def test_user_mode_cannot_disable_interrupts() -> None:
    """MIE counts in machine mode only."""
    raised = ("li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)")
    found = Bare(*raised, "csrci mstatus, 8", "nop", *user("nop")).log
    assert [row[0] for row in found] == [SOFTWARE, 8]
    assert found[0][3] & MPP == 0  # it came from user mode


# Waiting ----------------------------------------------------------------------------------------


def test_wfi_returns_at_once() -> None:
    assert traps("wfi", "wfi") == []


def test_wfi_in_a_loop_waits_for_the_timer() -> None:
    lines = (*TIMER_ON, *set_in(500), "csrsi mstatus, 8", "la t0, log")
    ran = Bare(*lines, "1: wfi", "beq s0, t0, 1b")
    assert [row[0] for row in ran.traps] == [TIMER]


def test_the_host_is_told_where_nobody_handles_an_interrupt(tmp_path) -> None:
    from rvx.asm import assemble, elf_image, link
    from rvx.machine.elf import read_elf

    machine = Machine()
    text = "_start: li t1, 0x02000000\nli t2, 8\ncsrs mie, t2\nsw t2, 0(t1)\nli t2, 1\n"
    text += "sw t2, 0(t1)\ncsrsi mstatus, 8\nnop\n"
    executable = link([assemble(text, machine.machine, file="u.S")], text_base=0x8000_0000)
    machine.load(read_elf(elf_image(executable), name="u.elf", xlen=32))
    with pytest.raises(UnhandledTrap, match=r"machine software interrupt at 0x8000001c.*no trap"):
        machine.run()


# What an engine asks ----------------------------------------------------------------------------


def test_the_horizon() -> None:
    machine = Machine()
    states = machine.hart.states
    assert machine.interrupt_horizon() is None
    states["mie"][0], states["mie_bit"][0], states["mtimecmp"][0] = 1 << 7, 1, 1234
    machine._horizon = 0
    assert machine.interrupt_horizon() == 1234
    states["mtimecmp"][0] = 0
    machine._horizon = 0
    assert machine.interrupt_horizon() == 0
    states["mie_bit"][0] = 0
    machine._horizon = 0
    assert machine.interrupt_horizon() is None


def test_a_slow_core_is_not_native_beyond_the_horizon(tmp_path) -> None:
    """What an engine may execute before it looks again depends on what an instruction may cost."""
    core = tmp_path / "slow.isa"
    core.write_text("core slow { isa rv32im; execute mul: 5000; }")
    due = ("csrr t2, time", "li t0, 200000", "add t2, t2, t0", "sw t2, 0(t1)")
    lines = (*TIMER_ON, *due, "csrsi mstatus, 8", "li a1, 300")
    loop = ("1: mul a2, a1, a1", "addi a0, a0, 1", "addi a1, a1, -1", "bnez a1, 1b")
    options = {"isa": "rv32im", "core": "slow", "extra": core}
    ends = [Bare(*lines, *loop, engine=engine, **options) for engine in ("jit", "reference")]
    assert ends[0].log == ends[1].log != []
    assert ends[0].result == ends[1].result
