"""Loops of one block: accesses that are checked before many turns instead of in each.

Where every turn moves an address by the same step, the first address and the step tell how many
turns stay inside RAM. For so many, and for so many as the budget allows, the block's code needs no
check of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rvx.jit.reach import START, Group, Named, Reach, Roots, Values, groups, reaches
from rvx.jit.timing import Decoded
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.record import record

_MOST_STRIDES: Final = 4  # each takes a register of the host
_LONGEST: Final = 128  # instructions of a block: the checks are little beside a longer one


@record(frozen=True)
class Step:
    """What a turn adds: a constant and registers that no turn writes."""

    constant: int
    registers: tuple[Named, ...]


@record(frozen=True)
class Stride:
    """Accesses that move together, from the sum of some registers on."""

    group: Group
    base: tuple[Named, ...]
    step: Step


@record(frozen=True)
class Loop:
    """A block that is its own successor. `checks`: what the other accesses are to check, by pc."""

    length: int  # instructions
    strides: tuple[Stride, ...]
    checks: Mapping[int, Reach]


def loop_of(block: Sequence[Decoded]) -> Loop | None:
    """The loop that consists of the block; None where it is none, or nothing is to be checked."""
    if not 0 < len(block) <= _LONGEST or block[0].pc not in _targets(block[-1]):
        return None
    found, values = groups(block)
    if not _is_counted(block[-1], values):
        return None
    known = [stride for group in found if (stride := _stride(group, values)) is not None]
    if not 0 < len(known) <= _MOST_STRIDES:
        return None
    moving = [stride.group for stride in known]
    others = [group for group in found if group not in moving]
    return Loop(len(block), tuple(known), reaches(others))


def _is_counted(branch: Decoded, values: Values) -> bool:
    """Whether the loop ends by what it counts. One that looks for something ends soon, mostly."""
    for node in nodes(branch.instruction.body):
        if isinstance(node, ir.Register) and branch.constants().word(node) is None:
            named = branch.constants().named(node.operand, node.file)
            if named in values and _registers(values[named][0]) is None:
                return False
    return True


def _targets(decoded: Decoded) -> set[int | None]:
    """Where a jump goes, as far as that is known."""
    constants = decoded.constants()
    return {constants.word(target) for target in decoded.flow.targets}


def _stride(group: Group, values: Values) -> Stride | None:
    """How the accesses move; None where that is unknown, or some become misaligned."""
    base = _registers(group.accesses[0].roots)
    if base is None:
        return None
    steps = [_step(named, values) for named in base]
    constant = 0
    registers: tuple[Named, ...] = ()
    for step in steps:
        if step is None:
            return None
        constant += step.constant
        registers += step.registers
    if any(constant % access.size for access in group.accesses):
        return None
    return Stride(group, base, Step(constant, registers))


def _registers(roots: Roots) -> tuple[Named, ...] | None:
    """The registers, if the sum is of their values at the beginning."""
    if any(pc != START for pc, _, _ in roots):
        return None
    return tuple((file, number) for _, file, number in roots)


def _step(named: Named, values: Values) -> Step | None:
    """What a turn adds to a register; None where it does something else."""
    if named not in values:
        return Step(0, ())
    roots, constant = values[named]
    others = list(roots)
    own = (START, *named)
    if own not in others:
        return None
    others.remove(own)
    added = _registers(tuple(others))
    if added is None or any(each in values for each in added):
        return None
    return Step(constant, added)
