"""What the options of a run do, where arithmetic says what it must be."""

from __future__ import annotations

from training_run import short, trained

from rvx.train.data import DataSet
from rvx.train.run import Done

STEPS = 2


def data() -> DataSet:
    return short("mlp", 8 * STEPS)


def run(system: str, **settings: object) -> Done:
    return trained("mlp", data(), system, **settings)


def test_in_fp32_powers_of_two_and_masters_change_no_bit() -> None:
    plain = run("fp32").weights
    assert run("fp32", loss_scale=10, scaling="tensor", master="none").weights == plain
    assert run("fp32", seed=2).weights != plain


def test_in_fp8_each_of_them_shows() -> None:
    plain = run("fp8")
    others = [
        run("fp8", loss_scale=10),
        run("fp8", scaling="tensor"),
        run("fp8", stochastic=True),
    ]
    assert all(done.weights != plain.weights for done in others)
    assert all(done.epochs[-1].real("held") < done.epochs[0].real("held") for done in others)
    # Without masters the optimizer works on 16 bits, and takes half of the memory.
    none = run("fp8", master="none")
    assert len(none.weights) * 2 == len(plain.weights)
    masters = [done.start.whole("master_bytes") for done in (plain, none)]
    assert masters == [3 * len(plain.weights), len(none.weights) + 15 & -16]


def test_a_loss_scale_that_overflows_skips_steps_or_gives_way() -> None:
    fixed = run("fp8", loss_scale=24).epochs[-1]
    assert (fixed.whole("skipped"), fixed.whole("scale")) == (STEPS, 24)
    assert fixed.words["held"] == run("fp8").epochs[0].words["held"]  # nothing was learned
    given = trained("mlp", short("mlp", 8 * 16), "fp8", loss_scale=24, dynamic=True).epochs[-1]
    assert given.whole("scale") == 24 - given.whole("skipped")
    assert 0 < given.whole("skipped") < 16
