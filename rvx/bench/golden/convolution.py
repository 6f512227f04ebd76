"""Convolutions, all channels or channel by channel: `conv2d.h`, `depthwise.h`.

Where all channels are summed, `rounded` is what the product does to its operands first.
"""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Role, Rounded, Values, summed
from rvx.bench.golden.layout import Window


def conv2d_forward(window: Window, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    """x (h, w, c), w (filters, taps) to y (positions, filters)."""
    patches = rounded(window.patches(inputs["x"]), Role.ACTIVATION)
    w = rounded(inputs["w"], Role.WEIGHT)
    return {"y": summed(patches @ w.T, np.abs(patches) @ np.abs(w).T, window.taps)}


def conv2d_weight_gradient(window: Window, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    """x (h, w, c), dy (positions, filters) to dw (filters, taps)."""
    patches = rounded(window.patches(inputs["x"]).T, Role.KEPT_ACTIVATION)
    dy = rounded(inputs["dy"].T, Role.GRADIENT_TRANSPOSED)
    return {"dw": summed(dy @ patches.T, np.abs(dy) @ np.abs(patches).T, patches.shape[1])}


def conv2d_input_gradient(window: Window, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    """dy (positions, filters), w (filters, taps) to dx (h, w, c)."""
    dy, w = rounded(inputs["dy"], Role.GRADIENT), rounded(inputs["w"].T, Role.KEPT_WEIGHT)
    magnitude = window.gathered(np.abs(dy) @ np.abs(w).T)
    # What is gathered is added up in memory.
    taps = window.kh * window.kw + 1
    gathered = window.gathered(dy @ w.T)
    return {"dx": Answer(gathered, magnitude, taps, stores=taps, terms=dy.shape[1])}


def depthwise_forward(window: Window, inputs: Inputs) -> dict[str, Answer]:
    """x (h, w, c), w (kh kw, c) to y (positions, c)."""
    taps, w = _taps(window, inputs), inputs["w"]
    magnitude = np.einsum("ptc,tc->pc", np.abs(taps), np.abs(w))
    return {"y": _accumulated(np.einsum("ptc,tc->pc", taps, w), magnitude, len(w))}


def depthwise_weight_gradient(window: Window, inputs: Inputs) -> dict[str, Answer]:
    """x (h, w, c), dy (positions, c) to dw (kh kw, c)."""
    taps, dy = _taps(window, inputs), inputs["dy"]
    magnitude = np.einsum("ptc,pc->tc", np.abs(taps), np.abs(dy))
    return {"dw": _accumulated(np.einsum("ptc,pc->tc", taps, dy), magnitude, len(dy))}


def depthwise_input_gradient(window: Window, inputs: Inputs) -> dict[str, Answer]:
    """dy (positions, c), w (kh kw, c) to dx (h, w, c)."""
    dy, w = inputs["dy"], inputs["w"]
    spread = (dy[:, None, :] * w[None]).reshape(len(dy), -1)
    magnitude = window.gathered(np.abs(spread))
    return {"dx": _accumulated(window.gathered(spread), magnitude, len(w))}


def _accumulated(values: Values, magnitude: Values, terms: int) -> Answer:
    """A sum that is kept in memory, stored as often as a term is added."""
    return Answer(values, magnitude, terms, stores=terms)


def _taps(window: Window, inputs: Inputs) -> np.ndarray:
    """(positions, kh kw, c)."""
    return window.patches(inputs["x"]).reshape(-1, window.kh * window.kw, window.c)
