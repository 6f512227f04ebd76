"""ReLU and GELU: `firmware/kernels/activation/activation.h`."""

from __future__ import annotations

from typing import Final

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Values, exactly, furthest

_INNER: Final = float(np.sqrt(2.0 / np.pi))
_CUBIC: Final = 0.044715

# tanh by an exponential whose argument went through 6 roundings, 8 more of its own steps and 3 of
# the quotient.
_TANGENT_ROUNDINGS: Final = 24


def relu_forward(inputs: Inputs) -> dict[str, Answer]:
    return {"y": exactly(np.maximum(inputs["x"], 0.0))}


def relu_backward(inputs: Inputs) -> dict[str, Answer]:
    return {"dx": exactly(np.where(inputs["x"] > 0.0, inputs["dy"], 0.0))}


def _tangent(x: Values) -> tuple[Values, Values]:
    """tanh u, and what an error of one unit in all its steps may amount to: |u| (1 - tanh^2 u) of
    the argument, 1 of the steps after it (2 / (e^2u + 1) is between 0 and 2)."""
    u = _INNER * (x + _CUBIC * x**3)
    tangent = np.tanh(u)
    return tangent, 2.0 + np.abs(u) * (1.0 - tangent**2)


def _reach(x: Values) -> Values | float:
    """Of the argument's steps; the power, where it is large, counts by its reciprocal, and where
    it is small, less than 1."""
    return furthest(_CUBIC, np.maximum(np.abs(x) ** 3, 1.0))


def gelu_forward(inputs: Inputs) -> dict[str, Answer]:
    x = inputs["x"]
    tangent, spread = _tangent(x)
    magnitude = 0.5 * np.abs(x) * (1.0 + spread)
    return {"y": Answer(0.5 * x * (1.0 + tangent), magnitude, 28, reach=_reach(x))}


def gelu_backward(inputs: Inputs) -> dict[str, Answer]:
    x, dy = inputs["x"], inputs["dy"]
    tangent, spread = _tangent(x)
    slope = _INNER * (1.0 + 3.0 * _CUBIC * x**2)
    change = 0.5 * (1.0 - tangent**2) * slope
    # d/dtanh of the whole: 1/2 - x tanh slope.
    passed_on = spread * (0.5 + np.abs(x * tangent) * slope)
    magnitude = np.abs(dy) * (0.5 * (1.0 + np.abs(tangent)) + np.abs(x) * 0.5 * slope + passed_on)
    values = dy * (0.5 + 0.5 * tangent + x * change)
    return {"dx": Answer(values, magnitude, 36, reach=_reach(x))}
