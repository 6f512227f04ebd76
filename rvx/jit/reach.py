"""Accesses of a straight piece of code that are checked together.

Unrolled loops, stack frames and records are accesses at constant distances from a register. Where
all of them are in the same block, the first one's check can answer for the others: they execute, if
the first one does, unless something traps before. Where such a check fails, the reference executes
the first access, and native code goes on behind it with a check of its own for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from rvx.jit.timing import Decoded
from rvx.model import ir
from rvx.model.machine import Instruction, RegisterOperand
from rvx.model.walk import nodes
from rvx.record import record

_FARTHEST: Final = 1024  # bytes that are checked at once
# With these in it an instruction may leave out its access.
_CONDITIONAL: Final = (ir.IfElse, ir.WordSelect, ir.NumberSelect, ir.RaiseTrap)

# What a sum of a register's value and a constant is the same sum of: the register as some
# instruction left it; None for constants.
_Root: TypeAlias = tuple[int, str, int] | None
_Sum: TypeAlias = tuple[_Root, int]
_Values: TypeAlias = dict[tuple[str, int], _Sum]


@record(frozen=True)
class Reach:
    """The bytes that the check of an access is about, from its own address on: `low <= 0`, up to
    and without `high`. None at all where another's check has answered for them."""

    low: int
    high: int

    @property
    def bytes(self) -> int:
        return self.high - self.low


@record(frozen=True)
class _Access:
    address: ir.Word
    size: int
    stores: bool


@record()
class _Group:
    """Accesses that are checked together."""

    first: int  # pc
    at: int  # of the first, from the root, as the others
    low: int
    high: int
    others: list[int]

    def takes(self, low: int, high: int) -> bool:
        return max(high, self.high) - min(low, self.low) <= _FARTHEST

    def add(self, pc: int, low: int, high: int) -> None:
        self.low, self.high = min(low, self.low), max(high, self.high)
        self.others.append(pc)


def reaches(block: Iterable[Decoded]) -> Mapping[int, Reach]:
    """For instructions that execute one after the other: what their accesses are to check, by pc;
    without those that check themselves alone."""
    values: _Values = {}
    groups: list[_Group] = []
    open_groups: dict[tuple[bool, _Root], _Group] = {}
    for decoded in block:
        access = _access(decoded.instruction)
        where = None if access is None else _sum(access.address, decoded, values)
        if access is not None and where is not None:
            root, low = where
            high, kind = low + access.size, (access.stores, root)
            group = open_groups.get(kind)
            if group is not None and group.takes(low, high):
                group.add(decoded.pc, low, high)
            else:
                group = open_groups[kind] = _Group(decoded.pc, low, low, high, [])
                groups.append(group)
        _execute(decoded, values)
    found: dict[int, Reach] = {}
    for group in groups:
        if group.others:
            found[group.first] = Reach(group.low - group.at, group.high - group.at)
            found |= dict.fromkeys(group.others, Reach(0, 0))
    return found


@lru_cache(maxsize=4096)
def _access(instruction: Instruction) -> _Access | None:
    """The instruction's only access, where it always makes one."""
    every = list(nodes((instruction.body, instruction.needs)))
    if any(isinstance(node, _CONDITIONAL) for node in every):
        return None
    match [node for node in every if isinstance(node, ir.Load | ir.Store)]:
        case [ir.Load(address, size, _, False)]:
            return _Access(address, size, False)
        case [ir.Store(address=address, size=size)]:
            return _Access(address, size, True)
    return None


def _sum(e: ir.Word, decoded: Decoded, values: _Values) -> _Sum | None:
    """What the word is a sum of; None where it is none."""
    constants = decoded.constants()
    if (constant := constants.word(e)) is not None:
        return None, _signed(constant, e.width)
    match e:
        case ir.Register(operand, file):
            named = constants.named(operand, file)
            return values.setdefault(named, ((-1, *named), 0))
        case ir.WordOp("+", left, right):
            one, other = _sum(left, decoded, values), _sum(right, decoded, values)
            if one is not None and other is not None and None in (one[0], other[0]):
                return (one[0] or other[0]), one[1] + other[1]
    return None


def _signed(value: int, width: int) -> int:
    return value - (value >> width - 1 << width)


def _execute(decoded: Decoded, values: _Values) -> None:
    """Note what the instruction leaves in registers."""
    written: _Values = {}
    for node, is_whole in _writes(decoded.instruction):
        if node.operand is None:
            named = node.file, node.index
        else:
            named = decoded.constants().named(node.operand, node.file)
        found = _sum(node.value, decoded, values) if is_whole else None
        if found is None or named in written:
            found = (decoded.pc, *named), 0
        written[named] = found
    values.update(written)


@lru_cache(maxsize=4096)
def _writes(instruction: Instruction) -> list[tuple[ir.SetRegister, bool]]:
    """Its writes of registers, and whether each always gives the whole register its value."""
    found = []
    for node in nodes(instruction.body):
        if isinstance(node, ir.SetRegister):
            operand = instruction.operands.get(node.operand or "")
            is_whole = (
                node in instruction.body
                and isinstance(operand, RegisterOperand)
                and node.value.width == operand.file.width
            )
            found.append((node, is_whole))
    return found
