"""Loops whose accesses are checked before many turns differ in nothing from those of the reference.

A trap handler counts the accesses that trap and goes on behind them, so that a loop that leaves
RAM goes on too, block by block.
"""

from __future__ import annotations

from random import Random

import pytest
from assembled import EXIT, EXIT_AND_TRAP, block_of, machine, share, state_of

from rvx.jit.ending import Step
from rvx.jit.loop import Loop, loop_of
from rvx.jit.loop_writer import LoopWriter

pytestmark = pytest.mark.usefixtures("regions_at_once")

ISA = "rv32imaf_zicsr_zifencei"
RAM = "0x80000000:64K"
END = 0x8001_0000


def loop(text: str) -> Loop | None:
    """That of the text's instructions, after which it jumps back."""
    return loop_of(block_of(f"1: {text}\n bnez t0, 1b", isa=ISA))


def steps(text: str) -> list[Step]:
    found = loop(text)
    return [] if found is None else [stride.step for stride in found.strides]


def test_steps_are_sums():
    assert steps("lw a0, 4(s0)\naddi s0, s0, 4\nlw a1, 4(s0)") == [Step(4, ())]
    assert steps("lw a0, 0(s0)\nsw a0, 0(s1)\naddi s0, s0, -8") == [Step(-8, ()), Step(0, ())]
    assert steps("add a1, s0, s1\nlh a0, 2(a1)\naddi s0, s0, 2\nadd s1, s1, s2") == [
        Step(2, (("x", 18),))
    ]
    assert steps("lb a0, 0(s0)\naddi s1, s0, 3\nmv s0, s1") == [Step(3, ())]


@pytest.mark.parametrize(
    "text",
    [
        "lw s0, 0(s0)\nnop",  # a list
        "lw t0, 0(s0)\naddi s0, s0, 4",  # until a word is zero
        "lw a0, 0(s0)\nslli s0, s0, 1",
        "lw a0, 0(s0)\nmv s0, s1",
        "lw a0, 0(s0)\nadd s0, s0, a1\naddi a1, a1, 4",
        "lw a0, 0(s0)\naddi s0, s0, 2",  # misaligned every other time
        "amoadd.w a0, a1, (s0)\naddi s0, s0, 4",
        "add a0, a0, a1\naddi s0, s0, 4",
    ],
)
def test_what_is_checked_each_time(text: str):
    assert steps(text) == []


def test_others_of_a_loop_keep_their_checks():
    found = loop("lw a0, 0(s0)\nlw a1, 0(a0)\nlw a2, 8(a0)\naddi s0, s0, 4")
    assert found is not None
    assert [len(stride.group.accesses) for stride in found.strides] == [1]
    assert [(each.low, each.high) for each in found.checks.values()] == [(0, 12), (0, 0)]


def program(body: str, start: int, turns: int, step: str = "") -> str:
    """Run the body so many times, from an address on; what traps is left out."""
    return f"""
        .option norvc
        la t0, trap
        csrw mtvec, t0
        li t0, 0x6000
        csrs mstatus, t0
        li s0, {start}
        li s2, 12
        li s4, {turns}
1:      {body}
        {step}
        addi s4, s4, -1
        bnez s4, 1b
        {EXIT_AND_TRAP}
"""


def compare(text: str, cuts: Random | None = None) -> tuple[float, int]:
    """Run it on both engines; the share of native code, and how often the handler was entered."""
    jit, reference = (machine(text, ram=RAM, isa=ISA, engine=e) for e in ("jit", "reference"))
    ended = None
    while ended is None or (ended.status is None and cuts is not None):
        length = None if cuts is None else cuts.choice((1, 3, 17, 50, 211, 999))
        ended = jit.run(length)
        assert ended == reference.run(length)
        assert state_of(jit) == state_of(reference)
    return share(jit), reference.hart.registers["x"][19]


