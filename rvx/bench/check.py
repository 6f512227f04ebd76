"""Whether every element of every result is where rounding may take it."""

from __future__ import annotations

import math

import numpy as np

from rvx.bench.error import bound
from rvx.bench.formats import Formats
from rvx.bench.golden.answer import Answer
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
    for name, answer in kernel.golden(size, rounded, formats.rounded).items():
        _check(name, answer, arrays.outputs[name].matrix, system, label)


def _check(name: str, answer: Answer, found: Stored, system: System, label: str) -> None:
    roundings = math.ceil(answer.roundings * system.roundings_per_term) + system.roundings_per_sum
    if answer.roundings == 0:
        roundings = 0
    if isinstance(found, Packed):  # compared bit by bit
        limit = np.zeros_like(answer.magnitude)
    else:
        limit = bound(found, answer.magnitude, terms=answer.roundings, roundings=roundings)
    difference = np.abs(found.values - answer.values)
    if wrong := np.argwhere(~(difference <= limit)).tolist():
        at = tuple(wrong[0])
        allowed = np.broadcast_to(limit, difference.shape)[at]
        raise BenchError(
            f"{label}: element {at} of {name} is {found.values[at]:g}, in float64 "
            f"{answer.values[at]:g}; rounding explains no more than {allowed:.2g} of the difference"
        )
