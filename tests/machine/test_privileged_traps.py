"""Every exception: mcause, mepc and mtval (privileged manual 3.1.14 to 3.1.16), one row a fact."""

from __future__ import annotations

import pytest
from bare import BASE, Bare, traps, user

MISALIGNED_FETCH, FETCH_FAULT, ILLEGAL, BREAKPOINT = 0, 1, 2, 3
MISALIGNED_LOAD, LOAD_FAULT, MISALIGNED_STORE, STORE_FAULT = 4, 5, 6, 7
ECALL_FROM_USER, ECALL_FROM_MACHINE = 8, 11


@pytest.mark.parametrize(
    ("lines", "trap"),
    [
        # Illegal instructions: mtval is the word.
        ([".word 0"], (ILLEGAL, 0, 0)),
        ([".word 0xffffffff"], (ILLEGAL, 0, 0xFFFFFFFF)),
        ([".word 0x30200073 | 1 << 7"], (ILLEGAL, 0, 0x302000F3)),  # mret with an rd
        ([".word 0x10200073"], (ILLEGAL, 0, 0x10200073)),  # sret: no supervisor mode
        ([".word 0x12000073"], (ILLEGAL, 0, 0x12000073)),  # sfence.vma
        ([".word 0x7b200073"], (ILLEGAL, 0, 0x7B200073)),  # dret: no debug mode
        (["csrr a0, 0x180"], (ILLEGAL, 0, 0x18002573)),  # satp
        (["csrw cycle, zero"], (ILLEGAL, 0, 0xC0001073)),  # read-only
        (["csrs mhartid, a0"], (ILLEGAL, 0, 0xF1452073)),
        ([".word 0x02b50553 | 5 << 12"], (ILLEGAL, 0, 0x02B55553)),  # fadd.d with mode 5
        ([".word 0x1005252f | 1 << 20"], (ILLEGAL, 0, 0x1015252F)),  # lr.w with an rs2
        ([".word 0x0005352f"], (ILLEGAL, 0, 0x0005352F)),  # amoadd.d
        # Breakpoints: mtval is the address.
        (["ebreak"], (BREAKPOINT, 0, BASE + 0x1C)),
        # Calls.
        (["ecall"], (ECALL_FROM_MACHINE, 0, 0)),
        # Loads.
        (["lb a0, 0(zero)"], (LOAD_FAULT, 0, 0)),
        (["lbu a0, 2047(zero)"], (LOAD_FAULT, 0, 0x7FF)),
        (["lh a0, -1(zero)"], (LOAD_FAULT, 0, 0xFFFFFFFF)),
        (["lhu a0, 3(zero)"], (LOAD_FAULT, 0, 3)),
        (["lw a0, -4(zero)"], (LOAD_FAULT, 0, 0xFFFFFFFC)),
        (["flw fa0, 8(zero)"], (LOAD_FAULT, 0, 8)),
        (["fld fa0, 8(zero)"], (LOAD_FAULT, 0, 8)),
        (["lr.w a0, (zero)"], (LOAD_FAULT, 0, 0)),
        # Stores and atomic operations.
        (["sb a0, 1(zero)"], (STORE_FAULT, 0, 1)),
        (["sh a0, 2(zero)"], (STORE_FAULT, 0, 2)),
        (["sw a0, 4(zero)"], (STORE_FAULT, 0, 4)),
        (["fsw fa0, 4(zero)"], (STORE_FAULT, 0, 4)),
        (["fsd fa0, 4(zero)"], (STORE_FAULT, 0, 4)),
        (["sc.w a0, a0, (zero)"], (STORE_FAULT, 0, 0)),
        (["amoadd.w a0, a0, (zero)"], (STORE_FAULT, 0, 0)),
        (["amoswap.w.aqrl zero, a0, (zero)"], (STORE_FAULT, 0, 0)),
    ],
)
def test_what_traps(lines: list[str], trap: tuple[int, int, int]) -> None:
    assert traps(*lines) == [trap]


