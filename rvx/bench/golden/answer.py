"""The right result of a kernel and how far rounding may take one from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    `magnitude` (the shape of `values`, or one that broadcasts to it) and the numbers of roundings
    bound the error of a computation that rounds every step: to first order in u, the relative
    error of one rounding, it is their number times u `magnitude`. They are derived beside each
    definition: a sum of n terms goes through n roundings of at most the sum of their magnitudes;
    errors of operands count by the derivative times the operand.
    """

    values: Values
    magnitude: Values
    roundings: int
    """Of steps of arithmetic, to the format that is computed in."""
    stores: int = 1
    """Of these how many pass through memory, to its format, one after the other."""
    terms: int = 0
    """Of the products of gemm.h in it, besides: rounded as the system's sums are."""
    reach: Values | float = 1.0
    """The magnitude furthest from 1 of the intermediate results that enter by their relative
    accuracy, but for those between 1 and `magnitude`. It counts in formats of tapered precision."""
    slack: Values | float = 0.0
    """What errors of earlier results, bounded already, add to its own."""

    @property
    def is_exact(self) -> bool:
        return self.roundings == self.terms == 0


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


def summed(values: Values, magnitude: Values, terms: int) -> Answer:
    """A sum of products of gemm.h."""
    return Answer(values, magnitude, 0, stores=0, terms=terms)


def furthest(*magnitudes: Values | float) -> Values | float:
    """Of each element that which is furthest from 1, as a factor; zeros are left out."""
    found: Values | float = 1.0
    for magnitude in magnitudes:
        size = np.where(np.asarray(magnitude) == 0.0, 1.0, np.abs(magnitude))
        found = np.where(np.abs(np.log2(size)) > np.abs(np.log2(found)), size, found)
    return found
