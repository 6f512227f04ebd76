"""A program in memory as an ELF file, for other simulators."""

from __future__ import annotations

from rvx.asm import elf_record as record
from rvx.machine.program import Program

_STT_OBJECT, _STB_GLOBAL = 1, 1
_EF_RVC_SINGLE = record.EF_RISCV_RVC | record.EF_RISCV_FLOAT_ABI_SINGLE


def elf_file(program: Program) -> bytes:
    """Segments and symbols; no sections of code."""
    start = record.HEADER.size + record.PROGRAM_HEADER.size * len(program.segments)
    body, headers = bytearray(), []
    for segment in program.segments:
        flags = record.PF_R
        flags |= record.PF_W if segment.is_writable else 0
        flags |= record.PF_X if segment.is_executable else 0
        at, length = start + len(body), len(segment.data)
        headers.append(
            record.ProgramHeader(
                record.PT_LOAD, at, segment.address, segment.address, length, segment.size, flags, 1
            ).packed()
        )
        body += segment.data
    sections = _symbols(program, body, start)
    table = start + len(body)
    header = record.HEADER.pack(
        record.MAGIC,
        record.ET_EXEC,
        record.EM_RISCV,
        record.EV_CURRENT,
        program.entry,
        record.HEADER.size,
        table,
        _EF_RVC_SINGLE,
        record.HEADER.size,
        record.PROGRAM_HEADER.size,
        len(headers),
        record.SECTION_HEADER.size,
        len(sections),
        len(sections) - 1,
    )
    return b"".join((header, *headers, bytes(body), *(s.packed() for s in sections)))


def _symbols(program: Program, body: bytearray, start: int) -> list[record.SectionHeader]:
    """Append the tables of symbols and names to the body; gives the sections' headers."""
    strings, names = record.StringTable(), record.StringTable()
    symbols = bytearray(record.SYMBOL.size)
    for name, symbol in program.symbols.items():
        kind = _STB_GLOBAL << 4 | _STT_OBJECT
        index = strings.add(name)
        symbols += record.SYMBOL.pack(index, symbol.address, symbol.size, kind, 0, record.SHN_ABS)
    sections = [record.SectionHeader()]
    rows = ((".symtab", record.SHT_SYMTAB), (".strtab", record.SHT_STRTAB))
    for name, type in (*rows, (".shstrtab", record.SHT_STRTAB)):
        index = names.add(name)
        contents = {".symtab": symbols, ".strtab": strings.contents}.get(name, names.contents)
        is_table = type == record.SHT_SYMTAB
        sections.append(
            record.SectionHeader(
                index,
                type,
                offset=start + len(body),
                size=len(contents),
                link=2 if is_table else 0,
                info=1 if is_table else 0,
                alignment=1,
                entry_size=record.SYMBOL.size if is_table else 0,
            )
        )
        body += contents
    return sections