LOAD = "lw a0, 0(s0)\n add a2, a2, a0\n lhu a1, 6(s0)\n xor a2, a2, a1"
STORE = "sw s4, 0(s0)\n sb s0, 7(s0)"
BOTH = "lw a0, 0(s0)\n addi a0, a0, 3\n sw a0, 0(s0)"
FLOAT = "flw fa0, 0(s0)\n flw fa1, 4(s0)\n fmadd.s fa2, fa0, fa1, fa2\n fsw fa2, 8(s0)"
TIMES = "lw a0, 0(s0)\n csrr a1, mcycle\n sw a1, 0(s0)\n csrr a1, minstret\n sw a1, 4(s0)"
DIVIDE = "lw a0, 0(s0)\n divu a1, s4, a0\n sw s4, 0(s0)\n div a2, a1, s4"
BODIES = {
    "load": LOAD,
    "store": STORE,
    "both": BOTH,
    "float": FLOAT,
    "times": TIMES,
    "divide": DIVIDE,
}
WALKS = {
    "up": (0x8000_8000, 700, "addi s0, s0, 8"),
    "down": (0x8000_8000, 700, "addi s0, s0, -8"),
    "stands": (0x8000_8000, 700, ""),
    "register": (0x8000_8000, 700, "add s0, s0, s2"),
    "over the end": (END - 1600, 500, "addi s0, s0, 4"),
    "far over the end": (END - 15_000, 500, "add s0, s0, s2\n add s0, s0, s2\n add s0, s0, s2"),
    "misaligned": (0x8000_8001, 300, "addi s0, s0, 4"),
    "from outside": (END + 400, 400, "addi s0, s0, -4"),
}


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("body", BODIES)
def test_every_turn_counts(body: str, walk: str):
    start, turns, step = WALKS[walk]
    native, traps = compare(program(BODIES[body], start, turns, step))
    if "end" in walk or "outside" in walk:
        assert traps > 0
    elif walk != "misaligned":
        assert traps == 0
        assert native > 0.9


@pytest.mark.parametrize("body", BODIES)
def test_cut_anywhere(body: str):
    chance = Random(body)
    for start, turns, step in WALKS.values():
        compare(program(BODIES[body], start, turns, step), chance)


def test_down_to_the_begin_of_ram():
    _, traps = compare(program(LOAD, 0x8000_0400, 400, "addi s0, s0, -4"))
    assert traps > 0


def test_random_bodies():
    chance = Random(3)
    for _ in range(40):
        lines = []
        for _ in range(chance.randrange(1, 6)):
            size, letter = chance.choice(((1, "b"), (2, "h"), (4, "w")))
            offset = chance.randrange(-40, 40) * size + (chance.random() < 0.1)
            register = chance.choice(("s0", "s0", "s5", "s6"))
            kind = chance.choice(("l{} a0, {}({})\n add a2, a2, a0", "s{} a2, {}({})"))
            lines.append(kind.format(letter, offset, register))
            if chance.random() < 0.4:
                moves = ("addi s0, s0, 4", "add s5, s0, s2", "add s6, s5, s4", "addi s6, s0, -64")
                lines.append(chance.choice(moves))
        step = chance.choice(("addi s0, s0, 4", "addi s0, s0, -12", "add s0, s0, s2", ""))
        start = chance.choice((0x8000_8000, END - 1200, END - 4000, END + 600))
        setup = f"li s5, {0x8000_9000}\n li s6, {0x8000_A000}\n"
        text = program("\n ".join(lines), start, chance.randrange(5, 300), step)
        compare(text.replace("li s2, 12", setup + "li s2, 12"), chance)


def test_stores_that_come_to_code():
    """A loop fills memory up to code behind it, and on: what it finds there then is executed."""
    nop = 0x13
    text = f"""
        .option norvc
        la s0, data
        la s1, behind
        li s2, {nop}
1:      sw s2, 0(s0)
        addi s0, s0, 4
        bltu s0, s1, 1b
        fence.i
        j code
data:   .space 1024
code:   li a5, 1
        li a6, 2
behind: la s1, code
        addi s7, s7, 1
        li s8, 3
        la s0, data
        bltu s7, s8, 1b
        {EXIT}
"""
    compare(text)
    compare(text, Random(1))


def test_loops_have_code_without_checks(monkeypatch, tmp_path):
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))  # what is there already is not written
    written = []
    monkeypatch.setattr(
        LoopWriter,
        "checks",
        lambda self, key, checks=LoopWriter.checks: written.append(key.turn) or checks(self, key),
    )
    native, _ = compare(program(BOTH, 0x8000_8000, 3000, "addi s0, s0, 4"))
    assert native > 0.99
    assert set(written) == {1, 2, 3, 4}
