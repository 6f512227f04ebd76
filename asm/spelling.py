"""How short forms are written that use a register they have no field for: `c.lwsp ra, 12(sp)`.

The short form's own signature leaves that register out. Assemblers spell it, in the order of the
instruction that the short form stands for; which one it is follows from what that one reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rvx.model.machine import (
    Address,
    FromOperand,
    Instruction,
    Operand,
    Plain,
    RegisterFile,
    RegisterOperand,
    SyntaxItem,
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A register that the text names and no field holds."""

    file: RegisterFile
    index: int

    @property
    def name(self) -> str:
        return self.file.name_of(self.index)


@dataclass(frozen=True, slots=True)
class FixedBase:
    """`offset(base)`, where the base is fixed."""

    offset: Operand | None
    base: Fixed


SpelledItem: TypeAlias = "SyntaxItem | Fixed | FixedBase"


def spelled(short: Instruction) -> tuple[SpelledItem, ...] | None:
    """The operands with the registers that the short form reads without a field; None where
    there are none."""
    if short.long is None:
        return None
    target, arguments = short.long.target, short.long.arguments
    fixed: dict[str, Fixed] = {}
    for name in target.reads:
        match target.operands[name], arguments[name]:
            case RegisterOperand(file=file), int(index) if index != file.zero:
                fixed[name] = Fixed(file, index)
    if not fixed:
        return None
    items: list[SpelledItem] = []
    for item in target.syntax:
        match item:
            case Address(offset, base) if base.name in fixed:
                own = None if offset is None else _own(short, arguments, offset)
                items.append(FixedBase(own, fixed[base.name]))
            case Address():
                return None
            case _:
                found = fixed.get(item.operand.name) or _own(short, arguments, item.operand)
                if isinstance(found, Fixed):
                    items.append(found)
                elif found is not None:
                    items.append(Plain(found))
    return tuple(items)


def _own(
    short: Instruction, arguments: Mapping[str, int | FromOperand], operand: Operand
) -> Operand | None:
    """The short form's operand that fills this one of the long instruction's."""
    match arguments[operand.name]:
        case FromOperand(name):
            return short.operands[name]
    return None
