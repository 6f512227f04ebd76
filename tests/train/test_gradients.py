"""What a step does to the parameters is what calculus says: differences of losses in float64."""

from __future__ import annotations

import numpy as np
import pytest
from networks import LOSSES
from training_run import short, trained, weights

PROBES, STEP = 24, 1e-5


@pytest.mark.parametrize(
    "workload",
    [
        "mlp",
        "regression",
        *(pytest.param(w, marks=pytest.mark.sweep) for w in ("cnn", "transformer")),
    ],
)
def test_one_step_follows_the_gradient(workload: str) -> None:
    data = short(workload, 8)
    before = weights(trained(workload, data, epochs=0))
    done = trained(workload, data, rate=0.125)
    gradient = (before - weights(done)) / 0.125
    loss = LOSSES[workload]
    told = done.epochs[-1].real("train")
    # An epoch of a text starts anywhere in the first window: the loss says where.
    shifts = range(32 if workload == "transformer" else 1)
    shift = min(shifts, key=lambda s: abs(loss(before, data, s) - told))
    assert loss(before, data, shift) == pytest.approx(told, rel=1e-5)
    random = np.random.default_rng(5)
    largest = random.permutation(np.argsort(-np.abs(gradient))[: len(gradient) // 4])
    probes = np.concatenate([largest[: PROBES - 4], random.integers(0, len(before), 4)])
    for probe in probes:
        moved = np.zeros_like(before)
        moved[probe] = STEP
        slope = (loss(before + moved, data, shift) - loss(before - moved, data, shift)) / (2 * STEP)
        assert gradient[probe] == pytest.approx(slope, rel=2e-3, abs=1e-5)


def test_what_is_held_out_is_judged_and_not_learned_from() -> None:
    data = short("mlp", 8)
    done = trained("mlp", data)
    after = weights(done)
    entries = np.frombuffer(data.data, np.uint8).reshape(-1, 65)
    held = entries[data.first_held : data.first_held + data.held]
    of_held = type(data)(held.tobytes(), len(held), 0, 0)
    loss = LOSSES["mlp"](after, of_held, 0)
    assert done.epochs[-1].real("held") == pytest.approx(loss, rel=1e-5)
    assert done.epochs[-1].whole("judged") == data.held


def test_momentum_and_adam_are_their_definitions() -> None:
    """Two steps on the same batch: from the gradients that plain descent shows."""
    data = short("mlp", 8)
    start = weights(trained("mlp", data, epochs=0))
    first = (start - weights(trained("mlp", data))) / 0.125
    two = weights(trained("mlp", data, epochs=2, momentum=0.5))
    middle = start - 0.125 * first
    plain = weights(trained("mlp", data, epochs=2))
    second = (middle - plain) / 0.125
    assert np.allclose(two, middle - 0.125 * (0.5 * first + second), rtol=0, atol=2e-6)
    adam = weights(trained("mlp", data, optimizer="adam", rate=0.01, momentum=0.9))
    moved = np.abs(first) > 1e-4
    # The first step of Adam is the rate, whatever the gradient.
    assert np.allclose((start - adam)[moved], 0.01 * np.sign(first[moved]), rtol=2e-3)
