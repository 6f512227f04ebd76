"""Encode, decode, disassemble, assemble: the same word and the same fields, for every operand at
its bounds and for random ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from rvx.asm import AssemblyError, assemble, disassemble, link
from rvx.model.decoder import Decoder
from rvx.model.machine import (
    Address,
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Machine,
    Operand,
    Optional,
    Plain,
    RegisterOperand,
    RoundingOperand,
)

BASE = 0x8000_0000
_RANDOM = 12


@dataclass
class RoundTripFault(Exception):
    """A word or text that does not come back as it was. `step` says where it got lost."""

    mnemonic: str
    step: str
    line: str
    expected: str
    got: str


def round_trips(machine: Machine, instruction: Instruction, random: Random) -> int:
    """Try them; returns how many words. Raises RoundTripFault."""
    tried = list(_tried(machine, instruction, random))
    for fields in tried:
        _by_word(machine, instruction, fields)
    _by_text(machine, instruction, tried)
    return len(tried)


def _tried(machine: Machine, instruction: Instruction, random: Random) -> Iterator[dict[str, int]]:
    """Each operand at its bounds while the others are random, and all random."""
    operands = instruction.operands
    if not operands:
        yield {}
    wanted: list[dict[str, int]] = [{} for _ in range(_RANDOM)] if operands else []
    for name, operand in operands.items():
        wanted += [{name: value} for value in _bounds(machine, operand)]
    for given in wanted:
        for _ in range(50):
            fields = {n: _random(machine, o, random) for n, o in operands.items()} | given
            if instruction.matches(_placed(instruction, fields)):
                yield fields
                break


def _bounds(machine: Machine, operand: Operand) -> list[int]:
    field, step = operand.field, 1 << operand.field.lowest
    match operand:
        case RegisterOperand(file=file, first=first):
            return [0, min(field.high, file.count - 1 - first)]
        case RoundingOperand():
            return list(machine.rounding_names.values())
    near = [field.low, field.low + step, 0, step, field.high - step, field.high]
    near += [-step] if field.low else []
    return [value for value in dict.fromkeys(near) if field.low <= value <= field.high]


def _random(machine: Machine, operand: Operand, random: Random) -> int:
    field = operand.field
    match operand:
        case RegisterOperand(file=file, first=first):
            return random.randint(0, min(field.high, file.count - 1 - first))
        case RoundingOperand():
            return random.choice(list(machine.rounding_names.values()))
        case CsrOperand() if machine.csr_at and random.random() < 0.5:
            return random.choice(list(machine.csr_at))
    return random.randrange(field.low, field.high + 1, 1 << field.lowest)


def _placed(instruction: Instruction, fields: Mapping[str, int]) -> int:
    """The word, bit by bit as the encoding is drawn."""
    word = instruction.match
    for name, value in fields.items():
        for part in instruction.encoding.by_name[name].placements:
            for i in range(part.width):
                word |= (value >> part.value_low + i & 1) << part.word_low + i
    return word


# Words


def _by_word(machine: Machine, instruction: Instruction, fields: Mapping[str, int]) -> None:
    word = _placed(instruction, fields)
    shown = written(machine, instruction, fields)

    def check(step: str, expected: object, got: object) -> None:
        if expected != got:
            raise RoundTripFault(instruction.mnemonic, step, shown, str(expected), str(got))

    check("encode", f"{word:#010x}", f"{instruction.encode(**fields):#010x}")
    check("decode the operands of", dict(fields), instruction.decode(word))
    found = _decoder(machine).decode(word)
    check("decode", instruction.mnemonic, found.mnemonic if found else "no instruction")
    for bit in range(instruction.encoding.width):
        if instruction.mask >> bit & 1:
            other = _decoder(machine).decode(word ^ 1 << bit)
            if other is instruction:
                check(f"tell from others by bit {bit}", "another word", shown)


@lru_cache(maxsize=4)
def _decoder(machine: Machine) -> Decoder:
    return Decoder(machine)


# Texts


def _by_text(
    machine: Machine, instruction: Instruction, tried: Sequence[Mapping[str, int]]
) -> None:
    words = [_placed(instruction, fields) for fields in tried]
    length = instruction.length
    pcs = [BASE + length * i for i in range(len(words))]
    own = [written(machine, instruction, fields, pc) for fields, pc in zip(tried, pcs, strict=True)]
    _assembled(machine, instruction, words, own, "assemble")
    for aliases in (True, False):
        lines = [
            disassemble(word, pc, machine, aliases=aliases)
            for word, pc in zip(words, pcs, strict=True)
        ]
        for line, text in zip(lines, own, strict=True):
            if line.startswith("."):
                raise RoundTripFault(instruction.mnemonic, "disassemble", text, text, line)
        _assembled(machine, instruction, words, lines, "assemble what was disassembled,")


def _assembled(
    machine: Machine,
    instruction: Instruction,
    words: Sequence[int],
    lines: Sequence[str],
    step: str,
) -> None:
    try:
        contents = _contents(machine, lines)
    except AssemblyError as error:
        bad = next((line for line in lines if not _assembles(machine, line)), lines[0])
        message = str(error).splitlines()[0]
        raise RoundTripFault(instruction.mnemonic, step, bad, "a word", message) from None
    length = instruction.length
    for i, (word, line) in enumerate(zip(words, lines, strict=True)):
        found = int.from_bytes(contents[length * i : length * (i + 1)], "little")
        if found != word:
            expected, got = (f"{w:#0{2 * length + 2}x}" for w in (word, found))
            raise RoundTripFault(instruction.mnemonic, step, line, expected, got)


def _contents(machine: Machine, lines: Sequence[str]) -> bytes:
    text = "_start:\n" + "\n".join(lines) + "\n"
    executable = link([assemble(text, machine, file="verify.S")], text_base=BASE)
    return executable.sections[0].contents


def _assembles(machine: Machine, line: str) -> bool:
    try:
        _contents(machine, [line])
    except AssemblyError:
        return False
    return True


def written(
    machine: Machine, instruction: Instruction, fields: Mapping[str, int], pc: int = BASE
) -> str:
    """The instruction as its signature has it, registers by number."""
    items = []
    for item in instruction.syntax:
        match item:
            case Plain(operand) | Optional(operand):
                items.append(_operand(machine, operand, fields[operand.name], pc))
            case Address(offset, base):
                before = (
                    "" if offset is None else _operand(machine, offset, fields[offset.name], pc)
                )
                items.append(f"{before}({_operand(machine, base, fields[base.name], pc)})")
    return f"{instruction.mnemonic} {', '.join(items)}".rstrip()


def _operand(machine: Machine, operand: Operand, value: int, pc: int) -> str:
    match operand:
        case RegisterOperand(file=file, first=first):
            return f"{file.name}{first + value}"
        case ImmediateOperand(_, is_target=True):
            return f"{(pc + value) % (1 << machine.xlen):#x}"
        case LettersOperand(_, letters):
            count = len(letters)
            chosen = (c for i, c in enumerate(letters) if value >> count - 1 - i & 1)
            return "".join(chosen) or "0"
        case RoundingOperand():
            names = {code: name for name, code in machine.rounding_names.items()}
            return names.get(value, str(value))
    return str(value)
