"""Packing and unpacking, for systems whose operands are more than rounded elements."""

from __future__ import annotations

from typing import Final

from rvx.bench.golden.answer import Answer, Inputs, Role, Rounded, exactly
from rvx.bench.kernel import Form, Golden, Kernel, Tensor
from rvx.bench.kernels.drawing import named, normal, result
from rvx.bench.size import Size

_FOUR_BITS: Final = ("ibm4", "luq4")
_PACKED: Final = (
    *("mxfp8", "mxfp8e5m2", "mxfp6", "mxfp6e3m2", "mxfp4", "nvfp4", "vsq4", "vsq8"),
    *_FOUR_BITS,
)
_MATRIX: Final = named("rows", "k")


def _rounds(role: Role, transposed: bool) -> Golden:
    """To be packed, as `role`."""

    def golden(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
        x = inputs["x"].T if transposed else inputs["x"]
        return {"y": exactly(rounded(x, role))}

    return golden


def _as_single(size: Size, inputs: Inputs, rounded: Rounded) -> dict[str, Answer]:
    """A step may be a product of scales; an element is multiplied by it."""
    return {"y": Answer(inputs["x"], abs(inputs["x"]), 2)}


def _kernel(name: str, golden: Golden, systems: tuple[str, ...], x: Tensor, y: Tensor) -> Kernel:
    return Kernel(
        name=name,
        sources=("quantize/quantize.c",),
        dimensions=("rows", "k"),
        default=(16, 64),
        tensors=(x, y),
        call=("rows", "k", "x", "y"),
        golden=golden,
        work=lambda size: size["rows"] * size["k"],
        systems=systems,
        unit="element",
    )


def _quantize(name: str, role: Role, *systems: str, transposed: bool = False) -> Kernel:
    x = normal("x", named("k", "rows") if transposed else _MATRIX)
    y = Tensor("y", _MATRIX, None, Form.OPERAND, role)
    return _kernel(name, _rounds(role, transposed), systems, x, y)


def dequantize(role: Role, *systems: str) -> Kernel:
    """Of a matrix packed as `role`."""
    drawn = normal("x", _MATRIX)
    x = Tensor("x", _MATRIX, drawn.draw, Form.OPERAND, role)
    return _kernel("dequantize", _as_single, systems, x, result("y", _MATRIX))


KERNELS: Final = (
    _quantize("quantize", Role.ACTIVATION, *_PACKED),
    _quantize("quantize_weight", Role.WEIGHT, *_FOUR_BITS),
    _quantize("quantize_gradient", Role.GRADIENT, *_FOUR_BITS),
    _quantize(
        "quantize_gradient_transposed", Role.GRADIENT_TRANSPOSED, *_FOUR_BITS, transposed=True
    ),
    dequantize(Role.ACTIVATION, *_PACKED),
)
