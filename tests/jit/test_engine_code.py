"""Code that changes: by the guest's stores, by host calls, and by Python."""

from __future__ import annotations

import io

import numpy as np
import pytest
from assembled import EXIT, machine, share, state_of
from test_engine import BOTH, agree, pair


@BOTH
@pytest.mark.parametrize("fence", ["fence.i", "nop"])
def test_a_guest_patches_its_loop(core, fence):
    """As the reference, stores to code take effect at once."""
    text = f"""
        la s1, patched
        lw s2, 0(s1)
        li s3, 0x00100000       # adds one to the immediate
        li s4, 40
outer:  li s0, 50
1:      addi s5, s5, 1
patched: addi s6, s6, 1
        addi s0, s0, -1
        bnez s0, 1b
        add s2, s2, s3
        sw s2, 0(s1)
        {fence}
        addi s4, s4, -1
        bnez s4, outer
        {EXIT}
"""
    jit = agree(text, core=core)
    assert jit.hart.registers["x"][22] == 50 * sum(range(1, 41))


def test_a_loop_patches_itself_each_time():
    """It is interpreted in the end, and not translated again and again."""
    text = f"""
        la s1, patched
        lw s2, 0(s1)
        li s3, 0x00100000
        li s0, 2000
1:      add s2, s2, s3
        sw s2, 0(s1)
patched: addi s6, s6, 1
        addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
"""
    assert agree(text).native.translated < 20


def test_a_guest_generates_code():
    """A function written over and over, called in between."""
    text = f"""
        la s1, buffer
        li s2, 0x00150513       # addi a0, a0, 1
        li s3, 0x00008067       # ret
        li s4, 0x00100000
        li s5, 30
1:      sw s2, 0(s1)
        sw s3, 4(s1)
        fence.i
        li s0, 60
2:      jalr s1
        addi s0, s0, -1
        bnez s0, 2b
        add s2, s2, s4
        addi s5, s5, -1
        bnez s5, 1b
        andi a0, a0, 127
        {EXIT}
        .data
        .balign 64
buffer: .space 64
"""
    jit = agree(text)
    assert share(jit) > 0.2


def test_stores_beside_code_stay_native():
    """Data in front of code and behind it, in granules of its own."""
    text = f"""
        j start
        .balign 128
before: .space 128
start:  la s1, before
        la s2, behind
        li s0, 20000
1:      sw s0, 0(s1)
        sw s0, 0(s2)
        lw t0, 0(s1)
        add s3, s3, t0
        addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
        .balign 128
behind: .space 128
"""
    jit = agree(text)
    assert share(jit) > 0.99
    assert jit.native.translated < 5


def test_stores_into_the_granule_of_code_change_nothing_else():
    text = f"""
        la s1, data
        li s0, 500
1:      sw s0, 0(s1)
        lw t0, 0(s1)
        add s3, s3, t0
        addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
data:   .word 0
"""
    assert agree(text).native.translated < 5


def test_the_host_reads_input_into_code():
    text = f"""
        li s4, 20
outer:  li a0, 0
        la a1, patched
        li a2, 4
        li a7, 63
        ecall
        li s0, 50
1:      addi s5, s5, 1
patched: addi s6, s6, 1
        addi s0, s0, -1
        bnez s0, 1b
        addi s4, s4, -1
        bnez s4, outer
        {EXIT}
"""
    words = b"".join((0x001B0B13 + (i << 20)).to_bytes(4, "little") for i in range(20))
    made = [each(text, io.BytesIO(words)) for each in (_jit, _reference)]
    assert made[0].run() == made[1].run()
    assert state_of(made[0]) == state_of(made[1])
    assert made[0].hart.registers["x"][22] == 50 * sum(range(1, 21))


def _jit(text, stdin):
    return machine(text, stdin=stdin)


def _reference(text, stdin):
    return machine(text, stdin=stdin, engine="reference")


@pytest.mark.parametrize("way", ["view", "write", "simulator"])
def test_python_changes_code_between_runs(way):
    text = "1: addi s1, s1, 1\n addi s2, s2, 1\n j 1b\n"
    made, reference = pair(text)
    word = np.array([0x00548493], "<u4")  # addi s1, s1, 5
    for each in (made, reference):
        each.run(3000)
        if way == "view":
            each.memory.view(0x8000_0000, "<u4", 1)[:] = word
        elif way == "write":
            each.memory.write(0x8000_0000, word.tobytes())
        else:
            each.write(0x8000_0000, word)
        each.run(3000)
    assert state_of(made) == state_of(reference)
    assert made.hart.registers["x"][9] == 6000
    assert share(made) > 0.8


def test_code_outside_of_the_first_piece_of_ram():
    text = "j start\n" + NEAR
    made, reference = pair(text, ram=["0x20000000:1M", "0x80000000:64K"])
    assert made.run() == reference.run()
    assert state_of(made) == state_of(reference)
    assert share(made) > 0.1


NEAR = f"""
start:  la s1, patched
        lw s2, 0(s1)
        li s3, 0x00100000
        li s4, 10
outer:  li s0, 100
1:      addi s5, s5, 1
patched: addi s6, s6, 1
        addi s0, s0, -1
        bnez s0, 1b
        add s2, s2, s3
        sw s2, 0(s1)
        addi s4, s4, -1
        bnez s4, outer
        {EXIT}
"""
