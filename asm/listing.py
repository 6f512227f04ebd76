"""The listing of a program: addresses, bytes, and the lines that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rvx.asm.assembly import Assembly, SectionFlag, SectionType
from rvx.asm.executable import Executable, OutputSection, Piece
from rvx.asm.position import Line

_UNIT = 4  # bytes a row
_MOST_ROWS = 4  # so that .zero 1000 does not fill a page


def listing(executable: Executable) -> str:
    """The loaded sections in order of address. Instructions are shown as words, data as bytes."""
    rows: list[str] = []
    for section in executable.sections:
        if SectionFlag.ALLOC in section.flags:
            for piece in section.pieces:
                assembly = executable.assemblies[piece.assembly]
                rows.append(f"{section.name} of {assembly.file}")
                rows += _rows(section, piece, _Texts(assembly))
                rows.append("")
    return "\n".join(rows)


class _Texts:
    """The lines as they were written."""

    def __init__(self, assembly: Assembly) -> None:
        self._lines = {file: text.splitlines() for file, text in assembly.texts.items()}

    def __getitem__(self, line: Line) -> str:
        text = line.text
        if line.source.used is None:  # not an expansion, whose text is the one with arguments
            text = self._lines[line.source.file][line.number - 1]
        return f"{line.number:6d}  {text.expandtabs().rstrip()}"


def _rows(section: OutputSection, piece: Piece, texts: _Texts) -> Iterator[str]:
    marks = [(mark.offset, texts[mark.line]) for mark in piece.section.marks]
    marks.append((piece.section.size, ""))
    for (start, text), (end, _) in pairwise(marks):
        for row, at in enumerate(range(start, end, _UNIT)):
            if row == _MOST_ROWS and at + _UNIT < end:
                yield f"{'...':>8}"
                break
            size = min(_UNIT, end - at)
            shown = _shown(section, piece.offset + at, size)
            address = section.address + piece.offset + at
            yield f"{address:08x} {shown:<8} {text if row == 0 else ''}".rstrip()


def _shown(section: OutputSection, offset: int, size: int) -> str:
    if section.type is SectionType.NOBITS:
        return ""
    contents = section.contents[offset : offset + size]
    return (contents[::-1] if SectionFlag.EXECUTE in section.flags else contents).hex()
