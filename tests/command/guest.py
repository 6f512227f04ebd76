"""Guests as tests write them: lines of assembly, and a trap handler that keeps a log."""

from __future__ import annotations

from calling import EXIT, Rvx

from rvx import Machine
from rvx.asm import assemble_file, elf_image, link
from rvx.machine.elf import read_elf
from rvx.machine.program import Program

# Behind the lines. The handler notes mcause, mepc and mtval, and returns to the next instruction,
# or to where s2 says.
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


def counted(rvx: Rvx, *lines: str, core: str = "single") -> list[int]:
    """s2 to s11 after the lines."""
    ran = machine(rvx, *lines, EXIT, core=core)
    ran.run()
    return ran.hart.registers["x"][18:28]
