"""One instruction: its pattern, its operands, its body, and what follows from the body."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.description import syntax, values
from rvx.description.condition import conditional_needs, excluded
from rvx.description.consequence import (
    check_flags,
    check_size,
    classes,
    marks,
    needs,
    reads,
    target_fields,
    writes,
)
from rvx.description.expression import Context, evaluate
from rvx.description.scope import Scope, unknown
from rvx.description.statement import effects
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import to_integer
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
from rvx.record import record


@record(frozen=True)
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
    items = signature(scope, encoding, declared.operands)
    operands = {operand.name: operand for operand in operands_of(items)}
    pattern = pattern_of(scope, encoding, declared, operands)
    context = Context(scope, operands)
    body = effects(context, declared.body)
    check_size(body, declared.at)
    check_flags(body, scope, declared.at)
    body += marks(body, scope)
    targets = target_fields(body)
    return Instruction(
        mnemonic=mnemonic,
        extension=extension,
        encoding=encoding,
        match=pattern.match,
        mask=pattern.mask,
        excluded=pattern.excluded,
        syntax=with_targets(items, targets),
        body=body,
        needs=(
            *conditional_needs(scope, operands, declared.conditions),
            *needs(operands, body, scope),
        ),
        rounds=context.rounds or "rm" in operands,
        text=scope.shown(declared.text),
        doc=declared.doc,
        source=str(declared.at),
        classes=classes(body),
        reads=reads(operands, body),
        writes=writes(operands, body),
    )


# Operands ---------------------------------------------------------------------------------------


def signature(
    scope: Scope, encoding: Encoding, operands: tuple[syntax.Operand, ...]
) -> tuple[SyntaxItem, ...]:
    """The operands of an instruction as assembly writes them."""
    check_repeated(operands)
    items = tuple(_item(scope, encoding, operand) for operand in operands)
    _check_optional(items, operands)
    return items


def with_targets(items: tuple[SyntaxItem, ...], targets: set[str]) -> tuple[SyntaxItem, ...]:
    """The signature with these immediates written as the addresses that they lead to."""
    return tuple(_with_target(item, targets) for item in items)


def _item(scope: Scope, encoding: Encoding, operand: syntax.Operand) -> SyntaxItem:
    match operand:
        case syntax.PlainOperand():
            return Plain(operand_of(scope, encoding, operand))
        case syntax.AddressOperand(offset, base):
            register = operand_of(scope, encoding, base)
            if not isinstance(register, RegisterOperand):
                raise DescriptionError(
                    base.name.at, f"the base of an address is a register: write {base.name.id}: x"
                )
            if offset is None:
                return Address(None, register)
            before = operand_of(scope, encoding, syntax.PlainOperand(offset, None))
            if not isinstance(before, ImmediateOperand):
                raise DescriptionError(offset.at, f"{offset.id} cannot be the offset of an address")
            return Address(before, register)
        case syntax.OptionalOperand(plain):
            found = operand_of(scope, encoding, plain)
            return Optional(found, _default(scope, found, plain.name.at))


def _check_optional(items: tuple[SyntaxItem, ...], declared: tuple[syntax.Operand, ...]) -> None:
    for item, operand, after in zip(items, declared, items[1:], strict=False):
        if isinstance(item, Optional) and not isinstance(after, Optional):
            assert isinstance(operand, syntax.OptionalOperand)
            raise DescriptionError(
                operand.operand.name.at, "an operand that may be left out comes last"
            )


def _with_target(item: SyntaxItem, targets: set[str]) -> SyntaxItem:
    match item:
        case Plain(ImmediateOperand(field)) if field.name in targets:
            return Plain(ImmediateOperand(field, is_target=True))
    return item


def _default(scope: Scope, operand: Operand, at: Position) -> int:
    if not isinstance(operand, RoundingOperand):
        return 0
    for code, mode in scope.names.roundings.items():
        if mode is None:
            return code
    raise DescriptionError(at, "no rounding code is 'dynamic': declare one to make rm optional")


def operand_of(scope: Scope, encoding: Encoding, operand: syntax.PlainOperand) -> Operand:
    """The typed operand whose field the encoding draws."""
    name = operand.name
    if name.id not in encoding.by_name:
        raise DescriptionError(
            name.at,
            f"encoding {encoding.name} has no field '{name.id}': its fields are "
            + ", ".join(encoding.by_name),
        )
    if name.id in scope.names.states:
        at = scope.names.declared_at[name.id]
        raise DescriptionError(
            at, f"an operand at {name.at} hides the state '{name.id}': use another name"
        )
    field = encoding.by_name[name.id]
    match operand.type:
        case syntax.Letters(letters):
            if len(letters) != field.top:
                raise DescriptionError(
                    name.at, f"{len(letters)} letters for {field.top} bits of {name.id}: one a bit"
                )
            return LettersOperand(field, letters)
        case syntax.View() as view:
            return _register_operand(scope, field, view)
    match name.id:
        case "csr":
            return CsrOperand(field)
        case "rm":
            return RoundingOperand(field)
    return ImmediateOperand(field, is_target=False)


def _register_operand(scope: Scope, field: Field, view: syntax.View) -> RegisterOperand:
    registers = scope.registers(view.file)
    if 1 << field.top > registers.count:
        raise DescriptionError(
            view.file.at,
            f"{field.name} has {field.top} bits, but {view.file.id} only {registers.count} "
            "registers: use an encoding with a narrower field",
        )
    return RegisterOperand(
        field, registers.file, _view(scope, registers.file, view), registers.first
    )


def _view(scope: Scope, file: RegisterFile, view: syntax.View) -> View:
    if view.format is None:
        return WordView()
    format = scope.format(view.format)
    width = values.width_of(format)
    at = view.format.at
    if width > file.width:
        raise DescriptionError(
            at,
            f"{view.format.id} has {width} bits, but a register of {file.name} {file.width}: "
            "use a narrower format, or a state",
        )
    if view.lanes is None:
        return NumberView(format, width)
    most = file.width // width
    if isinstance(view.lanes, str):
        return LanesView(format, width, most)
    at = view.lanes.at
    count = to_integer(evaluate(Context(scope), view.lanes), at, "the number of lanes")
    if not 0 < count <= most:
        raise DescriptionError(
            at,
            f"{values.show(count)} lanes of {width} bits in the {file.width} of {file.name}: "
            f"it holds 1 to {most}",
        )
    return LanesView(format, width, count)


def check_repeated(operands: tuple[syntax.Operand, ...]) -> None:
    """Refuse a signature that has one operand twice."""
    seen: set[str] = set()
    for operand in operands:
        match operand:
            case syntax.PlainOperand(name) | syntax.OptionalOperand(syntax.PlainOperand(name)):
                found = [name]
            case syntax.AddressOperand(offset, base):
                found = [base.name] if offset is None else [offset, base.name]
        for name in found:
            if name.id in seen:
                raise DescriptionError(name.at, f"operand '{name.id}' is named twice: name it once")
            seen.add(name.id)


# Patterns ---------------------------------------------------------------------------------------


def pattern_of(
    scope: Scope,
    encoding: Encoding,
    declared: syntax.InstructionDeclaration | syntax.ShortFormDeclaration,
    operands: Mapping[str, Operand],
) -> Pattern:
    """The fixed bits, every other bit being an operand's."""
    match, mask = 0, 0
    fixed: set[str] = set()
    for name, value in declared.pattern.constants:
        field = _pattern_field(encoding, name)
        if name.id in operands:
            raise DescriptionError(
                name.at, f"'{name.id}' is an operand: take it out of the pattern or the signature"
            )
        if name.id in fixed:
            raise DescriptionError(name.at, f"'{name.id}' is fixed twice: fix it once")
        fixed.add(name.id)
        if isinstance(value, Name) and value.id == "any":
            continue  # ignored by decoders; encoded as zero
        number = to_integer(evaluate(Context(scope), value), value.at, f"{name.id}")
        match |= _fixed_bits(field, number, value.at)
        mask |= field.mask
    missing = [f for f in encoding.fields if f.name not in fixed and f.name not in operands]
    if missing:
        bits = ", ".join(_bits_of(field) for field in missing)
        raise DescriptionError(
            declared.pattern.at,
            f"{bits} of {encoding.name} are not accounted for: "
            "fix the field in the pattern or make it an operand",
        )
    _check_length(encoding, match, mask, declared.pattern.at)
    return Pattern(match, mask, excluded(scope, operands, declared.conditions))


