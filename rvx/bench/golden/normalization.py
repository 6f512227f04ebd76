"""Layer and batch normalisation: `layernorm.h`, `batchnorm.h` in `firmware/kernels`.

The forward pass loses accuracy where a mean cancels: an error of the mean, n roundings of the
mean magnitude A = mean |x|, moves z by r A, and one of the variance moves z by half its relative
error of z. The backward pass takes the mean and r as given.
"""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Values, furthest


def _forward(
    x: Values, gamma: Values, beta: Values, epsilon: float, axis: int, stores: int
) -> Answer:
    count = x.shape[axis]
    mean = x.mean(axis=axis, keepdims=True)
    r = 1.0 / np.sqrt(x.var(axis=axis, keepdims=True) + epsilon)
    z = (x - mean) * r
    spread = np.abs(x).mean(axis=axis, keepdims=True) * r
    magnitude = np.abs(gamma) * (np.abs(x) * r + spread + np.abs(z) * (1.0 + spread)) + np.abs(beta)
    reach = _reach(x, axis, r, x.var(axis=axis, keepdims=True))
    return Answer(gamma * z + beta, magnitude, count + 12, stores=stores, reach=reach)


def _reach(x: Values, axis: int, r: Values, *others: Values | float) -> Values | float:
    """Distances from the mean are as coarse as what is largest there, sums as coarse as all of it,
    and the mean is a share."""
    count, size = x.shape[axis], np.abs(x).mean(axis=axis, keepdims=True)
    largest = np.abs(x).max(axis=axis, keepdims=True)
    several = furthest(*others)
    return furthest(size, largest, count * size, 1.0 / count, r, several, count * several)


def layernorm_forward(inputs: Inputs) -> dict[str, Answer]:
    """x (rows, n); gamma, beta (n); epsilon (1)."""
    epsilon = float(inputs["epsilon"][0])
    return {"y": _forward(inputs["x"], inputs["gamma"], inputs["beta"], epsilon, 1, stores=1)}


def batchnorm_forward(inputs: Inputs) -> dict[str, Answer]:
    """x (n, c); gamma, beta (c); epsilon (1)."""
    epsilon = float(inputs["epsilon"][0])
    x = inputs["x"]
    # The mean and then the variance are added up in memory.
    stores = 2 * len(x) + 3
    return {"y": _forward(x, inputs["gamma"], inputs["beta"], epsilon, 0, stores=stores)}


def layernorm_backward(inputs: Inputs) -> dict[str, Answer]:
    """x, dy (rows, n); gamma (n); statistics (rows, 2): mean and r of each row."""
    x, dy, gamma = inputs["x"], inputs["dy"], inputs["gamma"]
    mean, r = inputs["statistics"][:, :1], inputs["statistics"][:, 1:]
    rows, n = x.shape
    z, g = (x - mean) * r, dy * gamma
    size = np.abs(z) + (np.abs(x) + np.abs(mean)) * r
    inner = g - g.mean(axis=1, keepdims=True) - z * (g * z).mean(axis=1, keepdims=True)
    lost = np.abs(g).mean(axis=1, keepdims=True)
    lost = lost + size * (np.abs(g) * size).mean(axis=1, keepdims=True)
    reach = _reach(x, 1, r, lost)
    size_dgamma, size_dbeta = (np.abs(dy) * size).sum(axis=0), np.abs(dy).sum(axis=0)
    worst = furthest(size.max(axis=0), size.min(axis=0), r.max(), r.min())
    return {
        "dx": Answer(r * inner, r * (np.abs(g) + 2.0 * lost), n + 10, reach=reach),
        "dgamma": Answer((dy * z).sum(axis=0), size_dgamma, rows + 4, stores=rows, reach=worst),
        "dbeta": Answer(dy.sum(axis=0), size_dbeta, rows, stores=rows),
    }


def batchnorm_backward(inputs: Inputs) -> dict[str, Answer]:
    """x, dy (n, c); gamma, mean, r (c)."""
    x, dy, gamma = inputs["x"], inputs["dy"], inputs["gamma"]
    mean, r = inputs["mean"], inputs["r"]
    n = x.shape[0]
    z = (x - mean) * r
    size = np.abs(z) + (np.abs(x) + np.abs(mean)) * r
    dgamma, dbeta = (dy * z).sum(axis=0), dy.sum(axis=0)
    size_dgamma, size_dbeta = (np.abs(dy) * size).sum(axis=0), np.abs(dy).sum(axis=0)
    dx = gamma * r * (dy - dbeta / n - z * dgamma / n)
    magnitude = np.abs(gamma * r) * (np.abs(dy) + (size_dbeta + 2.0 * size * size_dgamma) / n)
    reach = _reach(x, 0, r, size_dbeta, size_dgamma)
    return {
        "dx": Answer(dx, magnitude, n + 10, stores=n + 1, reach=reach),
        "dgamma": Answer(dgamma, size_dgamma, n + 4, stores=n, reach=reach),
        "dbeta": Answer(dbeta, size_dbeta, n, stores=n),
    }
