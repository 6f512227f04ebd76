"""What a kernel is: a problem with its operands, its exact answer and its work.

A number system (`system.py`) is what it is solved in; `firmware/kernels` has the programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from rvx.bench.golden.answer import Answer, Found, Inputs, Role, Rounded, Values
from rvx.bench.size import Size

Draw: TypeAlias = Callable[[Size, np.random.Generator], Values]
Golden: TypeAlias = Callable[[Size, Inputs, Rounded], Mapping[str, Answer]]
Checked: TypeAlias = Callable[[Size, Inputs, Rounded, Found], Mapping[str, Answer]]


Argument: TypeAlias = "str | tuple[str, ...]"
"""A dimension or a tensor by name, or a number; or the address of a struct of such words."""


class Form(Enum):
    """How a tensor lies in memory."""

    WIDE = "wide"
    """Elements of the system's wide format, rows on words."""
    OPERAND = "operand"
    """What the system's products take."""
    WHOLE = "whole"
    """32-bit integers."""
    ROOM = "room"
    """Scratch, of that many wide elements."""


@dataclass(frozen=True)
class Tensor:
    """An operand, a result, both (updated in place) or scratch."""

    name: str
    shape: Callable[[Size], tuple[int, ...]]
    draw: Draw | None = None
    """Its value in float64 before it is rounded; None for what is only written."""
    form: Form = Form.WIDE
    role: Role = Role.ACTIVATION
    """What a packed operand is."""


@dataclass(frozen=True)
class Kernel:
    """A problem, whatever solves it. Its entry in C is `NAME_SYSTEM`."""

    name: str
    dimensions: tuple[str, ...]
    default: tuple[int, ...]
    tensors: tuple[Tensor, ...]
    call: tuple[Argument, ...]
    """What it is called with, in the order of its contract."""
    golden: Golden
    work: Callable[[Size], int]
    """Its definition's operations, not those that a program performs."""
    sources: tuple[str, ...] = ()
    """Its C, in `firmware/kernels`; none where each system has a program of its own."""
    systems: tuple[str, ...] | None = None
    """The only ones it is for; None for all. The first is the baseline."""
    checked: Checked | None = None
    """The golden results that a run is held to, where they go on from what the run itself left."""
    unit: str = "MAC"
    """Of work."""

    def size(self, text: str) -> Size:
        """Raises BenchError."""
        return Size.parse(text, self.dimensions)

    @property
    def default_size(self) -> Size:
        return Size(self.dimensions, self.default)
