"""Kernels on sequences: one head of attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from rvx.bench.golden import attention
from rvx.bench.golden.answer import Answer, Found, Inputs, Rounded, Values
from rvx.bench.kernel import Kernel, Tensor
from rvx.bench.kernels.drawing import named, normal, result, room
from rvx.bench.size import Size


class Attention(Protocol):
    """A definition that may go on from what a run left."""

    def __call__(
        self, inputs: Inputs, rounded: Rounded, found: Found | None = None
    ) -> Mapping[str, Answer]: ...


_TOKENS: Final = named("n", "d")
_SCORES: Final = named("n", "n")


def _scale(size: Size, random: np.random.Generator) -> Values:
    return np.array([size["d"] ** -0.5])


def _probabilities(size: Size, random: np.random.Generator) -> Values:
    """Lower triangular, rows of sum 1."""
    powers = np.tril(np.exp(random.normal(0.0, 1.0, _SCORES(size))))
    probabilities: Values = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _most(size: Size) -> int:
    return size["n"] * max(size["n"], size["d"])


def _attention(name: str, golden: Attention, products: int) -> Kernel:
    """`struct attention`."""
    tensors = (
        normal("q", _TOKENS),
        normal("k", _TOKENS),
        normal("v", _TOKENS),
        Tensor("scale", named(1), _scale),
        Tensor("p", _SCORES, _probabilities),
        result("y", _TOKENS),
        normal("dy", _TOKENS),
        result("ds", _SCORES),
        result("dq", _TOKENS),
        result("dk", _TOKENS),
        result("dv", _TOKENS),
        room("room0", _most),
        room("room1", _most),
    )
    return Kernel(
        name=name,
        sources=("attention/attention.c",),
        dimensions=("n", "d"),
        default=(16, 16),
        tensors=tensors,
        call=(("n", "d", *(tensor.name for tensor in tensors)),),
        golden=lambda size, inputs, rounded: golden(inputs, rounded),
        checked=lambda size, inputs, rounded, found: golden(inputs, rounded, found),
        work=lambda size: products * size["n"] ** 2 * size["d"],
    )


KERNELS: Final = (
    _attention("attention_forward", attention.attention_forward, 2),
    _attention("attention_backward", attention.attention_backward, 4),
)
