"""How far a result is from the exact one, and how far it may be.

`bound` is derived from the formats alone, so a kernel that loses an element, a lane or a bit of
accuracy does not pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rvx.bench.matrix import Matrix, Values, decode
from rvx.number import Float

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


def bound(result: Matrix, magnitude: Values, *, terms: int, roundings: int) -> Values:
    """The largest difference that each element of a sum of products may have from float64's.

    `magnitude` is S, the same sum over the absolute values, in float64.

    A float of precision p rounds x to x (1 + d) + e, |d| <= u = 2^-p, |e| <= 2^(lsb - 1) (the
    second where the result is subnormal). A product that goes through n roundings is then off by
    at most ((1 + u)^n - 1) of itself, and the n rounding errors e add up, each growing by no
    more than (1 + u)^n. Summed over the products of an element:

        ((1 + u)^n - 1) S + n 2^(lsb - 1) (1 + u)^n

    Other formats round once, and then an element lies between two neighboring codes, one of
    them its own. The reference itself, a float64 sum of products that need not be exact, is
    off by at most `terms` roundings of 2^-53 of S.
    """
    reference = (terms + 1) * _FLOAT64_EPSILON * magnitude
    match result.format:
        case Float() as format:
            growth = (1.0 + 2.0**-format.precision) ** roundings
            subnormal = roundings * 2.0 ** (format.lsb - 1) * growth
            return (growth - 1.0) * magnitude + subnormal + reference
    assert roundings == 1
    return _gap(result) + reference


def _gap(result: Matrix) -> Values:
    """The larger distance of each value to those of the neighboring codes."""
    values = result.values
    above = decode(result.format, result.codes + np.uint32(1))
    below = decode(result.format, result.codes - np.uint32(1))
    return np.fmax(np.abs(above - values), np.abs(below - values))
