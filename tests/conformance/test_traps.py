"""Exceptions of single instructions: the cause, the value, and that nothing else has happened."""

import pytest

from rvx.machine.hart import (
    BREAKPOINT,
    FETCH_FAULT,
    FETCH_MISALIGNED,
    ILLEGAL,
    LOAD_FAULT,
    STORE_FAULT,
)
from rvx.reference.storage import TrapRaised

from .single import RAM, Single

ECALL_FROM_MACHINE_MODE = 11
MPIE_AFTER, HANDLER = 1, 0x80000400


@pytest.fixture
def single():
    machine = Single()
    machine.x[1:8] = [0x80000100, 2, 3, 4, 5, 6, 7]
    return machine


def trap_of(single, mnemonic, **fields):
    """The cause and the value; registers, pc and memory stay as they were."""
    bound = single.bind(mnemonic, **fields)
    before = [list(single.x), list(single.f), single.memory.read(RAM.start, len(RAM))]
    with pytest.raises(TrapRaised) as raised:
        single.execute(bound)
    assert [single.x, single.f, single.memory.read(RAM.start, len(RAM))] == before
    assert single.hart.pc == RAM.start
    # Nor is anything left for the next instruction to commit.
    single.run("addi", rd=0, rs1=0, imm=0)
    assert [single.x, single.f] == before[:2]
    assert single.flags() == 0
    return raised.value.cause, raised.value.value


@pytest.mark.parametrize(
    "word", [0x00000000, 0xFFFFFFFF, 0x0000000B, 0x02000053, 0x30200073 | 1 << 7]
)
def test_words_that_are_no_instruction(single, word):
    """Zeros, ones, custom-0, fadd.d, and mret with an rd."""
    with pytest.raises(TrapRaised) as raised:
        single.bind_word(word)
    assert (raised.value.cause, raised.value.value) == (ILLEGAL, word)


def test_a_misaligned_jump_leaves_rd_alone(single):
    """The exception is the jump's own, with the target as its value (unprivileged manual 2.5)."""
    assert trap_of(single, "jal", rd=5, imm=6) == (FETCH_MISALIGNED, RAM.start + 6)
    single.x[6] = 0x80000203
    assert trap_of(single, "jalr", rd=5, rs1=6, imm=0) == (FETCH_MISALIGNED, 0x80000202)
    assert trap_of(single, "jalr", rd=6, rs1=6, imm=-1) == (FETCH_MISALIGNED, 0x80000202)


def test_jalr_clears_the_lowest_bit_before_it_is_checked(single):
    single.x[6] = 0x80000204
    single.run("jalr", rd=5, rs1=6, imm=1)
    assert (single.hart.pc, single.x[5]) == (0x80000204, RAM.start + 4)


def test_a_branch_is_misaligned_only_if_taken(single):
    taken = {"rs1": 2, "rs2": 2, "imm": 6}
    assert trap_of(single, "beq", **taken) == (FETCH_MISALIGNED, RAM.start + 6)
    single.run("bne", **taken)
    assert single.hart.pc == RAM.start + 4


def test_jumps_wrap_around_the_address_space(single):
    single.run("jal", rd=5, imm=-0x100000)
    assert single.hart.pc == 0x7FF00000
    single.x[6] = 0xFFFFFFF8
    single.run("jalr", rd=5, rs1=6, imm=12)
    assert single.hart.pc == 4


@pytest.mark.parametrize("mnemonic", ["lb", "lh", "lw", "lbu", "lhu", "flw"])
def test_loads_outside_of_ram(single, mnemonic):
    for address in (RAM.stop, RAM.start - 4, 0, 0xFFFFFFFC):
        single.x[6] = address
        assert trap_of(single, mnemonic, rd=5, rs1=6, imm=0) == (LOAD_FAULT, address)


@pytest.mark.parametrize("mnemonic", ["sb", "sh", "sw", "fsw"])
def test_stores_outside_of_ram(single, mnemonic):
    for address in (RAM.stop, RAM.start - 4, 0, 0xFFFFFFFC):
        single.x[6] = address
        assert trap_of(single, mnemonic, rs2=2, rs1=6, imm=0) == (STORE_FAULT, address)


def test_an_access_half_outside_of_ram_does_nothing(single):
    single.x[6] = RAM.stop
    assert trap_of(single, "sw", rs2=2, rs1=6, imm=-2)[0] == STORE_FAULT
    assert trap_of(single, "lw", rd=5, rs1=6, imm=-2)[0] == LOAD_FAULT


def test_misaligned_accesses_are_done(single):
    for offset in (1, 2, 3):
        single.x[2] = 0x89ABCDEF
        single.run("sw", rs2=2, rs1=1, imm=offset)
        single.run("lw", rd=3, rs1=1, imm=offset)
        assert single.x[3] == 0x89ABCDEF
    single.run("lh", rd=3, rs1=1, imm=5)
    assert single.x[3] == 0xFFFF89AB


@pytest.mark.parametrize("pc", [RAM.stop, RAM.stop - 2, 0])
def test_fetching_outside_of_ram(single, pc):
    single.hart.pc = pc
    with pytest.raises(TrapRaised) as raised:
        single.hart.fetch()
    assert (raised.value.cause, raised.value.value) == (FETCH_FAULT, pc)


def test_ecall_and_ebreak(single):
    assert trap_of(single, "ecall") == (ECALL_FROM_MACHINE_MODE, 0)
    assert trap_of(single, "ebreak") == (BREAKPOINT, RAM.start)


@pytest.mark.parametrize("enabled", [0, 1])
def test_a_trap_is_entered_and_left(single, enabled):
    """Privileged manual 3.1.6.1 and 3.1.14 to 3.1.16."""
    states = single.states
    states["mtvec"][0], states["mie_bit"][0] = HANDLER, enabled
    single.hart.pc = 0x80000200
    single.hart.trap(LOAD_FAULT, 0x1234)
    assert single.hart.pc == HANDLER
    assert [states[n][0] for n in ("mepc", "mcause", "mtval")] == [0x80000200, LOAD_FAULT, 0x1234]
    assert (states["mie_bit"][0], states["mpie"][0]) == (0, enabled)
    single.run("mret")
    assert single.hart.pc == 0x80000200
    assert (states["mie_bit"][0], states["mpie"][0]) == (enabled, MPIE_AFTER)
