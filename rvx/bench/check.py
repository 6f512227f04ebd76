"""Whether every element of every result is where rounding may take it."""

from __future__ import annotations

import math

import numpy as np

from rvx.bench.error import Steps, bound, bound_once, reference_error
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Answer, Found, Values, summed
from rvx.bench.kernel import Kernel
from rvx.bench.panel import Packed
from rvx.bench.result import Arrays, Stored
from rvx.bench.size import BenchError, Size
from rvx.bench.system import System


def check(
    kernel: Kernel, system: System, size: Size, arrays: Arrays, formats: Formats, label: str
) -> None:
    """Raise BenchError where an element is further from its float64 value than rounding allows."""
    rounded = {name: operand.values for name, operand in arrays.operands.items()}
    if kernel.checked is None:
        answers = kernel.golden(size, rounded, formats.rounded)
    else:
        found = _found(arrays, system, formats, label)
        answers = kernel.checked(size, rounded, formats.rounded, found)
    for name, answer in answers.items():
        _check(name, answer, arrays.outputs[name].matrix, system, formats, label)


def _found(arrays: Arrays, system: System, formats: Formats, label: str) -> Found:
    results = {name: output.matrix.values for name, output in arrays.outputs.items()}
    for name, values in results.items():
        if not np.isfinite(values).all():
            raise BenchError(f"{label}: {name} has elements that are no finite numbers")

    def product_error(magnitude: Values, terms: int) -> Values:
        return _limit(summed(magnitude, magnitude, terms), system, formats)

    return Found(results, product_error)


def _check(
    name: str, answer: Answer, found: Stored, system: System, formats: Formats, label: str
) -> None:
    limit = _limit(answer, system, formats, found)
    difference = np.abs(found.values - answer.values)
    if wrong := np.argwhere(~(difference <= limit)).tolist():
        at = tuple(wrong[0])
        allowed = np.broadcast_to(limit, difference.shape)[at]
        raise BenchError(
            f"{label}: element {at} of {name} is {found.values[at]:g}, in float64 "
            f"{answer.values[at]:g}; rounding explains no more than {allowed:.2g} of the difference"
        )


def _limit(answer: Answer, system: System, formats: Formats, found: Stored | None = None) -> Values:
    """Of what was found more is known than of what is no longer there."""
    if isinstance(found, Packed):  # compared bit by bit
        return np.zeros_like(answer.magnitude)
    if answer.is_exact:
        return reference_error(answer.magnitude, 0)
    of_sum = math.ceil(answer.terms * system.roundings_per_term)
    once = system.roundings_per_sum if answer.terms else 0
    if found is not None and answer.roundings == 0 and (of_sum, once) == (0, 1):
        return bound_once(found, answer.magnitude, terms=answer.terms)
    # A step whose result is stored where it is computed in is rounded once.
    stores = 0 if formats.real == formats.wide else answer.stores
    steps = (
        Steps(formats.sums, of_sum),
        Steps(formats.wide, once + stores),
        Steps(formats.real, answer.roundings),
    )
    terms = answer.terms + answer.roundings
    return bound(answer.magnitude, steps, terms=terms, reach=answer.reach) + answer.slack
