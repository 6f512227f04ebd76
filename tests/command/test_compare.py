"""`rvx compare`: two programs side by side, whose parts add up."""

from __future__ import annotations

import json

import pytest
from calling import EXIT, Rvx

SLOW = (
    "li t0, 4",
    "rvx_begin: mv s1, ra",
    "call work",
    "mv ra, s1",
    "rvx_end: nop",
    "li a0, 1",
    EXIT,
)
WORK = ("work: lw t1, 0(sp)", "add t2, t2, t1", "addi t0, t0, -1", "bnez t0, work", "ret")
FAST = ("li t0, 4", "rvx_begin: lw t1, -8(sp)", "div t2, t1, t0", "rvx_end: li a0, 0", EXIT)


@pytest.fixture
def programs(rvx: Rvx) -> tuple[str, str]:
    slow = rvx.program("addi sp, sp, -16", *SLOW, *WORK, name="slow.S")
    return slow, rvx.program(*FAST, name="fast.S")


@pytest.mark.parametrize("core", ["single", "cv32e40p", "tiny"])
def test_the_parts_add_up(rvx: Rvx, programs: tuple[str, str], core: str) -> None:
    found = json.loads(rvx("compare", *programs, "--core", core, "--json").out)
    slow, fast = found["programs"]
    assert (found["schema"], found["core"]) == (1, core)
    assert found["speedup"] == slow["cycles"] / fast["cycles"]
    assert (slow["program"], slow["status"], slow["instret"]) == (
        "slow.S",
        1,
        1 + 2 + 4 * 4 + 1 + 1,
    )
    assert (fast["program"], fast["status"], fast["instret"]) == ("fast.S", 0, 2)
    for row in (slow, fast):
        assert sum(row["instructions"].values()) == row["instret"]
        assert sum(row["cycles_by_symbol"].values()) == row["cycles"]
        told = rvx("run", row["program"], "--core", core).err.splitlines()[1]
        line = f"rvx_begin to rvx_end: {row['instret']} instructions, {row['cycles']} cycles"
        assert told == f"rvx: {line}"
    assert fast["instructions"] == {"lw": 1, "div": 1}
    assert set(slow["cycles_by_symbol"]) == {"rvx_begin", "work"}


def test_the_tables(rvx: Rvx, programs: tuple[str, str]) -> None:
    done = rvx("compare", *programs)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.out.splitlines()]
    assert ["exit status", "1", "0", ""] in rows
    assert ["instructions", "21", "2", "10.50"] in rows
    assert ["cycles", "21", "2", "10.50"] in rows
    assert ["lw", "4", "1"] in rows
    assert ["div", "0", "1"] in rows
    assert ["work", "17", "0"] in rows
    assert done.err == ""


def test_without_markers_it_is_the_whole_run(rvx: Rvx) -> None:
    rvx.program("li a0, 0", "j 1f", "nop", f"1: {EXIT}")
    found = json.loads(rvx("compare", "p.S", "p.S", "--core", "tiny", "--json").out)
    one, two = found["programs"]
    assert one == two
    assert found["speedup"] == 1.0
    assert (one["instret"], one["cycles"]) == (4, 5)
    assert one["instructions"] == {"addi": 2, "jal": 1, "ecall": 1}
    assert one["cycles_by_symbol"] == {"_start": 5}


def test_passages_are_summed(rvx: Rvx) -> None:
    lines = (
        "li s0, 3",
        "1: nop",
        "rvx_begin: mul a0, s0, s0",
        "rvx_end: addi s0, s0, -1",
        "bnez s0, 1b",
    )
    rvx.program(*lines, EXIT)
    row = json.loads(rvx("compare", "p.S", "p.S", "--core", "tiny", "--json").out)["programs"][0]
    assert (row["instret"], row["cycles"], row["instructions"]) == (3, 3, {"mul": 3})


def test_guests_print_nothing(rvx: Rvx) -> None:
    lines = ("li a0, 1", "la a1, text", "li a2, 3", "li a7, 64", "ecall")
    rvx.program(*lines, EXIT, ".data", 'text: .ascii "hi\\n"')
    assert json.loads(rvx("compare", "p.S", "p.S", "--json").out)["speedup"] == 1.0


@pytest.mark.parametrize(
    ("lines", "options", "line"),
    [
        (("ebreak",), (), "p.S: breakpoint at 0x80000000 <_start>: ebreak"),
        (("j .",), ("--max-instructions", "9"), "p.S: the budget of 9 instructions is used up"),
        (("rvx_begin: li a0, 0", EXIT, "rvx_end:"), (), "p.S: has markers but never came from"),
    ],
)
def test_a_program_that_cannot_be_compared(
    rvx: Rvx, lines: tuple[str, ...], options: tuple[str, ...], line: str
) -> None:
    rvx.program(*lines)
    rvx.program("li a0, 0", EXIT, name="good.S")
    for pair in (("p.S", "good.S"), ("good.S", "p.S")):
        assert rvx("compare", *pair, *options).refused(1, line)
