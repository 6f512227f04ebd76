"""`rvx run`: what a guest prints, how it ends, and what is told about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from calling import EXIT, HERE, Rvx

from rvx.command.program import load_program
from rvx.machine.simulator import Simulator

LOOP = ("li t0, 3", "1: addi t0, t0, -1", "bnez t0, 1b", "li a0, 5", EXIT)
FIVE = (HERE / "five.S", "-x", HERE / "five.isa")


@pytest.mark.parametrize(("given", "status"), [(0, 0), (77, 77), (256, 0), (-1, 255), (300, 44)])
def test_the_status_is_the_guests(rvx: Rvx, given: int, status: int) -> None:
    assert rvx.run(f"li a0, {given}", EXIT).status == status


def test_an_elf_and_its_source_run_alike(rvx: Rvx) -> None:
    from_source = rvx.run(*LOOP, options=())
    assert rvx("asm", "p.S", "-o", "p.elf").succeeded
    assert rvx("run", "p.elf") == from_source
    assert from_source.status == 5
    assert from_source.err == "rvx: 10 instructions, 10 cycles on single\n"


def test_standard_output_is_the_guests_alone(rvx: Rvx) -> None:
    lines = ("li a0, 1", "la a1, text", "li a2, 3", "li a7, 64", "ecall", "li a0, 0", EXIT)
    options = ("--trace", "--stats", "--core", "cv32e40p")
    done = rvx.run(".option norvc", *lines, ".data", 'text: .ascii "hi\\n"', options=options)
    assert (done.status, done.out) == (0, "hi\n")
    first, *_, told, speed = done.err.splitlines()
    assert re.fullmatch(r" +0 80000000 00100513 li a0, 1", first)
    assert re.fullmatch(r"rvx: 9 instructions, \d+ cycles on cv32e40p", told)
    assert re.fullmatch(r"rvx: \d\.\d{3} s, \d\.\d{3} MIPS by the reference", speed)
    assert rvx.run(*lines, ".data", 'text: .ascii "hi\\n"').err == ""


def test_standard_input_is_the_guests(rvx: Rvx) -> None:
    echo = (
        *("1: li a0, 0", "la a1, text", "li a2, 4", "li a7, 63", "ecall", "mv a2, a0"),
        *("beqz a0, 2f", "li a0, 1", "li a7, 64", "ecall", "j 1b", f"2: {EXIT}"),
        *(".bss", "text: .space 4"),
    )
    done = rvx.run(*echo, stdin=b"to be echoed\n")
    assert (done.status, done.out) == (0, "to be echoed\n")


@pytest.mark.parametrize("core", ["single", "cv32e40p", "cv32e40p,FPU_ADDMUL_LAT=2", "tiny"])
def test_stamps_are_what_retires_and_when(rvx: Rvx, core: str) -> None:
    assert rvx("run", *FIVE, "--core", core, "--stamps", "stamps").status == 0
    simulator = Simulator(core=core, extra=[HERE / "five.isa"])
    simulator.load(load_program(HERE / "five.S", simulator.machine))
    retired: list[tuple[int, int]] = []
    simulator.on_retire = lambda pc, cycle: retired.append((pc, cycle))
    result = simulator.run()
    lines = (rvx.folder / "stamps").read_text(encoding="ascii").splitlines()
    assert lines == [f"{pc:08x} {cycle}" for pc, cycle in retired]
    assert lines[0] == "80000000 0"
    assert (len(lines), int(lines[-1].split()[1]) + 1) == (result.instret, result.cycles)


def test_a_trace_is_the_stamps_with_their_text(rvx: Rvx) -> None:
    done = rvx.run(*LOOP, options=("-q", "--trace", "--stamps", "stamps", "--core", "tiny"))
    lines = [line.split(maxsplit=3) for line in done.err.splitlines()]
    stamps = (rvx.folder / "stamps").read_text(encoding="ascii").split("\n")[:-1]
    assert [f"{pc} {cycle}" for cycle, pc, _, _ in lines] == stamps
    assert [text for *_, text in lines][:3] == [
        "li t0, 3",
        "addi t0, t0, -1",
        "bnez t0, 0x80000004",
    ]


def test_timing_off_counts_instructions(rvx: Rvx) -> None:
    told = [
        rvx.run(*LOOP, options=("--core", core, "--timing", timing)).err
        for core, timing in (("tiny", "on"), ("tiny", "off"))
    ]
    assert told == [
        "rvx: 10 instructions, 14 cycles on tiny\n",  # two branches are taken, three cycles each
        "rvx: 10 instructions, 10 cycles with timing off\n",
    ]


def test_a_budget(rvx: Rvx) -> None:
    ends = rvx.run(*LOOP, options=("--max-instructions", "10"))
    assert (ends.status, ends.err) == (5, "rvx: 10 instructions, 10 cycles on single\n")
    used = rvx.run(*LOOP, options=("--max-instructions", "9"))
    assert (used.status, used.err.splitlines()) == (
        124,
        [
            "rvx: 9 instructions, 9 cycles on single",
            "rvx: the budget of 9 instructions is used up; pc is 0x80000014",
        ],
    )
    endless = rvx.run("j .", options=("-q", "--max-instructions", "0x1000"))
    assert endless.refused(124, "the budget of 4096 instructions is used up; pc is 0x80000000")


PORT = """
_start: li   t0, 0xF0000000
        li   t1, -1
        sw   t1, 4(t0)
        li   t1, 0x80000000
        sw   t1, 8(t0)
        li   t1, 42
        sw   t1, 12(t0)
        sw   t1, 0(t0)
        sw   t1, 4(t0)
