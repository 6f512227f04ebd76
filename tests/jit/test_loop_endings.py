"""Loops whose branch is not looked at in every turn end where the reference ends them."""

from __future__ import annotations

from random import Random

import pytest
from assembled import EXIT, block_of, machine, state_of

from rvx.jit.ending import Ending
from rvx.jit.loop import loop_of

pytestmark = pytest.mark.usefixtures("regions_at_once")

ISA = "rv32im_zicsr_zifencei"
BRANCHES = ("bne", "blt", "bge", "bltu", "bgeu")
EDGES = (0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFF, 0xFFFF_FFF0)
STEPS = (1, -1, 2, 3, -4, 7, 1024, -2048)


def ending(text: str) -> Ending | None:
    """That of the loop that is the text."""
    found = loop_of(block_of(f"1: lw a0, 0(s0)\n {text}", isa=ISA))
    assert found is not None
    return found.ending


def test_what_is_compared():
    found = ending("addi s1, s1, 4\n bne s1, s2, 1b")
    assert found is not None
    assert (found.differ, found.one.constant, found.one.step) == (True, 4, 4)
    assert found.other.step == 0
    found = ending("addi s1, s1, -3\n bge s1, zero, 1b")
    assert found is not None
    assert (found.differ, found.signed, found.more) == (False, True, 1)
    assert found.other.step == -3
    found = ending("addi s1, s1, -1\n bltu s2, s1, 1b")
    assert found is not None
    assert (found.signed, found.more, found.other.constant) == (False, 0, -1)


@pytest.mark.parametrize(
    "text",
    [
        "addi s1, s1, 4\n beq s1, s2, 1b",
        "add s1, s1, s3\n bne s1, s2, 1b",  # a division by what is not known takes too long
        "addi s1, s1, 1\n addi s2, s2, -1\n blt s1, s2, 1b",
        "addi s1, s1, 1\n bltu s2, s1, 1b",  # it ends after a wrap
        "slli s1, s1, 1\n addi s1, s1, 1\n j 1b",
    ],
)
def test_what_is_looked_at_each_time(text: str):
    assert ending(text) is None


def agree(text: str, chance: Random, most: int = 3000) -> None:
    """Both engines, cut anywhere."""
    jit, reference = (machine(text, isa=ISA, engine=e) for e in ("jit", "reference"))
    left = most
    while left > 0:
        length = chance.choice((5, 33, 150, 1000, 3000))
        left -= length
        ended = jit.run(length)
        assert ended == reference.run(length)
        assert state_of(jit) == state_of(reference)
        if ended.status is not None:
            break


@pytest.mark.parametrize("name", BRANCHES)
def test_bounds_of_all_kinds(name: str):
    """Some are passed, some never met, some only after a wrap, for which the run is too short."""
    chance = Random(name)
    for _ in range(60):
        bound = chance.choice((*EDGES, chance.getrandbits(32)))
        step = chance.choice(STEPS)
        turns = chance.randrange(-3, 60)
        start = bound - turns * step + chance.choice((0, 0, 0, 1, -1))
        operands = chance.choice(("s1, s2", "s2, s1"))
        moved = chance.choice(("s1, s1", "s1, s1", "s2, s2"))
        text = f"""
            .option norvc
            la s0, data
            li s5, 2
again:      li s1, {start & 0xFFFF_FFFF}
            li s2, {bound & 0xFFFF_FFFF}
            li s3, 0
1:          lw a0, 0(s0)
            add s3, s3, a0
            addi {moved}, {step}
            xor s3, s3, s1
            {name} {operands}, 1b
            addi s5, s5, -1
            bnez s5, again
            {EXIT}
data:       .word 0x12345
        """
        agree(text, chance)


def test_what_moves_is_an_address():
    """The bound is the end of an array, as compilers have it."""
    chance = Random(2)
    for size in (1, 3, 4, 5, 8, 15, 16, 17, 40, 63, 64, 300):
        text = f"""
            .option norvc
            li s5, 5
again:      la s0, data
            addi s1, s0, {4 * size}
1:          lw a0, 0(s0)
            addi a0, a0, 3
            sw a0, 0(s0)
            addi s0, s0, 4
            bne s0, s1, 1b
            addi s5, s5, -1
            bnez s5, again
            {EXIT}
data:       .space 1204
        """
        agree(text, chance, 20_000)
