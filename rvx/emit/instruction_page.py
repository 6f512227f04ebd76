"""The reference pages of extensions: each instruction with everything that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rvx.emit.definition import prototype
from rvx.emit.drawing import drawing
from rvx.emit.effect import accrues_flags
from rvx.emit.intrinsic import Intrinsic
from rvx.emit.markdown import code_block, plain, table
from rvx.emit.rounding import narrowings
from rvx.emit.signature import expansion, signature, type_of
from rvx.model.machine import (
    Alias,
    Extension,
    Instruction,
    Machine,
    Operand,
    Optional,
    RegisterOperand,
)


@dataclass(frozen=True)
class FromC:
    """How C calls the instructions of a machine, and why it cannot call some."""

    intrinsics: Mapping[str, Sequence[Intrinsic]]  # by the mnemonic
    left_out: Mapping[str, str]


def extension_page(machine: Machine, extension: Extension, from_c: FromC) -> str:
    """The page of one extension."""
    lines = [f"# {extension.name}\n"]
    if extension.doc:
        lines.append(f"{plain(extension.doc)}\n")
    if extension.requires:
        lines.append(f"Requires {', '.join(extension.requires)}.\n")
    lines.append(f"Declared at `{extension.source}`, for `{machine.isa}`.\n")
    lines += [
        instruction_section(machine, instruction, from_c)
        for instruction in machine.instructions.values()
        if instruction.extension == extension.name
    ]
    return "\n".join(lines)


def instruction_section(machine: Machine, instruction: Instruction, from_c: FromC) -> str:
    """All about one instruction."""
    parts = [f"## `{instruction.mnemonic}`\n"]
    if instruction.doc:
        parts.append(f"{plain(instruction.doc)}\n")
    parts += [code_block(signature(instruction)), drawing(instruction)]
    if instruction.operands:
        optional = {
            i.operand.name: i.default for i in instruction.syntax if isinstance(i, Optional)
        }
        rows = [
            [f"`{name}`", _type(operand), _use(machine, instruction, operand, optional)]
            for name, operand in instruction.operands.items()
        ]
        parts.append(table(["operand", "type", "use"], rows))
    if instruction.long is not None:
        parts.append(f"Short for `{instruction.text}`.")
    else:
        parts.append(code_block(instruction.text or "// nothing that the machine can see"))
    facts = [
        f"Match `{instruction.match:#0{instruction.length * 2 + 2}x}`, "
        f"mask `{instruction.mask:#0{instruction.length * 2 + 2}x}`{_excluded(instruction)}",
        f"Class: {', '.join(sorted(instruction.classes)) or 'computation'}",
        *_arithmetic(instruction),
        *_c(instruction, from_c),
        *(
            f"Alias: `{signature(alias)}` is `{expansion(alias, machine)}`{_doc(alias)}"
            for alias in machine.aliases
            if alias.target is instruction
        ),
        f"Declared at `{instruction.source}`",
    ]
    parts.append("".join(f"- {fact}\n" for fact in facts))
    return "\n".join(parts)


def _type(operand: Operand) -> str:
    text = type_of(operand)
    return f"`{text}`" if isinstance(operand, RegisterOperand) else plain(text)


def _use(
    machine: Machine, instruction: Instruction, operand: Operand, optional: Mapping[str, int]
) -> str:
    uses = []
    if isinstance(operand, RegisterOperand):
        uses = [
            use
            for use, names in (("read", instruction.reads), ("written", instruction.writes))
            if operand.name in names
        ]
    if operand.name in optional:
        default = optional[operand.name]
        names = {code: name for name, code in machine.rounding_names.items()}
        shown = names.get(default, str(default)) if operand is instruction.rm else str(default)
        uses.append(f"{shown} where it is left out")
    return ", ".join(uses)


def _excluded(instruction: Instruction) -> str:
    if not instruction.excluded:
        return ""
    return ", where " + ", ".join(f"`{name} != {value}`" for name, value in instruction.excluded)


def _arithmetic(instruction: Instruction) -> list[str]:
    """Rounding and flags."""
    found = narrowings(instruction)
    facts = [plain(str(narrowing)) for narrowing in found]
    if instruction.rm:
        facts.append("Rounding mode: `rm`")
    elif instruction.rounds and any(n.mode is None and not n.is_lossless for n in found):
        facts.append("Rounding mode: dynamic")
    facts.append(f"Exception flags: {'accrued' if accrues_flags(instruction) else 'none'}")
    return facts


def _c(instruction: Instruction, from_c: FromC) -> list[str]:
    if instruction.mnemonic in from_c.left_out:
        return [f"No C intrinsic: {from_c.left_out[instruction.mnemonic]}"]
    found = from_c.intrinsics.get(instruction.mnemonic, ())
    return [f"C: `{prototype(intrinsic)}`" for intrinsic in found]


def _doc(alias: Alias) -> str:
    return f": {plain(alias.doc)}" if alias.doc else ""
