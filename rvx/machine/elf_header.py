"""The structures of an ELF file (gABI, "ELF Header" to "Program Header"), by the names that the
manual gives their fields.

A program is read at every start, and has thousands of symbols: pyelftools, which knows far more,
takes longer to load than what is needed of the file takes to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from struct import Struct
from typing import Final, TypeAlias

Header: TypeAlias = Mapping[str, int]

ET_EXEC, EM_RISCV = 2, 243
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
PF_X, PF_W = 1, 2
SHT_NULL, SHT_SYMTAB, SHT_NOBITS, SHT_RISCV_ATTRIBUTES = 0, 2, 8, 0x7000_0003
SHF_ALLOC, SHF_EXECINSTR = 2, 4
SHN_UNDEF: Final = 0

# Names and types by the register width. The identification of 16 bytes is in front of the first.
_FIELDS: Final = {
    "header": (
        "e_type e_machine e_version e_entry e_phoff e_shoff e_flags e_ehsize e_phentsize e_phnum"
        " e_shentsize e_shnum e_shstrndx",
        {32: "16xHHIIIIIHHHHHH", 64: "16xHHIQQQIHHHHHH"},
    ),
    "section": (
        "sh_name sh_type sh_flags sh_addr sh_offset sh_size sh_link sh_info sh_addralign"
        " sh_entsize",
        {32: "IIIIIIIIII", 64: "IIQQQQIIQQ"},
    ),
}
_PROGRAM: Final = {
    32: ("p_type p_offset p_vaddr p_paddr p_filesz p_memsz p_flags p_align", "IIIIIIII"),
    64: ("p_type p_flags p_offset p_vaddr p_paddr p_filesz p_memsz p_align", "IIQQQQQQ"),
}
_SYMBOL: Final = {32: "IIIBxH", 64: "IBxHQQ"}


@cache
def structure(kind: str, xlen: int, order: str) -> tuple[Struct, tuple[str, ...]]:
    """The layout of a header, program header or section header, and its fields; `order` is < or
    > for the byte order."""
    if kind == "program":
        names, types = _PROGRAM[xlen]
    else:
        names, by_width = _FIELDS[kind]
        types = by_width[xlen]
    return Struct(order + types), tuple(names.split())


def read(kind: str, data: bytes, offset: int, xlen: int, order: str = "<") -> Header:
    """One structure, which must lie inside of the data."""
    layout, names = structure(kind, xlen, order)
    return dict(zip(names, layout.unpack_from(data, offset), strict=True))


def symbols(table: bytes, xlen: int) -> Iterator[tuple[int, int, int, int, int]]:
    """The entries of a symbol table: st_name, st_value, st_size, st_info, st_shndx."""
    layout = Struct("<" + _SYMBOL[xlen])
    whole = memoryview(table)[: len(table) // layout.size * layout.size]
    if xlen == 32:
        yield from layout.iter_unpack(whole)
        return
    for name, info, section, value, size in layout.iter_unpack(whole):
        yield name, value, size, info, section
