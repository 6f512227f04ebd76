"""Products: GEMM, the three of training, with a vector, of two vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from rvx.bench.golden.answer import Answer, Inputs, Role, Rounded, Values, summed
from rvx.bench.kernel import Form, Golden, Kernel, Tensor
from rvx.bench.kernels.drawing import named, normal, result, room, uniform
from rvx.bench.size import Size


def _product(a: Values, b: Values) -> Answer:
    """A B', and its condition: k terms."""
    return summed(a @ b.T, np.abs(a) @ np.abs(b).T, a.shape[1])


def _gemm(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    return {"c": _product(inputs["a"], inputs["bt"])}


def _dot(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    return {"z": _product(inputs["x"], inputs["y"])}


def _matvec(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    return {"y": _product(inputs["x"], inputs["a"])}


def _forward(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    return {"y": _product(rounded(inputs["x"], Role.ACTIVATION), rounded(inputs["w"], Role.WEIGHT))}


def _input_gradient(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    dy, w = rounded(inputs["dy"], Role.GRADIENT), rounded(inputs["w"].T, Role.KEPT_WEIGHT)
    return {"dx": _product(dy, w)}


def _weight_gradient(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    dy = rounded(inputs["dy"].T, Role.GRADIENT_TRANSPOSED)
    return {"dw": _product(dy, rounded(inputs["x"].T, Role.KEPT_ACTIVATION))}


def _operand(name: str, role: Role, *shape: str | int) -> Tensor:
    """Uniform in [-1, 1): PERCIVAL's setup."""
    drawn = uniform(name, named(*shape))
    return Tensor(name, drawn.shape, drawn.draw, Form.OPERAND, role)


def _most(size: Size) -> int:
    """Elements of the largest operand."""
    _, middle, most = sorted(size.values)
    return middle * most


def _decoded(size: Size) -> int:
    """Elements of A, B and C."""
    m, n, k = size.values
    return (m + n) * k + m * n


def _layer(name: str, golden: Golden) -> Kernel:
    """`struct layer` of training.h."""
    return Kernel(
        name=name,
        sources=("gemm/training.c",),
        dimensions=("batch", "in", "out"),
        default=(16, 32, 24),
        tensors=(
            normal("x", named("batch", "in")),
            normal("w", named("out", "in")),
            normal("dy", named("batch", "out")),
            result("y", named("batch", "out")),
            result("dx", named("batch", "in")),
            result("dw", named("out", "in")),
            room("room0", _most),
            room("room1", _most),
        ),
        call=(("batch", "in", "out", "x", "w", "dy", "y", "dx", "dw", "room0", "room1"),),
        golden=golden,
        work=lambda size: size["batch"] * size["in"] * size["out"],
    )


GEMM: Final = Kernel(
    name="gemm",
    dimensions=("m", "n", "k"),
    default=(16, 16, 16),
    tensors=(
        _operand("a", Role.ACTIVATION, "m", "k"),
        _operand("bt", Role.WEIGHT, "n", "k"),
        result("c", named("m", "n")),
    ),
    call=("m", "n", "k", "a", "bt", "c"),
    golden=_gemm,
    work=lambda size: size["m"] * size["n"] * size["k"],
)

_DOT: Final = Kernel(
    name="dot",
    sources=("dot/dot.c",),
    dimensions=("n",),
    default=(256,),
    tensors=(
        _operand("x", Role.ACTIVATION, 1, "n"),
        _operand("y", Role.WEIGHT, 1, "n"),
        result("z", named(1, 1)),
    ),
    call=("n", "x", "y", "z"),
    golden=_dot,
    work=lambda size: size["n"],
)

_MATVEC: Final = Kernel(
    name="matvec",
    sources=("dot/dot.c",),
    dimensions=("m", "k"),
    default=(32, 32),
    tensors=(
        _operand("a", Role.WEIGHT, "m", "k"),
        _operand("x", Role.ACTIVATION, 1, "k"),
        result("y", named(1, "m")),
    ),
    call=("m", "k", "a", "x", "y"),
    golden=_matvec,
    work=lambda size: size["m"] * size["k"],
)

_MX_GEMM: Final = replace(
    GEMM,
    name="mxgemm",
    sources=("mxgemm/mxgemm.c",),
    tensors=(*GEMM.tensors, room("room", _decoded)),
    call=(*GEMM.call, "room"),
    systems=("mx_table", "mx_bits", "mx_blocks", "mxfp8"),
)

KERNELS: Final = (
    GEMM,
    _DOT,
    _MATVEC,
    _MX_GEMM,
    _layer("forward", _forward),
    _layer("input_gradient", _input_gradient),
    _layer("weight_gradient", _weight_gradient),
)
