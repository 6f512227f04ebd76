"""Where a statement stands, and the error that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from: a file, or one expansion of a macro or repetition in it."""

    file: str
    expands: str = ""  # "macro push", ".rept": empty for the lines of a file
    used: Position | None = None  # the line that caused the expansion


class Substitution(NamedTuple):
    """In an expanded line: where an argument stands, and what it replaced in the body's line."""

    start: int
    length: int
    body_start: int
    body_length: int


class Line(NamedTuple):
    """One statement as text: comments and separators are gone."""

    text: str
    number: int  # of its line in the file, from 1
    column: int  # of its first character, from 0
    source: Source
    substitutions: tuple[Substitution, ...] = ()


class Position(NamedTuple):
    """A place in a statement; as a string the `file:line:column` that it was written at."""

    line: Line
    at: int  # index into line.text

    @property
    def column(self) -> int:
        """From 1, in the line of the file, also where macro arguments moved the text."""
        column = self.at
        for start, length, body_start, body_length in reversed(self.line.substitutions):
            if self.at >= start + length:
                column = self.at - start - length + body_start + body_length
                break
            if self.at >= start:
                column = body_start
                break
        return self.line.column + column + 1

    @property
    def expansion(self) -> str:
        """The macros and repetitions that led here, innermost first; empty outside any."""
        found = []
        source = self.line.source
        while source.used is not None:
            found.append(f" (in {source.expands}, used at {source.used})")
            source = source.used.line.source
        if len(found) > 4:  # a recursive macro: the ends say enough
            found[2:-1] = [" ..."]
        return "".join(found)

    def __str__(self) -> str:
        return f"{self.line.source.file}:{self.line.number}:{self.column}"


def first_word(line: Line) -> Position:
    """The position of a statement as a whole."""
    return Position(line, len(line.text) - len(line.text.lstrip()))


@dataclass(frozen=True)
class ObjectPlace:
    """A place in an object file; as a string that of the source if the file tells, else
    `file.o:(.text+0x10)`."""

    file: str
    section: str
    offset: int | None = None
    source: Callable[[], str | None] = lambda: None  # `file.c:12`, looked up when it is needed

    expansion: ClassVar[str] = ""

    def __str__(self) -> str:
        where = self.section if self.offset is None else f"{self.section}+{self.offset:#x}"
        found = self.source()
        return f"{found} ({self.file})" if found else f"{self.file}:({where})"


Place: TypeAlias = "Position | ObjectPlace"


class AssemblyError(Exception):
    """`file:line:column: what is wrong, what to do`; no position where no line is at fault."""

    def __init__(self, message: str, position: Place | None = None) -> None:
        self.message = message
        self.position = position
        super().__init__(f"{position}: {message}{position.expansion}" if position else message)
