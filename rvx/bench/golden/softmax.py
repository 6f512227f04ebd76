"""Softmax and cross-entropy: `firmware/kernels/softmax/softmax.h`.

A power e^(x - max) is off by the rounding of its argument, |x - max| units, and by the steps of
the exponential, 12; a sum of positive terms by as many units as it has terms.
"""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Values, furthest


def _probabilities(x: Values) -> tuple[Values, Values]:
    """Of each row, and how many units the steps before the division may be off by."""
    distance = x - x.max(axis=1, keepdims=True)
    powers = np.exp(distance)
    p = powers / powers.sum(axis=1, keepdims=True)
    own = 1.0 + np.abs(distance) / 12.0
    return p, own + (p * own).sum(axis=1, keepdims=True)


def _widest(x: Values) -> Values:
    """Of each row the largest distance, an argument of the exponential."""
    widest: Values = np.ptp(x, axis=1, keepdims=True)
    return widest


def softmax(inputs: Inputs) -> dict[str, Answer]:
    """x (rows, classes)."""
    x = inputs["x"]
    p, units = _probabilities(x)
    # The power is stored, and then its share.
    reach = furthest(_widest(x), x.shape[1])
    return {"y": Answer(p, p * units, 14 + x.shape[1], stores=2, reach=reach)}


def softmax_cross_entropy(inputs: Inputs) -> dict[str, Answer]:
    """x (rows, classes); labels (rows), whole numbers; scale (1)."""
    x, labels = inputs["x"], inputs["labels"].astype(int)
    rows, classes = x.shape
    weight = float(inputs["scale"][0]) / rows
    p, units = _probabilities(x)
    hot = np.zeros_like(x)
    hot[np.arange(rows), labels] = 1.0
    of_label = x[np.arange(rows), labels]
    most = x.max(axis=1)
    logarithm = np.log(np.exp(x - most[:, None]).sum(axis=1))
    loss = (logarithm + most - of_label).mean()
    size = (np.abs(logarithm) + 2.0 + np.abs(most) + np.abs(of_label)).mean()
    widest = _widest(x)
    reach = furthest(widest, classes, p, weight)
    of_loss = furthest(widest.max(), classes, rows * size)
    return {
        "dx": Answer(
            weight * (p - hot), weight * (p * units + hot), 18 + classes, stores=3, reach=reach
        ),
        "loss": Answer(np.array([loss]), np.array([size]), 20 + classes + rows, reach=of_loss),
    }
