"""From an instruction word to its instruction: a table lookup by opcode, then a short scan."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import and_

from rvx.model.machine import Instruction, Machine


class Decoder:
    """Decodes the words of one machine; answers are remembered."""

    def __init__(self, machine: Machine) -> None:
        self._buckets = _buckets(machine)
        self._known: dict[int, Instruction | None] = {}

    def decode(self, word: int) -> Instruction | None:
        """The instruction that the word is, or None: illegal. Of a word that starts with an
        instruction of 16 bits the rest is ignored."""
        if length_of(word) == 2:
            word &= 0xFFFF
        try:
            return self._known[word]
        except KeyError:
            found = self._known[word] = self._search(word)
            return found

    def _search(self, word: int) -> Instruction | None:
        fixed, buckets = self._buckets.get(word & 0x7F, (0, {}))
        for instruction in buckets.get(word & fixed, ()):
            if instruction.matches(word):
                return instruction
        return None


def _split(instructions: list[Instruction]) -> tuple[int, dict[int, list[Instruction]]]:
    """The bits that all of them fix, and which of them have which there, in order."""
    fixed = reduce(and_, [instruction.mask for instruction in instructions])
    found: dict[int, list[Instruction]] = {}
    for instruction in instructions:
        found.setdefault(instruction.match & fixed, []).append(instruction)
    return fixed, found


@lru_cache(maxsize=4)
def _buckets(machine: Machine) -> dict[int, tuple[int, dict[int, list[Instruction]]]]:
    """By the lowest seven bits of words: what all instructions there fix, and those of each value
    of that."""
    found: dict[int, list[Instruction]] = {}
    for instruction in machine.instructions.values():
        for opcode in _opcodes(instruction.mask & 0x7F, instruction.match & 0x7F):
            found.setdefault(opcode, []).append(instruction)
    return {opcode: _split(instructions) for opcode, instructions in found.items()}


@lru_cache(maxsize=1 << 10)
def _opcodes(mask: int, match: int) -> tuple[int, ...]:
    """The lowest seven bits that a word with this mask and match can have."""
    return tuple(low for low in range(0x80) if low & mask == match)


def length_of(word: int) -> int:
    """The length in bytes of the instruction that starts with this halfword (manual 1.5)."""
    return 4 if word & 3 == 3 else 2
