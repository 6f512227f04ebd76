"""Which source line an address comes from, as the DWARF line table of an ELF file tells."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath

from elftools.dwarf.lineprogram import LineProgram
from elftools.elf.elffile import ELFFile

from rvx.model.machine import Machine

_LONGEST = 1 << 24  # bytes of a source that is read to be shown


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file; the folders are where the compiler was and what the name follows."""

    name: str
    number: int
    folders: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}:{self.number}"

    def text(self) -> str | None:
        """The line itself, if the file is where the compiler saw it."""
        for folder in (*self.folders, ""):
            found = _lines(str(PurePosixPath(folder) / self.name))
            if found is not None and 0 < self.number <= len(found):
                return found[self.number - 1]
        return None


class SourceLines:
    """The line of each address."""

    def __init__(self, rows: list[tuple[int, SourceLine | None]]) -> None:
        rows.sort(key=lambda row: row[0])
        self._addresses = [address for address, _ in rows]
        self._lines = [line for _, line in rows]

    def __bool__(self) -> bool:
        return bool(self._lines)

    def at(self, address: int) -> SourceLine | None:
        """The line, or None where the table does not say."""
        index = bisect_right(self._addresses, address) - 1
        return self._lines[index] if index >= 0 else None


def lines_of_program(image: bytes) -> SourceLines:
    """The line table of an executable; empty where it has none that can be read."""
    rows: list[tuple[int, SourceLine | None]] = []
    try:
        dwarf = ELFFile(BytesIO(image)).get_dwarf_info(relocate_dwarf_sections=False)
        for unit in dwarf.iter_CUs():
            folder = unit.get_top_DIE().attributes.get("DW_AT_comp_dir")
            program = dwarf.line_program_for_CU(unit)
            if program is not None:
                rows += _rows(program, folder.value.decode(errors="replace") if folder else "")
    except Exception:  # a damaged table makes pyelftools raise nearly anything
        return SourceLines([])
    return SourceLines(rows)


@lru_cache(maxsize=4)
def lines_of_object(data: bytes, machine: Machine) -> dict[str, SourceLines]:
    """The lines of each section of an object file, by offset in the section."""
    from rvx.asm.elf import elf_image  # the linker needs them when it fails
    from rvx.asm.linker import link_alone
    from rvx.asm.object_reader import read_object

    try:
        executable = link_alone(read_object(data, machine, file="", keep_padding=True))
        image = elf_image(executable)
    except Exception:  # what is wrong with the file, its reader has to say
        return {}
    table = lines_of_program(image)
    return {
        piece.section.name: _Shifted(table, section.address + piece.offset)
        for section in executable.sections
        for piece in section.pieces
    }


class _Shifted(SourceLines):
    """The lines of a section that lies at an address."""

    def __init__(self, table: SourceLines, start: int) -> None:
        self._table, self._start = table, start

    def __bool__(self) -> bool:
        return bool(self._table)

    def at(self, address: int) -> SourceLine | None:
        return self._table.at(self._start + address)


def _rows(program: LineProgram, folder: str) -> list[tuple[int, SourceLine | None]]:
    # DWARF 5 (6.2.4) counts files and directories from 0, the versions before it from 1.
    is_new = program.header.version >= 5
    files = program.header.file_entry
    directories = [name.decode(errors="replace") for name in program.header.include_directory]
    if not is_new:
        directories = [folder, *directories]
    lines: dict[tuple[int, int], SourceLine] = {}
    found: list[tuple[int, SourceLine | None]] = []
    for entry in program.get_entries():
        state = entry.state
        if state is None:
            continue
        if state.end_sequence:
            found.append((state.address, None))
            continue
        key = state.file, state.line
        if key not in lines:
            file = files[state.file - (0 if is_new else 1)]
            place = directories[file.dir_index] if file.dir_index < len(directories) else ""
            folders = (str(PurePosixPath(folder) / place), place)
            lines[key] = SourceLine(file.name.decode(errors="replace"), state.line, folders)
        found.append((state.address, lines[key]))
    return found


@lru_cache(maxsize=16)
def _lines(path: str) -> list[str] | None:
    try:
        file = Path(path)
        if not file.is_file() or file.stat().st_size > _LONGEST:
            return None
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return None
