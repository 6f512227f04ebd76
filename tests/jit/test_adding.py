"""Additions to a quire that wait for others in native code: wherever it is left or the quire is
looked at, all have been made."""

from __future__ import annotations

from random import Random

import pytest
from assembled import EXIT, EXIT_AND_TRAP, machine, share, state_of

from rvx.jit.adding import Adding
from rvx.jit.host import this_host

pytestmark = pytest.mark.usefixtures("regions_at_once")

ISA = "rv32im_zicsr_zifencei_xposit"
RAM = "0x80000000:64K"
END = 0x8001_0000


def agree(text: str, chance: Random | None) -> float:
    """Run it on both engines, cut anywhere if there is a chance; the share of native code."""
    jit, reference = (machine(text, ram=RAM, isa=ISA, engine=e) for e in ("jit", "reference"))
    ended = None
    while ended is None or (ended.status is None and chance is not None):
        length = None if chance is None else chance.choice((1, 7, 40, 200, 900, 3000))
        ended = jit.run(length)
        assert ended == reference.run(length)
        assert state_of(jit) == state_of(reference)
    return share(jit)


def data(chance: Random, rare: float) -> str:
    """Posits near one, and others; 0x80008000 on."""

    def code() -> int:
        if chance.random() < rare:
            return chance.choice((0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, chance.getrandbits(32)))
        near = 0x2000_0000 + chance.getrandbits(30)
        return near if chance.random() < 0.5 else -near & 0xFFFF_FFFF

    words = "\n".join(f" .word {code():#x}" for _ in range(300))
    return f"\n.data\n.balign 64\nquire: .space 64\nnumbers:\n{words}\n"


DOT = "plw pt0, 0(a0)\n plw pt1, 0(a1)\n qmadd.s pt0, pt1\n addi a0, a0, 4\n addi a1, a1, 4"


def sums(body: str, length: int, turns: int = 12) -> str:
    """Sums of so many turns of a body."""
    return f"""
        .option norvc
        li s1, {turns}
again:  la a0, numbers
        addi a1, a0, 400
        addi a2, a0, {4 * length}
        qclr.s
1:      {body}
        bne a0, a2, 1b
        qround.s pt2
        pmv.x.w t0, pt2
        add s5, s5, t0
        la t1, quire
        qs.s 0(t1)
        addi s1, s1, -1
        bnez s1, again
        {EXIT}
"""


@pytest.mark.parametrize("length", [1, 4, 7, 8, 9, 12, 16, 20, 31, 32, 70])
def test_dot_products(length: int):
    chance = Random(length)
    for rare in (0.0, 0.05):
        text = sums(DOT, length) + data(chance, rare)
        native = agree(text, None)
        agree(text, chance)
        assert length < 8 or native > 0.7


def test_several_are_made_together(monkeypatch, tmp_path):
    """Of a loop's turns without checks, eight by one call."""
    if not this_host().has_lanes:
        pytest.skip("this host adds one by one: it has no AVX-512")
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))  # what is there already is not written
    alone = []
    call = Adding.call
    monkeypatch.setattr(Adding, "call", lambda self, *given: alone.append(call(self, *given)))
    agree(sums(DOT, 64, 200) + data(Random(1), 0.0), None)
    assert len(alone) <= 2  # the turn that checks its accesses


def test_unrolled():
    """In one block, whose first accesses check all."""
    block = "\n ".join(
        f"plw pt0, {4 * i}(a0)\n plw pt1, {4 * i}(a1)\n qmadd.s pt0, pt1" for i in range(11)
    )
    chance = Random(1)
    text = sums(f"{block}\n addi a0, a0, 44\n addi a1, a1, 44", 33) + data(chance, 0.03)
    agree(text, None)
    agree(text, chance)


def test_random_bodies():
    chance = Random(4)
    steps = (
        "qmadd.s pt0, pt1", "qmadd.s pt0, pt1", "qmsub.s pt1, pt0", "qneg.s", "qclr.s",
        "qround.s pt3", "qmadd.s pt3, pt0", "la t1, quire\n qs.s 0(t1)",
        "la t1, quire\n ql.s 0(t1)", "csrr t2, mcycle\n add s6, s6, t2", "psw pt0, 800(a0)",
        "lw t3, 0(a1)\n div t3, t3, s1",
        "lw t3, 4(a0)\n andi t3, t3, 60\n add t3, t3, a0\n plw pt1, 0(t3)",
    )  # fmt: skip
    for _ in range(40):
        body = [DOT, *chance.choices(steps, k=chance.randrange(0, 4))]
        chance.shuffle(body)
        text = sums("\n ".join(body), chance.choice((5, 8, 16, 24, 37)), 4)
        agree(text + data(chance, 0.02), chance)


@pytest.mark.parametrize("step", [4, -4])
def test_a_trap_on_the_way(step: int):
    """The loop leaves RAM while products wait; the handler goes on behind the access."""
    start = END - 100 if step > 0 else 0x8000_0000 + 100
    text = f"""
        .option norvc
        la t0, trap
        csrw mtvec, t0
        li t0, 0x6000
        csrs mstatus, t0
        la a0, numbers
        li t1, {END - 400}
        li t2, 100
copy:   lw t3, 0(a0)
        sw t3, 0(t1)
        addi a0, a0, 4
        addi t1, t1, 4
        addi t2, t2, -1
        bnez t2, copy
        li s1, 6
again:  qclr.s
        li a0, {start}
        li a1, 40
1:      plw pt0, 0(a0)
        qmadd.s pt0, pt0
        addi a0, a0, {step}
        addi a1, a1, -1
        bnez a1, 1b
        qround.s pt2
        addi s1, s1, -1
        bnez s1, again
        {EXIT_AND_TRAP}
    """
    chance = Random(step)
    agree(text + data(chance, 0.0), None)
    agree(text + data(chance, 0.0), chance)
