"""What the numbers of an instruction need of it, and expressions apart from it."""

from __future__ import annotations

from typing import Protocol

from rvx.jit.text import Function
from rvx.model import ir
from rvx.number import Format, Rounding
from rvx.record import record


class Site(Protocol):
    """The instruction that an expression belongs to: it computes words (`jit/lowering.py`)."""

    @property
    def out(self) -> Function:
        """The function that is being written."""

    @property
    def mode(self) -> Rounding:
        """The instruction's rounding mode."""

    @property
    def host_mode(self) -> Rounding | None:
        """The mode of the host's arithmetic; None: it must not be used."""

    @property
    def sticky(self) -> bool:
        """Whether NX is set already."""

    def word(self, e: ir.Word) -> str:
        """An i{width}."""

    def truth(self, e: ir.Truth) -> str:
        """An i1."""

    def integer(self, e: ir.Number) -> tuple[str, int]:
        """An integral number in two's complement, and its width."""

    def accrue(self, flags: str) -> None:
        """Or the flags (i32) into fflags."""

    def choose(self, use: ir.FormatUse) -> Format | None:
        """The format in force, None where only the run can tell."""


@record(frozen=True)
class Argument:
    """What a parameter is at a site."""

    type: str
    value: str


@record(frozen=True)
class Local:
    """A number that was rounded before: the parameters of its code and of its pending flags."""

    format: Format
    code: int
    flags: int


@record(frozen=True)
class Shape:
    """Expressions whose words are `WordLocal("i")` and truths `TruthLocal("i")`: parameter i.

    A `NumberLocal("k")` is `locals[k]`. `types` are those of the parameters.
    """

    numbers: tuple[ir.Number, ...]
    types: tuple[str, ...]
    locals: tuple[Local, ...]


@record(frozen=True)
class Tree:
    """A shape with its arguments."""

    shape: Shape
    arguments: tuple[Argument, ...]

    @property
    def number(self) -> ir.Number:
        """The only expression."""
        (number,) = self.shape.numbers
        return number


class Conditional(Exception):
    """Something with effects lies in a branch of this selection."""

    def __init__(self, select: ir.NumberSelect) -> None:
        super().__init__("a selection with effects in a branch")
        self.select = select
