"""Assembly syntax and operand types, written as a description writes them."""

from __future__ import annotations

from rvx.model.expression import Choice, FormatUse, Named, State, Word, WordSlice
from rvx.model.machine import (
    Address,
    Alias,
    CsrOperand,
    FromOperand,
    ImmediateOperand,
    Instruction,
    LanesView,
    LettersOperand,
    Machine,
    NumberView,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
    SyntaxItem,
)


def signature(of: Instruction | Alias) -> str:
    """The assembly line, such as `lw rd, imm(rs1)`."""
    return f"{of.mnemonic} {_operands(of.syntax)}".rstrip()


def expansion(alias: Alias, machine: Machine) -> str:
    """What a pseudo-instruction stands for, such as `addi rd, rs1, 0`."""
    target = alias.target
    written = {name: _argument(alias, name, machine) for name in target.operands}
    return f"{target.mnemonic} {_operands(target.syntax, written)}".rstrip()


def _operands(syntax: tuple[SyntaxItem, ...], written: dict[str, str] | None = None) -> str:
    def name(operand: Operand) -> str:
        return operand.name if written is None else written[operand.name]

    text = ""
    for item in syntax:
        comma = ", " if text else ""
        match item:
            case Plain(operand):
                text += comma + name(operand)
            case Address(offset, base):
                text += f"{comma}{name(offset) if offset else ''}({name(base)})"
            case Optional(operand) if written is None:
                text += f"[{comma}{name(operand)}]"
            case Optional(operand, default):
                text += comma + name(operand) if name(operand) != str(default) else ""
    return text


def _argument(alias: Alias, field: str, machine: Machine) -> str:
    match alias.arguments[field], alias.target.operands[field]:
        case FromOperand(name, negated), _:
            return f"-{name}" if negated else name
        case int(value), RegisterOperand(_, file, _, first):
            return f"{file.name}{first + value}"
        case int(value), CsrOperand() if value in machine.csr_at:
            return machine.csr_at[value].name
        case value, _:
            return str(value)


def type_of(operand: Operand) -> str:
    """The operand's type: `f<2 x half>`, or what it may be."""
    match operand:
        case RegisterOperand(_, file, NumberView(format)):
            return f"{file.name}<{format.name}>"
        case RegisterOperand(_, file, LanesView(format, _, count)):
            return f"{file.name}<{count} x {format.name}>"
        case RegisterOperand(_, file):
            return file.name
        case ImmediateOperand(field, is_target):
            step = 1 << field.lowest
            of = f", a multiple of {step}" if step > 1 else ""
            kind = "target, relative to pc: " if is_target else ""
            return f"{kind}{field.low} to {field.high}{of}"
        case LettersOperand(_, letters):
            return f"any of the letters {letters}"
        case CsrOperand():
            return "a CSR"
        case RoundingOperand():
            return "a rounding mode"


def selector_of(word: Word) -> str:
    """What chooses a format, as the text has it: `fmode[1]`."""
    match word:
        case State(name):
            return name
        case WordSlice(State(name), high, low):
            return f"{name}[{high}:{low}]" if high > low else f"{name}[{low}]"
    return "a part of the state"


def choice_of(format: FormatUse) -> str | None:
    """How a format is chosen at run time: `e5m2 or fp8alt, by fmode[1]`; None where it is not."""
    match format:
        case Choice(_, selector, names):
            return f"{' or '.join(names)}, by {selector_of(selector)}"
        case Named():
            return None
