"""The right result of a kernel and how far rounding may take one from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.float64]
Inputs: TypeAlias = Mapping[str, Values]
Rounded: TypeAlias = Callable[[Values], Values]
"""Rounds a matrix to what products take, along its rows."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A result in float64 and its condition.

    `magnitude` (the shape of `values`, or one that broadcasts to it) and `roundings` bound the
    error of a computation that rounds every step in a float of precision p: to first order in
    u = 2^-p it is `roundings` u `magnitude`. They are derived beside each definition: a sum of n
    terms goes through n roundings of at most the sum of their magnitudes; errors of operands
    count by the derivative times the operand.
    """

    values: Values
    magnitude: Values
    roundings: int
    steps: int = 0
    """More roundings, whatever products fuse."""
    slack: Values | float = 0.0
    """What errors of earlier results, bounded already, add to its own."""


@dataclass(frozen=True, eq=False)
class Found:
    """A run that is checked, where a definition goes on from results that it left."""

    results: Mapping[str, Values]
    product_error: Callable[[Values, int], Values]
    """How far a product of the system may be off: of the sum of its terms' magnitudes, and how many
    there are."""


def exactly(values: Values) -> Answer:
    """A result that only moves data: bit for bit."""
    return Answer(values, np.zeros_like(values), 0)
