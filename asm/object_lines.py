"""The source line of a place in an object file, from its DWARF line table."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from io import BytesIO

from elftools.elf.elffile import ELFFile

from rvx.model.machine import Machine


def source_line(data: bytes, machine: Machine, section: str, offset: int) -> str | None:
    """`file.c:12` for a place in a section of the object file, or None if that cannot be told."""
    starts, rows = _tables(data, machine)
    if section not in starts or not rows:
        return None
    address = starts[section] + offset
    index = bisect_right(rows, (address, "\uffff")) - 1
    return rows[index][1] or None if index >= 0 else None


@lru_cache(maxsize=4)
def _tables(data: bytes, machine: Machine) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Where each section would be if the file were linked alone, and the lines of addresses."""
    from rvx.asm.elf import elf_image  # this is for messages: the linker is about to fail
    from rvx.asm.linker import link_alone
    from rvx.asm.object_reader import read_object

    try:
        executable = link_alone(read_object(data, machine, file=""))
        starts = {
            piece.section.name: section.address + piece.offset
            for section in executable.sections
            for piece in section.pieces
        }
        return starts, sorted(_rows(elf_image(executable)))
    except Exception:  # a damaged table makes pyelftools raise nearly anything
        return {}, []


def _rows(image: bytes) -> list[tuple[int, str]]:
    elf = ELFFile(BytesIO(image))
    dwarf = elf.get_dwarf_info(relocate_dwarf_sections=False)
    rows = []
    for unit in dwarf.iter_CUs():
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            continue
        first = 0 if program.header.version >= 5 else 1
        files = program.header.file_entry
        for entry in program.get_entries():
            if (state := entry.state) is not None:
                name = files[state.file - first].name.decode(errors="replace")
                text = "" if state.end_sequence else f"{name}:{state.line}"
                rows.append((state.address, text))
    return rows
