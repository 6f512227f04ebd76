"""From the instructions and aliases of a machine to its intrinsics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rvx.emit.c_name import identifier, untaken
from rvx.emit.ctype import Packed, Types
from rvx.emit.effect import ALLOCATED, effects_of
from rvx.emit.intrinsic import Intrinsic, LeftOut, Parameter, Placed
from rvx.emit.parameter import Parameters
from rvx.emit.register_choice import NoRegister
from rvx.emit.signature import expansion, signature
from rvx.model.machine import (
    Address,
    Alias,
    FromOperand,
    ImmediateOperand,
    Instruction,
    Machine,
    Operand,
    Optional,
    RegisterOperand,
    SyntaxItem,
    operands_of,
)
from rvx.model.statement import RaiseTrap


@dataclass(frozen=True)
class Derived:
    """Everything that a machine gives to C."""

    intrinsics: tuple[Intrinsic, ...]
    left_out: tuple[LeftOut, ...]
    types: tuple[Packed, ...]


@dataclass(frozen=True)
class _Form:
    """One way to write an instruction: its own signature or an alias's."""

    mnemonic: str
    title: str
    doc: str
    target: Instruction
    syntax: tuple[SyntaxItem, ...]
    arguments: Mapping[str, int | FromOperand]

    @property
    def optional(self) -> dict[str, int]:
        """The operands that may be left out, and what they are then."""
        return {i.operand.name: i.default for i in self.syntax if isinstance(i, Optional)}

    def with_defaults(self) -> _Form:
        """The form without its optional operands."""
        defaults = self.optional
        arguments = {
            field: defaults.get(given.name, given) if isinstance(given, FromOperand) else given
            for field, given in self.arguments.items()
        }
        syntax = tuple(item for item in self.syntax if not isinstance(item, Optional))
        return replace(self, syntax=syntax, arguments=arguments)


class _Refused(Exception):
    """Why there is no intrinsic."""


def derive(machine: Machine) -> Derived:
    """The machine's intrinsics: of its instructions, then of aliases whose names are still free."""
    types = Types(machine.instructions.values())
    taken = {name for struct in types.structs for name in struct.names}
    found: list[Intrinsic] = []
    left_out: list[LeftOut] = []
    for instruction in machine.instructions.values():
        try:
            made = _intrinsics(machine, types, _own_form(instruction))
        except (_Refused, NoRegister) as reason:
            left_out.append(LeftOut(instruction.mnemonic, str(reason)))
            continue
        for intrinsic in made:
            named = replace(intrinsic, name=untaken(intrinsic.name, taken))
            taken.add(named.name)
            found.append(named)
    for alias in machine.aliases:
        try:
            made = _intrinsics(machine, types, _alias_form(alias, machine))
        except (_Refused, NoRegister):
            continue
        free = [intrinsic for intrinsic in made if intrinsic.name not in taken]
        taken.update(intrinsic.name for intrinsic in free)
        found += free
    return Derived(tuple(found), tuple(left_out), types.structs)


def _own_form(instruction: Instruction) -> _Form:
    return _Form(
        instruction.mnemonic,
        signature(instruction),
        instruction.doc,
        instruction,
        instruction.syntax,
        {name: FromOperand(name) for name in instruction.operands},
    )


def _alias_form(alias: Alias, machine: Machine) -> _Form:
    return _Form(
        alias.mnemonic,
        f"{signature(alias)} = {expansion(alias, machine)}",
        alias.doc or alias.target.doc,
        alias.target,
        alias.syntax,
        alias.arguments,
    )


def _intrinsics(machine: Machine, types: Types, form: _Form) -> list[Intrinsic]:
    """One; or two where operands are optional, without them and with them."""
    _check(form.target)
    name = f"rvx_{identifier(form.mnemonic)}"
    if not form.optional:
        return [_intrinsic(machine, types, form, name)]
    suffix = "_".join(map(identifier, form.optional))
    full = _intrinsic(machine, types, form, f"{name}_{suffix}")
    try:
        return [_intrinsic(machine, types, form.with_defaults(), name), full]
    except _Refused:
        return [replace(full, name=name)]


def _check(instruction: Instruction) -> None:
    if instruction.long is not None:
        raise _Refused(f"it is a short form of {instruction.long.target.mnemonic}")
    if instruction.classes & {"jump", "branch"}:
        raise _Refused("it changes the pc")
    for operand in instruction.operands.values():
        if isinstance(operand, ImmediateOperand) and operand.is_target:
            raise _Refused(f"{operand.name} is an address relative to the pc")
    if any(isinstance(statement, RaiseTrap) for statement in instruction.body):
        raise _Refused("it always traps, and a handler may change any register")


def _intrinsic(machine: Machine, types: Types, form: _Form, name: str) -> Intrinsic:
    target = form.target
    parameters = Parameters(machine, types, target)
    made: dict[str, Parameter] = {}
    placed: list[Placed] = []
    word = target.match
    for operand in target.operands.values():
        match form.arguments[operand.name]:
            case int(value):
                _check_fixed(operand, value)
                word |= operand.field.place(value)
            case FromOperand(own, negated):
                parameter = parameters.of_operand(operand, own, negated)
                if made.setdefault(own, parameter) != parameter:
                    raise _Refused(f"{own} stands for operands of two kinds")
                first = operand.first if isinstance(operand, RegisterOperand) else 0
                placed.append(Placed(parameter, operand.field, first, negated))
    return Intrinsic(
        name=name,
        instruction=target,
        title=form.title,
        is_alias=form.mnemonic != target.mnemonic,
        doc=form.doc,
        parameters=(*(made[own] for own in _order(form.syntax)), *parameters.implicit()),
        placed=tuple(placed),
        word=word,
        effects=effects_of(machine, target),
    )


def _check_fixed(operand: Operand, value: int) -> None:
    """A register that the compiler allocates cannot be fixed behind its back."""
    match operand:
        case RegisterOperand(_, file, _, first) if file.name in ALLOCATED:
            if first + value != file.zero:
                raise _Refused(f"{operand.name} is a register of the compiler's")


def _order(syntax: tuple[SyntaxItem, ...]) -> list[str]:
    """Operands as assembly has them, but a base before its offset: a pointer and an index."""
    found: list[str] = []
    for item in syntax:
        match item:
            case Address(offset, base) if offset is not None:
                found += [base.name, offset.name]
            case _:
                found += [operand.name for operand in operands_of((item,))]
    return found
