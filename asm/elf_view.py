"""What an ELF file shows of itself: its sections, the names in them, and relocations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import Symbol, SymbolTableSection

from rvx.asm.position import AssemblyError
from rvx.asm.relocation_type import RelocationType, name_of
from rvx.asm.source_lines import SourceLines


@dataclass
class ViewedSection:
    name: str  # with its kind: "section .text"
    address: int
    contents: bytes
    is_code: bool
    is_loaded: bool
    names: dict[int, str] = field(default_factory=dict)  # by address; global ones win
    is_data_from: dict[int, bool] = field(default_factory=dict)  # by address: $d and $x
    relocations: dict[int, list[str]] = field(default_factory=dict)  # by address


@dataclass
class ElfView:
    contents: bytes
    is_object: bool
    sections: list[ViewedSection]
    lines: SourceLines | None = None  # once they have been read


def view_elf(contents: bytes, xlen: int, name: str) -> ElfView:
    """Read the file. Raises AssemblyError where it is none, damaged, or for another machine."""
    try:
        elf = ELFFile(BytesIO(contents))
        kind = elf["e_machine"], elf.elfclass
        found = _view(elf, contents)
    except Exception as error:  # a damaged file makes pyelftools raise nearly anything
        raise AssemblyError(f"{name}: not a readable ELF file: {error}") from None
    if kind != ("EM_RISCV", xlen):
        raise AssemblyError(
            f"{name}: a {kind[1]}-bit file for {kind[0]}, but the machine needs a "
            f"{xlen}-bit one for EM_RISCV"
        )
    return found


def _view(elf: ELFFile, contents: bytes) -> ElfView:
    is_object = elf["e_type"] == "ET_REL"
    by_index: dict[int, ViewedSection] = {}
    for number, section in enumerate(elf.iter_sections()):
        if section["sh_type"] in ("SHT_PROGBITS", "SHT_INIT_ARRAY", "SHT_FINI_ARRAY"):
            flags = section["sh_flags"]
            by_index[number] = ViewedSection(
                f"section {section.name}",
                section["sh_addr"],
                section.data(),
                bool(flags & SH_FLAGS.SHF_EXECINSTR),
                bool(flags & SH_FLAGS.SHF_ALLOC),
            )
    sections = list(by_index.values()) or list(_segments(elf))
    _name(elf, by_index, sections, is_object)
    if is_object:
        _relocate(elf, by_index)
    return ElfView(contents, is_object, sections)


def _segments(elf: ELFFile) -> Iterator[ViewedSection]:
    """The segments, for files without sections."""
    for number, segment in enumerate(elf.iter_segments("PT_LOAD")):
        is_code = bool(segment["p_flags"] & P_FLAGS.PF_X)
        yield ViewedSection(f"segment {number}", segment["p_vaddr"], segment.data(), is_code, True)


def _name(
    elf: ELFFile,
    by_index: dict[int, ViewedSection],
    sections: list[ViewedSection],
    is_object: bool,
) -> None:
    """Give the sections their names; a global one where an address has several."""
    for table in elf.iter_sections():
        if not isinstance(table, SymbolTableSection):
            continue
        for symbol in table.iter_symbols():
            where, value = symbol["st_shndx"], symbol["st_value"]
            if is_object:
                owners = [by_index[where]] if where in by_index else []
            else:
                owners = [s for s in sections if 0 <= value - s.address < len(s.contents)]
            for section in owners:
                if symbol.name[:2] in ("$d", "$x"):
                    section.is_data_from[value] = symbol.name.startswith("$d")
                elif _is_shown(symbol):
                    is_global = symbol["st_info"]["bind"] != "STB_LOCAL"
                    if is_global or value not in section.names:
                        section.names[value] = symbol.name


def _relocate(elf: ELFFile, by_index: dict[int, ViewedSection]) -> None:
    """Note the relocations, as `R_RISCV_CALL_PLT main+4`."""
    for table in elf.iter_sections():
        if not isinstance(table, RelocationSection) or table["sh_info"] not in by_index:
            continue
        section = by_index[table["sh_info"]]
        symbols = elf.get_section(table["sh_link"])
        for row in table.iter_relocations():
            name, addend = "", row["r_addend"] if row.is_RELA() else 0
            if row["r_info_sym"] and isinstance(symbols, SymbolTableSection):
                symbol = symbols.get_symbol(row["r_info_sym"])
                owner = by_index.get(symbol["st_shndx"])
                name = symbol.name or (owner.name.removeprefix("section ") if owner else "")
            if row["r_info_type"] == RelocationType.RELAX:
                continue
            sign = f"{addend:+#x}" if addend and name else (f"{addend:#x}" if addend else "")
            text = f"{name_of(row['r_info_type'])} {name}{sign}".rstrip()
            section.relocations.setdefault(row["r_offset"], []).append(text)


def _is_shown(symbol: Symbol) -> bool:
    return (
        symbol["st_info"]["type"] in ("STT_NOTYPE", "STT_FUNC", "STT_OBJECT")
        and symbol["st_shndx"] not in ("SHN_UNDEF", "SHN_ABS")
        and symbol.name != ""
        and not symbol.name.startswith(("$", ".L"))  # mapping symbols, and the compiler's own
    )
