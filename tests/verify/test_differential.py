"""Engine against engine; and that a wrong engine would be found, and its program shrunk."""

from __future__ import annotations

import os

import pytest

from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.differential import Differential, simulators
from rvx.verify.instruction.shipped import targets
from rvx.verify.node import instructions_of
from rvx.verify.pair import Pair
from rvx.verify.shape import Shape

from .differential import EVERYTHING

SEED = int(os.environ.get("RVX_SEED", "1"))
SETTINGS = {"isa": EVERYTHING, "core": "single", "ram": place.RAM, "engine": "reference"}
SMALL = Shape(size=150, steps=1500)
CORES = [
    "single",
    "tiny",
    *(f"cv32e40p,FPU_ADDMUL_LAT={a},FPU_OTHERS_LAT={o}" for a in range(4) for o in range(4)),
]


class Faulty(Simulator):
    """Spoils what an instruction does, just before it does it."""

    fault = staticmethod(lambda hart, bound: None)

    def _retire(self, bound, pc, cycle):
        self.fault(self.hart, bound)
        super()._retire(bound, pc, cycle)


def wrong_sum(hart, bound):
    if bound.instruction.mnemonic == "add" and hart.writes:
        values, index, mask, new = hart.writes[0]
        hart.writes[0] = values, index, mask, new ^ (new >> 31)


def lost_underflow(hart, bound):
    hart.flags &= ~2


def short_store(hart, bound):
    hart.stores = [(at, size if at & 3 < 2 else 1, value) for at, size, value in hart.stores]


def wrong_quire(hart, bound):
    hart.writes = [
        (values, index, mask, new ^ 1 << 300 if values is hart.states["quire"] else new)
        for values, index, mask, new in hart.writes
    ]


@pytest.mark.parametrize("fault", [wrong_sum, lost_underflow, short_store, wrong_quire])
def test_a_wrong_engine_is_found_and_its_program_shrunk(monkeypatch, fault):
    monkeypatch.setattr(Faulty, "fault", staticmethod(fault))
    differential = Differential(Pair(Simulator(**SETTINGS), Faulty(**SETTINGS)), SMALL, 600)
    failure = next(differential.run(range(1, 60)))
    assert instructions_of(failure.source.body) <= 6
    assert f"seed {failure.seed}, {differential.machine.isa}: the engines differ" in failure.report
    assert "the last of them:" in failure.report


def test_the_same_engine_twice_does_not_differ():
    pair = simulators(("reference", "reference"), isa=EVERYTHING, core="tiny", ram=place.RAM)
    assert not list(Differential(pair, SMALL).run(range(4)))


@pytest.mark.parametrize("core", ["single", "tiny", "cv32e40p,FPU_ADDMUL_LAT=2,FPU_OTHERS_LAT=1"])
def test_the_jit_is_the_reference(core):
    pair = simulators(("reference", "jit"), isa=EVERYTHING, core=core, ram=place.RAM)
    differential = Differential(pair, Shape(steps=5000, patches=True), 600)
    for failure in differential.run(range(SEED, SEED + 2)):
        pytest.fail(failure.report)
    assert differential.executed > 1000


@pytest.mark.sweep
@pytest.mark.parametrize("core", CORES)
def test_many_programs(core):
    """Over 10^6 instructions in all cores together."""
    pair = simulators(("reference", "jit"), isa=EVERYTHING, core=core, ram=place.RAM)
    differential = Differential(pair, Shape(patches=True), 600)
    for failure in differential.run(range(SEED * 1000, SEED * 1000 + 10)):
        pytest.fail(failure.report)


@pytest.mark.sweep
def test_all_that_ships():
    """Over 10^6 instructions of the machines that together have it."""
    for isa in dict.fromkeys(target.isa for target in targets()):
        pair = simulators(("reference", "jit"), isa=isa, core="cv32e40p", ram=place.RAM)
        for failure in Differential(pair, Shape(patches=True), 600).run(range(SEED, SEED + 12)):
            pytest.fail(failure.report)


@pytest.mark.sweep
@pytest.mark.parametrize("isa", ["rv32i", "rv32ic", "rv32im", "rv32imf_xdotp", "rv32im_xposit"])
def test_smaller_machines(isa):
    pair = simulators(("reference", "jit"), isa=isa, timing=False, ram=place.RAM)
    for failure in Differential(pair, Shape(patches=True)).run(range(SEED, SEED + 10)):
        pytest.fail(failure.report)
