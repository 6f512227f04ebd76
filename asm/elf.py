"""ELF executables: how a linked program lies in a file."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rvx.asm import elf_record as record
from rvx.asm.assembly import SectionFlag, SectionType, SymbolType
from rvx.asm.elf_record import ProgramHeader, SectionHeader, StringTable
from rvx.asm.executable import Executable, LinkedSymbol, OutputSection
from rvx.asm.placement import PAGE, is_data_section
from rvx.asm.position import AssemblyError
from rvx.model.machine import Machine


def write_elf(executable: Executable, path: Path) -> None:
    """Write the program. The file appears whole or not at all."""
    contents = elf_image(executable)
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if target.exists() and not target.is_file():  # a device, such as /dev/stdout
            target.write_bytes(contents)
            return
        try:
            temporary.write_bytes(contents)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise AssemblyError(f"{path}: cannot write this file: {error.strerror}") from None


def elf_image(executable: Executable) -> bytes:
    """The program as an ELF file."""
    if executable.machine.xlen != 32:
        raise AssemblyError(f"{executable.machine.isa}: only 32-bit machines have ELF files so far")
    return _Image(executable).contents()


class _Image:
    """A file that grows at its end."""

    def __init__(self, executable: Executable) -> None:
        self._executable = executable
        self._body = bytearray(record.HEADER.size)
        self._names = StringTable()
        self._sections = [SectionHeader()]
        self._programs: list[ProgramHeader] = []

    def contents(self) -> bytes:
        sections = self._executable.sections
        segments = _segments(sections)
        self._body += bytes(record.PROGRAM_HEADER.size * len(segments))
        for segment in segments:
            self._append_segment(segment)
        for section in sections:
            if SectionFlag.ALLOC not in section.flags:
                self._append(
                    section.name,
                    section.type,
                    section.contents,
                    flags=section.flags,
                    alignment=section.alignment,
                    entry_size=section.entry_size,
                )
        attributes = _attributes(self._executable.machine)
        self._append(".riscv.attributes", record.SHT_RISCV_ATTRIBUTES, attributes)
        self._append_symbols()
        self._names.add(".shstrtab")
        self._append(".shstrtab", record.SHT_STRTAB, bytes(self._names.contents))
        self._body += bytes(-len(self._body) % 4)
        table = len(self._body)
        for header in self._sections:
            self._body += header.packed()
        start = self._header(table) + b"".join(program.packed() for program in self._programs)
        self._body[: len(start)] = start
        return bytes(self._body)

    def _header(self, section_table: int) -> bytes:
        programs = len(self._programs)
        return record.HEADER.pack(
            record.MAGIC,
            record.ET_EXEC,
            record.EM_RISCV,
            record.EV_CURRENT,
            self._executable.entry,
            record.HEADER.size if programs else 0,
            section_table,
            _flags(self._executable.machine),
            record.HEADER.size,
            record.PROGRAM_HEADER.size,
            programs,
            record.SECTION_HEADER.size,
            len(self._sections),
            len(self._sections) - 1,
        )

    def _append_segment(self, segment: Sequence[OutputSection]) -> None:
        body, start = self._body, segment[0].address
        body += bytes((start - len(body)) % PAGE)  # offset and address agree within the page
        offset, flags = len(body), record.PF_R
        for section in segment:
            if section.type is not SectionType.NOBITS:
                body += bytes(section.address - start - (len(body) - offset)) + section.contents
            flags |= record.PF_W if SectionFlag.WRITE in section.flags else 0
            flags |= record.PF_X if SectionFlag.EXECUTE in section.flags else 0
            self._sections.append(
                SectionHeader(
                    self._names.add(section.name),
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

    def _append(
        self,
        name: str,
        type: int,
        contents: bytes,
        *,
        flags: int = 0,
        link: int = 0,
        info: int = 0,
        alignment: int = 1,
        entry_size: int = 0,
    ) -> None:
        """Append a section that is not loaded."""
        self._body += bytes(-len(self._body) % alignment)
        self._sections.append(
            SectionHeader(
                self._names.add(name),
                type,
                flags,
                0,
                len(self._body),
                len(contents),
                link,
                info,
                alignment,
                entry_size,
            )
        )
        self._body += contents

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
        self._append(
            ".symtab",
            record.SHT_SYMTAB,
            bytes(table),
            link=len(self._sections) + 1,
            info=locals,
            alignment=4,
            entry_size=record.SYMBOL.size,
        )
        self._append(".strtab", record.SHT_STRTAB, bytes(strings.contents))


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


def _flags(machine: Machine) -> int:
    is_compressed = any(i.length == 2 for i in machine.instructions.values())
    flags = record.EF_RISCV_RVC if is_compressed else 0
    if machine.flen >= 64:
        return flags | record.EF_RISCV_FLOAT_ABI_DOUBLE
    return flags | record.EF_RISCV_FLOAT_ABI_SINGLE if machine.flen >= 32 else flags


def _attributes(machine: Machine) -> bytes:
    """The ISA string, as the psABI's attribute section holds it."""
    arch = bytes([record.TAG_RISCV_ARCH]) + machine.isa.encode() + b"\0"
    file = bytes([record.TAG_FILE]) + struct.pack("<I", 5 + len(arch)) + arch
    vendor = b"riscv\0"
    return b"A" + struct.pack("<I", 4 + len(vendor) + len(file)) + vendor + file
