"""Additions to a state in place, some of which wait until there are several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from rvx.jit.reach import Reach
from rvx.jit.text import Function
from rvx.model import ir
from rvx.model.machine import CsrOperand, Instruction
from rvx.model.walk import nodes
from rvx.record import record


@record(frozen=True)
class Adding:
    """A call `one(ptr..., arguments...)`.

    Of `most` on end all may be made by a call `together()(ptr, arguments..., arguments..., ...)`,
    which writes the function and gives its name; arguments of zeros add nothing. None: one by one.
    """

    one: str
    arguments: tuple[tuple[str, str], ...]
    most: int = 1
    together: Callable[[], str] | None = None

    def call(self, out: Function, pointers: Sequence[str]) -> None:
        """Add now."""
        places = [("ptr", pointer) for pointer in pointers]
        out.call("void", self.one, *places, *self.arguments)


def lets_wait(instruction: Instruction, states: frozenset[str], reach: Reach | None) -> bool:
    """Whether additions to the states may still wait when the instruction is written: it neither
    looks at these states nor leaves, mostly."""
    found = _looks_at(instruction)
    if found is None:
        return False
    names, accesses, adds = found
    if accesses and (reach is None or (reach.bytes and not reach.pointer)):
        return False
    return adds or not names & states


def may_add(instruction: Instruction) -> bool:
    """Whether all it does may be an addition to a state."""
    match instruction.body:
        case (ir.SetState(value=ir.Encode()),):
            return True
    return False


@lru_cache(maxsize=4096)
def _looks_at(instruction: Instruction) -> tuple[frozenset[str], bool, bool] | None:
    """The states that the instruction looks at, whether it accesses memory, whether all it does
    may be an addition to one state. None: it may look at any."""
    if any(isinstance(operand, CsrOperand) for operand in instruction.operands.values()):
        return None
    every, names = list(nodes((instruction.body, instruction.needs))), set[str]()
    if any(isinstance(node, ir.CsrValue | ir.SetCsr) for node in every):
        return None
    for node in every:
        if isinstance(node, ir.State | ir.SetState):
            names.add(node.name)
    accesses = any(isinstance(node, ir.Load | ir.Store) for node in every)
    return frozenset(names), accesses, may_add(instruction)
