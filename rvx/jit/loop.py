"""Loops of one block: accesses that are checked before many turns instead of in each.

Where every turn moves an address by the same step, the first address and the step tell how many
turns stay inside RAM. For so many, and for so many as the budget allows, the block's code needs no
check of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rvx.jit.adding import may_add
from rvx.jit.ending import Ending, Step, ending_of, registers_of, step_of
from rvx.jit.reach import Group, Named, Reach, Values, groups, reaches
from rvx.jit.timing import Decoded
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.record import record

_MOST_STRIDES: Final = 4  # each takes a register of the host
_LONGEST: Final = 128  # instructions of a block: the checks are little beside a longer one
_AT_ONCE: Final = 4  # turns without checks on end,
_LONGEST_AT_ONCE: Final = 64  # of so many instructions
_ADDING_AT_ONCE: Final = 8  # of what may be added up together


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
    at_once: int  # turns that are written on end
    strides: tuple[Stride, ...]
    checks: Mapping[int, Reach]
    ending: Ending | None  # where something is known of it


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
    ending = ending_of(block[-1], values)
    return Loop(len(block), _at_once(block), tuple(known), reaches(others), ending)


def _at_once(block: Sequence[Decoded]) -> int:
    """How many turns without checks come on end."""
    adds = any(may_add(decoded.instruction) for decoded in block)
    most = _ADDING_AT_ONCE if adds else _AT_ONCE
    return max(1, min(most, _LONGEST_AT_ONCE // len(block)))


def _is_counted(branch: Decoded, values: Values) -> bool:
    """Whether the loop ends by what it counts. One that looks for something ends soon, mostly."""
    for node in nodes(branch.instruction.body):
        if isinstance(node, ir.Register) and branch.constants().word(node) is None:
            named = branch.constants().named(node.operand, node.file)
            if named in values and registers_of(values[named][0]) is None:
                return False
    return True


def _targets(decoded: Decoded) -> set[int | None]:
    """Where a jump goes, as far as that is known."""
    constants = decoded.constants()
    return {constants.word(target) for target in decoded.flow.targets}


def _stride(group: Group, values: Values) -> Stride | None:
    """How the accesses move; None where that is unknown, or some become misaligned."""
    base = registers_of(group.accesses[0].roots)
    step = None if base is None else step_of(base, values)
    if base is None or step is None:
        return None
    if any(step.constant % access.size for access in group.accesses):
        return None
    return Stride(group, base, step)
