"""The forms of each mnemonic, derived from the machine: which operands it takes, and its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rvx.asm.slot import (
    AddressSlot,
    Destination,
    FixedSlot,
    ImmediateSlot,
    LettersSlot,
    NamesSlot,
    RegisterSlot,
    Slot,
)
from rvx.asm.spelling import Fixed, FixedBase, SpelledItem, spelled
from rvx.model.machine import (
    Address,
    Alias,
    CsrOperand,
    FromOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Machine,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
    SyntaxItem,
)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a mnemonic, with a given number of operands."""

    usage: str  # "add rd, rs1, rs2"
    length: int  # bytes
    word: int  # the bits that no operand fills
    slots: tuple[Slot, ...]
    known: tuple[dict[str, int], ...]  # of the slots: texts whose bits are known
    is_long: bool = False  # a short form may do the same


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of one mnemonic."""

    by_count: Mapping[int, tuple[Form, ...]]

    @property
    def usages(self) -> list[str]:
        return list(dict.fromkeys(f.usage for forms in self.by_count.values() for f in forms))


@lru_cache(maxsize=8)
def forms_of(machine: Machine) -> Mapping[str, Forms]:
    """The forms of each mnemonic; instructions come before aliases."""
    found: dict[str, list[Form]] = {}
    for instruction in machine.instructions.values():
        same = {name: FromOperand(name) for name in instruction.operands}
        forms = _forms(machine, instruction, instruction, same)
        if (items := spelled(instruction)) is not None:
            forms.append(_spelled_form(machine, instruction, items, same))
        found.setdefault(instruction.mnemonic, []).extend(forms)
    for alias in machine.aliases:
        forms = _forms(machine, alias, alias.target, alias.arguments)
        found.setdefault(alias.mnemonic, []).extend(forms)
    return {
        mnemonic: Forms(
            {n: tuple(f for f in forms if len(f.slots) == n) for n in {len(f.slots) for f in forms}}
        )
        for mnemonic, forms in found.items()
    }


def _forms(
    machine: Machine,
    entry: Instruction | Alias,
    target: Instruction,
    arguments: Mapping[str, int | FromOperand],
) -> list[Form]:
    """One form for each number of optional operands."""
    syntax = entry.syntax
    usage = syntax_line(entry)
    optional = [i for i, item in enumerate(syntax) if isinstance(item, Optional)]
    forms = []
    for left_out in range(len(optional) + 1):
        absent = set(optional[len(optional) - left_out :])
        given = [item for i, item in enumerate(syntax) if i not in absent]
        defaults = {
            item.operand.name: item.default
            for i in absent
            if isinstance(item := syntax[i], Optional)
        }
        slots = tuple(_slot(machine, item, target, arguments) for item in given)
        word = _fixed(target, arguments, defaults)
        known = tuple(slot.known for slot in slots)
        forms.append(Form(usage, target.length, word, slots, known, target.long is None))
    return forms


def _spelled_form(
    machine: Machine,
    short: Instruction,
    items: Sequence[SpelledItem],
    same: Mapping[str, FromOperand],
) -> Form:
    """The form of a short form that spells the registers it has no field for."""
    slots: list[Slot] = []
    for item in items:
        match item:
            case Fixed(file, index):
                slots.append(FixedSlot(file, index))
            case FixedBase(offset, base):
                inner = _operand_slot(machine, offset, short, same) if offset else None
                slots.append(AddressSlot(inner, FixedSlot(base.file, base.index)))
            case _:
                slots.append(_slot(machine, item, short, same))
    usage = spelled_line(short.mnemonic, items)
    return Form(usage, short.length, short.match, tuple(slots), tuple(s.known for s in slots))


def _fixed(
    target: Instruction,
    arguments: Mapping[str, int | FromOperand],
    defaults: Mapping[str, int],
) -> int:
    """The word with the fields that the form's operands do not fill."""
    word = target.match
    own_defaults = {
        item.operand.name: item.default for item in target.syntax if isinstance(item, Optional)
    }
    for name, operand in target.operands.items():
        match arguments.get(name):
            case int(value):
                word |= operand.field.encode(value)
            case FromOperand(source, negated) if source in defaults:
                word |= operand.field.encode(-defaults[source] if negated else defaults[source])
            case None:
                word |= operand.field.encode(own_defaults.get(name, 0))
    return word


def _slot(
    machine: Machine,
    item: SyntaxItem,
    target: Instruction,
    arguments: Mapping[str, int | FromOperand],
) -> Slot:
    match item:
        case Address(offset, base):
            return AddressSlot(
                _operand_slot(machine, offset, target, arguments) if offset else None,
                _operand_slot(machine, base, target, arguments),
            )
        case Plain(operand) | Optional(operand):
            return _operand_slot(machine, operand, target, arguments)


def _operand_slot(
    machine: Machine,
    operand: Operand,
    target: Instruction,
    arguments: Mapping[str, int | FromOperand],
) -> Slot:
    destinations = tuple(
        Destination(target.operands[name].field, target.length, source.negated, _wrap(target, name))
        for name, source in arguments.items()
        if isinstance(source, FromOperand) and source.name == operand.name
    )
    match operand:
        case RegisterOperand():
            return RegisterSlot(destinations, (operand.file,), operand.first)
        case ImmediateOperand():
            return ImmediateSlot(destinations, operand.is_target)
        case CsrOperand():
            names = {csr.name: csr.address for csr in machine.csrs.values()}
            return ImmediateSlot(destinations, False, "a CSR", names)
        case RoundingOperand():
            return NamesSlot(destinations, "a rounding mode", dict(machine.rounding_names))
        case LettersOperand():
            return LettersSlot(destinations, operand.letters)


def _wrap(short: Instruction, name: str) -> int:
    """How many bits the long form's unsigned field has where the short one's is signed."""
    if short.long is not None and short.operands[name].field.is_signed:
        for field, source in short.long.arguments.items():
            own = short.long.target.operands[field].field
            if source == FromOperand(name) and not own.is_signed:
                return own.top
    return 0


def syntax_line(entry: Instruction | Alias) -> str:
    """How an instruction or alias is written: `lw rd, imm(rs1)`, `fadd.s rd, rs1, rs2[, rm]`."""
    return f"{entry.mnemonic} {_signature(entry.syntax)}".rstrip()


def spelled_line(mnemonic: str, items: Sequence[SpelledItem]) -> str:
    """As `syntax_line`, with the registers that have no field: `c.lwsp rd, uimm(sp)`."""
    return f"{mnemonic} {_signature(items)}"


def _signature(syntax: Sequence[SpelledItem]) -> str:
    text = ""
    for item in syntax:
        separator = ", " if text else ""
        match item:
            case Fixed():
                text += f"{separator}{item.name}"
            case FixedBase(offset, base):
                text += f"{separator}{offset.name if offset else ''}({base.name})"
            case Plain(operand):
                text += f"{separator}{operand.name}"
            case Address(offset, base):
                text += f"{separator}{offset.name if offset else ''}({base.name})"
            case Optional(operand):
                text += f"[{separator}{operand.name}]"
    return text
