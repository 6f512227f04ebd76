"""ELF executables: how a linked program lies in a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rvx.asm import elf_record as record
from rvx.asm.assembly import SectionFlag, SectionType, SymbolType
from rvx.asm.elf_body import ElfBody, attributes, write_file
from rvx.asm.elf_record import ProgramHeader, SectionHeader, StringTable
from rvx.asm.executable import Executable, LinkedSymbol, OutputSection
from rvx.asm.placement import PAGE, is_data_section
from rvx.asm.position import AssemblyError


def write_elf(executable: Executable, path: Path) -> None:
    """Write the program. The file appears whole or not at all."""
    write_file(elf_image(executable), path)


def elf_image(executable: Executable) -> bytes:
    """The program as an ELF file."""
    if executable.machine.xlen != 32:
        raise AssemblyError(f"{executable.machine.isa}: only 32-bit machines have ELF files so far")
    return _Image(executable).contents()


class _Image(ElfBody):
    """An executable while it is put together."""

    def __init__(self, executable: Executable) -> None:
        super().__init__()
        self._executable = executable
        self._programs: list[ProgramHeader] = []

    def contents(self) -> bytes:
        executable, sections = self._executable, self._executable.sections
        segments = _segments(sections)
        self.body += bytes(record.PROGRAM_HEADER.size * len(segments))
        for segment in segments:
            self._append_segment(segment)
        for section in sections:
            if SectionFlag.ALLOC not in section.flags:
                self.append(
                    section.name,
                    section.type,
                    section.contents,
                    flags=section.flags,
                    alignment=section.alignment,
                    entry_size=section.entry_size,
                )
        attribute = attributes(executable.machine.isa)
        self.append(".riscv.attributes", record.SHT_RISCV_ATTRIBUTES, attribute)
        self._append_symbols()
        programs = b"".join(program.packed() for program in self._programs)
        return self.finished(
            record.ET_EXEC,
            executable.machine,
            executable.float_abi,
            executable.entry,
            programs,
            len(self._programs),
        )

    def _append_segment(self, segment: Sequence[OutputSection]) -> None:
        body, start = self.body, segment[0].address
        body += bytes((start - len(body)) % PAGE)  # offset and address agree within the page
        offset, flags = len(body), record.PF_R
        for section in segment:
            if section.type is not SectionType.NOBITS:
                body += bytes(section.address - start - (len(body) - offset)) + section.contents
            flags |= record.PF_W if SectionFlag.WRITE in section.flags else 0
            flags |= record.PF_X if SectionFlag.EXECUTE in section.flags else 0
            self.sections.append(
                SectionHeader(
                    self.names.add(section.name),
                    section.type,
                    section.flags,
                    section.address,
                    min(offset + section.address - start, len(body)),
                    section.size,
                    alignment=section.alignment,
                    entry_size=section.entry_size,
                )
            )
        end = segment[-1].address + segment[-1].size
        self._programs.append(
            ProgramHeader(
                record.PT_LOAD,
                offset,
                address=start,
                physical_address=start,
                file_size=len(body) - offset,
                memory_size=end - start,
                flags=flags,
                alignment=PAGE,
            )
        )

    def _append_symbols(self) -> None:
        """The symbol table and its strings: local symbols first, after their file's name."""
        strings = StringTable()
        table = bytearray(record.SYMBOL.size)
        for file, symbols in self._executable.locals:
            if symbols:
                name = strings.add(file)
                table += record.SYMBOL.pack(name, 0, 0, SymbolType.FILE, 0, record.SHN_ABS)
            for symbol in symbols:
                table += _packed(symbol, strings)
        locals = len(table) // record.SYMBOL.size
        for symbol in self._executable.globals:
            table += _packed(symbol, strings)
        self.append_symbols(bytes(table), strings, locals)


def _packed(symbol: LinkedSymbol, strings: StringTable) -> bytes:
    return record.SYMBOL.pack(
        strings.add(symbol.name),
        symbol.value & 0xFFFF_FFFF,
        symbol.size,
        symbol.binding << 4 | symbol.type,
        0,
        record.SHN_ABS if symbol.section is None else symbol.section + 1,
    )


def _segments(sections: Sequence[OutputSection]) -> list[list[OutputSection]]:
    """The loaded sections: code and constants, and writable data, as far as there are any."""
    loaded = [section for section in sections if SectionFlag.ALLOC in section.flags]
    return [list(segment) for _, segment in groupby(loaded, is_data_section)]
