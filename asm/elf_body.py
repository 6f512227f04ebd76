"""An ELF file while it is put together: contents that grow, sections and their names."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from rvx.asm import elf_record as record
from rvx.asm.elf_record import SectionHeader, StringTable
from rvx.asm.position import AssemblyError
from rvx.model.machine import Machine

# The versions that the toolchains write; of all others 1.0.
_VERSIONS = {"i": "2p1", "e": "2p0", "m": "2p0", "a": "2p1", "f": "2p2", "d": "2p2", "c": "2p0"}
_VERSIONS |= {"zicsr": "2p0", "zifencei": "2p0", "zicntr": "2p0", "zihpm": "2p0"}


class ElfBody:
    """A file that grows at its end."""

    def __init__(self) -> None:
        self.body = bytearray(record.HEADER.size)
        self.names = StringTable()
        self.sections = [SectionHeader()]

    def append(
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
        size: int | None = None,
    ) -> int:
        """Append a section at no address; `size` is for one without contents. Its index."""
        if max(size or 0, alignment) >> 32:
            raise AssemblyError(f"{name} is larger, or aligned to more, than 32 bits can say")
        self.body += bytes(-len(self.body) % alignment if contents else 0)
        self.sections.append(
            SectionHeader(
                self.names.add(name),
                type,
                flags,
                0,
                len(self.body),
                len(contents) if size is None else size,
                link,
                info,
                alignment,
                entry_size,
            )
        )
        self.body += contents
        return len(self.sections) - 1

    def append_symbols(self, table: bytes, strings: StringTable, locals: int) -> int:
        """Append the symbol table and its strings. Its index."""
        index = self.append(
            ".symtab",
            record.SHT_SYMTAB,
            table,
            link=len(self.sections) + 1,
            info=locals,
            alignment=4,
            entry_size=record.SYMBOL.size,
        )
        self.append(".strtab", record.SHT_STRTAB, bytes(strings.contents))
        return index

    def finished(
        self, type: int, machine: Machine, float_abi: int, entry: int, programs: bytes, count: int
    ) -> bytes:
        """The file: with the names of the sections, their table, and the headers in front."""
        self.names.add(".shstrtab")
        self.append(".shstrtab", record.SHT_STRTAB, bytes(self.names.contents))
        self.body += bytes(-len(self.body) % 4)
        table = len(self.body)
        for section in self.sections:
            self.body += section.packed()
        start = record.HEADER.pack(
            record.MAGIC,
            type,
            record.EM_RISCV,
            record.EV_CURRENT,
            entry,
            record.HEADER.size if count else 0,
            table,
            flags_of(machine, float_abi),
            record.HEADER.size,
            record.PROGRAM_HEADER.size if count else 0,
            count,
            record.SECTION_HEADER.size,
            len(self.sections),
            len(self.sections) - 1,
        )
        self.body[: len(start) + len(programs)] = start + programs
        return bytes(self.body)


def flags_of(machine: Machine, float_abi: int) -> int:
    """e_flags: whether there may be instructions of two bytes, and how floats are passed."""
    flags = record.EF_RISCV_RVC if machine.ialign == 2 else 0
    return flags | {
        0: 0,
        32: record.EF_RISCV_FLOAT_ABI_SINGLE,
        64: record.EF_RISCV_FLOAT_ABI_DOUBLE,
    }.get(float_abi, record.EF_RISCV_FLOAT_ABI_DOUBLE)


def attributes(isa: str) -> bytes:
    """The ISA string as the psABI's attribute section holds it."""
    arch = bytes([record.TAG_RISCV_ARCH]) + isa.encode() + b"\0"
    file = bytes([record.TAG_FILE]) + struct.pack("<I", 5 + len(arch)) + arch
    vendor = b"riscv\0"
    return b"A" + struct.pack("<I", 4 + len(vendor) + len(file)) + vendor + file


def versioned(isa: str) -> str:
    """`rv32imf_zicsr` as the linkers want it: `rv32i2p1_m2p0_f2p2_zicsr2p0`."""
    single, *several = isa.split("_")
    names = [*single[4:], *several]
    return single[:4] + "_".join(name + _VERSIONS.get(name, "1p0") for name in names)


def write_file(contents: bytes, path: Path) -> None:
    """Write a file. It appears whole or not at all."""
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
