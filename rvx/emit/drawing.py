"""An instruction word, drawn: which field lies in which bits."""

from __future__ import annotations

from dataclasses import dataclass

from rvx.emit.markdown import table
from rvx.model.encoding import Placement
from rvx.model.machine import Instruction


@dataclass(frozen=True)
class Segment:
    """Bits [high:low] of the word, one piece of one field."""

    high: int
    low: int
    field: str
    value_low: int  # the lowest of the field's bits that lie here
    whole: bool  # the field lies here whole, from its bit 0
    fixed: str | None  # the bits that make the instruction, - where any will do; None: an operand

    @property
    def bits(self) -> str:
        return _range(self.high, self.low)

    @property
    def label(self) -> str:
        """The field's name, with the bits of its value where they are not all here."""
        if self.whole:
            return self.field
        return f"{self.field}[{_range(self.value_low + self.high - self.low, self.value_low)}]"


def segments(instruction: Instruction) -> tuple[Segment, ...]:
    """The pieces of the word, most significant first; together they are all of its bits."""
    pieces = [(p, field) for field in instruction.encoding.fields for p in field.placements]
    pieces.sort(key=lambda piece: -piece[0].word_low)
    return tuple(
        Segment(
            high=p.word_low + p.width - 1,
            low=p.word_low,
            field=field.name,
            value_low=p.value_low,
            whole=len(field.placements) == 1 and p.value_low == 0 and not field.sliced,
            fixed=None if field.name in instruction.operands else _fixed(instruction, p),
        )
        for p, field in pieces
    )


def drawing(instruction: Instruction) -> str:
    """A Markdown table under a ruler of bits: the fields, and the bits of those that are fixed."""
    found = segments(instruction)
    labels = [segment.label for segment in found]
    fixed = [f"`{segment.fixed}`" if segment.fixed else "" for segment in found]
    return table([segment.bits for segment in found], [labels, fixed], centered=True)


def _fixed(instruction: Instruction, place: Placement) -> str:
    ones = (1 << place.width) - 1
    if not instruction.mask >> place.word_low & ones:
        return "-" * place.width
    return f"{instruction.match >> place.word_low & ones:0{place.width}b}"


def _range(high: int, low: int) -> str:
    return f"{high}:{low}" if high > low else f"{low}"
