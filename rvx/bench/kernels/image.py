"""Kernels on images (h, w, c): convolutions, rearrangements, transposition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from rvx.bench.golden import convolution, layout
from rvx.bench.golden.answer import Answer, Inputs, Rounded
from rvx.bench.golden.layout import Window
from rvx.bench.kernel import Golden, Kernel, Tensor
from rvx.bench.kernels.drawing import Shape, named, normal, result, room
from rvx.bench.kernels.elementwise import plain
from rvx.bench.size import Size

Windowed: TypeAlias = Callable[[Window, Inputs], Mapping[str, Answer]]
Convolution: TypeAlias = Callable[[Window, Inputs, Rounded], Mapping[str, Answer]]

_STRIDE: Final = 1
_PAD: Final = 1
_DIMENSIONS: Final = ("height", "width", "channels", "kh", "kw")
_WINDOW: Final = (*_DIMENSIONS, str(_STRIDE), str(_PAD))
_IMAGE: Final = named("height", "width", "channels")


def _window(size: Size) -> Window:
    h, w, c, kh, kw = (size[name] for name in _DIMENSIONS)
    return Window(h, w, c, kh, kw, _STRIDE, _PAD)


def _positions(size: Size) -> int:
    return _window(size).rows * _window(size).columns


def _per_position(channels: str) -> Shape:
    return lambda size: (_positions(size), size[channels])


def _taps(size: Size) -> int:
    return _window(size).taps


def _windowed(golden: Windowed) -> Golden:
    return lambda size, inputs, rounded: golden(_window(size), inputs)


def _rearranging(name: str, golden: Windowed, *tensors: Tensor) -> Kernel:
    return Kernel(
        name=name,
        sources=("layout/layout.c",),
        dimensions=_DIMENSIONS,
        default=(8, 8, 8, 3, 3),
        tensors=tensors,
        call=(_WINDOW, *(tensor.name for tensor in tensors)),
        golden=_windowed(golden),
        work=lambda size: _positions(size) * _taps(size),
        unit="element",
    )


def _most(size: Size) -> int:
    """Elements of the largest operand of a convolution's products."""
    positions, taps, filters = _positions(size), _taps(size), size["filters"]
    return max(positions * taps, positions * filters, filters * taps)


def _filter(size: Size) -> tuple[int, ...]:
    return size["filters"], _taps(size)


def _channel_filter(size: Size) -> tuple[int, ...]:
    return size["kh"] * size["kw"], size["channels"]


def _patches(size: Size) -> tuple[int, ...]:
    return _positions(size), _taps(size)


def _conv2d(name: str, golden: Convolution) -> Kernel:
    """`struct conv2d`."""
    outputs = _per_position("filters")
    tensors = (
        normal("x", _IMAGE),
        normal("w", _filter, 0.2),
        normal("dy", outputs),
        result("y", outputs),
        result("dw", _filter),
        result("dx", _IMAGE),
        room("columns", lambda size: _positions(size) * _taps(size)),
        room("room0", _most),
        room("room1", _most),
    )
    return Kernel(
        name=name,
        sources=("conv2d/conv2d.c", "layout/layout.c", "gemm/training.c"),
        dimensions=(*_DIMENSIONS, "filters"),
        default=(8, 8, 8, 3, 3, 8),
        tensors=tensors,
        call=((*_WINDOW, "filters", *(tensor.name for tensor in tensors)),),
        golden=lambda size, inputs, rounded: golden(_window(size), inputs, rounded),
        work=lambda size: _positions(size) * _taps(size) * size["filters"],
    )


def _depthwise(name: str, golden: Windowed) -> Kernel:
    """`struct depthwise`."""
    outputs = _per_position("channels")
    tensors = (
        normal("x", _IMAGE),
        normal("w", _channel_filter, 0.3),
        normal("dy", outputs),
        result("y", outputs),
        result("dx", _IMAGE),
        result("dw", _channel_filter),
    )
    return Kernel(
        name=name,
        sources=("depthwise/depthwise.c",),
        dimensions=_DIMENSIONS,
        default=(8, 8, 8, 3, 3),
        tensors=tensors,
        call=((*_WINDOW, *(tensor.name for tensor in tensors)),),
        golden=_windowed(golden),
        work=lambda size: _positions(size) * _taps(size),
    )


KERNELS: Final = (
    _conv2d("conv2d_forward", convolution.conv2d_forward),
    _conv2d("conv2d_weight_gradient", convolution.conv2d_weight_gradient),
    _conv2d("conv2d_input_gradient", convolution.conv2d_input_gradient),
    _depthwise("depthwise_forward", convolution.depthwise_forward),
    _depthwise("depthwise_weight_gradient", convolution.depthwise_weight_gradient),
    _depthwise("depthwise_input_gradient", convolution.depthwise_input_gradient),
    _rearranging("im2col", layout.im2col, normal("x", _IMAGE), result("columns", _patches)),
    _rearranging("col2im", layout.col2im, normal("columns", _patches), result("dx", _IMAGE)),
    Kernel(
        name="transpose",
        sources=("layout/layout.c",),
        dimensions=("rows", "columns"),
        default=(32, 24),
        tensors=(
            normal("x", named("rows", "columns")),
            result("y", named("columns", "rows")),
        ),
        call=("rows", "columns", "x", "y"),
        golden=plain(layout.transpose),
        work=lambda size: size["rows"] * size["columns"],
        unit="element",
    ),
)
