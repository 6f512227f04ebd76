"""Whether every element of every result is where rounding may take it."""

from __future__ import annotations

import math

import numpy as np

from rvx.bench.error import bound
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Answer, Found, Values
from rvx.bench.kernel import Kernel
from rvx.bench.matrix import Matrix
from rvx.bench.result import Arrays
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
        found = _found(arrays, system, label)
        answers = kernel.checked(size, rounded, formats.rounded, found)
    for name, answer in answers.items():
        _check(name, answer, arrays.outputs[name].matrix, system, label)


def _found(arrays: Arrays, system: System, label: str) -> Found:
    results = {name: output.matrix.values for name, output in arrays.outputs.items()}
    for name, values in results.items():
        if not np.isfinite(values).all():
            raise BenchError(f"{label}: {name} has elements that are no finite numbers")
    some = next(iter(arrays.outputs.values())).matrix

    def product_error(magnitude: Values, terms: int) -> Values:
        return _limit(Answer(magnitude, magnitude, terms), some, system)

    return Found(results, product_error)


def _limit(answer: Answer, found: Matrix, system: System) -> Values:
    roundings = math.ceil(answer.roundings * system.roundings_per_term) + system.roundings_per_sum
    if answer.roundings == 0:
        roundings = 0
    terms = answer.roundings + answer.steps
    limit = bound(found, answer.magnitude, terms=terms, roundings=roundings + answer.steps)
    return limit + answer.slack


def _check(name: str, answer: Answer, found: Matrix, system: System, label: str) -> None:
    limit = _limit(answer, found, system)
    difference = np.abs(found.values - answer.values)
    if wrong := np.argwhere(~(difference <= limit)).tolist():
        at = tuple(wrong[0])
        allowed = np.broadcast_to(limit, difference.shape)[at]
        raise BenchError(
            f"{label}: element {at} of {name} is {found.values[at]:g}, in float64 "
            f"{answer.values[at]:g}; rounding explains no more than {allowed:.2g} of the difference"
        )
