"""How operands are drawn, from a seed: in float64, rounded later."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rvx.bench.golden.answer import Values
from rvx.bench.kernel import Draw, Form, Tensor
from rvx.bench.size import Size

Shape = Callable[[Size], tuple[int, ...]]


def named(*parts: str | int) -> Shape:
    """The shape whose extents are dimensions by name, or numbers."""
    return lambda size: tuple(part if isinstance(part, int) else size[part] for part in parts)


def uniform(name: str, shape: Shape, low: float = -1.0, high: float = 1.0) -> Tensor:
    """Uniform in [low, high)."""
    return Tensor(name, shape, lambda size, random: random.uniform(low, high, shape(size)))


def normal(name: str, shape: Shape, scale: float = 1.0) -> Tensor:
    """Normal, of mean 0 and the standard deviation `scale`."""
    return Tensor(name, shape, lambda size, random: random.normal(0.0, scale, shape(size)))


def fixed(name: str, *values: float) -> Tensor:
    """These values."""
    return Tensor(name, lambda size: (len(values),), lambda size, random: np.array(values))


def labels(name: str, rows: str, classes: str) -> Tensor:
    """A class a row."""

    def draw(size: Size, random: np.random.Generator) -> Values:
        return random.integers(0, size[classes], (size[rows],)).astype(np.float64)

    return Tensor(name, named(rows), draw, Form.WHOLE)


def result(name: str, shape: Shape) -> Tensor:
    """Only written."""
    return Tensor(name, shape)


def room(name: str, elements: Callable[[Size], int]) -> Tensor:
    """Scratch of so many wide elements."""
    return Tensor(name, lambda size: (elements(size),), None, Form.ROOM)


def derived(name: str, shape: Shape, draw: Draw) -> Tensor:
    """What another kernel would have left."""
    return Tensor(name, shape, draw)
