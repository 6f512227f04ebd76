"""A trap that nobody handles ends the run with status 126 and one line: what, where, which word."""

from __future__ import annotations

import pytest
from calling import EXIT, HERE, ISA, Done, Rvx

UNHANDLED = 126
NONE = "; the program has no trap handler"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (
            ".word 0xffffffff",
            "illegal instruction at 0x80000000 <_start>: .word 0xffffffff: "
            f"no instruction of {ISA}",
        ),
        (
            "nop; nop; there: nop; .word 0",
            "illegal instruction at 0x8000000c <there+0x4>: .word 0x00000000: "
            f"no instruction of {ISA}",
        ),
        (
            "csrr a0, 0x123",
            "illegal instruction at 0x80000000 <_start>: csrr a0, 0x123: the word is 0x12302573",
        ),
        (
            "csrw cycle, a0",
            "illegal instruction at 0x80000000 <_start>: csrw cycle, a0: the word is 0xc0051073",
        ),
        (
            "fsrmi 5; fadd.s fa0, fa0, fa0",
            "illegal instruction at 0x80000004 <_start+0x4>: fadd.s fa0, fa0, fa0: "
            "the word is 0x00a57553",
        ),
        (
            "csrw mstatus, zero; fadd.s fa0, fa0, fa0",
            "illegal instruction at 0x80000004 <_start+0x4>: fadd.s fa0, fa0, fa0: "
            "the word is 0x00a57553",
        ),
        (
            "li t0, 0x80000002; jr t0",
            "instruction address misaligned at 0x80000008 <_start+0x8>: jr t0: "
            "the target is 0x80000002",
        ),
        (
            "j .+6",
            "instruction address misaligned at 0x80000000 <_start>: j 0x80000006: "
            "the target is 0x80000006",
        ),
        ("ebreak", "breakpoint at 0x80000000 <_start>: ebreak"),
        (
            "sw a0, 8(zero)",
            "store access fault at 0x80000000 <_start>: sw a0, 8(zero): nothing is at 0x00000008",
        ),
        (
            "lw a0, -4(zero)",
            "load access fault at 0x80000000 <_start>: lw a0, -4(zero): nothing is at 0xfffffffc",
        ),
        (
            "li t0, 0x84000000; sb a0, 0(t0)",
            "store access fault at 0x80000004 <_start+0x4>: sb a0, 0(t0): nothing is at 0x84000000",
        ),
        (
            "nop; jr zero",
            "instruction access fault at 0x00000000, reached from 0x80000004 <_start+0x4>: "
            "nothing is at 0x00000000",
        ),
        (
            "nop",  # and on into the page behind it
            "illegal instruction at 0x80000004, reached from 0x80000000 <_start>: "
            f".word 0x00000000: no instruction of {ISA}",
        ),
    ],
    ids=lambda text: None if "0x8000000" in text else text[:24],
)
def test_the_line(rvx: Rvx, lines: str, line: str) -> None:
    assert rvx.run(lines) == Done(UNHANDLED, "", f"rvx: {line}{NONE}\n")


def test_off_the_end_of_memory(rvx: Rvx) -> None:
    done = rvx.run("li t0, 0x83fffffc", "li t1, 0x13", "sw t1, 0(t0)", "jr t0")
    line = "instruction access fault at 0x84000000, reached from 0x83fffffc: nothing is at 0x84000"
    assert done.refused(UNHANDLED, line)


def test_output_comes_before_the_line(rvx: Rvx) -> None:
    lines = ("li a0, 1", "la a1, text", "li a2, 3", "li a7, 64", "ecall", "ebreak")
    done = rvx.run(*lines, ".data", 'text: .ascii "hi\\n"')
    assert (done.status, done.out) == (UNHANDLED, "hi\n")
    assert done.err == f"rvx: breakpoint at 0x80000018 <_start+0x18>: ebreak{NONE}\n"


def test_an_instruction_of_an_extension_that_was_not_named(rvx: Rvx) -> None:
    five = HERE / "five.isa"
    assert rvx("asm", HERE / "five.S", "-x", five, "-o", "five.elf").succeeded
    line = (
        "illegal instruction at 0x80000014 <_start+0x14>: .word 0x00c5852b: "
        f"no instruction of {ISA} (its ELF attributes say {ISA}_xfive: try --isa or -x)"
    )
    assert rvx("run", "five.elf").refused(UNHANDLED, line)


def test_ecall_is_a_trap_with_an_exit_port(rvx: Rvx) -> None:
    line = f"environment call from machine mode at 0x80000004 <_start+0x4>: ecall{NONE}"
    assert rvx.run(EXIT, options=("--exit-port", "0xF0000000")).refused(UNHANDLED, line)


@pytest.mark.parametrize(
    ("handler", "line"),
    [
        ("0x1000", "instruction access fault at 0x00001000: nothing is at 0x00001000"),
        ("handler", "illegal instruction at 0x80000010 <handler>: .word 0x00000000: no instr"),
    ],
)
def test_a_handler_that_traps_forever(rvx: Rvx, handler: str, line: str) -> None:
    done = rvx.run(f"la t0, {handler}", "csrw mtvec, t0", "ebreak", "handler: .word 0")
    assert done.refused(UNHANDLED, line)
    assert done.err.endswith("; the trap handler begins with this, and would trap forever\n")
