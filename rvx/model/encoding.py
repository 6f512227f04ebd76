"""Instruction layouts: where the bits of each field lie in the word."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from rvx.record import record


class FieldError(ValueError):
    """A value that a field cannot hold; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@record(frozen=True)
class Placement:
    """Value bits [value_low + width - 1 : value_low] lie at word bits from word_low."""

    word_low: int
    value_low: int
    width: int


@record(frozen=True)
class Field:
    """One field of an encoding. `name` is the manual's (rs1, funct3, imm, ...)."""

    name: str
    placements: tuple[Placement, ...]  # most significant word bits first
    sliced: bool  # drawn as name[...]: an immediate

    @cached_property
    def top(self) -> int:
        """The width of the value: one more than its highest bit."""
        return max(p.value_low + p.width for p in self.placements)

    @cached_property
    def lowest(self) -> int:
        """The lowest bit that is encoded; those below are zero."""
        return min(p.value_low for p in self.placements)

    @cached_property
    def is_signed(self) -> bool:
        """Fields named imm are sign-extended; all others (uimm, shamt, rs1) are not."""
        return self.name.startswith("imm")

    @cached_property
    def mask(self) -> int:
        return self.place(-1)

    @property
    def low(self) -> int:
        """The smallest value it can hold."""
        return -(1 << self.top - 1) if self.is_signed else 0

    @property
    def high(self) -> int:
        """The largest value it can hold."""
        bits = self.top - 1 if self.is_signed else self.top
        return (1 << bits) - (1 << self.lowest)

    def place(self, value: int) -> int:
        """The value's bits, moved to where the word has them. Bits outside are dropped."""
        return sum(
            (value >> p.value_low & (1 << p.width) - 1) << p.word_low for p in self.placements
        )

    def encode(self, value: int) -> int:
        """As `place`, but raise FieldError where the value does not fit."""
        if not self.low <= value <= self.high:
            raise FieldError(
                self.name, f"{self.name} is {value}, but it holds {self.low} to {self.high}"
            )
        if value & (1 << self.lowest) - 1:
            raise FieldError(
                self.name, f"{self.name} is {value}, but must be a multiple of {1 << self.lowest}"
            )
        return self.place(value)

    @cached_property
    def _simple(self) -> tuple[int, int, int] | None:
        """Of a field in one piece from its lowest bit: where it is in the word, its bits, its
        sign."""
        match self.placements:
            case (p,) if p.value_low == 0:
                top = 1 << self.top - 1 if self.is_signed else 0
                return p.word_low, (1 << p.width) - 1, top
        return None

    def decode(self, word: int) -> int:
        if (simple := self._simple) is not None:
            shift, mask, sign = simple
            return ((word >> shift & mask) ^ sign) - sign
        value = 0
        for p in self.placements:
            value |= (word >> p.word_low & (1 << p.width) - 1) << p.value_low
        if self.is_signed and value >> self.top - 1:
            value -= 1 << self.top
        return value


@record(frozen=True)
class Encoding:
    """A named layout: its fields, most significant first, cover every bit of the word once."""

    name: str
    fields: tuple[Field, ...]
    width: int  # bits: 16 or 32

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}
