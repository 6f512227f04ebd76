"""Kernels that take elements one by one: activations, optimizers, loss scaling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rvx.bench.golden import activation, optimizer, scaling
from rvx.bench.golden.answer import Answer, Inputs
from rvx.bench.kernel import Golden, Kernel, Tensor
from rvx.bench.kernels.drawing import fixed, named, normal, result, uniform

Plain = Callable[[Inputs], Mapping[str, Answer]]

_N: Final = named("n")


def plain(golden: Plain) -> Golden:
    """A definition that no size and no product's rounding enters."""
    return lambda size, inputs, rounded: golden(inputs)


def _kernel(source: str, name: str, golden: Plain, *tensors: Tensor) -> Kernel:
    return Kernel(
        name=name,
        sources=(source,),
        dimensions=("n",),
        default=(256,),
        tensors=tensors,
        call=("n", *(tensor.name for tensor in tensors)),
        golden=plain(golden),
        work=lambda size: size["n"],
        unit="element",
    )


_ACTIVATION: Final = "activation/activation.c"
_OPTIMIZER: Final = "optimizer/optimizer.c"
_SCALING: Final = "scaling/scaling.c"
_X: Final = normal("x", _N, 2.0)
_DY: Final = normal("dy", _N)
_Y: Final = result("y", _N)
_DX: Final = result("dx", _N)
_G: Final = normal("g", _N, 0.01)
_W: Final = normal("w", _N)
_RATES: Final = (0.001, 0.9, 0.999, 1e-8, 1 / (1 - 0.9**3), 1 / (1 - 0.999**3))


KERNELS: Final = (
    _kernel(_ACTIVATION, "relu_forward", activation.relu_forward, _X, _Y),
    _kernel(_ACTIVATION, "relu_backward", activation.relu_backward, _X, _DY, _DX),
    _kernel(_ACTIVATION, "gelu_forward", activation.gelu_forward, _X, _Y),
    _kernel(_ACTIVATION, "gelu_backward", activation.gelu_backward, _X, _DY, _DX),
    _kernel(
        _OPTIMIZER, "sgd", optimizer.sgd, fixed("by", 0.1, 0.9, 1e-4), _G, normal("v", _N, 0.01), _W
    ),
    _kernel(
        _OPTIMIZER,
        "adam",
        optimizer.adam,
        fixed("by", *_RATES),
        _G,
        normal("m", _N, 0.01),
        uniform("s", _N, 1e-6, 1e-4),
        _W,
    ),
    _kernel(_SCALING, "unscale", scaling.unscale, fixed("scale", 1024.0), _G),
    _kernel(_SCALING, "axpy", scaling.axpy, fixed("a", 0.37), _X, normal("y", _N)),
    _kernel(
        _SCALING, "greatest_magnitude", scaling.greatest_magnitude, _X, result("most", named(1))
    ),
)
