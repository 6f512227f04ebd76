"""One head of causal attention: `firmware/kernels/attention/attention.h`."""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Values


def attention_forward(inputs: Inputs) -> dict[str, Answer]:
    """q, k, v (n, d); scale (1). p (n, n) and y (n, d)."""
    q, k, v, scale = inputs["q"], inputs["k"], inputs["v"], float(inputs["scale"][0])
    n, d = q.shape
    p = _probabilities(scale * (q @ k.T))
    # A score is off by d roundings of the sum of its magnitudes; a power by its score's error.
    spread = scale * (np.abs(q) @ np.abs(k).T)
    units = 1.0 + 2.0 * spread.max(axis=1, keepdims=True)
    return {
        "p": Answer(p, p * units, n + d + 16),
        "y": Answer(p @ v, (p * units) @ np.abs(v), 2 * n + d + 16),
    }


def attention_backward(inputs: Inputs) -> dict[str, Answer]:
    """q, k, v, dy (n, d), p (n, n), scale (1). ds (n, n), dq, dk, dv (n, d)."""
    q, k, v, p, dy = (inputs[name] for name in ("q", "k", "v", "p", "dy"))
    scale = float(inputs["scale"][0])
    n, d = q.shape
    dp, size_dp = dy @ v.T, np.abs(dy) @ np.abs(v).T
    ds = scale * p * (dp - (p * dp).sum(axis=1, keepdims=True))
    size = scale * np.abs(p) * (size_dp + (np.abs(p) * size_dp).sum(axis=1, keepdims=True))
    roundings = n + d + 6
    return {
        "ds": Answer(ds, size, roundings),
        "dq": Answer(ds @ k, size @ np.abs(k), roundings + n),
        "dk": Answer(ds.T @ q, size.T @ np.abs(q), roundings + n),
        "dv": Answer(p.T @ dy, np.abs(p).T @ np.abs(dy), n),
    }


def _probabilities(scores: Values) -> Values:
    visible = np.tril(np.ones_like(scores)) > 0.0
    scores = np.where(visible, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Values = powers / powers.sum(axis=1, keepdims=True)
    return probabilities
