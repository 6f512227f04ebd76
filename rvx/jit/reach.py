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

_MOST_ROOTS: Final = 3
START: Final = -1  # in place of the pc of an instruction: before the first one

Named: TypeAlias = tuple[str, int]  # a register: its file and number
# What a sum is of, beside a constant: registers as some instruction, by its pc, left them.
Root: TypeAlias = tuple[int, str, int]
Roots: TypeAlias = tuple[Root, ...]
Sum: TypeAlias = tuple[Roots, int]
Values: TypeAlias = dict[Named, Sum]


@record(frozen=True)
class Reach:
    """The bytes that the check of an access is about, from its own address on: `low <= 0`, up to
    and without `high`. None at all where another's check has answered for them. With `pointer`,
    of the host, the access has been checked already, and lies there."""

    low: int
    high: int
    pointer: str = ""

    @property
    def bytes(self) -> int:
        return self.high - self.low


@record(frozen=True)
class Access:
    """An access at a sum of registers and a constant."""

    pc: int
    stores: bool
    size: int  # bytes
    roots: Roots
    offset: int


@record(eq=False)
class Group:
    """Accesses at constant distances from each other, which may be checked together."""

    accesses: list[Access]
    low: int
    high: int

    @property
    def stores(self) -> bool:
        return self.accesses[0].stores

    def takes(self, access: Access) -> bool:
        high = max(self.high, access.offset + access.size)
        return high - min(self.low, access.offset) <= _FARTHEST

    def add(self, access: Access) -> None:
        self.low = min(self.low, access.offset)
        self.high = max(self.high, access.offset + access.size)
        self.accesses.append(access)


def groups(block: Iterable[Decoded]) -> tuple[list[Group], Values]:
    """For instructions that execute one after the other: their accesses, in the order of the first
    of each group; what they leave in the registers that they write."""
    values: Values = {}
    found: list[Group] = []
    last: dict[tuple[bool, Roots], Group] = {}
    for decoded in block:
        if (access := _access(decoded, values)) is not None:
            kind = access.stores, access.roots
            group = last.get(kind)
            if group is not None and group.takes(access):
                group.add(access)
            else:
                high = access.offset + access.size
                group = last[kind] = Group([access], access.offset, high)
                found.append(group)
        _execute(decoded, values)
    return found, values


def reaches(found: Iterable[Group]) -> Mapping[int, Reach]:
    """What accesses are to check, by pc; without those that check themselves alone."""
    checks: dict[int, Reach] = {}
    for group in found:
        first, *others = group.accesses
        if others:
            checks[first.pc] = Reach(group.low - first.offset, group.high - first.offset)
            checks |= dict.fromkeys([each.pc for each in others], Reach(0, 0))
    return checks


def _access(decoded: Decoded, values: Values) -> Access | None:
    """The instruction's only access, where it always makes one and the address is a sum."""
    match _only_access(decoded.instruction):
        case ir.Load(address, size):
            stores = False
        case ir.Store(address=address, size=size):
            stores = True
        case None:
            return None
    where = sum_of(address, decoded, values)
    return None if where is None else Access(decoded.pc, stores, size, *where)


@lru_cache(maxsize=4096)
def _only_access(instruction: Instruction) -> ir.Load | ir.Store | None:
    every = list(nodes((instruction.body, instruction.needs)))
    if any(isinstance(node, _CONDITIONAL) for node in every):
        return None
    match [node for node in every if isinstance(node, ir.Load | ir.Store)]:
        case [ir.Load(atomic=False) | ir.Store() as access]:
            return access
    return None


def sum_of(e: ir.Word, decoded: Decoded, values: Values) -> Sum | None:
    """What the word is a sum of; None where it is none."""
    constants = decoded.constants()
    if (constant := constants.word(e)) is not None:
        return (), _signed(constant, e.width)
    match e:
        case ir.Register(operand, file):
            named = constants.named(operand, file)
            return values.get(named, (((START, *named),), 0))
        case ir.WordOp("+", left, right):
            one, other = sum_of(left, decoded, values), sum_of(right, decoded, values)
            if one is not None and other is not None:
                roots = tuple(sorted(one[0] + other[0]))
                return (roots, one[1] + other[1]) if len(roots) <= _MOST_ROOTS else None
    return None


def _signed(value: int, width: int) -> int:
    return value - (value >> width - 1 << width)


def _execute(decoded: Decoded, values: Values) -> None:
    """Note what the instruction leaves in registers."""
    written: Values = {}
    for node, is_whole in _writes(decoded.instruction):
        if node.operand is None:
            named = node.file, node.index
        else:
            named = decoded.constants().named(node.operand, node.file)
        found = sum_of(node.value, decoded, values) if is_whole else None
        if found is None or named in written:
            found = ((decoded.pc, *named),), 0
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
