"""What the sections of an ELF file say about a program beside its contents: names, code, ISA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rvx.machine.attributes import arch_attribute
from rvx.machine.elf_header import (
    SHF_ALLOC,
    SHF_EXECINSTR,
    SHN_UNDEF,
    SHT_RISCV_ATTRIBUTES,
    SHT_SYMTAB,
    Header,
    symbols,
)
from rvx.machine.program import Symbol, SymbolType
from rvx.record import record

# By the low half of st_info. Others name sections and files.
_TYPES: Final[Mapping[int, SymbolType]] = {2: "function", 1: "object", 0: "none"}
# By the high half, a symbol's binding: local, weak, global. The highest owns the name.
_RANKS: Final = {0: 0, 2: 1, 1: 2}


@record(frozen=True, eq=False)
class Sections:
    """The sections of one file, which must contain them whole."""

    data: bytes  # of the file
    headers: tuple[Header, ...]
    xlen: int

    def code(self) -> list[range]:
        """The addresses of instructions."""
        wanted = SHF_ALLOC | SHF_EXECINSTR
        return [
            range(header["sh_addr"], header["sh_addr"] + header["sh_size"])
            for header in self.headers
            if header["sh_flags"] & wanted == wanted and header["sh_size"]
        ]

    def symbols(self) -> Mapping[str, Symbol]:
        """The defined symbols by name, without those that only compilers and linkers use."""
        # An ELF file has at most one symbol table (gABI, "sh_type").
        table = next((h for h in self.headers if h["sh_type"] == SHT_SYMTAB), None)
        if table is None or table["sh_link"] >= len(self.headers):
            return {}
        names = self._contents(self.headers[table["sh_link"]]) + b"\0"
        found: dict[str, Symbol] = {}
        ranks: dict[str, int] = {}
        for start, value, size, info, section in symbols(self._contents(table), self.xlen):
            type = _TYPES.get(info & 15)
            # $x and $d mark code and data (psABI, "Mapping Symbol"), .L is the compiler's.
            if type is None or section == SHN_UNDEF or names.startswith((b"$", b".L"), start):
                continue
            name = names[start : names.find(0, start)].decode(errors="replace")
            if not name:
                continue
            rank = _RANKS.get(info >> 4, 0)
            if ranks.get(name, -1) < rank:
                ranks[name] = rank
                found[name] = Symbol(value, size, type)
        return found

    def arch(self) -> str:
        """The ISA string of the attributes, or ""."""
        for header in self.headers:
            if header["sh_type"] == SHT_RISCV_ATTRIBUTES:
                return arch_attribute(self._contents(header))
        return ""

    def _contents(self, header: Header) -> bytes:
        return self.data[header["sh_offset"] : header["sh_offset"] + header["sh_size"]]
