"""Encode, disassemble, assemble: the same word, for every instruction of every machine."""

from __future__ import annotations

import random

import pytest

from rvx.asm import assemble, disassemble, link
from rvx.description import load_machine
from rvx.model.machine import CsrOperand, Instruction, Machine, Operand, RoundingOperand

BASE = 0x8000_0000
TIMES = 40

FIXED_LENGTH = ["rv32imf_zicsr_zifencei_xdotp_xposit", "rv32imafdb_zicsr_zifencei_xdotp"]
MACHINES = [*FIXED_LENGTH, "rv32imafdcb_zicsr_zifencei_zihintpause"]


def value(machine: Machine, operand: Operand, random: random.Random) -> int:
    """A value of the operand's field, the bounds more often than others."""
    match operand:
        case RoundingOperand():
            return random.choice(list(machine.rounding_names.values()))
        case CsrOperand() if random.random() < 0.5:
            return random.choice([csr.address for csr in machine.csrs.values()])
    field = operand.field
    step = 1 << field.lowest
    return random.choice(
        [field.low, field.high, 0, random.randrange(field.low, field.high + 1, step)]
    )


def random_words(machine: Machine, instruction: Instruction, random: random.Random) -> list[int]:
    words = []
    for _ in range(TIMES):
        fields = {n: value(machine, o, random) for n, o in instruction.operands.items()}
        word = instruction.encode(**fields)
        if instruction.matches(word):
            words.append(word)
    return words


def assembled(machine: Machine, lines: list[str]) -> bytes:
    text = "_start:\n" + "\n".join(lines)
    executable = link([assemble(text, machine, file="round.S")], text_base=BASE)
    return executable.sections[0].contents


@pytest.mark.parametrize("aliases", [True, False], ids=["aliases", "plain"])
@pytest.mark.parametrize("isa", MACHINES)
def test_every_instruction_survives(isa: str, aliases: bool) -> None:
    machine = load_machine(isa)
    source = random.Random(isa)
    words = [
        (instruction, word)
        for instruction in machine.instructions.values()
        for word in random_words(machine, instruction, source)
    ]
    contents, lines = b"", []
    for instruction, word in words:
        pc = BASE + len(contents)
        lines.append(disassemble(word, pc, machine, aliases=aliases))
        contents += word.to_bytes(instruction.length, "little")
    assert not any(line.startswith(".") for line in lines)
    again = assembled(machine, lines)
    at = 0
    for (instruction, word), line in zip(words, lines, strict=True):
        found = int.from_bytes(again[at : at + instruction.length], "little")
        assert f"{found:08x}" == f"{word:08x}", line
        at += instruction.length
    assert again == contents


@pytest.mark.parametrize("isa", FIXED_LENGTH)
def test_every_word_survives(isa: str) -> None:
    machine = load_machine(isa)
    source = random.Random(1)
    words = [source.randrange(1 << 32) for _ in range(5000)]
    lines = [disassemble(word, BASE + 4 * i, machine) for i, word in enumerate(words)]
    contents = b"".join(word.to_bytes(4, "little") for word in words)
    assert assembled(machine, lines) == contents