"""


def test_a_bare_program_prints_and_ends_by_its_port(rvx: Rvx) -> None:
    rvx.write("p.S", PORT)
    assert rvx("asm", "p.S", "-o", "p.elf", "--text", "0x80", "--data", "0x1000").succeeded
    done = rvx(
        *("run", "p.elf", "--ram", "0:512K", "--exit-port", "0xF0000000"),
        *("--core", "cv32e40p,FPU_ADDMUL_LAT=1,FPU_OTHERS_LAT=1", "--stamps", "stamps"),
    )
    assert (done.status, done.out) == (42, "4294967295\n2147483648\n42\n")
    assert done.err.startswith("rvx: 8 instructions, 8 cycles on cv32e40p")
    assert len((rvx.folder / "stamps").read_text().splitlines()) == 8  # the store that ends it too


@pytest.mark.parametrize(
    ("access", "what"),
    [
        ("lw t1, 0(t0)", "load access fault"),
        ("sb t1, 0(t0)", "store access fault"),
        ("sw t1, 16(t0)", "store access fault"),
        ("sw t1, 2(t0)", "store access fault"),
        ("jr t0", "instruction access fault"),
    ],
)
def test_other_accesses_to_the_port_fault(rvx: Rvx, access: str, what: str) -> None:
    done = rvx.run("li t0, 0xF0000000", access, options=("--exit-port", "0xF0000000"))
    assert done.refused(126, what)


def test_ram_in_pieces(rvx: Rvx) -> None:
    lines = ("li t0, 0x10000ffc", "lw a0, 0(t0)", "lw a1, 4(t0)", EXIT)
    assert rvx.run(*lines, options=("--ram", "0x80000000:1M", "--ram", "0x10000000:4K")).refused(
        126, "load access fault at 0x8000000c <_start+0xc>: lw a1, 4(t0): nothing is at 0x10001000"
    )
    pieces = ("--ram", "0x80000000:1M", "--ram", "0x10000000:4K", "--ram", "0x10001000:0x1000")
    assert rvx.run(*lines, options=("-q", *pieces)).status == 0


def test_the_signature(rvx: Rvx) -> None:
    lines = ("la t0, begin_signature", "li t1, -2", "sw t1, 4(t0)", "li a0, 0", EXIT)
    data = (".data", "begin_signature: .word 0x0123abcd, 0, 7", "end_signature: .word 9")
    assert rvx.run(*lines, *data, options=("-q", "--signature", "words")).succeeded
    assert (rvx.folder / "words").read_text() == "0123abcd\nfffffffe\n00000007\n"


def test_markers_and_passages(rvx: Rvx) -> None:
    """Between the markers, summed over all passages; an rvx_begin within one starts no other."""
    once = ("nop", "rvx_begin: nop", "li t0, 4", "1: addi t0, t0, -1", "bnez t0, 1b", "rvx_end:")
    done = rvx.run(*once, EXIT, options=())
    assert done.err.splitlines()[1] == "rvx: rvx_begin to rvx_end: 10 instructions, 10 cycles"

    twice = (
        "li s0, 2",
        "2: nop",
        "rvx_begin: nop",
        "nop",
        "rvx_end: addi s0, s0, -1",
        "bnez s0, 2b",
    )
    done = rvx.run(*twice, EXIT, options=("--core", "tiny"))
    line = "rvx: rvx_begin to rvx_end: 4 instructions, 4 cycles in 2 passages"
    assert done.err.splitlines()[1] == line

    loop = ("li t0, 4", "rvx_begin: addi t0, t0, -1", "bnez t0, rvx_begin", "rvx_end:")
    done = rvx.run(*loop, EXIT, options=())
    assert done.err.splitlines()[1] == "rvx: rvx_begin to rvx_end: 8 instructions, 8 cycles"

    for never in (("rvx_begin: li a0, 0",), ("rvx_end: li a0, 0",), ("rvx_begin: rvx_end:",)):
        assert len(rvx.run(*never, EXIT, options=()).err.splitlines()) == 1


def test_isa_wins_over_the_cores(rvx: Rvx) -> None:
    rvx.program("fadd.s fa0, fa0, fa0", "li a0, 0", EXIT)
    assert rvx("run", "p.S", "-q", "--core", "cv32e40p").status == 0
    wrong = rvx("run", "p.S", "--core", "cv32e40p", "--isa", "rv32im")
    assert wrong.refused(125, "p.S:2:1: rv32im_zicntr_zicsr_zihpm_sm has no instruction `fadd.s`")


def test_a_core_of_the_users_own(rvx: Rvx) -> None:
    rvx.write("mine.isa", "core mine(COST: 1..9 = 3) { isa rv32i; redirect taken: COST; }")
    rvx.program(*LOOP)
    for core, cycles in (("mine", 14), ("mine,COST=1", 10), ("mine,COST=9", 26)):
        done = rvx("run", "p.S", "-x", "mine.isa", "--core", core)
        assert done.err == f"rvx: 10 instructions, {cycles} cycles on {core}\n"


def test_the_same_run_again_is_the_same(rvx: Rvx, tmp_path: Path) -> None:
    runs = [rvx("run", *FIVE, "--trace", "--core", "cv32e40p") for _ in range(2)]
    assert runs[0] == runs[1]
