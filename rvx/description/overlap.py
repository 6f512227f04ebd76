"""No word may be two instructions of one machine, and every instruction is some word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rvx.description.syntax import DescriptionError, Position
from rvx.model.machine import Instruction

Exclusion: TypeAlias = tuple[int, int]  # these bits of the word may not have this value


def check_overlap(one: Instruction, others: Iterable[Instruction], at: Position) -> None:
    """Raise where some word matches `one` and another instruction."""
    if _word(one.match, one.mask, _exclusions(one)) is None:
        raise DescriptionError(at, f"the conditions of {one.mnemonic} leave no word: drop one")
    for other in others:
        word = _shared_word(one, other)
        if word is not None:
            raise DescriptionError(
                at,
                f"{one.mnemonic} ({one.extension}) and {other.mnemonic} ({other.extension}, "
                f"{other.source}) both match {word:#0{one.encoding.width // 4 + 2}x}: change a "
                "fixed field, exclude a value by 'where', or do not use both extensions",
            )


def _shared_word(one: Instruction, other: Instruction) -> int | None:
    """A word that is both, if there is one."""
    if one.encoding.width != other.encoding.width:
        return None
    if (one.match ^ other.match) & one.mask & other.mask:
        return None
    exclusions = _exclusions(one) + _exclusions(other)
    return _word(one.match | other.match, one.mask | other.mask, exclusions)


def _exclusions(one: Instruction) -> list[Exclusion]:
    """The conditions of its `where`."""
    fields = one.encoding.by_name
    return [(fields[name].mask, fields[name].place(value)) for name, value in one.excluded]


def _word(word: int, mask: int, exclusions: Sequence[Exclusion]) -> int | None:
    """A word that has the bits of `word` under the mask and none of the excluded values."""
    if not exclusions:
        return word
    (bits, value), *rest = exclusions
    if (word ^ value) & bits & mask:
        return _word(word, mask, rest)
    free = bits & ~mask
    while free:
        bit = free & -free
        free ^= bit
        found = _word(word | (~value & bit), mask | bit, rest)
        if found is not None:
            return found
    return None
