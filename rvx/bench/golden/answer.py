"""The right result of a kernel and how far rounding may take one from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.float64]
Inputs: TypeAlias = Mapping[str, Values]


class Role(Enum):
    """What an operand of a product is to training: `firmware/numbers/roles.h`."""

    ACTIVATION = "activation"
    WEIGHT = "weight"
    SECOND_ACTIVATION = "activation, the second operand"
    GRADIENT = "gradient"
    GRADIENT_TRANSPOSED = "gradient, transposed"
    """Packed by `packed_as_transposed`: a gradient's second quantisation."""
    KEPT_ACTIVATION = "activation beside a gradient"
    KEPT_WEIGHT = "weight beside a gradient"


class Rounded(Protocol):
    """Rounds a matrix to what products take, along its rows."""

    def __call__(self, values: Values, role: Role = Role.ACTIVATION) -> Values: ...


def unrounded(values: Values, role: Role = Role.ACTIVATION) -> Values:
    """What products would take if they could."""
    return values


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


def exactly(values: Values) -> Answer:
    """A result that only moves data: bit for bit."""
    return Answer(values, np.zeros_like(values), 0)