@pytest.mark.parametrize(
    ("line", "cause", "address"),
    [
        ("c.lw a0, 4(a5)", LOAD_FAULT, 0x104),
        ("c.flw fa0, 8(a5)", LOAD_FAULT, 0x108),
        ("c.fld fa0, 16(a5)", LOAD_FAULT, 0x110),
        ("c.lwsp a0, 12(sp)", LOAD_FAULT, 0x20C),
        ("c.flwsp fa0, 4(sp)", LOAD_FAULT, 0x204),
        ("c.fldsp fa0, 8(sp)", LOAD_FAULT, 0x208),
        ("c.sw a0, 4(a5)", STORE_FAULT, 0x104),
        ("c.fsw fa0, 8(a5)", STORE_FAULT, 0x108),
        ("c.fsd fa0, 16(a5)", STORE_FAULT, 0x110),
        ("c.swsp a0, 12(sp)", STORE_FAULT, 0x20C),
        ("c.fswsp fa0, 4(sp)", STORE_FAULT, 0x204),
        ("c.fsdsp fa0, 8(sp)", STORE_FAULT, 0x208),
    ],
)
def test_what_traps_compressed(line: str, cause: int, address: int) -> None:
    """mepc is where the halfword is, at any even address. The handler goes on four bytes behind."""
    ran = Bare(
        ".option norvc", "li a5, 0x100", "li sp, 0x200", ".option rvc", "c.nop", line, "c.nop"
    )
    assert ran.traps == [(cause, 10, address)]


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize(
    ("instruction", "cause"),
    [
        ("lr.w a2, (a0)", MISALIGNED_LOAD),
        ("lr.w.aq a2, (a0)", MISALIGNED_LOAD),
        ("sc.w a2, a1, (a0)", MISALIGNED_STORE),
        ("amoswap.w a2, a1, (a0)", MISALIGNED_STORE),
        ("amoadd.w zero, a1, (a0)", MISALIGNED_STORE),
        ("amomaxu.w.rl a2, a1, (a0)", MISALIGNED_STORE),
    ],
)
def test_misaligned_atomic_operations(instruction: str, cause: int, offset: int) -> None:
    ran = Bare("la a0, data", f"addi a0, a0, {offset}", instruction)
    data = ran.machine.address_of("data")
    assert ran.traps == [(cause, 12, data + offset)]
    assert ran.machine.read("data", "<u4", 2).tolist() == [0, 0]


@pytest.mark.parametrize("offset", range(8))
def test_other_misaligned_accesses_are_made(offset: int) -> None:
    lines = ("la a0, data", "li a1, 0x89abcdef", f"sw a1, {offset}(a0)", f"lw a2, {offset}(a0)")
    more = (f"lhu a3, {offset}(a0)", f"fld fa0, {offset}(a0)", f"fsd fa0, {8 + offset}(a0)")
    ran = Bare(*lines, *more, f"lw a4, {8 + offset}(a0)")
    assert ran.traps == []
    assert ran.x[12:15] == [0x89ABCDEF, 0xCDEF, 0x89ABCDEF]


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("jal ra, .+6", 6),
        ("jal zero, .+2", 2),
        ("beq zero, zero, .+10", 10),
        ("bgeu zero, zero, .-2", -2),
    ],
)
def test_misaligned_jumps_without_compressed_instructions(line: str, target: int) -> None:
    """The jump itself traps, with the target as mtval, and writes no register."""
    ran = Bare("li ra, 7", line, isa="rv32ima")
    at = ran.machine.address_of("first") + 4
    assert ran.traps == [(MISALIGNED_FETCH, 4, at + target & 0xFFFFFFFF)]
    assert ran.x[1] == 7


def test_a_misaligned_jalr() -> None:
    ran = Bare("la a0, first", "li ra, 7", "jalr ra, 6(a0)", isa="rv32ima")
    first = ran.machine.address_of("first")
    assert (ran.traps, ran.x[1]) == ([(MISALIGNED_FETCH, 12, first + 6)], 7)
    ran = Bare("la a0, 1f", "jalr ra, 1(a0)", ".word 0", "1: nop", isa="rv32ima")
    assert ran.traps == []  # the lowest bit is cleared first


def test_a_branch_that_is_not_taken_does_not_trap() -> None:
    assert traps("bne zero, zero, .+10", isa="rv32ima") == []


