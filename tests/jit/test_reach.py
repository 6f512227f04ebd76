"""Accesses that are checked together differ in nothing from those that are not."""

from __future__ import annotations

import pytest
from assembled import EXIT, EXIT_AND_TRAP, machine, share, state_of

from rvx.jit.reach import Reach, groups, reaches
from rvx.jit.timing import Decoded
from rvx.model.decoder import Decoder

RAM = "0x80000000:64K"
COVERED = Reach(0, 0)


def checks(text: str, isa: str = "rv32imafc_zicsr") -> list[Reach | None]:
    """What each instruction of the text is to check."""
    made = machine(".option norvc\n" + text, isa=isa)
    decoder, pc, block = Decoder(made.machine), made.hart.pc, []
    for at in range(pc, pc + 4 * len(text.split("\n")), 4):
        word = int.from_bytes(made.memory.regions[0].bytes[at - pc :][:4], "little")
        instruction = decoder.decode(word)
        assert instruction is not None
        block.append(Decoded(at, word, instruction, instruction.decode(word), 4))
    found = reaches(groups(block)[0])
    return [found.get(each.pc) for each in block]


def test_distances_are_followed_through_sums():
    text = "lw a0, 4(s0)\nlw a1, 8(s0)\naddi s0, s0, 16\nlw a2, -16(s0)\nmv t1, s0\nlb t0, 3(t1)"
    assert checks(text) == [Reach(-4, 16), COVERED, None, COVERED, None, COVERED]


def test_loads_and_stores_are_apart():
    text = "sw a0, 0(s0)\nlw a1, 4(s0)\nsw a1, 8(s0)\nflw fa0, 12(s0)"
    assert checks(text) == [Reach(0, 12), Reach(0, 12), COVERED, COVERED]


@pytest.mark.parametrize(
    "between",
    [
        "add s0, s0, a1",
        "lw s0, 0(a1)",
        "andi s0, s0, -4",
        "amoadd.w s0, a0, (a1)",
    ],
)
def test_a_register_of_unknown_value_is_another(between: str):
    assert checks(f"lw a0, 0(s0)\n{between}\nlw a0, 4(s0)") == [None] * 3


def test_what_is_too_far_away_is_checked_apart():
    text = "lw a0, 0(s0)\nlw a1, 1020(s0)\nlw a2, 1024(s0)\nlw a3, 1028(s0)"
    assert checks(text) == [Reach(0, 1024), COVERED, Reach(0, 8), COVERED]


def test_addresses_that_are_known_are_one_object():
    text = "lui s0, 0x80001\nlui s1, 0x80001\nsw a0, 0(s0)\nsw a0, 8(s1)\nsw a0, 16(x0)"
    assert checks(text) == [None, None, Reach(0, 12), COVERED, None]


def test_what_may_leave_out_its_access_answers_for_nothing():
    text = "sc.w a1, a0, (s0)\nsw a0, 0(s0)\namoadd.w a0, a1, (s0)\nsw a0, 4(s0)"
    assert checks(text) == [None, Reach(0, 8), None, COVERED]


def walk(body: str, start: int, end: int, step: int) -> str:
    """Run the body for each s0; what traps is left out."""
    return f"""
        la t0, trap
        csrw mtvec, t0
        li s0, {start}
        li s1, {end}
        li s3, 0
1:      {body}
        addi s0, s0, {step}
        bltu s0, s1, 1b
        {EXIT_AND_TRAP}
"""


LOADS = "lw a0, -8(s0)\n lw a1, 0(s0)\n add a2, a2, a1\n lw a3, 12(s0)\n xor a2, a2, a3\n"
STORES = "sw s0, -8(s0)\n sw s0, 0(s0)\n addi s2, s0, 4\n sh s2, 4(s2)\n sb s2, 7(s2)\n"


@pytest.mark.parametrize("body", [LOADS, STORES, LOADS + STORES], ids=["load", "store", "both"])
@pytest.mark.parametrize(
    ("start", "end", "step"),
    [(0x8000_FF80, 0x8001_0040, 4), (0x8000_FFE0, 0x8001_0010, 1), (0x7FFF_FFE0, 0x8000_0000, 4)],
    ids=["end", "misaligned", "begin"],
)
def test_at_the_edges_of_ram(body: str, start: int, end: int, step: int, monkeypatch):
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
    text = walk(body, start, end, step)
    if start < 0x8000_0000:  # behind it lies the program itself
        body = body.replace("sw", "lw").replace("sh", "lh").replace("sb", "lb")
        text = walk(body, start, end, step)
    jit, reference = (machine(text, ram=RAM, engine=e) for e in ("jit", "reference"))
    assert jit.run() == reference.run()
    assert state_of(jit) == state_of(reference)
    assert reference.hart.registers["x"][19] > 0  # traps


def test_stores_beside_code(monkeypatch):
    """Data around code, so that some of the stores of a block are into its granules."""
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
    text = f"""
        la s1, data
        li s0, 3000
1:      sw s0, 0(s1)
        sw s0, 64(s1)
        sb s0, 131(s1)
        sw s0, 256(s1)
        lw t0, 64(s1)
        add s3, s3, t0
        addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
data:   .space 512
"""
    jit, reference = machine(text), machine(text, engine="reference")
    assert jit.run() == reference.run()
    assert state_of(jit) == state_of(reference)


def test_a_stack_frame_stays_native(monkeypatch):
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
    text = f"""
        li sp, 0x80010000
        li s0, 3000
1:      jal f
        addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
f:      addi sp, sp, -32
        sw ra, 28(sp)
        sw s0, 24(sp)
        sw s1, 0(sp)
        lw s1, 0(sp)
        lw s0, 24(sp)
        lw ra, 28(sp)
        addi sp, sp, 32
        ret
"""
    jit, reference = machine(text, ram=RAM), machine(text, ram=RAM, engine="reference")
    assert jit.run() == reference.run()
    assert state_of(jit) == state_of(reference)
    assert share(jit) > 0.95
