"""One instruction: its pattern, its operands, its body, and what follows from the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rvx.description import syntax, values
from rvx.description.expression import Context, evaluate
from rvx.description.scope import Scope, unknown
from rvx.description.statement import effects
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import to_integer
from rvx.model import expression as ir
from rvx.model.encoding import Encoding, Field
from rvx.model.machine import (
    Address,
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LanesView,
    LettersOperand,
    NumberView,
    Operand,
    Optional,
    Plain,
    RegisterFile,
    RegisterOperand,
    RoundingOperand,
    SyntaxItem,
    View,
    WordView,
    operands_of,
)
from rvx.model.walk import nodes


@dataclass(frozen=True)
class Pattern:
    """The bits that make a word this instruction."""

    match: int
    mask: int
    excluded: tuple[tuple[str, int], ...]


def instruction(
    scope: Scope, extension: str, declared: syntax.InstructionDeclaration
) -> Instruction:
    """The checked instruction."""
    mnemonic = scope.template(declared.mnemonic, declared.at)
    encoding = scope.encoding(declared.pattern.encoding)
    targets = _targets(declared.body)
    items = tuple(_item(scope, encoding, targets, operand) for operand in declared.operands)
    operands = {operand.name: operand for operand in operands_of(items)}
    _check_repeated(declared.operands)
    pattern = _pattern(scope, encoding, declared, operands)
    context = Context(scope, operands)
    body = effects(context, declared.body)
    body += _marks(body, scope)
    return Instruction(
        mnemonic=mnemonic,
        extension=extension,
        encoding=encoding,
        match=pattern.match,
        mask=pattern.mask,
        excluded=pattern.excluded,
        syntax=items,
        body=body,
        needs=_needs(operands, body, scope),
        rounds=context.rounds or "rm" in operands,
        text=declared.text,
        doc=declared.doc,
        source=str(declared.at),
        classes=_classes(body),
        reads=_reads(operands, body),
        writes=tuple(
            name
            for name in operands
            if any(isinstance(n, ir.SetRegister) and n.operand == name for n in nodes(body))
        ),
    )


# Operands ---------------------------------------------------------------------------------------


def _item(
    scope: Scope, encoding: Encoding, targets: set[str], operand: syntax.Operand
) -> SyntaxItem:
    match operand:
        case syntax.PlainOperand():
            return Plain(operand_of(scope, encoding, targets, operand))
        case syntax.AddressOperand(offset, base):
            before = syntax.PlainOperand(offset, None) if offset else None
            return Address(
                operand_of(scope, encoding, targets, before) if before else None,
                operand_of(scope, encoding, targets, base),
            )
        case syntax.OptionalOperand(plain):
            found = operand_of(scope, encoding, targets, plain)
            return Optional(found, _default(scope, found, plain.name.at))


def _default(scope: Scope, operand: Operand, at: Position) -> int:
    if not isinstance(operand, RoundingOperand):
        return 0
    for code, mode in scope.names.roundings.items():
        if mode is None:
            return code
    raise DescriptionError(at, "no rounding code is 'dynamic': declare one to make rm optional")


def operand_of(
    scope: Scope, encoding: Encoding, targets: set[str], operand: syntax.PlainOperand
) -> Operand:
    """The typed operand whose field the encoding draws."""
    name = operand.name
    if name.id not in encoding.by_name:
        raise DescriptionError(
            name.at,
            f"encoding {encoding.name} has no field '{name.id}': its fields are "
            + ", ".join(encoding.by_name),
        )
    field = encoding.by_name[name.id]
    match operand.type:
        case syntax.Letters(letters):
            if len(letters) != field.top:
                raise DescriptionError(
                    name.at, f"{len(letters)} letters for {field.top} bits of {name.id}"
                )
            return LettersOperand(field, letters)
        case syntax.View() as view:
            return _register_operand(scope, field, view)
    match name.id:
        case "csr":
            return CsrOperand(field)
        case "rm":
            return RoundingOperand(field)
    return ImmediateOperand(field, is_target=name.id in targets)


def _register_operand(scope: Scope, field: Field, view: syntax.View) -> RegisterOperand:
    file = scope.file(view.file)
    if 1 << field.top > file.count:
        raise DescriptionError(
            view.file.at, f"{field.name} has {field.top} bits, but {file.name} {file.count} registers"
        )
    return RegisterOperand(field, file, _view(scope, file, view))


def _view(scope: Scope, file: RegisterFile, view: syntax.View) -> View:
    if view.format is None:
        return WordView()
    format = scope.format(view.format)
    width = values.width_of(format)
    at = view.file.at
    if width > file.width:
        raise DescriptionError(
            at, f"{view.format.id} has {width} bits; a register of {file.name} holds {file.width}"
        )
    if view.lanes is None:
        return NumberView(format, width)
    if isinstance(view.lanes, str):
        count = file.width // width
    else:
        count = to_integer(evaluate(Context(scope), view.lanes), at, "the number of lanes")
    if not 0 < count * width <= file.width:
        raise DescriptionError(
            at, f"{count} lanes of {width} bits do not fit the {file.width} bits of {file.name}"
        )
    return LanesView(format, width, count)


def _check_repeated(operands: tuple[syntax.Operand, ...]) -> None:
    seen: set[str] = set()
    for operand in operands:
        match operand:
            case syntax.PlainOperand(name) | syntax.OptionalOperand(syntax.PlainOperand(name)):
                found = [name]
            case syntax.AddressOperand(offset, base):
                found = [base.name] if offset is None else [offset, base.name]
        for name in found:
            if name.id in seen:
                raise DescriptionError(name.at, f"operand '{name.id}' is named twice")
            seen.add(name.id)


# Patterns ---------------------------------------------------------------------------------------


def _pattern(
    scope: Scope,
    encoding: Encoding,
    declared: syntax.InstructionDeclaration,
    operands: Mapping[str, Operand],
) -> Pattern:
    match, mask = 0, 0
    fixed: set[str] = set()
    for name, value in declared.pattern.constants:
        field = _pattern_field(encoding, name)
        if name.id in operands:
            raise DescriptionError(name.at, f"'{name.id}' is an operand; it cannot be fixed too")
        if name.id in fixed:
            raise DescriptionError(name.at, f"'{name.id}' is fixed twice")
        number = to_integer(evaluate(Context(scope), value), value.at, f"{name.id}")
        match |= _fixed_bits(field, number, value.at)
        mask |= field.mask & (1 << encoding.width) - 1
        fixed.add(name.id)
    missing = [f for f in encoding.fields if f.name not in fixed and f.name not in operands]
    if missing:
        bits = ", ".join(_bits_of(field) for field in missing)
        raise DescriptionError(
            declared.pattern.at,
            f"{bits} of {encoding.name} are not accounted for: "
            "fix the field in the pattern or make it an operand",
        )
    excluded = tuple(_excluded(scope, encoding, operands, c) for c in declared.conditions)
    if encoding.width == 32 and match & mask & 3 != 3 or encoding.width == 16 and match & 3 == 3:
        raise DescriptionError(
            declared.pattern.at,
            f"the two lowest bits are {match & 3:02b}: 32-bit instructions end in 11, "
            "16-bit instructions do not (unprivileged manual 1.5)",
        )
    return Pattern(match, mask, excluded)


def _pattern_field(encoding: Encoding, name: Name) -> Field:
    if name.id not in encoding.by_name:
        raise unknown(name, f"field of {encoding.name}", encoding.by_name)
    return encoding.by_name[name.id]


def _fixed_bits(field: Field, number: int, at: Position) -> int:
    """A fixed field is given as its bits; for an immediate a signed value will do as well."""
    if not (field.low <= number <= field.high or 0 <= number < 1 << field.top):
        raise DescriptionError(at, f"{field.name} has {field.top} bits; {number} does not fit")
    return field.place(number)


def _bits_of(field: Field) -> str:
    ranges = ", ".join(
        f"{p.word_low + p.width - 1}:{p.word_low}" if p.width > 1 else f"{p.word_low}"
        for p in field.placements
    )
    return f"bits {ranges} ({field.name})"


def _excluded(
    scope: Scope, encoding: Encoding, operands: Mapping[str, Operand], condition: syntax.Expression
) -> tuple[str, int]:
    match condition:
        case syntax.Binary("!=", Name() as name, value, at) if name.id in operands:
            operand = operands[name.id]
            if isinstance(operand, RegisterOperand) and isinstance(value, Name):
                number = operand.file.index_of(value.id)
                if number is not None:
                    return name.id, number
            return name.id, to_integer(evaluate(Context(scope), value), at, "the excluded value")
    raise DescriptionError(condition.at, "write the condition as operand != constant")


# What follows from the body ---------------------------------------------------------------------


def _targets(body: tuple[syntax.Statement, ...]) -> set[str]:
    """Immediates that are added to pc to give the next pc: assembly writes the address."""
    found: set[str] = set()
    for statement in body:
        match statement:
            case syntax.Assign(Name("pc"), syntax.Binary("+", Name("pc"), Name(id))):
                found.add(id)
            case syntax.If(_, then, otherwise):
                found |= _targets(then) | _targets(otherwise)
            case syntax.For(_, _, inner):
                found |= _targets(inner)
    return found


def _classes(body: tuple[ir.Statement, ...]) -> frozenset[str]:
    found = set()
    for node in nodes(body):
        match node:
            case ir.Load():
                found.add("load")
            case ir.Store():
                found.add("store")
            case ir.CsrValue() | ir.SetCsr():
                found.add("csr")
            case ir.RaiseTrap():
                found.add("trap")
            case ir.SetPc():
                found.add("jump" if node in body else "branch")
    return frozenset(found)


def _reads(operands: Mapping[str, Operand], body: tuple[ir.Statement, ...]) -> tuple[str, ...]:
    """Register operands whose value matters, a register that is written only in part included."""
    found = {n.operand for n in nodes(body) if isinstance(n, ir.Register)}
    for name, operand in operands.items():
        if isinstance(operand, RegisterOperand) and _keeps_part(name, operand, body):
            found.add(name)
    return tuple(name for name in operands if name in found)


def _keeps_part(name: str, operand: RegisterOperand, body: tuple[ir.Statement, ...]) -> bool:
    whole = (1 << operand.file.width) - 1
    written, touched = 0, False
    for node in nodes(body):
        if isinstance(node, ir.SetRegister) and node.operand == name:
            touched = True
            if node in body:
                bits = (1 << node.value.width) - 1 << node.low
                written |= bits if node.fill is None else whole & -(1 << node.low)
    return touched and written != whole and any(
        isinstance(n, ir.SetRegister) and n.operand == name and n.value.width < operand.file.width
        for n in nodes(body)
    )


def _needs(
    operands: Mapping[str, Operand], body: tuple[ir.Statement, ...], scope: Scope
) -> tuple[ir.Truth, ...]:
    """What the files that it names need, each once."""
    found: list[ir.Truth] = []
    files = [o.file for o in operands.values() if isinstance(o, RegisterOperand)]
    files += [scope.names.files[n.file] for n in nodes(body) if isinstance(n, ir.FixedRegister)]
    for file in files:
        if file.needs is not None and file.needs not in found:
            found.append(file.needs)
    return tuple(found)


def _marks(body: tuple[ir.Statement, ...], scope: Scope) -> tuple[ir.Statement, ...]:
    written = {n.file for n in nodes(body) if isinstance(n, ir.SetRegister)}
    return tuple(mark for file in sorted(written) for mark in scope.names.files[file].marks)
