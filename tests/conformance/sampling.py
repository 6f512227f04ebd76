"""Operand fields to try."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from random import Random

from rvx.model.machine import CsrOperand, Instruction, Machine, Operand, RoundingOperand

# fflags, frm, fcsr, cycle, time, instret and the upper halves of these.
_UNPRIVILEGED_CSRS = (0x001, 0x002, 0x003, 0xC00, 0xC01, 0xC02, 0xC80, 0xC81, 0xC82)


def legal_values(machine: Machine, operand: Operand) -> Sequence[int]:
    """What the operand's field may hold, in ascending order."""
    if isinstance(operand, RoundingOperand):
        return sorted(machine.roundings)
    field = operand.field
    return range(field.low, field.high + 1, 1 << field.lowest)


def sample_fields(
    machine: Machine, instruction: Instruction, random: Random, count: int
) -> Iterator[dict[str, int]]:
    """Each field at its bounds and `count` random values, beside random values of the others."""
    legal = {name: legal_values(machine, o) for name, o in instruction.operands.items()}
    if not legal:
        yield {}
    for name, values in legal.items():
        tried = [values[0], values[-1], *random.choices(values, k=count)]
        for value in tried:
            yield {other: random.choice(each) for other, each in legal.items()} | {name: value}


def small_fields(machine: Machine, instruction: Instruction) -> Iterator[dict[str, int]]:
    """Every combination of small values: those that assemblers have other names for."""
    choices = []
    for operand in instruction.operands.values():
        small = _UNPRIVILEGED_CSRS if isinstance(operand, CsrOperand) else (-1, 0, 1)
        legal = legal_values(machine, operand)
        choices.append([value for value in small if value in legal])
    for values in itertools.product(*choices):
        yield dict(zip(instruction.operands, values, strict=True))
