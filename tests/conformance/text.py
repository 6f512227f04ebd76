"""Assembly text in one canonical spelling, for any assembler.

Registers are x0..x31 and f0..f31, numbers are decimal, and nothing is left out. Written from the
manuals, not with the names in the descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping

from rvx.model.machine import (
    Address,
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
)

# Unprivileged manual, "Rounding mode encoding".
ROUNDING_NAMES = {0: "rne", 1: "rtz", 2: "rdn", 3: "rup", 4: "rmm", 7: "dyn"}


def operand_texts(instruction: Instruction, fields: Mapping[str, int]) -> list[str]:
    """The operands as an assembler reads them."""
    texts = []
    for item in instruction.syntax:
        match item:
            case Plain(operand) | Optional(operand):
                texts.append(_operand_text(operand, fields))
            case Address(None, base):
                texts.append(f"({_operand_text(base, fields)})")
            case Address(offset, base):
                texts.append(f"{_operand_text(offset, fields)}({_operand_text(base, fields)})")
    return texts


def instruction_text(instruction: Instruction, fields: Mapping[str, int]) -> str:
    return f"{instruction.mnemonic} {', '.join(operand_texts(instruction, fields))}".strip()


def _operand_text(operand: Operand, fields: Mapping[str, int]) -> str:
    value = fields[operand.name]
    match operand:
        case RegisterOperand():
            return f"{operand.file.name}{operand.first + value}"
        case ImmediateOperand() | CsrOperand():
            return str(value)
        case LettersOperand():
            top = len(operand.letters) - 1
            chosen = [letter for i, letter in enumerate(operand.letters) if value >> top - i & 1]
            return "".join(chosen) or "0"
        case RoundingOperand():
            return ROUNDING_NAMES[value]
