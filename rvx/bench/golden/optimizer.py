"""SGD with momentum and Adam: `firmware/kernels/optimizer/optimizer.h`."""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, furthest


def sgd(inputs: Inputs) -> dict[str, Answer]:
    """g, v, w (n); by (3): rate, momentum, decay."""
    g, v, w = inputs["g"], inputs["v"], inputs["w"]
    rate, momentum, decay = inputs["by"].tolist()
    step = momentum * v + g + decay * w
    size = np.abs(momentum * v) + np.abs(g) + np.abs(decay * w)
    return {"v": Answer(step, size, 2), "w": Answer(w - rate * step, np.abs(w) + rate * size, 3)}


def adam(inputs: Inputs) -> dict[str, Answer]:
    """g, m, s, w (n); by (6): rate, b1, b2, epsilon, 1 / (1 - b1^t), 1 / (1 - b2^t)."""
    g, m, s, w = inputs["g"], inputs["m"], inputs["s"], inputs["w"]
    rate, b1, b2, epsilon, correct1, correct2 = inputs["by"].tolist()
    mean = b1 * m + (1.0 - b1) * g
    square = b2 * s + (1.0 - b2) * g**2
    step = rate * correct1 * mean / (np.sqrt(square * correct2) + epsilon)
    # 1 - b1 is exact (b1 >= 1/2, Sterbenz); the mean's own terms may cancel.
    size_mean = np.abs(b1 * m) + np.abs((1.0 - b1) * g)
    size = rate * correct1 * size_mean / (np.sqrt(square * correct2) + epsilon) + np.abs(step)
    return {
        "m": Answer(mean, size_mean, 3),
        "s": Answer(square, square, 4),
        "w": Answer(w - step, np.abs(w) + size, 10, reach=furthest(rate, size_mean, square)),
    }
