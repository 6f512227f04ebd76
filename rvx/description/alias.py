"""Pseudo-instructions: a signature of their own, and how it fills the fields of the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rvx.description import syntax
from rvx.description.instruction import check_repeated
from rvx.description.scope import Scope, unknown
from rvx.description.syntax import DescriptionError, Integer, Name, Position
from rvx.description.values import show
from rvx.model.machine import (
    Address,
    Alias,
    CsrOperand,
    FromOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
    SyntaxItem,
)
from rvx.record import record


def alias(
    scope: Scope,
    declared: syntax.AliasDeclaration,
    instructions: Mapping[str, Instruction],
    csrs: Mapping[str, int],
) -> Alias:
    """The checked pseudo-instruction."""
    check_repeated(declared.operands)
    filled = fill(scope, declared, instructions, csrs)
    target, fields = filled.target, filled.fields
    defaults = {i.operand.name: i.default for i in target.syntax if isinstance(i, Optional)}
    items = tuple(_item(fields, defaults, operand) for operand in declared.operands)
    mnemonic = scope.template(declared.mnemonic, declared.at)
    return Alias(mnemonic, target, items, filled.arguments, declared.doc)


@record(frozen=True)
class Filled:
    """How a pseudo-instruction or a short form fills the fields of its target."""

    target: Instruction
    arguments: Mapping[str, int | FromOperand]  # by the target's field
    fields: Mapping[str, Operand]  # by its own operand: what of the target that fills


def fill(
    scope: Scope,
    declared: syntax.AliasDeclaration | syntax.ShortFormDeclaration,
    instructions: Mapping[str, Instruction],
    csrs: Mapping[str, int],
) -> Filled:
    """Resolve `= target arguments`, and check that every operand is used as the target has it."""
    target_name = scope.template(declared.target, declared.at)
    if target_name not in instructions:
        raise unknown(Name(target_name, declared.at), "instruction", instructions)
    target = instructions[target_name]
    own = {plain.name.id: plain for plain in _plain(declared.operands)}
    arguments: dict[str, int | FromOperand] = {}
    fields: dict[str, Operand] = {}  # of the alias's operands: what of the target they fill
    for operand, written in _pairs(target, declared):
        value = _argument(scope, operand, written, own, csrs)
        arguments[operand.name] = value
        if isinstance(value, FromOperand):
            _check_kind(scope, own[value.name], operand)
            fields[value.name] = operand
    unused = [plain.name for plain in own.values() if plain.name.id not in fields]
    if unused:
        raise DescriptionError(
            unused[0].at,
            f"operand '{unused[0].id}' is not used by {target_name}: use it or drop it",
        )
    return Filled(target, arguments, fields)


def shape(items: tuple[SyntaxItem, ...]) -> tuple[object, ...]:
    """What the assembler tells signatures of one mnemonic apart by."""
    found: list[object] = []
    for item in items:
        match item:
            case Plain(operand) | Optional(operand):
                found.append(_kind(operand))
            case Address(offset, base):
                found.append((_kind(base), offset is not None))
    return tuple(found)


def _kind(operand: Operand) -> str:
    return operand.file.name if isinstance(operand, RegisterOperand) else type(operand).__name__


def _plain(operands: tuple[syntax.Operand, ...]) -> list[syntax.PlainOperand]:
    found: list[syntax.PlainOperand] = []
    for operand in operands:
        match operand:
            case syntax.PlainOperand():
                found.append(operand)
            case syntax.OptionalOperand(plain):
                found.append(plain)
            case syntax.AddressOperand(offset, base):
                if offset is not None:
                    found.append(syntax.PlainOperand(offset, None))
                found.append(base)
    return found


def _pairs(
    target: Instruction, declared: syntax.AliasDeclaration | syntax.ShortFormDeclaration
) -> list[tuple[Operand, syntax.Expression]]:
    """Each operand of the target with what the alias writes for it."""
    found: list[tuple[Operand, syntax.Expression]] = []
    written = list(declared.arguments)
    for item in target.syntax:
        if not written:
            if isinstance(item, Optional):
                found.append((item.operand, Integer(item.default, declared.at)))
                continue
            raise _shape_error(declared, target)
        argument = written.pop(0)
        match item, argument:
            case Address(None, base), Name():
                found.append((base, argument))
            case Address(offset, base), syntax.Call(function, (inner,)) if offset is not None:
                found += [(offset, function), (base, inner)]
            case (
                Address(offset, base),
                syntax.Unary("-", syntax.Call(Integer(value, at), (inner,))),
            ) if offset is not None:
                found += [(offset, Integer(-value, at)), (base, inner)]
            case ((Plain(operand) | Optional(operand)), _):
                found.append((operand, argument))
            case _:
                raise _shape_error(declared, target)
    if written:
        raise _shape_error(declared, target)
    return found


def _shape_error(
    declared: syntax.AliasDeclaration | syntax.ShortFormDeclaration, target: Instruction
) -> DescriptionError:
    words: list[str] = []
    for item in target.syntax:
        match item:
            case Plain(operand):
                words.append(operand.name)
            case Optional(operand):
                words.append(f"[{operand.name}]")
            case Address(offset, base):
                words.append(f"{offset.name if offset else ''}({base.name})")
    written = " ".join([target.mnemonic, ", ".join(words)]).strip()
    return DescriptionError(
        declared.at, f"the operands given to {target.mnemonic} do not have its shape: {written}"
    )


def _argument(
    scope: Scope,
    operand: Operand,
    written: syntax.Expression,
    own: Mapping[str, syntax.PlainOperand],
    csrs: Mapping[str, int],
) -> int | FromOperand:
    written = scope.resolve(written)
    match written:
        case Name(id) if id in own:
            return FromOperand(id)
        case syntax.Unary("-", Name(id)) if id in own and isinstance(operand, ImmediateOperand):
            return FromOperand(id, negated=True)
        case Integer(value, at):
            return _checked(operand, value, at)
        case Name(id, at):
            return _checked(operand, _by_name(scope, operand, id, csrs, at), at)
    raise DescriptionError(written.at, "write an operand of the alias, a register or an integer")


def _check_kind(scope: Scope, own: syntax.PlainOperand, operand: Operand) -> None:
    """The alias declares the operand as what the target has there."""
    at = own.name.at
    match own.type, operand:
        case syntax.View(file, None, None), RegisterOperand(_, actual):
            if scope.registers(file).file is not actual:
                raise DescriptionError(
                    at, f"{own.name.id} is a register of {actual.name} in the target, not {file.id}"
                )
        case syntax.View(), RegisterOperand(_, actual):
            raise DescriptionError(
                at, f"the target says how {own.name.id} is seen: write {own.name.id}: {actual.name}"
            )
        case None, RegisterOperand(_, actual):
            raise DescriptionError(
                at, f"{own.name.id} is a register: write {own.name.id}: {actual.name}"
            )
        case syntax.Letters(letters), LettersOperand(_, actual_letters):
            if letters != actual_letters:
                raise DescriptionError(at, f"the letters of {own.name.id} are {actual_letters}")
        case ((syntax.View() | syntax.Letters()), _):
            raise DescriptionError(
                at, f"{own.name.id} is no register in the target: write its name alone"
            )


def _by_name(scope: Scope, operand: Operand, id: str, csrs: Mapping[str, int], at: Position) -> int:
    match operand:
        case RegisterOperand(_, file) if (number := file.index_of(id)) is not None:
            return number
        case CsrOperand() if id in csrs:
            return csrs[id]
        case RoundingOperand() if id in scope.names.rounding_names:
            return scope.names.rounding_names[id]
    raise DescriptionError(
        at, f"'{id}' is neither an operand of the alias nor a value for {operand.name}"
    )


def _checked(operand: Operand, value: int, at: Position) -> int:
    field = operand.field
    if not field.low <= value <= field.high:
        raise DescriptionError(
            at, f"{field.name} holds {field.low} to {field.high}, not {show(value)}"
        )
    if value % (1 << field.lowest):
        raise DescriptionError(
            at, f"{field.name} is a multiple of {1 << field.lowest}, not {show(value)}"
        )
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
            name = plain.name
            if fields[name.id].name not in defaults:
                raise DescriptionError(
                    name.at, f"the target needs {fields[name.id].name}: it cannot be left out"
                )
            return Optional(_renamed(fields, name.id), defaults[fields[name.id].name])


def _renamed(fields: Mapping[str, Operand], name: str) -> Operand:
    """The target's operand under the alias's own name for it."""
    operand = fields[name]
    return replace(operand, field=replace(operand.field, name=name))