def test_with_compressed_instructions_no_jump_is_misaligned() -> None:
    lines = ("jal zero, 1f", ".half 0", "1: .half 0x0001", ".half 0x0001")
    assert traps("nop", *lines, isa="rv32imac") == []


@pytest.mark.parametrize("half", [0x0000, 0x8002, 0xE002, 0x6101, 0x6001, 0x9C61])
def test_reserved_compressed_words(half: int) -> None:
    """All zeros, c.jr x0, c.fswsp without F, c.addi16sp 0, c.lui 0, RV64's c.subw: mtval is the
    halfword. The handler goes on four bytes behind."""
    assert traps(f".half {half}", ".half 1", isa="rv32imac") == [(ILLEGAL, 0, half)]


def test_compressed_breakpoints() -> None:
    ran = Bare(".half 0x9002", ".half 1", isa="rv32imac")
    assert ran.traps == [(BREAKPOINT, 0, ran.machine.address_of("first"))]


@pytest.mark.parametrize("target", ["zero", "s3"])
def test_a_fetch_where_nothing_is(target: str) -> None:
    """mepc and mtval are the address where the instruction would be."""
    ran = Bare("la s1, 1f", "li s3, 0x40000000", f"jr {target}", "1: nop")
    address = 0 if target == "zero" else 0x40000000
    assert [row[0] for row in ran.traps] == [FETCH_FAULT]
    assert ran.log[0][1] + ran.machine.address_of("first") == address
    assert ran.log[0][2] == address


def test_a_fetch_that_begins_inside() -> None:
    """Of a long instruction over the end of memory mtval is the part that is not there."""
    lines = ("la s1, 1f", "li s3, 0x80002ffe", "li a0, 3", "sh a0, 0(s3)", "jr s3", "1: nop")
    ran = Bare(*lines, isa="rv32imac", ram="0x80000000:12K")
    assert ran.traps[0][0] == FETCH_FAULT
    assert ran.log[0][1] + ran.machine.address_of("first") == 0x80002FFE
    assert ran.log[0][2] == 0x80003000


def test_nothing_is_fetched_from_devices() -> None:
    ran = Bare("la s1, 1f", "li s3, 0x02000000", "jr s3", "1: nop")
    assert [(row[0], row[2]) for row in ran.traps] == [(FETCH_FAULT, 0x02000000)]


def test_calls_by_privilege() -> None:
    ran = Bare(*user("ecall", "ebreak", ".word 0"))
    first = ran.log[0][1]
    assert ran.traps == [
        (ECALL_FROM_USER, first, 0),
        (BREAKPOINT, first + 4, ran.machine.address_of("first") + first + 4),
        (ILLEGAL, first + 8, 0),
        (ECALL_FROM_USER, ran.log[-1][1], 0),
    ]


def test_what_a_trap_does_to_mstatus() -> None:
    """MPP is the privilege, MPIE what MIE was, MIE zero; mret turns it back, and leaves MPP 0."""
    lines = ("csrsi mstatus, 8", "ecall", "csrr a0, mstatus", "csrci mstatus, 8", "ecall")
    ran = Bare(*lines, "csrr a1, mstatus")
    mie, mpie, mpp = 1 << 3, 1 << 7, 3 << 11
    assert [row[3] & (mie | mpie | mpp) for row in ran.log] == [mpie | mpp, mpp]
    assert [value & (mie | mpie | mpp) for value in ran.x[10:12]] == [mie | mpie, mpie]


def test_a_trap_leaves_no_effect() -> None:
    lines = ("li a0, 5", "lw a0, 0(zero)", "amoadd.w a0, a0, (zero)", "sc.w a0, a0, (zero)")
    assert Bare(*lines).x[10] == 5


def test_mepc_and_mtvec_hold_what_an_address_can() -> None:
    """Exceptions go to the base, whatever the mode bit says."""
    ran = Bare("la t0, vector", "addi t0, t0, 1", "csrw mtvec, t0", "ecall", "ebreak")
    assert [row[0] for row in ran.traps] == [ECALL_FROM_MACHINE, BREAKPOINT]
