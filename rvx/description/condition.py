"""Conditions behind `where`: on operands, on the machine, on its state.

`rs2 != x0` excludes words; `flen >= 64`, of constants, says in which machines an instruction is;
all else is about state: while it does not hold, the instruction is illegal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass

from rvx.description import syntax
from rvx.description.expression import Context, evaluate, truth_of
from rvx.description.scope import Scope
from rvx.description.syntax import DescriptionError, Expression, Name
from rvx.description.values import show, to_integer
from rvx.model import ir
from rvx.model.machine import Operand, RegisterOperand

Conditional = syntax.InstructionDeclaration | syntax.ShortFormDeclaration


def is_absent(scope: Scope, declared: Conditional) -> bool:
    """Whether a condition on constants keeps the instruction out of this machine."""
    own = {operand.name.id for operand in _plain(declared.operands)}
    return any(
        isinstance(found := truth_of(Context(scope), condition), ir.Truthy) and not found.value
        for condition in declared.conditions
        if not _names(condition) & own
    )


def excluded(
    scope: Scope, operands: Mapping[str, Operand], conditions: Collection[Expression]
) -> tuple[tuple[str, int], ...]:
    """The values that fields may not have."""
    return tuple(
        _excluded(scope, operands, condition)
        for condition in conditions
        if _names(condition) & set(operands)
    )


def conditional_needs(
    scope: Scope, operands: Mapping[str, Operand], conditions: Collection[Expression]
) -> tuple[ir.Truth, ...]:
    """What must hold of the state, or the instruction is illegal."""
    found = [
        truth_of(Context(scope), condition)
        for condition in conditions
        if not _names(condition) & set(operands)
    ]
    return tuple(truth for truth in found if not isinstance(truth, ir.Truthy))


def _plain(operands: tuple[syntax.Operand, ...]) -> Iterator[syntax.PlainOperand]:
    for operand in operands:
        match operand:
            case syntax.PlainOperand():
                yield operand
            case syntax.OptionalOperand(plain):
                yield plain
            case syntax.AddressOperand(offset, base):
                yield base
                if offset is not None:
                    yield syntax.PlainOperand(offset, None)


def _names(part: object) -> set[str]:
    """Every name in an expression."""
    if isinstance(part, Name):
        return {part.id}
    if isinstance(part, tuple):
        return {name for each in part for name in _names(each)}
    if is_dataclass(part):
        return {name for each in fields(part) for name in _names(getattr(part, each.name))}
    return set()


def _excluded(
    scope: Scope, operands: Mapping[str, Operand], condition: syntax.Expression
) -> tuple[str, int]:
    match condition:
        case syntax.Binary("!=", Name() as name, value, at) if name.id in operands:
            operand = operands[name.id]
            if isinstance(operand, RegisterOperand) and isinstance(value, Name):
                number = operand.file.index_of(value.id)
                if number is not None:
                    return name.id, number
            field = operand.field
            number = to_integer(evaluate(Context(scope), value), at, "the excluded value")
            if not field.low <= number <= field.high:
                raise DescriptionError(
                    at, f"{name.id} holds {field.low} to {field.high}, never {show(number)}"
                )
            return name.id, number
    raise DescriptionError(condition.at, "write the condition as operand != constant")
