"""The disassembly of a whole ELF file: symbols, relocations, source lines, data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from rvx.asm.disassembler import disassemble
from rvx.asm.elf_view import ElfView, ViewedSection, view_elf
from rvx.asm.position import AssemblyError
from rvx.asm.source_lines import SourceLine, SourceLines, lines_of_object, lines_of_program
from rvx.model.decoder import length_of
from rvx.model.machine import Machine

_ROW = 16  # bytes of data in a line


@dataclass(frozen=True)
class Shown:
    """What a listing has beside the instructions."""

    aliases: bool = True
    source: bool = False  # lines of the source between them
    data: bool = False  # the sections that are no code, as bytes


def disassemble_elf(
    path: Path, machine: Machine, *, aliases: bool = True, shown: Shown | None = None
) -> Iterator[str]:
    """The lines of a listing of all executable sections. What is no instruction of the machine
    is shown as data. Raises AssemblyError where the file cannot be used."""
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise AssemblyError(f"{path}: cannot read this file: {error.strerror}") from None
    yield from disassemble_image(contents, machine, str(path), shown or Shown(aliases=aliases))


def disassemble_image(contents: bytes, machine: Machine, name: str, shown: Shown) -> Iterator[str]:
    """As `disassemble_elf`, of an ELF file in memory that is called `name`."""
    view = view_elf(contents, machine.xlen, name)
    codes = [section for section in view.sections if section.is_code]
    for section in view.sections:
        if not section.is_code and not (shown.data and section.contents and section.is_loaded):
            continue
        yield (
            f"Disassembly of {section.name}:" if section.is_code else f"Contents of {section.name}:"
        )
        if section.is_code:
            near = [section] if view.is_object else codes
            lines = _source_lines(view, section, machine) if shown.source else SourceLines([])
            yield from _Listing(section, _Labels(near), machine, shown.aliases, lines).rows()
        else:
            yield from _bytes(section)
        yield ""


def _source_lines(view: ElfView, section: ViewedSection, machine: Machine) -> SourceLines:
    if view.is_object:
        name = section.name.removeprefix("section ")
        return lines_of_object(view.contents, machine).get(name, SourceLines([]))
    if view.lines is None:
        view.lines = lines_of_program(view.contents)
    return view.lines


class _Labels:
    """The symbols in the code."""

    def __init__(self, codes: Sequence[ViewedSection]) -> None:
        self._codes = codes
        self.names: Mapping[int, str] = {a: n for code in codes for a, n in code.names.items()}
        self.addresses = sorted(a for a in self.names if self._is_code(a))

    def near(self, address: int) -> str | None:
        """`symbol+4` for an address in the code."""
        at = bisect_right(self.addresses, address) - 1
        if at < 0 or not self._is_code(address):
            return None
        distance = address - self.addresses[at]
        name = self.names[self.addresses[at]]
        return f"{name}+{distance:#x}" if distance else name

    def after(self, address: int) -> int | None:
        """The first label behind the address."""
        at = bisect_right(self.addresses, address)
        return self.addresses[at] if at < len(self.addresses) else None

    def _is_code(self, address: int) -> bool:
        return any(0 <= address - c.address < len(c.contents) for c in self._codes)


class _Listing:
    """The lines of one section."""

    def __init__(
        self,
        code: ViewedSection,
        labels: _Labels,
        machine: Machine,
        aliases: bool,
        lines: SourceLines,
    ) -> None:
        self._code, self._labels, self._machine = code, labels, machine
        self._aliases, self._lines = aliases, lines
        self._line: SourceLine | None = None

    def rows(self) -> Iterator[str]:
        code, at, end = self._code, 0, len(self._code.contents)
        is_data = False
        while at < end:
            pc = code.address + at
            if pc in self._labels.names:
                yield ""
                yield f"{pc:08x} <{self._labels.names[pc]}>:"
            is_data = code.is_data_from.get(pc, is_data)
            yield from self._source(pc)
            length = length_of(code.contents[at]) if self._machine.ialign == 2 else 4
            label = self._labels.after(pc)
            room = min(end - at, length if label is None else label - pc)
            if room < length:  # the end, or a label, in what could be an instruction
                for byte in code.contents[at : at + room]:
                    yield f"{code.address + at:8x}:  {byte:02x}        .byte {byte:#04x}"
                    at += 1
                continue
            word = int.from_bytes(code.contents[at : at + length], "little")
            yield f"{pc:8x}:  {word:0{2 * length}x}{'' if length == 4 else '    '}  " + (
                self._data(word, length) if is_data else self._text(word, pc)
            )
            for place in range(pc, pc + length):
                for text in code.relocations.get(place, ()):
                    yield f"{place:8x}:  {text}"
            at += length

    def _text(self, word: int, pc: int) -> str:
        # In an object file a target is what its relocation says.
        near = None if pc in self._code.relocations else self._labels.near
        return disassemble(word, pc, self._machine, aliases=self._aliases, symbols=near)

    @staticmethod
    def _data(word: int, length: int) -> str:
        return f".word {word:#010x}" if length == 4 else f".half {word:#06x}"

    def _source(self, pc: int) -> Iterator[str]:
        """The line that the address comes from, if it is another than before."""
        if not self._lines:
            return
        line = self._lines.at(pc)
        if line is not None and line != self._line:
            text = line.text()
            yield f"; {line}" if text is None else f"; {line}: {text.strip()}"
        self._line = line


def _bytes(section: ViewedSection) -> Iterator[str]:
    """Rows of bytes with their characters; rows that repeat are left out, labels are shown."""
    contents, before = section.contents, b""
    starts = sorted({0, *(a - section.address for a in section.names)} - {len(contents)})
    is_left_out = False
    for start, end in zip(starts, [*starts[1:], len(contents)], strict=True):
        if (name := section.names.get(section.address + start)) is not None:
            yield f"{section.address + start:08x} <{name}>:"
            before = b""
        for at in count(start, _ROW):
            row = contents[at : min(at + _ROW, end)]
            if not row:
                break
            if row == before and at + _ROW < end:
                if not is_left_out:
                    yield f"{'*':>9}"
                is_left_out = True
                continue
            is_left_out, before = False, row
            texts = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
            yield f"{section.address + at:8x}:  {row.hex(' ', -4):<35}  {texts}"
            for place in range(section.address + at, section.address + at + len(row)):
                for text in section.relocations.get(place, ()):
                    yield f"{place:8x}:  {text}"
