"""How far a result is from the exact one, and how far it may be.

`bound` is derived from the formats alone, so a kernel that loses an element, a lane or a bit of
accuracy does not pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rvx.bench.matrix import Matrix, Values, decode
from rvx.bench.precision import units
from rvx.number import Format

_FLOAT64_EPSILON = 2.0**-53


@dataclass(frozen=True)
class Error:
    """The difference of a result and a reference, over all elements."""

    max_abs: float
    rms: float
    relative_rms: float
    """The Frobenius norm of the difference over that of the reference."""

    @classmethod
    def between(cls, pairs: Sequence[tuple[Values, Values]]) -> Error:
        """Of results and their references, taken together."""
        difference = np.concatenate([(result - wanted).ravel() for result, wanted in pairs])
        norm = float(np.linalg.norm(difference))
        scale = float(np.linalg.norm(np.concatenate([wanted.ravel() for _, wanted in pairs])))
        return cls(
            max_abs=float(np.abs(difference).max()),
            rms=norm / np.sqrt(difference.size).item(),
            relative_rms=norm / scale if scale else norm,
        )


@dataclass(frozen=True)
class Steps:
    """So many roundings to a format, one after the other."""

    format: Format
    count: int


def bound(
    magnitude: Values, steps: Sequence[Steps], *, terms: int, reach: Values | float = 1.0
) -> Values:
    """The largest difference that each element of a sum may have from float64's.

    `magnitude` is S, the same sum over the absolute values, in float64; `reach` as in `units`.

    With n roundings, each off by at most u of what it rounds plus e, a term is off by at most
    ((1 + u)^n - 1) of itself, and the n errors e add up, each growing by no more than (1 + u)^n.
    Summed over the terms of an element:

        ((1 + u)^n - 1) S + n e (1 + u)^n

    With several formats the powers are multiplied. The reference itself, a float64 sum of products
    that need not be exact, is off by at most `terms` roundings of 2^-53 of S.
    """
    growth: Values | float = 1.0
    lost: Values | float = 0.0
    for step in steps:
        unit, least = units(step.format, magnitude, reach)
        growth = growth * (1.0 + unit) ** step.count
        lost = lost + step.count * least
    return (growth - 1.0) * magnitude + lost * growth + reference_error(magnitude, terms)


def bound_once(result: Matrix, magnitude: Values, *, terms: int) -> Values:
    """The same of an exact sum that is rounded once: it lies between two neighboring codes, one of
    them the element's own."""
    return _gap(result) + reference_error(magnitude, terms)


def reference_error(magnitude: Values, terms: int) -> Values:
    """Of float64's own sum."""
    return (terms + 1) * _FLOAT64_EPSILON * magnitude


def _gap(result: Matrix) -> Values:
    """The larger distance of each value to those of the neighboring codes."""
    values = result.values
    above = decode(result.format, result.codes + np.uint32(1))
    below = decode(result.format, result.codes - np.uint32(1))
    return np.fmax(np.abs(above - values), np.abs(below - values))
