"""One head of causal attention: `firmware/kernels/attention/attention.h`.

Later products take earlier results, rounded once more: Y takes P, dQ and dK take dS. Where a run is
checked, that is what was found of them, which has been checked itself: then each product is as
far off as any other, however P was rounded. Errors of products that are not kept, of the scores and
of dP, are bounded by `found.product_error` and carried on.
"""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import (
    Answer,
    Found,
    Inputs,
    Role,
    Rounded,
    Values,
    furthest,
    summed,
)

_EXPONENTIAL = 12
"""Roundings of e^x but for that of its argument, `softmax.py`."""


def attention_forward(
    inputs: Inputs, rounded: Rounded, found: Found | None = None
) -> dict[str, Answer]:
    """q, k, v (n, d); scale (1). p (n, n) and y (n, d)."""
    q = rounded(inputs["q"], Role.ACTIVATION)
    k = rounded(inputs["k"], Role.SECOND_ACTIVATION)
    v = rounded(inputs["v"].T, Role.SECOND_ACTIVATION)
    scale = float(inputs["scale"][0])
    n, d = q.shape
    scores = scale * (q @ k.T)
    p = _probabilities(scores)
    # A common error of the scores of a row cancels. Of the others, a power moves by its own, and
    # their sum by no more than the largest: ln p by both. The distance from the largest score, its
    # product with the scale and what the exponential leaves of it are rounded, a share of it each.
    lost = np.tril(scale * _error(found, np.abs(q) @ np.abs(k).T, d))
    moved = lost + lost.max(axis=1, keepdims=True)
    distance = np.tril(_visible(scores).max(axis=1, keepdims=True) - scores)
    units = 1.0 + 2.0 * distance.max(axis=1, keepdims=True)
    kept = rounded(p if found is None else found.results["p"], Role.ACTIVATION)
    return {
        "p": Answer(
            p,
            p * units * np.exp(moved),
            n + _EXPONENTIAL + 6,
            stores=2,  # the power, and its share
            reach=furthest(distance.max(axis=1, keepdims=True), scale, n),
            slack=p * np.expm1(moved),
        ),
        "y": _product(kept, v),
    }


def attention_backward(
    inputs: Inputs, rounded: Rounded, found: Found | None = None
) -> dict[str, Answer]:
    """q, k, v, dy (n, d), p (n, n), scale (1). ds (n, n), dq, dk, dv (n, d)."""
    p, scale = inputs["p"], float(inputs["scale"][0])
    dy = rounded(inputs["dy"], Role.GRADIENT)
    v = rounded(inputs["v"], Role.KEPT_ACTIVATION)
    n, d = dy.shape
    dp, size_dp = dy @ v.T, np.abs(dy) @ np.abs(v).T
    ds = _descent(scale, p, dp, -1.0)
    lost = _error(found, size_dp, d)
    size = _descent(scale, np.abs(p), np.abs(dp) + lost, 1.0)
    slack = _descent(scale, np.abs(p), lost, 1.0)
    kept = ds if found is None else found.results["ds"]
    return {
        "dv": _product(
            rounded(p.T, Role.KEPT_ACTIVATION), rounded(inputs["dy"].T, Role.GRADIENT_TRANSPOSED)
        ),
        "ds": Answer(ds, size, n + 4, reach=furthest(scale, scale * p), slack=slack),
        "dq": _product(rounded(kept, Role.GRADIENT), rounded(inputs["k"].T, Role.KEPT_ACTIVATION)),
        "dk": _product(
            rounded(kept.T, Role.GRADIENT_TRANSPOSED), rounded(inputs["q"].T, Role.KEPT_ACTIVATION)
        ),
    }


def _product(a: Values, b: Values) -> Answer:
    return summed(a @ b.T, np.abs(a) @ np.abs(b).T, a.shape[1])


def _error(found: Found | None, magnitude: Values, terms: int) -> Values:
    return np.zeros_like(magnitude) if found is None else found.product_error(magnitude, terms)


def _descent(scale: float, p: Values, dp: Values, sign: float) -> Values:
    """scale p (dp - rowsum(p dp)), or plus."""
    slope: Values = scale * p * (dp + sign * (p * dp).sum(axis=1, keepdims=True))
    return slope


def _probabilities(scores: Values) -> Values:
    scores = _visible(scores)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Values = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _visible(scores: Values) -> Values:
    """A token sees none behind it."""
    return np.where(np.tril(np.ones_like(scores)) > 0.0, scores, -np.inf)
