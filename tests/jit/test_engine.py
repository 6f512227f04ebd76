"""The engine around native code: it is where it should be, and differs from the reference in
nothing."""

from __future__ import annotations

import io
from random import Random

import pytest
from assembled import EXIT, machine, share, state_of

NESTED = f"""
        li s0, 0
        li s1, 400
        la s2, buffer
outer:  li t0, 0
1:      add s0, s0, t0
        andi t2, t0, 0x1f
        slli t2, t2, 2
        add t2, t2, s2
        lw t3, 0(t2)
        add t3, t3, s0
        sw t3, 0(t2)
        addi t0, t0, 1
        sltiu t4, t0, 50
        bnez t4, 1b
        jal ra, function
        addi s1, s1, -1
        bnez s1, outer
        andi a0, s0, 127
        {EXIT}
function:
        divu t3, s0, s1
        xor s0, s0, t3
        ret
        .data
buffer: .space 256
"""
BOTH = pytest.mark.parametrize("core", ["single", "cv32e40p"])


def pair(text: str, **options):
    """The program by either engine."""
    return machine(text, **options), machine(text, engine="reference", **options)


def agree(text: str, **options):
    """Run to the end by both engines."""
    jit, reference = pair(text, **options)
    assert jit.run() == reference.run()
    assert state_of(jit) == state_of(reference)
    return jit


@BOTH
def test_a_program_ends_as_by_the_reference(core):
    assert share(agree(NESTED, core=core)) > 0.99


@BOTH
def test_a_run_in_pieces_is_the_same_at_each_cut(core):
    jit, reference = pair(NESTED, core=core)
    random = Random(7)
    while True:
        length = random.choice([1, 2, 3, 10, 100, 1000, 5000])
        ended = jit.run(length)
        assert ended == reference.run(length)
        assert state_of(jit) == state_of(reference)
        if ended.status is not None:
            break
    assert share(jit) > 0.8


def test_steps_and_runs_mix():
    jit, reference = pair(NESTED)
    for _ in range(30):
        for made in (jit, reference):
            made.run(777)
            for _ in range(5):
                made.step()
        assert state_of(jit) == state_of(reference)


def test_what_python_changes_between_runs_counts():
    jit, reference = pair(NESTED)
    for made in (jit, reference):
        made.run(5000)
        made.hart.registers["x"][8] = 12345  # s0
        made.hart.states["mtvec"][0] = 0x8000_0000
        made.run(5000)
    assert state_of(jit) == state_of(reference)


def test_an_observer_sees_every_instruction():
    made, seen = machine(NESTED), []
    made.run(5000)
    made.on_retire = lambda pc, cycle: seen.append((pc, cycle))
    assert made.native is None
    made.run(3000)
    made.on_retire = None
    made.run(3000)
    assert (len(seen), made.instret) == (3000, 11000)
    assert len({cycle for _, cycle in seen}) == 3000


def test_markers_count_a_kernel():
    text = NESTED.replace("jal ra, function", "rvx_begin: jal ra, function\nrvx_end: nop")
    text = ".globl rvx_begin, rvx_end\n" + text
    jit = agree(text, core="cv32e40p")
    assert jit.kernel.passages == 400
    assert share(jit) > 0.95


def test_host_calls_are_the_references_business():
    text = f"""
        li s0, 600
1:      li a0, 1
        la a1, text
        li a2, 3
        li a7, 64
        ecall
        addi s0, s0, -1
        bnez s0, 1b
        li a0, 3
        {EXIT}
        .data
text:   .ascii "hi\\n"
"""
    jit, reference = pair(text, stdout=io.BytesIO())
    reference.run()
    jit.run()
    assert state_of(jit) == state_of(reference)
    assert jit.stdout.getvalue() == b"hi\n" * 1200  # both write to one stream
    assert share(jit) > 0.8


def test_traps_and_returns():
    """Misaligned loads, which trap, in a loop; the handler skips them."""
    text = f"""
        la t0, handler
        csrw mtvec, t0
        la s2, buffer
        li s0, 500
1:      addi s2, s2, 1
        lw t1, 0(s2)
        addi s3, s3, 1
        andi t2, s0, 63
        bnez t2, 2f
        la s2, buffer
2:      addi s0, s0, -1
        bnez s0, 1b
        csrw mtvec, zero
        {EXIT}
        .balign 4
handler: csrr t3, mepc
        addi t3, t3, 4
        csrw mepc, t3
        csrr t4, mcause
        add s4, s4, t4
        mret
        .data
buffer: .space 1024
"""
    for options in ({}, {"core": "cv32e40p"}):
        agree(text, **options)


