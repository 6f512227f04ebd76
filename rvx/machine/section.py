"""What the sections of an ELF file say about a program beside its contents: names, code, ISA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from elftools.common.utils import struct_parse
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from rvx.machine.attributes import arch_attribute
from rvx.machine.program import Symbol, SymbolType
from rvx.record import record

Header: TypeAlias = Mapping[str, Any]  # a structure of pyelftools, by the names of the ELF manual

_TYPES: Final[Mapping[str, SymbolType]] = {
    "STT_FUNC": "function",
    "STT_OBJECT": "object",
    "STT_NOTYPE": "none",
}
_RANKS: Final = {"STB_LOCAL": 0, "STB_WEAK": 1, "STB_GLOBAL": 2}  # the highest owns the name


@record(frozen=True, eq=False)
class Sections:
    """The sections of one file, which must contain them whole."""

    elf: ELFFile
    data: bytes  # of the file
    headers: tuple[Header, ...]

    def code(self) -> list[range]:
        """The addresses of instructions."""
        wanted = SH_FLAGS.SHF_ALLOC | SH_FLAGS.SHF_EXECINSTR
        return [
            range(header["sh_addr"], header["sh_addr"] + header["sh_size"])
            for header in self.headers
            if header["sh_flags"] & wanted == wanted and header["sh_size"]
        ]

    def symbols(self) -> Mapping[str, Symbol]:
        """The defined symbols by name, without those that only compilers and linkers use."""
        # An ELF file has at most one symbol table (gABI, "sh_type").
        table = next((h for h in self.headers if h["sh_type"] == "SHT_SYMTAB"), None)
        if table is None or table["sh_link"] >= len(self.headers):
            return {}
        names = self._contents(self.headers[table["sh_link"]]) + b"\0"
        found: dict[str, tuple[int, Symbol]] = {}
        structure = self.elf.structs.Elf_Sym
        for offset in range(0, table["sh_size"] - structure.sizeof() + 1, structure.sizeof()):
            entry = struct_parse(structure, self.elf.stream, table["sh_offset"] + offset)
            type = _TYPES.get(entry["st_info"]["type"])
            if type is None or entry["st_shndx"] == "SHN_UNDEF":
                continue
            start = entry["st_name"]
            name = names[start : names.find(0, start)].decode(errors="replace")
            # $x and $d mark code and data (psABI, "Mapping Symbol"), .L is the compiler's.
            if not name or name.startswith(("$", ".L")):
                continue
            rank = _RANKS.get(entry["st_info"]["bind"], 0)
            if name not in found or found[name][0] < rank:
                found[name] = rank, Symbol(entry["st_value"], entry["st_size"], type)
        return {name: symbol for name, (_, symbol) in found.items()}

    def arch(self) -> str:
        """The ISA string of the attributes, or ""."""
        for header in self.headers:
            if header["sh_type"] == "SHT_RISCV_ATTRIBUTES":
                return arch_attribute(self._contents(header))
        return ""

    def _contents(self, header: Header) -> bytes:
        return self.data[header["sh_offset"] : header["sh_offset"] + header["sh_size"]]
