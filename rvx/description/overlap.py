"""No word may be two instructions of one machine."""

from __future__ import annotations

from collections.abc import Iterable

from rvx.description.syntax import DescriptionError, Position
from rvx.model.machine import Instruction


def check_overlap(one: Instruction, others: Iterable[Instruction], at: Position) -> None:
    """Raise where some word matches `one` and another instruction."""
    for other in others:
        if one.encoding.width != other.encoding.width:
            continue
        shared = one.mask & other.mask
        if (one.match ^ other.match) & shared:
            continue
        if _excludes(one, other) or _excludes(other, one):
            continue
        raise DescriptionError(
            at,
            f"{one.mnemonic} ({one.extension}) and {other.mnemonic} ({other.extension}, "
            f"{other.source}) both match {one.match | other.match:#010x}: change a fixed field, "
            "exclude a value by 'where', or do not use both extensions in one machine",
        )


def _excludes(one: Instruction, other: Instruction) -> bool:
    """Whether a `where` of `one` rules out every word of `other`."""
    for name, value in one.excluded:
        field = one.encoding.by_name[name]
        if field.mask & other.mask == field.mask and field.place(value) == other.match & field.mask:
            return True
    return False