def _check_length(encoding: Encoding, match: int, mask: int, at: Position) -> None:
    """The two lowest bits say how long an instruction is (unprivileged manual 1.5)."""
    fixed, is_long = mask & 3 == 3, match & 3 == 3
    if fixed and is_long == (encoding.width == 32):
        return
    found = f"are {match & 3:02b}" if fixed else "are not fixed"
    raise DescriptionError(
        at,
        f"the two lowest bits {found}: instructions of 32 bits end in 11, those of 16 do not "
        "(unprivileged manual 1.5)",
    )


def _pattern_field(encoding: Encoding, name: Name) -> Field:
    if name.id not in encoding.by_name:
        raise unknown(name, f"field of {encoding.name}", encoding.by_name)
    return encoding.by_name[name.id]


def _fixed_bits(field: Field, number: int, at: Position) -> int:
    """A fixed field is given as its bits; for an immediate a signed value will do as well."""
    if not (field.low <= number <= field.high or 0 <= number < 1 << field.top):
        raise DescriptionError(
            at, f"{field.name} has {field.top} bits: {values.show(number)} does not fit"
        )
    return field.place(number)


def _bits_of(field: Field) -> str:
    ranges = ", ".join(
        f"{p.word_low + p.width - 1}:{p.word_low}" if p.width > 1 else f"{p.word_low}"
        for p in field.placements
    )
    return f"bits {ranges} ({field.name})"
