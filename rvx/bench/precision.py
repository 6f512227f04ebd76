"""How far one rounding to a format moves a number, by the number's magnitude."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from rvx.bench.golden.answer import Values
from rvx.number import Float, Format, Posit

Unit: TypeAlias = "Values | float"


def units(format: Format, magnitude: Values, reach: Unit = 1.0) -> tuple[Unit, Unit]:
    """The (u, e) with which a sum whose terms add up to `magnitude` is rounded: a rounding on
    the way to it is off by no more than u of what it rounds, or of `magnitude`, plus e.

    A float of precision p rounds x to x (1 + d) + e, |d| <= u = 2^-p, |e| <= 2^(lsb - 1), the
    second where the result is subnormal.

    A posit's precision tapers: fewer bits are left for the fraction the further a number is from
    1. Its rounding errors still grow with the number, so partial sums are off by no more than
    the whole `magnitude` would be, or the binade above it that rounding may lead to. What is
    multiplied later may be finer or coarser than the result: `reach` is the magnitude furthest
    from 1 of what enters by its relative accuracy. e is minpos, below which there is no code.
    """
    match format:
        case Float():
            return 2.0**-format.precision, 2.0 ** (format.lsb - 1)
        case Posit():
            tapered = np.maximum(_posit_unit(format, magnitude), _posit_unit(format, reach))
            return tapered, np.where(magnitude > 0.0, 2.0**format.span.lsb, 0.0)
    raise NotImplementedError(f"no bound of errors is derived for sums in {format}")


def _posit_unit(format: Posit, magnitude: Unit) -> Values:
    """In its binade or the next, whichever is coarser; where magnitudes are 0, 0."""
    _, exponents = np.frexp(magnitude)
    distinct, where = np.unique(exponents, return_inverse=True)
    each = [
        max(_binade_unit(format, exponent - 1), _binade_unit(format, exponent))
        for exponent in distinct.tolist()
    ]
    found = np.array(each)[where].reshape(np.shape(magnitude))
    return np.where(np.asarray(magnitude) > 0.0, found, 0.0)


def _binade_unit(format: Posit, exponent: int) -> float:
    """The largest relative error of rounding a number in [2^exponent, 2^(exponent + 1))."""
    regime = exponent >> format.es
    run = regime + 1 if regime >= 0 else -regime
    if run > format.longest:
        return np.inf if regime >= 0 else 1.0
    left = format.bits - 1 - run - (run < format.longest) - format.es
    if left >= 0:
        return math.ldexp(1.0, -(left + 1))
    # Bits of the exponent are cut off: rounding goes up from the middle of two codes' exponents.
    return math.ldexp(1.0, 1 << min(-left, format.es) - 1) - 1.0
