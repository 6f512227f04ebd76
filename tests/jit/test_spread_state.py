"""The quire of a machine, wherever native code that keeps it spread is left."""

from __future__ import annotations

from random import Random

from assembled import EXIT, machine, state_of

ISA = "rv32im_zicsr_zifencei_xposit"

# Sums of products of both signs in loops, with all that looks at the quire in between, and a trap
# in the middle of each: the handler stores the quire and goes on behind it.
SUMS = """
 la t0, handler
 csrw mtvec, t0
 la s0, numbers
 li s1, 24
outer:
 andi t0, s1, 3
 slli t0, t0, 6
 la a2, quires
 add a2, a2, t0
 qclr.s
 andi t1, s1, 7
 bnez t1, clear
 ql.s 0(a2)
clear:
 mv a0, s0
 li s2, 40
inner:
 plw pt0, 0(a0)
 plw pt1, 4(a0)
 qmadd.s pt0, pt1
 qmsub.s pt1, pt2
 addi a0, a0, 4
 li t2, 20
 bne s2, t2, on
 andi t2, s1, 15
 bnez t2, on
 ecall
on:
 addi s2, s2, -1
 bnez s2, inner
 qround.s pt2
 qs.s 0(a2)
 andi t1, s1, 1
 bnez t1, last
 qneg.s
 qmadd.s pt1, pt2
 qround.s pt3
last:
 addi s1, s1, -1
 bnez s1, outer
 j end
.balign 4
handler:
 la t3, seen
 qs.s 0(t3)
 csrr t4, mepc
 addi t4, t4, 4
 csrw mepc, t4
 mret
end:
 csrw mtvec, zero
"""
DATA = "\n.data\n.balign 64\nquires: .space 256\nseen: .space 64\nnumbers:\n"


def _program() -> str:
    chance = Random(5)
    words = [chance.choice((0x2000_0000, 0x3000_0000)) + chance.getrandbits(29) for _ in range(44)]
    words = [word if chance.random() < 0.5 else -word & 0xFFFF_FFFF for word in words]
    for place in (7, 23):
        words[place] = 0
    words[31] = 0x7FFF_FFFF
    return SUMS + EXIT + DATA + "\n".join(f" .word {word:#x}" for word in words)


def test_cuts_leave_the_whole_quire():
    """Any number of instructions may be the last one: the state is that of the reference."""
    text, chance = _program(), Random(9)
    jit, reference = (machine(text, isa=ISA, engine=e) for e in ("jit", "reference"))
    ended = None
    while ended is None or ended.status is None:
        length = chance.choice((1, 2, 3, 7, 50, 211, 999))
        ended = jit.run(length)
        assert ended == reference.run(length)
        assert state_of(jit) == state_of(reference)
    assert jit.native is not None
    assert jit.native.instret > 0


def test_python_sees_and_sets_the_quire():
    """Between two runs, in the middle of a sum."""
    text = _program()
    jit, reference = (machine(text, isa=ISA, engine=e) for e in ("jit", "reference"))
    for code in (0, 1 << 511, (1 << 511) - 3, 1 << 510, 5 << 300, (1 << 512) - 1):
        for made in (jit, reference):
            made.run(534)
            made.hart.states["quire"][0] = code
            made.run(321)
        assert state_of(jit) == state_of(reference)
