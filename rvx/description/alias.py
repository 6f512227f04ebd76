"""Pseudo-instructions: a signature of their own, and how it fills the fields of the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rvx.description import syntax
from rvx.description.scope import Scope, unknown
from rvx.description.syntax import DescriptionError, Integer, Name, Position
from rvx.model.machine import (
    Address,
    Alias,
    CsrOperand,
    FromOperand,
    Instruction,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
    SyntaxItem,
)


def alias(
    scope: Scope,
    declared: syntax.AliasDeclaration,
    instructions: Mapping[str, Instruction],
    csrs: Mapping[str, int],
) -> Alias:
    """The checked pseudo-instruction."""
    target_name = scope.template(declared.target, declared.at)
    if target_name not in instructions:
        raise unknown(Name(target_name, declared.at), "instruction", instructions)
    target = instructions[target_name]
    own = _named(declared.operands)
    arguments: dict[str, int | FromOperand] = {}
    fields: dict[str, Operand] = {}  # of the alias's operands: what of the target they fill
    for operand, written in _pairs(target, declared):
        value = _argument(scope, operand, written, own, csrs)
        arguments[operand.name] = value
        if isinstance(value, FromOperand):
            fields[value.name] = operand
    unused = [name for name in own.values() if name.id not in fields]
    if unused:
        raise DescriptionError(unused[0].at, f"operand '{unused[0].id}' is not used by the target")
    defaults = {i.operand.name: i.default for i in target.syntax if isinstance(i, Optional)}
    items = tuple(_item(fields, defaults, operand) for operand in declared.operands)
    mnemonic = scope.template(declared.mnemonic, declared.at)
    return Alias(mnemonic, target, items, arguments, declared.doc)


def _named(operands: tuple[syntax.Operand, ...]) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for operand in operands:
        match operand:
            case syntax.PlainOperand(name) | syntax.OptionalOperand(syntax.PlainOperand(name)):
                found[name.id] = name
            case syntax.AddressOperand(offset, base):
                if offset is not None:
                    found[offset.id] = offset
                found[base.name.id] = base.name
    return found


def _pairs(
    target: Instruction, declared: syntax.AliasDeclaration
) -> list[tuple[Operand, syntax.Expression]]:
    """Each operand of the target with what the alias writes for it."""
    found: list[tuple[Operand, syntax.Expression]] = []
    written = list(declared.arguments)
    for item in target.syntax:
        if not written:
            if isinstance(item, Optional):
                found.append((item.operand, Integer(item.default, declared.at)))
                continue
            raise _shape(declared, target)
        argument = written.pop(0)
        match item, argument:
            case Address(None, base), syntax.Call() | Name():
                found.append((base, argument))
            case Address(offset, base), syntax.Call(function, (inner,)) if offset is not None:
                found += [(offset, function), (base, inner)]
            case (Plain(operand) | Optional(operand)), _:
                found.append((operand, argument))
            case _:
                raise _shape(declared, target)
    if written:
        raise _shape(declared, target)
    return found


def _shape(declared: syntax.AliasDeclaration, target: Instruction) -> DescriptionError:
    return DescriptionError(
        declared.at, f"the operands given to {target.mnemonic} do not have its shape"
    )


def _argument(
    scope: Scope,
    operand: Operand,
    written: syntax.Expression,
    own: Mapping[str, Name],
    csrs: Mapping[str, int],
) -> int | FromOperand:
    written = scope.resolve(written)
    match written:
        case Name(id) if id in own:
            return FromOperand(id)
        case syntax.Unary("-", Name(id)) if id in own:
            return FromOperand(id, negated=True)
        case Integer(value, at):
            return _checked(operand, value, at)
        case Name(id, at):
            return _checked(operand, _by_name(scope, operand, id, csrs, at), at)
    raise DescriptionError(written.at, "write an operand of the alias, a register or an integer")


def _by_name(
    scope: Scope, operand: Operand, id: str, csrs: Mapping[str, int], at: Position
) -> int:
    match operand:
        case RegisterOperand(_, file) if (number := file.index_of(id)) is not None:
            return number
        case CsrOperand() if id in csrs:
            return csrs[id]
        case RoundingOperand() if id in scope.names.rounding_names:
            return scope.names.rounding_names[id]
    raise DescriptionError(at, f"'{id}' is neither an operand of the alias nor a value for it")


def _checked(operand: Operand, value: int, at: Position) -> int:
    field = operand.field
    if not field.low <= value <= field.high:
        raise DescriptionError(at, f"{field.name} holds {field.low} to {field.high}, not {value}")
    return value


def _item(
    fields: Mapping[str, Operand], defaults: Mapping[str, int], operand: syntax.Operand
) -> SyntaxItem:
    match operand:
        case syntax.PlainOperand(name):
            return Plain(_renamed(fields, name.id))
        case syntax.AddressOperand(offset, base):
            before = _renamed(fields, offset.id) if offset else None
            return Address(before, _renamed(fields, base.name.id))
        case syntax.OptionalOperand(plain):
            found = _renamed(fields, plain.name.id)
            return Optional(found, defaults[found.name])


def _renamed(fields: Mapping[str, Operand], name: str) -> Operand:
    """The target's operand under the alias's own name for it."""
    operand = fields[name]
    return replace(operand, field=replace(operand.field, name=name))
