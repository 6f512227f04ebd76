"""A guest's memory and start: what lies where, and what an access does."""

from __future__ import annotations

from calling import EXIT, Rvx
from guest import RECORDS, START, counted, machine

from rvx import Machine
from rvx.asm import assemble_file, elf_image, link
from rvx.machine.elf import read_elf


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
    """With the program's arguments above it: its name, and none."""
    pointer = machine(rvx, EXIT).hart.registers["x"][2]
    assert 0x84000000 - 256 < pointer < 0x84000000
    ran = machine(rvx, EXIT, ram=["0x80000000:100001", "0:1M"])
    pointer = ran.hart.registers["x"][2]
    assert 0x80000000 + 100001 - 256 < pointer <= 0x80000000 + 100001
    assert pointer % 16 == 0
    assert ran.memory.load(pointer, 4) == 1
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
