"""Short forms: an encoding of their own for what another instruction does."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.description import syntax
from rvx.description.alias import fill
from rvx.description.instruction import pattern_of, signature, with_targets
from rvx.description.scope import Scope
from rvx.description.syntax import DescriptionError, Position
from rvx.model.machine import (
    FromOperand,
    ImmediateOperand,
    Instruction,
    Long,
    Operand,
    operands_of,
)


def short_form(
    scope: Scope,
    extension: str,
    declared: syntax.ShortFormDeclaration,
    instructions: Mapping[str, Instruction],
    csrs: Mapping[str, int],
) -> Instruction:
    """The checked short form. Meaning, timing and classes are the long one's."""
    encoding = scope.encoding(declared.pattern.encoding)
    items = signature(scope, encoding, declared.operands)
    operands = {operand.name: operand for operand in operands_of(items)}
    pattern = pattern_of(scope, encoding, declared, operands)
    filled = fill(scope, declared, instructions, csrs)
    target = filled.target
    if target.long is not None:
        raise DescriptionError(
            declared.at, f"{target.mnemonic} is itself a short form: name what it stands for"
        )
    _check_values(target, filled.arguments, operands, declared.at)
    targets = {
        name
        for name, operand in filled.fields.items()
        if isinstance(operand, ImmediateOperand) and operand.is_target
    }
    return Instruction(
        mnemonic=scope.template(declared.mnemonic, declared.at),
        extension=extension,
        encoding=encoding,
        match=pattern.match,
        mask=pattern.mask,
        excluded=pattern.excluded,
        syntax=with_targets(items, targets),
        body=(),
        needs=(),
        rounds=False,
        text=scope.template(declared.text, declared.at),
        doc=declared.doc,
        source=str(declared.at),
        classes=target.classes,
        reads=_own(filled.arguments, target.reads, tuple(operands)),
        writes=_own(filled.arguments, target.writes, tuple(operands)),
        long=Long(target, filled.arguments),
    )


def _check_values(
    target: Instruction,
    arguments: Mapping[str, int | FromOperand],
    operands: Mapping[str, Operand],
    at: Position,
) -> None:
    """Whatever the short form's field holds, the target's field must have bits for it."""
    for field, value in arguments.items():
        if not isinstance(value, FromOperand):
            continue
        own, other = operands[value.name].field, target.operands[field].field
        low, high = (-own.high, -own.low) if value.negated else (own.low, own.high)
        if low < -(1 << other.top - 1) or high >= 1 << other.top or own.lowest < other.lowest:
            raise DescriptionError(
                at,
                f"{value.name} gives {low} to {high} in steps of {1 << own.lowest}, but "
                f"{other.name} of the target has {other.top} bits in steps of "
                f"{1 << other.lowest}: draw a narrower field",
            )


def _own(
    arguments: Mapping[str, int | FromOperand], used: tuple[str, ...], operands: tuple[str, ...]
) -> tuple[str, ...]:
    """The short form's names for operands of the target."""
    names = {value.name for f in used if isinstance(value := arguments[f], FromOperand)}
    return tuple(name for name in operands if name in names)
