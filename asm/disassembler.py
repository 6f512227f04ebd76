"""From instruction words back to assembly that the assembler turns into the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rvx.asm.spelling import Fixed, FixedBase, SpelledItem, spelled
from rvx.model.decoder import Decoder, length_of
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
    operands_of,
)

# Unsigned immediates wider than this are masks or upper halves rather than counts.
_WIDEST_DECIMAL = 12

# The name of an address, such as `main+4`, or None.
Symbols: TypeAlias = Callable[[int], str | None]


def disassemble(
    word: int, pc: int, machine: Machine, *, aliases: bool = True, symbols: Symbols | None = None
) -> str:
    """The assembly of the word at `pc`. Without `symbols` the text assembles to the word again;
    with them a target is followed by its name, as in `jal ra, 0x80000010 <main+4>`."""
    return _disassembler(machine).text(word, pc, aliases=aliases, symbols=symbols)


@dataclass(frozen=True)
class _Fields:
    """The operand values of one decoded word, by operand name."""

    values: Mapping[str, int]
    pc: int
    symbols: Symbols | None


class _NotWritable(Exception):
    """A value that assembly has no name for, such as a reserved rounding mode."""


class _Disassembler:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._decoder = Decoder(machine)
        self._roundings = {code: name for name, code in machine.rounding_names.items()}
        self._spelled = {
            mnemonic: items
            for mnemonic, instruction in machine.instructions.items()
            if (items := spelled(instruction)) is not None
        }
        self._aliases: dict[str, list[Alias]] = {}
        for alias in sorted(machine.aliases, key=_fixed_bits, reverse=True):
            # An alias that fixes nothing is another spelling, not a simpler one.
            if _fixed_bits(alias):
                self._aliases.setdefault(alias.target.mnemonic, []).append(alias)

    def text(self, word: int, pc: int, *, aliases: bool, symbols: Symbols | None) -> str:
        is_half = self._machine.ialign == 2 and length_of(word) == 2
        if is_half:
            word &= 0xFFFF
        data = f".half {word:#06x}" if is_half else f".word {word:#010x}"
        if (instruction := self._decoder.decode(word)) is None:
            return data
        values = instruction.decode(word)
        if instruction.encode(**values) != word:
            return data  # fields that it ignores are not zero, and assembly cannot say so
        try:
            if aliases:
                for alias in self._aliases.get(instruction.mnemonic, ()):
                    if (own := _operands(alias, values)) is not None:
                        fields = _Fields(own, pc, symbols)
                        return self._line(alias.mnemonic, alias.syntax, fields)
            fields = _Fields(values, pc, symbols)
            syntax = self._spelled.get(instruction.mnemonic, instruction.syntax)
            return self._line(instruction.mnemonic, syntax, fields)
        except _NotWritable:
            return data

    def _line(self, mnemonic: str, syntax: Sequence[SpelledItem], fields: _Fields) -> str:
        given = list(syntax)
        while given and self._is_default(given[-1], fields):
            given.pop()
        operands = ", ".join(self._item(item, fields) for item in given)
        return f"{mnemonic} {operands}" if operands else mnemonic

    @staticmethod
    def _is_default(item: SpelledItem, fields: _Fields) -> bool:
        match item:
            case Optional(operand, default):
                return fields.values[operand.name] == default
        return False

    def _item(self, item: SpelledItem, fields: _Fields) -> str:
        match item:
            case Fixed():
                return item.name
            case FixedBase(offset, base):
                return f"{self._operand(offset, fields) if offset else ''}({base.name})"
            case Plain(operand) | Optional(operand):
                return self._operand(operand, fields)
            case Address(offset, base):
                before = self._operand(offset, fields) if offset else ""
                return f"{before}({self._operand(base, fields)})"

    def _operand(self, operand: Operand, fields: _Fields) -> str:
        value = fields.values[operand.name]
        match operand:
            case RegisterOperand(file=file, first=first):
                if first + value >= file.count:
                    raise _NotWritable
                return file.name_of(first + value)
            case ImmediateOperand(field, is_target):
                if is_target:
                    return self._target(value, fields)
                wide = not field.is_signed and field.top > _WIDEST_DECIMAL
                return f"{value:#x}" if wide else str(value)
            case LettersOperand(_, letters):
                bits = f"{value:0{len(letters)}b}"
                return "".join(c for c, bit in zip(letters, bits, strict=True) if bit == "1") or "0"
            case CsrOperand():
                csr = self._machine.csr_at.get(value)
                return csr.name if csr else f"{value:#x}"
            case RoundingOperand():
                if value not in self._roundings:
                    raise _NotWritable
                return self._roundings[value]

    def _target(self, distance: int, fields: _Fields) -> str:
        address = fields.pc + distance & (1 << self._machine.xlen) - 1
        name = fields.symbols(address) if fields.symbols else None
        return f"{address:#x} <{name}>" if name else f"{address:#x}"


@lru_cache(maxsize=8)
def _disassembler(machine: Machine) -> _Disassembler:
    return _Disassembler(machine)


def _fixed_bits(alias: Alias) -> int:
    """How many bits of the target the alias fixes: by constants, and by naming one twice."""
    seen: set[str] = set()
    bits = 0
    for name, source in alias.arguments.items():
        match source:
            case FromOperand(operand) if operand not in seen:
                seen.add(operand)
            case _:
                bits += alias.target.operands[name].field.top
    return bits


def _operands(alias: Alias, values: Mapping[str, int]) -> dict[str, int] | None:
    """The alias's operand values, or None if the instruction is not this alias."""
    found: dict[str, int] = {}
    defaults = _defaults(alias.target)
    for name, value in values.items():
        match alias.arguments.get(name, defaults.get(name, 0)):
            case int(fixed):
                if value != fixed:
                    return None
            case FromOperand(operand, negated):
                own = -value if negated else value
                if found.setdefault(operand, own) != own:
                    return None
    if any(operand.name not in found for operand in operands_of(alias.syntax)):
        return None
    return found


def _defaults(instruction: Instruction) -> dict[str, int]:
    return {
        item.operand.name: item.default for item in instruction.syntax if isinstance(item, Optional)
    }
