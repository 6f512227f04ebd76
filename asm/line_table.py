"""The DWARF line table of a source, from `.file` and `.loc` (DWARF 5, 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePosixPath

from rvx.asm.leb128 import signed, unsigned
from rvx.asm.section import Fragment, OpenSection
from rvx.asm.symbol import Label

SECTION = ".debug_line"

_LINE_BASE, _LINE_RANGE, _OPCODE_BASE = -5, 14, 13
_OPERANDS = bytes((0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1))  # of the standard opcodes
# Standard and extended opcodes (DWARF 7.22).
_COPY, _ADVANCE_PC, _ADVANCE_LINE, _SET_FILE, _SET_COLUMN, _NEGATE = 1, 2, 3, 4, 5, 6
_BASIC_BLOCK, _PROLOGUE_END, _EPILOGUE_BEGIN, _SET_ISA = 7, 10, 11, 12
_END_SEQUENCE, _SET_ADDRESS, _SET_DISCRIMINATOR = 1, 2, 4
_PATH, _DIRECTORY, _MD5 = (1, 0x08), (2, 0x0B), (5, 0x1E)  # contents and forms of the header


@dataclass(frozen=True, slots=True)
class SourceFile:
    name: str
    directory: str
    md5: bytes = b""


@dataclass(frozen=True, slots=True)
class Row:
    """From this place on the code comes from here."""

    place: Label
    file: int
    line: int
    column: int
    is_stmt: bool
    basic_block: bool
    prologue_end: bool
    epilogue_begin: bool
    isa: int
    discriminator: int

    @property
    def offset(self) -> int:
        """In its section, once that is laid out."""
        return (self.place.fragment.start or 0) + self.place.offset


@dataclass
class LineTable:
    """What a source says of its lines."""

    files: dict[int, SourceFile] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    is_stmt: bool = True
    isa: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.files

    @property
    def version(self) -> int:
        """Files are counted from 0 since version 5."""
        return 5 if 0 in self.files else 4


def encoded(
    table: LineTable, ends: Sequence[tuple[OpenSection, int]], address_size: int
) -> tuple[bytes, list[tuple[int, Fragment]]]:
    """The line table, once all is laid out: its bytes, and where in them the addresses of
    fragments' sections have to be put. `ends` has the sections' sizes."""
    sizes = {id(section): size for section, size in ends}
    program, addresses = bytearray(), []
    rows = sorted(table.rows, key=lambda row: row.place.fragment.section.index)
    for _, several in groupby(rows, key=lambda row: row.place.fragment.section.index):
        sequence = list(several)
        section = sequence[0].place.fragment.section
        program += bytes((0, 1 + address_size, _SET_ADDRESS))
        addresses.append((len(program), section.fragments[0]))
        program += bytes(address_size)
        program += _sequence(sequence, sizes[id(section)])
    header = _header(table, address_size)
    start = 10 if table.version < 5 else 12
    rest = header + program
    fixed = bytes((address_size, 0)) if table.version >= 5 else b""
    length = 2 + len(fixed) + 4 + len(rest)
    contents = (
        length.to_bytes(4, "little")
        + table.version.to_bytes(2, "little")
        + fixed
        + len(header).to_bytes(4, "little")
        + rest
    )
    return contents, [(start + len(header) + at, fragment) for at, fragment in addresses]


def _sequence(rows: Sequence[Row], end: int) -> bytes:
    """The rows of one section, in order of address."""
    found = bytearray()
    address, file, line, column, is_stmt, isa = 0, 1, 1, 0, True, 0
    for row in sorted(rows, key=lambda row: row.offset):
        if row.file != file:
            found += bytes((_SET_FILE,)) + unsigned(row.file)
        if row.column != column:
            found += bytes((_SET_COLUMN,)) + unsigned(row.column)
        if row.discriminator:
            number = unsigned(row.discriminator)
            found += bytes((0, 1 + len(number), _SET_DISCRIMINATOR)) + number
        if row.isa != isa:
            found += bytes((_SET_ISA,)) + unsigned(row.isa)
        if row.is_stmt != is_stmt:
            found.append(_NEGATE)
        marks = (
            (row.basic_block, _BASIC_BLOCK),
            (row.prologue_end, _PROLOGUE_END),
            (row.epilogue_begin, _EPILOGUE_BEGIN),
        )
        found += bytes(opcode for is_set, opcode in marks if is_set)
        found += _step(row.offset - address, row.line - line)
        address, file, line, column = row.offset, row.file, row.line, row.column
        is_stmt, isa = row.is_stmt, row.isa
    found += bytes((_ADVANCE_PC,)) + unsigned(max(end - address, 0))
    return bytes(found) + bytes((0, 1, _END_SEQUENCE))


def _step(addresses: int, lines: int) -> bytes:
    """Advance both, and add a row: by one special opcode where they fit."""
    found = b""
    if not _LINE_BASE <= lines < _LINE_BASE + _LINE_RANGE:
        found, lines = bytes((_ADVANCE_LINE,)) + signed(lines), 0
    opcode = _OPCODE_BASE + lines - _LINE_BASE + _LINE_RANGE * addresses
    if opcode < 256:
        return found + bytes((opcode,))
    found += bytes((_ADVANCE_PC,)) + unsigned(addresses)
    return found + (bytes((_OPCODE_BASE + lines - _LINE_BASE,)) if lines else bytes((_COPY,)))


def _header(table: LineTable, address_size: int) -> bytes:
    """The header after its length: opcodes, directories and files."""
    start = bytes((1, 1, 1, _LINE_BASE & 0xFF, _LINE_RANGE, _OPCODE_BASE)) + _OPERANDS
    numbers = range(0 if table.version >= 5 else 1, max(table.files, default=0) + 1)
    blank = SourceFile("", "")
    files = [table.files.get(number, blank) for number in numbers]
    first = files[0].directory if files and table.version >= 5 else ""
    directories = list(dict.fromkeys([first, *(file.directory for file in files)]))
    if table.version < 5:
        found = b"".join(_string(name) for name in directories[1:]) + b"\0"
        for file in files:
            index = unsigned(directories.index(file.directory))
            found += _string(file.name) + index + b"\0\0"
        return start + found + b"\0"
    found = bytes((1, *_PATH)) + unsigned(len(directories))
    found += b"".join(_string(name) for name in directories)
    has_md5 = all(file.md5 for file in files)
    forms = (_PATH, _DIRECTORY, _MD5) if has_md5 else (_PATH, _DIRECTORY)
    found += bytes((len(forms), *(byte for form in forms for byte in form)))
    found += unsigned(len(files))
    for file in files:
        found += _string(file.name) + unsigned(directories.index(file.directory))
        found += file.md5 if has_md5 else b""
    return start + found


def _string(text: str) -> bytes:
    return text.encode() + b"\0"


def source_file(name: str, directory: str, md5: bytes = b"") -> SourceFile:
    """A file whose name may have the directory in it."""
    if not directory and "/" in name:
        path = PurePosixPath(name)
        return SourceFile(path.name, str(path.parent), md5)
    return SourceFile(name, directory, md5)
