"""Lockstep with Spike and unicorn: they agree, and a wrong rvx would be found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.commit import PeerError
from rvx.verify.generator import generate
from rvx.verify.layout import lay_out
from rvx.verify.lockstep import Lockstep, Mismatch
from rvx.verify.peers import peer_of, same_signature
from rvx.verify.random_program import shape_for
from rvx.verify.spike import parsed, spike_binary

SEED = int(os.environ.get("RVX_SEED", "1"))
ISA = "rv32imfc_zicsr_zifencei"
COUNTERS = """
.globl _start
_start: csrr t0, mcycle
        csrr t1, mhartid
        add t0, t0, t1
        la t3, tohost
        li t4, 1
        sw t4, 0(t3)
1:      j 1b
.data
.balign 4096
.globl tohost
tohost: .word 0, 0
.size tohost, 4
.globl fromhost
fromhost: .word 0, 0
"""


def has_spike() -> bool:
    try:
        spike_binary()
    except PeerError:
        return False
    return True


needs_spike = pytest.mark.skipif(not has_spike(), reason="Spike: pip install --pre spike")


def together(seed, peer, simulator=None, isa=ISA, steps=1500):
    simulator = simulator or Simulator(isa=isa, timing=False, ram=place.RAM, engine="reference")
    machine = simulator.machine
    source = generate(machine, seed, shape_for(machine, peer, 200, steps))
    program = lay_out(machine, source).program(machine)
    simulator.load(program)
    with peer_of(peer, simulator, program) as running:
        return Lockstep(simulator, running).run(source.steps)


@needs_spike
@pytest.mark.parametrize("seed", range(SEED, SEED + 4))
def test_random_programs_are_as_on_spike(seed):
    agreement = together(seed, "spike", steps=8000)
    assert agreement.status == 0
    assert agreement.instructions > 300


@needs_spike
@pytest.mark.parametrize("isa", ["rv32i", "rv32imafc_zba_zbb_zbs", "rv32imafdc"])
def test_other_machines_are_as_spikes(isa):
    assert together(SEED, "spike", isa=isa, steps=4000).status == 0


def test_a_random_program_is_as_on_unicorn():
    agreement = together(SEED, "unicorn", steps=300)
    assert agreement.status == 0
    assert agreement.instructions > 300


def wrong_sum(hart, bound):
    if bound.instruction.mnemonic == "sub" and hart.writes:
        values, index, mask, new = hart.writes[0]
        hart.writes[0] = values, index, mask, new ^ 1 << 31


def lost_inexact(hart, bound):
    hart.flags &= ~1


def short_store(hart, bound):
    hart.stores = [(at, size if at & 3 < 2 else 1, value) for at, size, value in hart.stores]


def wrong_cause(hart, bound):
    if bound.instruction.mnemonic == "mret":
        hart.states["mcause"][0] ^= 1 << 4


@needs_spike
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (wrong_sum, "rvx:  0x"),
        (lost_inexact, "fflags: rvx 0x"),
        (short_store, "rvx:  0x"),
        (wrong_cause, "rvx:  0x"),
    ],
)
def test_a_wrong_rvx_is_found(fault, found):
    class Faulty(Simulator):
        def _retire(self, bound, pc, cycle):
            fault(self.hart, bound)
            super()._retire(bound, pc, cycle)

    message = ""
    for seed in range(20):
        simulator = Faulty(isa=ISA, timing=False, ram=place.RAM, engine="reference")
        try:
            together(seed, "spike", simulator)
        except Mismatch as mismatch:
            message = str(mismatch)
            break
    assert message.startswith("after ")
    assert found in message
    assert "\nthe last ones:\n" in message


@needs_spike
@pytest.mark.parametrize("engine", ["reference", "jit"])
def test_the_ends_of_programs_are_as_spikes(engine):
    simulator = Simulator(isa=ISA, timing=False, ram=place.RAM, engine=engine)
    machine = simulator.machine
    source = generate(machine, SEED, shape_for(machine, "spike", 200, 20_000))
    program = lay_out(machine, source).program(machine)
    _, same = same_signature(simulator, program, source.steps)
    assert same


@needs_spike
def test_known_deviations_are_named_and_followed(command, tmp_path: Path):
    (tmp_path / "counters.S").write_text(COUNTERS, encoding="utf-8")
    status, out = command("lockstep", "counters.S", "--isa", "rv32i", cwd=tmp_path)
    assert status == 0
    assert out.startswith("7 instructions like spike's, ")
    assert "1 times it may differ: counts what each simulator calls a cycle" in out


@needs_spike
def test_a_random_program_is_kept_and_runs_again(command, tmp_path: Path):
    words = ("lockstep", "--isa", "rv32imfc", "--steps", "500")
    kept = command(*words, "--random", "1", "--seed", "5", "--keep", "p.S", cwd=tmp_path)
    again = command("lockstep", "p.S", "--isa", "rv32imfc", cwd=tmp_path)
    assert kept[0] == again[0] == 0
    assert kept[1].split()[0] == again[1].split()[0]


def test_lines_of_the_commit_log():
    store = parsed("core   0: 3 0x80000000 (0x0062a223) mem 0x80001004 0x00000007")
    assert (store.pc, store.word, store.stores) == (0x80000000, 0x62A223, ((0x80001004, 7),))
    load = parsed("core   0: 3 0x80000004 (0x4502) x10 0x00000001 mem 0x80001000")
    assert (load.registers, load.stores) == ((("x10", 1),), ())
    flags = parsed("core   0: 3 0x8 (0x00b57553) c1_fflags 0x00000001 f10 0x3f800000")
    assert (flags.registers, flags.csrs) == ((("f10", 0x3F800000),), {1: 1})


@needs_spike
@pytest.mark.sweep
@pytest.mark.parametrize("isa", [ISA, "rv32im", "rv32imafdc_zba_zbb_zbs"])
def test_many_programs(isa):
    for seed in range(1000 * SEED, 1000 * SEED + 20):
        # Raises at a difference; a program of long loops may be stopped before its end.
        assert together(seed, "spike", isa=isa, steps=25_000).status in (0, None)
