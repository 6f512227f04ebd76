"""Loss scaling and sums: `firmware/kernels/scaling/scaling.h`."""

from __future__ import annotations

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, exactly, furthest


def unscale(inputs: Inputs) -> dict[str, Answer]:
    """g (n), scale (1)."""
    scale = inputs["scale"][0]
    values = inputs["g"] / scale
    return {"g": Answer(values, np.abs(values), 2, reach=furthest(scale))}


def axpy(inputs: Inputs) -> dict[str, Answer]:
    """x, y (n), a (1)."""
    product = inputs["a"][0] * inputs["x"]
    return {"y": Answer(product + inputs["y"], np.abs(product) + np.abs(inputs["y"]), 1)}


def greatest_magnitude(inputs: Inputs) -> dict[str, Answer]:
    """x (n)."""
    return {"most": exactly(np.abs(inputs["x"]).max(keepdims=True))}
