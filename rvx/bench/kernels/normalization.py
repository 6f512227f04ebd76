"""Layer and batch normalisation, softmax and cross-entropy."""

from __future__ import annotations

from typing import Final

import numpy as np

from rvx.bench.golden import normalization, softmax
from rvx.bench.golden.answer import Values
from rvx.bench.kernel import Kernel, Tensor
from rvx.bench.kernels.drawing import Shape, derived, fixed, labels, named, normal, result, uniform
from rvx.bench.kernels.elementwise import Plain, plain
from rvx.bench.size import Size

_EPSILON: Final = 1e-5


def _statistics(size: Size, random: np.random.Generator) -> Values:
    """A mean and a reciprocal deviation a row, as a forward pass may leave them."""
    rows = size["rows"]
    return np.stack([random.normal(0.0, 0.3, rows), random.uniform(0.5, 2.0, rows)], axis=1)


def _norm(
    name: str, golden: Plain, dimensions: tuple[str, str], kept: tuple[Tensor, ...]
) -> Kernel:
    """`struct layernorm` or `struct batchnorm`; parameters along the second dimension."""
    whole, features = named(*dimensions), named(dimensions[1])
    tensors = (
        Tensor("x", whole, normal("x", whole).draw),
        uniform("gamma", features, 0.5, 1.5),
        normal("beta", features),
        fixed("epsilon", _EPSILON),
        result("y", whole),
        *kept,
        normal("dy", whole),
        result("dx", whole),
        result("dgamma", features),
        result("dbeta", features),
    )
    family = name.split("_")[0]
    return Kernel(
        name=name,
        sources=(f"{family}/{family}.c",),
        dimensions=dimensions,
        default=(16, 32),
        tensors=tensors,
        call=((*dimensions, *(tensor.name for tensor in tensors)),),
        golden=plain(golden),
        work=lambda size: size.values[0] * size.values[1],
        unit="element",
    )


def _softmax(name: str, golden: Plain, *tensors: Tensor) -> Kernel:
    return Kernel(
        name=name,
        sources=("softmax/softmax.c",),
        dimensions=("rows", "classes"),
        default=(16, 10),
        tensors=tensors,
        call=("rows", "classes", *(tensor.name for tensor in tensors)),
        golden=plain(golden),
        work=lambda size: size["rows"] * size["classes"],
        unit="element",
    )


_ROWS: Final = ("rows", "n")
_LAYER_KEPT: Final = (derived("statistics", named("rows", 2), _statistics),)
_CHANNELS: Final[Shape] = named("c")
_BATCH_KEPT: Final = (normal("mean", _CHANNELS, 0.3), uniform("r", _CHANNELS, 0.5, 2.0))
_LOGITS: Final = normal("x", named("rows", "classes"), 3.0)

KERNELS: Final = (
    _norm("layernorm_forward", normalization.layernorm_forward, _ROWS, _LAYER_KEPT),
    _norm("layernorm_backward", normalization.layernorm_backward, _ROWS, _LAYER_KEPT),
    _norm("batchnorm_forward", normalization.batchnorm_forward, ("n", "c"), _BATCH_KEPT),
    _norm("batchnorm_backward", normalization.batchnorm_backward, ("n", "c"), _BATCH_KEPT),
    _softmax("softmax", softmax.softmax, _LOGITS, result("y", named("rows", "classes"))),
    _softmax(
        "softmax_cross_entropy",
        softmax.softmax_cross_entropy,
        _LOGITS,
        labels("labels", "rows", "classes"),
        fixed("scale", 128.0),
        result("dx", named("rows", "classes")),
        result("loss", named(1)),
    ),
)
