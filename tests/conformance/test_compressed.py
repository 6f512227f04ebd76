"""All 49,152 words of 16 bits against capstone: which instruction, which operands."""

from __future__ import annotations

import re

import capstone
import pytest

from rvx.asm import disassemble
from rvx.description import load_machine
from rvx.model.decoder import Decoder
from rvx.model.machine import Machine

WORDS = [word for word in range(1 << 16) if word & 3 != 3]
# Forms that write sp's offsets: capstone names sp, which our operands leave to the mnemonic.
STACK = {"c.addi4spn", "c.addi16sp", "c.lwsp", "c.swsp", "c.flwsp", "c.fswsp", "c.fldsp", "c.fsdsp"}
SINGLE = {"c.flw", "c.fsw", "c.flwsp", "c.fswsp"}  # need F
DOUBLE = {"c.fld", "c.fsd", "c.fldsp", "c.fsdsp"}  # need D


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine("rv32imfdc")


@pytest.fixture(scope="module")
def theirs() -> dict[int, tuple[str, str]]:
    mode = capstone.CS_MODE_RISCV32 | capstone.CS_MODE_RISCVC
    reader = capstone.Cs(capstone.CS_ARCH_RISCV, mode)
    found = {}
    for word in WORDS:
        for instruction in reader.disasm(word.to_bytes(2, "little"), 0):
            found[word] = instruction.mnemonic, instruction.op_str
    return found


def is_reserved(word: int) -> bool:
    """What capstone decodes though RV32C reserves it (unprivileged manual 28.8)."""
    immediate = word >> 2 & 0x1F | word >> 7 & 0x20
    match word & 0xE003:
        case 0x6001:  # c.lui of 0
            return immediate == 0
        case 0x0002:  # c.slli by 32 and more
            return bool(word & 0x1000)
        case 0x8001:  # c.srli, c.srai by 32 and more
            return word & 0x0800 == 0 and bool(word & 0x1000)
    return word == 0


def is_hint(word: int) -> bool:
    """What capstone leaves out and rvx executes as its long form, which does nothing."""
    rd, immediate = word >> 7 & 31, word >> 2 & 0x1F | word >> 7 & 0x20
    match word & 0xE003:
        case 0x0001:  # c.nop with an immediate
            return rd == 0
        case 0x4001 | 0x6001:  # c.li, c.lui into x0
            return rd == 0
        case 0x0002:  # c.slli by 0, or of x0
            return immediate == 0 or rd == 0
        case 0x8002:  # c.mv, c.add into x0
            return rd == 0 and immediate & 0x1F != 0
    return False


def test_every_word_is_the_same_instruction(
    machine: Machine, theirs: dict[int, tuple[str, str]]
) -> None:
    decoder = Decoder(machine)
    compared = 0
    for word in WORDS:
        found = decoder.decode(word)
        mnemonic = theirs.get(word, (None, ""))[0]
        if is_reserved(word):
            assert found is None, hex(word)
        elif mnemonic is None and is_hint(word):
            assert found is not None, hex(word)
        else:
            assert (found.mnemonic if found else None) == mnemonic, hex(word)
            compared += found is not None
    assert compared == 44_954


@pytest.mark.parametrize("isa", ["rv32imfc", "rv32imc"])
def test_words_of_extensions_that_are_not_there_are_illegal(
    isa: str, machine: Machine, theirs: dict[int, tuple[str, str]]
) -> None:
    whole, part = Decoder(machine), Decoder(load_machine(isa))
    left_out = DOUBLE if "f" in isa else DOUBLE | SINGLE
    for word in WORDS:
        found, known = part.decode(word), whole.decode(word)
        mnemonic = known.mnemonic if known and known.mnemonic not in left_out else None
        assert (found.mnemonic if found else None) == mnemonic, hex(word)


def numbers(text: str) -> list[int | str]:
    parts = [part for part in re.split(r"[ ,()]+", text) if part]
    return [int(p, 0) & 0xFFFFF if re.match(r"-?\d", p) else p for p in parts]


def test_every_word_has_the_same_operands(
    machine: Machine, theirs: dict[int, tuple[str, str]]
) -> None:
    decoder = Decoder(machine)
    compared = 0
    for word, (mnemonic, operands) in theirs.items():
        found = decoder.decode(word)
        if found is None or is_hint(word):
            continue
        written = [p for p in numbers(operands) if not (mnemonic in STACK and p == "sp")]
        ours = disassemble(word, 0, machine, aliases=False).partition(" ")[2]
        mine = [p for p in numbers(ours) if not (mnemonic in STACK and p == "sp")]
        assert mine == written, (hex(word), mnemonic, ours, operands)
        compared += 1
    assert compared == 44_891
