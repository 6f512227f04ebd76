"""What a C preprocessor makes of a source: its lines, at the places that they were written at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rvx.asm.position import AssemblyError, Line, Position, Source, Substitution
from rvx.asm.source import statements

# GCC, The C Preprocessor, "Preprocessor Output": the next line's number and file, then flags.
_MARKER = re.compile(r'^# (\d+) "((?:[^"\\\n]|\\.)*)"[ \d]*$\n?', re.MULTILINE)
_BLANK = re.compile(r"\s+")


def preprocessed_statements(text: str, file: str, texts: dict[str, str]) -> list[Line]:
    """The statements of what the preprocessor wrote of a file, in order. `texts` are the files as
    they were written, where known; those that it included are added."""
    found: list[Line] = []
    for name, number, part in _parts(text, file):
        place = _Place(name, number, texts)
        try:
            lines = statements(part, place.source)
        except AssemblyError as error:
            raise place.moved(error) from None
        found += map(place.line, lines)
    return found


def _parts(text: str, file: str) -> Iterator[tuple[str, int, str]]:
    """What stands between line markers: the file, the number of the first line, the text."""
    name, number, start = file, 1, 0
    for marker in _MARKER.finditer(text):
        yield name, number, text[start : marker.start()]
        name, number, start = re.sub(r"\\(.)", r"\1", marker[2]), int(marker[1]), marker.end()
    yield name, number, text[start:]


class _Place:
    """Where a part of the preprocessor's output was written."""

    def __init__(self, file: str, first: int, texts: dict[str, str]) -> None:
        self.source = Source(file)
        self._first = first
        if file not in texts:
            texts[file] = _read(file)
        self._written = texts[file].replace("\r\n", "\n").split("\n")
        self._searched = (0, 0)  # a line, and how far in it statements have been found

    def line(self, line: Line) -> Line:
        """The statement as it was written. Where macros made it, it is the line as a whole."""
        number = self._first + line.number - 1
        written = self._written[number - 1] if number <= len(self._written) else ""
        start = self._searched[1] if self._searched[0] == number else 0
        words = r"\s+".join(map(re.escape, _BLANK.split(line.text.strip())))
        if found := re.compile(rf"(?<![\w.$]){words}").search(written, start):
            self._searched = number, found.end()
            return Line(found[0], number, found.start(), self.source)
        blank = len(written) - len(written.lstrip())
        whole = Substitution(0, len(line.text), blank, len(written) - blank)
        return Line(line.text, number, 0, self.source, (whole,))

    def moved(self, error: AssemblyError) -> AssemblyError:
        """The error of a statement, where it was written."""
        if not isinstance(error.position, Position):
            return error
        line = self.line(error.position.line)
        return AssemblyError(error.message, error.position._replace(line=line))


def _read(file: str) -> str:
    """The text of a file; nothing where it is none, such as <built-in>."""
    try:
        return Path(file).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
