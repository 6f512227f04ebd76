"""The listing of a program: addresses, bytes, and the lines that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rvx.asm.assembly import Assembly, SectionFlag, SectionType
from rvx.asm.executable import Executable, OutputSection, Piece
from rvx.asm.position import Line

_UNIT = 4  # bytes a row
_MOST_ROWS = 4  # so that .zero 1000 does not fill a page


def listing_of_object(assembly: Assembly) -> str:
    """As `listing`, of an assembly that is not linked: what the linker fills in is zero."""
    sections = [
        OutputSection(
            name=section.name,
            type=section.type,
            flags=section.flags,
            alignment=section.alignment,
            entry_size=section.entry_size,
            address=0,
            size=section.size,
            contents=section.contents,
            pieces=(Piece(0, number, section, 0),),
        )
        for number, section in enumerate(assembly.sections)
        if section.size
    ]
    return listing(Executable(assembly.machine, (assembly,), tuple(sections), (), (), 0))


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
    if not marks or marks[0][0]:  # an object file has no lines
        marks.insert(0, (0, ""))
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
