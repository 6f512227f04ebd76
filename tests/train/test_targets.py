"""What training comes to in each number system: the whole runs, as the command does them."""

from __future__ import annotations

from functools import cache
from statistics import mean

import pytest

from rvx.train.result import accuracy, reached
from rvx.train.run import Done, Plan, Training
from rvx.train.system import SYSTEMS
from rvx.train.workload import BY_NAME as WORKLOADS
from rvx.train.workload import settings_of

pytestmark = pytest.mark.sweep

SEEDS = (1, 2, 3)


@cache
def done(workload: str, system: str, seed: int) -> Done:
    of = WORKLOADS[workload]
    plan = Plan(of, SYSTEMS[system], "cv32e40p", settings_of(of).with_seed(seed))
    found = Training(plan, of.data()).run()
    print(f"{workload} {system} seed {seed}: {found.instret / found.seconds / 1e6:.0f} MIPS")
    return found


def share(system: str) -> float:
    """Per cent right of the digits held out, the mean over seeds."""
    return 100 * mean(accuracy(done("mlp", system, s).epochs[-1]) or 0.0 for s in SEEDS)


def test_digits_in_fp32() -> None:
    assert share("fp32") >= 95


@pytest.mark.parametrize("system", ["fp16", "bf16", "fp8", "posit16", "mxfp8"])
def test_digits_within_a_point(system: str) -> None:
    assert share(system) >= share("fp32") - 1


@pytest.mark.parametrize("system", ["ibm4", "luq4", "vsq4"])
def test_digits_in_four_bits_within_three_points(system: str) -> None:
    assert share(system) >= share("fp32") - 3


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_every_system_learns_the_digits(system: str) -> None:
    before, *_, after = done("mlp", system, 1).epochs
    assert after.real("held") < before.real("held") / 4


@pytest.mark.parametrize("system", ["fp32", "fp8", "posit16", "mxfp8"])
@pytest.mark.parametrize("workload", ["cnn", "transformer", "regression"])
def test_the_loss_stated_in_advance(workload: str, system: str) -> None:
    found = done(workload, system, 1)
    assert reached(found, WORKLOADS[workload].target) is not None
