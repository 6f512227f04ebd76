"""The operands of a statement as text, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from rvx.asm.position import AssemblyError, Line, Position

# A comma separates unless it stands in a string or is a character constant.
_PIECE = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'?|[^,"'])+""")


class Argument(NamedTuple):
    """One operand, without the blanks around it."""

    text: str
    line: Line
    at: int  # index of the text in line.text

    def position(self, at: int = 0) -> Position:
        return Position(self.line, self.at + at)

    def error(self, message: str, at: int = 0) -> AssemblyError:
        """An error at this operand; `at` is an index in its text."""
        return AssemblyError(message, self.position(at))


class Call(NamedTuple):
    """A directive, macro call or instruction: its first word, and the text after it."""

    name: str
    rest: str
    line: Line
    at: int  # index of the name in line.text
    rest_at: int  # index of the rest in line.text

    def position(self) -> Position:
        return Position(self.line, self.at)

    def error(self, message: str) -> AssemblyError:
        """An error at the first word."""
        return AssemblyError(message, self.position())

    def arguments(self) -> list[Argument]:
        """The text after the first word, split at its commas."""
        rest = self.rest
        if not rest or rest.isspace():
            return []
        if "'" in rest or '"' in rest:
            pieces = _quoted_pieces(rest)
        else:
            pieces = rest.split(",")
        found = []
        at = self.rest_at
        for piece in pieces:
            text = piece.strip()
            found.append(Argument(text, self.line, at + (piece.find(text) if text else 0)))
            at += len(piece) + 1
        return found

    def arguments_between(
        self, fewest: int, most: int, usage: str, *, blanks: bool = False
    ) -> list[Argument]:
        """The arguments, if there are as many as `usage` shows, none blank but with `blanks`."""
        arguments = self.arguments()
        if not fewest <= len(arguments) <= most:
            raise self.error(f"{given(len(arguments))}: write `{usage}`")
        for argument in arguments:
            if not argument.text and not blanks:
                raise argument.error(f"an operand is missing: write `{usage}`")
        return arguments


def given(count: int) -> str:
    """How an error message starts that is about too many or too few operands."""
    return f"{count} operand{'' if count == 1 else 's'} given"


def similar(name: str, known: Iterable[str]) -> str:
    """A hint at names spelled nearly like this one, or nothing."""
    close = get_close_matches(name, known, n=2)
    return f"; is {' or '.join(f'`{one}`' for one in close)} meant?" if close else ""


def _quoted_pieces(text: str) -> list[str]:
    pieces, at = [], 0
    while True:
        match = _PIECE.match(text, at)
        end = match.end() if match else at
        pieces.append(text[at:end])
        if end >= len(text):
            return pieces
        at = end + 1
        if at == len(text):
            return [*pieces, ""]
