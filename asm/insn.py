"""`.insn`: an instruction by its fields, for those that the machine does not have by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rvx.asm.argument import Call
from rvx.asm.form import Form, Forms
from rvx.asm.instruction import instruction
from rvx.asm.slot import AddressSlot, Destination, ImmediateSlot, RegisterSlot, Slot
from rvx.asm.standard_field import HALF, WORD
from rvx.asm.unit import Unit
from rvx.model.decoder import length_of
from rvx.model.machine import Machine

# GNU as's names of the major opcodes.
_OPCODES = {
    "LOAD": 0x03,
    "LOAD_FP": 0x07,
    "CUSTOM_0": 0x0B,
    "MISC_MEM": 0x0F,
    "OP_IMM": 0x13,
    "AUIPC": 0x17,
    "OP_IMM_32": 0x1B,
    "STORE": 0x23,
    "STORE_FP": 0x27,
    "CUSTOM_1": 0x2B,
    "AMO": 0x2F,
    "OP": 0x33,
    "LUI": 0x37,
    "OP_32": 0x3B,
    "MADD": 0x43,
    "MSUB": 0x47,
    "NMSUB": 0x4B,
    "NMADD": 0x4F,
    "OP_FP": 0x53,
    "OP_V": 0x57,
    "CUSTOM_2": 0x5B,
    "BRANCH": 0x63,
    "JALR": 0x67,
    "JAL": 0x6F,
    "SYSTEM": 0x73,
    "CUSTOM_3": 0x7B,
    "C0": 0,
    "C1": 1,
    "C2": 2,
}


# A register in three bits is written rd' and counts from the eighth.
_FORMATS = (
    (4, "r", "opcode funct3 funct7 rd rs1 rs2"),
    (4, "r", "opcode funct3 funct2 rd rs1 rs2 rs3"),
    (4, "r4", "opcode funct3 funct2 rd rs1 rs2 rs3"),
    (4, "i", "opcode funct3 rd rs1 imm"),
    (4, "i", "opcode funct3 rd imm(rs1)"),
    (4, "s", "opcode funct3 rs2 store(rs1)"),
    (4, "sb", "opcode funct3 rs1 rs2 target"),
    (4, "b", "opcode funct3 rs1 rs2 target"),
    (4, "u", "opcode rd upper"),
    (4, "uj", "opcode rd jump"),
    (4, "j", "opcode rd jump"),
    (2, "cr", "opcode funct4 rd rs2"),
    (2, "ci", "opcode funct3 rd imm"),
    (2, "ciw", "opcode funct3 rd' uimm8"),
    (2, "css", "opcode funct3 rs2 uimm6"),
    (2, "cl", "opcode funct3 rd' uimm5(rs1')"),
    (2, "cs", "opcode funct3 rs2' uimm5(rs1')"),
    (2, "ca", "opcode funct6 funct2 rd1' rs2'"),
    (2, "cb", "opcode funct3 rs1' target"),
    (2, "cj", "opcode funct3 jump"),
)
_FIRST_COMPRESSED = 8
_FORMAT = re.compile(r"([A-Za-z]\w*)\s+")


def insn(unit: Unit, call: Call) -> None:
    """Assemble `.insn format fields` or `.insn [length,] value`."""
    match = _FORMAT.match(call.rest)
    formats = _formats(unit.machine)
    if match is None or match[1] not in formats:
        _value(unit, call)
        return
    fields = Call(
        f".insn {match[1]}",
        call.rest[match.end() :],
        call.line,
        call.at,
        call.rest_at + match.end(),
    )
    instruction(unit, formats[match[1]], fields)


def _value(unit: Unit, call: Call) -> None:
    *length, value = call.arguments_between(
        1, 2, ".insn value` or `.insn length, value` or `.insn r opcode, funct3, ..."
    )
    word = unit.constant(value)
    if not 0 <= word < 1 << 32:
        raise value.error(f"{word} is no instruction of 16 or 32 bits")
    found = length_of(word)
    if word >> 8 * found:
        raise value.error(f"{word:#x} has more bits than its {found} bytes, which bits 1:0 tell")
    if length and unit.constant(length[0]) != found:
        raise length[0].error(f"bits 1:0 of {word:#x} tell that it has {found} bytes")
    unit.emit_word(word, found, call)


@lru_cache(maxsize=8)
def _formats(machine: Machine) -> Mapping[str, Forms]:
    found: dict[str, dict[int, tuple[Form, ...]]] = {}
    for length, name, operands in _FORMATS:
        slots = tuple(_slot(machine, length, text) for text in operands.split())
        known = tuple(slot.known for slot in slots)
        form = Form(f".insn {name} {', '.join(operands.split())}", length, 0, slots, known)
        counts = found.setdefault(name, {})
        counts[len(slots)] = (*counts.get(len(slots), ()), form)
    return {name: Forms(counts) for name, counts in found.items()}


def _slot(machine: Machine, length: int, text: str) -> Slot:
    fields = WORD if length == 4 else HALF
    if "(" in text:
        offset, base = text.rstrip(")").split("(")
        return AddressSlot(_slot(machine, length, offset), _slot(machine, length, base))
    destination = (Destination(fields[text], length),)
    if text.startswith("r"):
        first = _FIRST_COMPRESSED if text.endswith("'") else 0
        return RegisterSlot(destination, tuple(machine.files.values()), first)
    if text == "opcode":
        return ImmediateSlot(destination, False, "the name of an opcode", _OPCODES)
    return ImmediateSlot(destination, is_target=text in ("target", "jump"))
