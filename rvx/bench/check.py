"""Whether every element of every result is where rounding may take it."""

from __future__ import annotations

import math

import numpy as np

from rvx.bench.error import Steps, bound, bound_once, reference_error
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Answer, Values
from rvx.bench.kernel import Kernel
from rvx.bench.matrix import Matrix
from rvx.bench.panel import Packed
from rvx.bench.result import Arrays, Stored
from rvx.bench.size import BenchError, Size
from rvx.bench.system import System


def check(
    kernel: Kernel, system: System, size: Size, arrays: Arrays, formats: Formats, label: str
) -> None:
    """Raise BenchError where an element is further from its float64 value than rounding allows."""
    rounded = {name: operand.values for name, operand in arrays.operands.items()}
    for name, answer in kernel.golden(size, rounded, formats.rounded).items():
        _check(name, answer, arrays.outputs[name].matrix, system, formats, label)


def _check(
    name: str, answer: Answer, found: Stored, system: System, formats: Formats, label: str
) -> None:
    if isinstance(found, Packed):  # compared bit by bit
        limit = np.zeros_like(answer.magnitude)
    else:
        limit = _limit(answer, found, system, formats)
    difference = np.abs(found.values - answer.values)
    if wrong := np.argwhere(~(difference <= limit)).tolist():
        at = tuple(wrong[0])
        allowed = np.broadcast_to(limit, difference.shape)[at]
        raise BenchError(
            f"{label}: element {at} of {name} is {found.values[at]:g}, in float64 "
            f"{answer.values[at]:g}; rounding explains no more than {allowed:.2g} of the difference"
        )


def _limit(answer: Answer, found: Matrix, system: System, formats: Formats) -> Values:
    if answer.is_exact:
        return reference_error(answer.magnitude, 0)
    of_sum = math.ceil(answer.terms * system.roundings_per_term)
    once = system.roundings_per_sum if answer.terms else 0
    if answer.roundings == 0 and (of_sum, once) == (0, 1):
        return bound_once(found, answer.magnitude, terms=answer.terms)
    # A step whose result is stored where it is computed in is rounded once.
    stores = 0 if formats.real == formats.wide else answer.stores
    steps = (
        Steps(formats.sums, of_sum),
        Steps(formats.wide, once + stores),
        Steps(formats.real, answer.roundings),
    )
    terms = answer.terms + answer.roundings
    return bound(answer.magnitude, steps, terms=terms, reach=answer.reach)