def test_counters_read_by_the_guest():
    text = f"""
        li s0, 300
1:      csrr t0, mcycle
        csrr t1, minstret
        add s1, s1, t0
        xor s2, s2, t1
        andi t2, s0, 63
        bnez t2, 2f
        csrw mcycle, s0
2:      addi s0, s0, -1
        bnez s0, 1b
        li t0, 5
        csrw mcountinhibit, t0
        li s0, 100
3:      csrr t0, mcycle
        add s1, s1, t0
        addi s0, s0, -1
        bnez s0, 3b
        csrw mcountinhibit, zero
        li s0, 100
4:      csrr t0, minstret
        add s1, s1, t0
        addi s0, s0, -1
        bnez s0, 4b
        {EXIT}
"""
    for options in ({}, {"core": "cv32e40p"}):
        agree(text, **options)


@BOTH
def test_timer_interrupts_come_at_the_same_instruction(core):
    text = f"""
        la t0, handler
        csrw mtvec, t0
        li s2, 0x02004000       # mtimecmp
        li s3, 3000
        sw s3, 0(s2)
        sw zero, 4(s2)
        li t0, 0x80
        csrw mie, t0
        csrsi mstatus, 8
        li s0, 30000
1:      addi s1, s1, 3
        xor s5, s5, s1
        addi s0, s0, -1
        bnez s0, 1b
        csrw mie, zero
        csrw mtvec, zero
        {EXIT}
        .balign 4
handler: addi s3, s3, 2000
        addi s3, s3, 1000
        sw s3, 0(s2)
        xor s4, s4, s1
        mret
"""
    jit = agree(text, core=core)
    assert jit.hart.registers["x"][20]


def test_indirect_jumps():
    cases = "".join(f"case{i}: addi s2, s2, {i}\n slli s3, s2, {i}\n j 2f\n" for i in range(8))
    table = "".join(f".word case{i}\n" for i in range(8))
    text = f"""
        la s1, table
        li s0, 2000
1:      andi t0, s0, 7
        slli t0, t0, 2
        add t0, t0, s1
        lw t1, 0(t0)
        jr t1
        {cases}
2:      addi s0, s0, -1
        bnez s0, 1b
        {EXIT}
        .data
table:  {table}
"""
    assert share(agree(text, core="cv32e40p")) > 0.95


def test_memory_outside_of_the_first_piece_of_ram():
    text = NESTED.replace("la s2, buffer", "li s2, 0x10000000")
    jit = agree(text, ram=["0x80000000:1M", "0x10000000:64K"])
    assert jit.memory.read(0x1000_0000, 256) != bytes(256)


def test_a_fault_says_the_same():
    text = "li s0, 100\n1: addi s0, s0, -1\n bnez s0, 1b\n li t0, 0x100\n jr t0\n"
    told = []
    for made in pair(text):
        with pytest.raises(Exception, match="instruction access fault") as raised:
            made.run()
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_a_program_of_a_few_instructions_needs_no_native_code():
    made = machine("li a0, 3\n" + EXIT)
    assert made.run().status == 3
    assert not made._jit._has_native


def test_another_program_is_another_run():
    made = machine(NESTED)
    assert made.run().status == machine(NESTED, engine="reference").run().status
    made.load(made.program)
    made.run()
    assert state_of(made) == state_of(agree(NESTED))


def test_regions_come_and_go(monkeypatch, tmp_path):
    """More loops than there is room for, each a region: the jump behind it comes from a table."""
    monkeypatch.setenv("RVX_CACHE_DIR", str(tmp_path))  # what is kept is not translated again
    monkeypatch.setattr("rvx.jit.library._MOST_REGIONS", 40)
    monkeypatch.setattr("rvx.jit.library._MOST_ALONE", 10)
    monkeypatch.setattr("rvx.jit.supply.Supply.executions", 3)
    count = 150
    loops = "".join(
        f"l{i}: li t0, 50\n1: addi s1, s1, {i}\n addi t0, t0, -1\n bnez t0, 1b\n"
        f"lw t1, {4 * i + 4}(s2)\n jr t1\n .word 0\n"
        for i in range(count)
    )
    table = "".join(f".word l{i}\n" for i in range(count))
    text = f"""
        la s2, table
        li s3, 3
        {loops}
l{count}: addi s3, s3, -1
        beqz s3, 1f
        j l0
1:      {EXIT}
        .data
table:  {table} .word l{count}
"""
    jit = agree(text)
    assert jit.native.translated > 2 * count
    assert len(jit._jit._native._supply.library) <= 40
