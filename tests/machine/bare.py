"""Bare programs in assembly, with a handler that keeps a log of traps, run on a machine."""

from __future__ import annotations

from rvx import Machine
from rvx.asm import assemble, elf_image, link
from rvx.machine.elf import read_elf

BASE = 0x8000_0000
# In front of the lines. t3 to t6 are the handler's, s0 points to the end of the log; s1, where it
# is not zero, says where the handler returns to (and in which mode: s2 goes to MPP).
START = """
        .globl _start
_start: la   t0, handler
        csrw mtvec, t0
        la   s0, log
        li   s1, 0
        li   s2, 3
"""
# Behind them. The handler notes mcause, mepc, mtval and mstatus. It clears an interrupt and returns
# to the instruction; behind one that trapped it goes on.
END = """
        j    exit
        .balign 4
exit:   la   t0, stop
        csrw mtvec, t0
        ecall
        .balign 4
stop:   li   t0, 0xF0000000
        sw   zero, 0(t0)
        .balign 256
handler: csrr t3, mcause
        csrr t4, mepc
        csrr t5, mtval
        csrr t6, mstatus
        sw   t3, 0(s0)
        sw   t4, 4(s0)
        sw   t5, 8(s0)
        sw   t6, 12(s0)
        addi s0, s0, 16
        bltz t3, 2f
        addi t4, t4, 4
        beqz s1, 1f
        mv   t4, s1
        li   s1, 0
        li   t5, 3 << 11
        csrc mstatus, t5
        slli s2, s2, 11
        csrs mstatus, s2
        li   s2, 3
1:      csrw mepc, t4
        mret
2:      li   t4, 0x02000000
        andi t3, t3, 4
        bnez t3, 3f
        sw   zero, 0(t4)
        mret
3:      lui  t4, 0x02004
        li   t5, -1
        sw   t5, 4(t4)
        mret
        .balign 256
vector: .rept 16
        j    handler
        .endr
        .data
        .balign 8
log:    .space 4096
data:   .space 256
"""
PORT = 0xF000_0000


class Bare:
    """A program that has run to its end."""

    def __init__(
        self, *lines: str, isa: str = "rv32imafdc", limit: int = 20_000, **options: object
    ) -> None:
        self.machine = Machine(isa=isa, exit_port=PORT, **options)  # type: ignore[arg-type]
        text = "\n".join([START, "first:", *lines, END])
        executable = link([assemble(text, self.machine.machine, file="bare.S")], text_base=BASE)
        self.machine.load(read_elf(elf_image(executable), name="bare.elf", xlen=32))
        self.result = self.machine.run(limit)
        self.x = self.machine.hart.registers["x"]
        self.states = self.machine.hart.states

    @property
    def log(self) -> list[tuple[int, int, int, int]]:
        """mcause, mepc from the first line on, mtval, mstatus of each trap, but the last ecall."""
        first, log = self.machine.address_of("first"), self.machine.address_of("log")
        rows = self.machine.read(log, "<u4", ((self.x[8] - log) // 16, 4)).tolist()
        return [(cause, pc - first, value, status) for cause, pc, value, status in rows]

    @property
    def traps(self) -> list[tuple[int, int, int]]:
        return [row[:3] for row in self.log]


def traps(*lines: str, **options: object) -> list[tuple[int, int, int]]:
    """mcause, mepc from the first line on, and mtval of each trap."""
    ran = Bare(*lines, **options)  # type: ignore[arg-type]
    assert ran.result.status == 0, ran.traps
    return ran.traps


def values(*lines: str, **options: object) -> list[int]:
    """a0 to a7 after the lines, which must not trap."""
    ran = Bare(*lines, **options)  # type: ignore[arg-type]
    assert (ran.result.status, ran.traps) == (0, [])
    return ran.x[10:18]


def user(*lines: str) -> list[str]:
    """The lines in user mode; behind them comes machine mode again."""
    return [
        "la t0, 8f",
        "csrw mepc, t0",
        "li t0, 3 << 11",
        "csrc mstatus, t0",
        "mret",
        "8:",
        *lines,
        "la s1, 9f",
        "ecall",
        "9:",
    ]
