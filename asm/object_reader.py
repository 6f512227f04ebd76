"""Relocatable object files of any RISC-V toolchain, as assemblies to be linked.

Everything a header claims is checked before it is followed: a damaged file is one AssemblyError.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rvx.asm import elf_record as record
from rvx.asm.assembly import (
    Absolute,
    Assembly,
    At,
    Binding,
    Common,
    Fixup,
    InField,
    Place,
    Reference,
    Relation,
    Section,
    SectionFlag,
    SectionType,
    Symbol,
    SymbolType,
    Undefined,
    Value,
)
from rvx.asm.elf_record import SectionHeader
from rvx.asm.object_alignment import Alignments
from rvx.asm.position import AssemblyError, ObjectPlace
from rvx.asm.relocation_type import KINDS, RelocationType, refusal
from rvx.asm.source_lines import lines_of_object
from rvx.model.machine import Machine

MAGIC = record.MAGIC[:4]

_COMPRESSED, _EXCLUDED = 0x800, 0x8000_0000
# Their contents are the file's own business.
_OWN = (
    *(".riscv.attributes", ".symtab", ".strtab", ".shstrtab"),
    *(".note.GNU-stack", ".llvm_addrsig"),
)
_FLOAT_ABI = {0x0: 0, 0x2: 32, 0x4: 64, 0x6: 128}  # by e_flags: bits of the registers
_NO_PLACE = (SymbolType.SECTION, SymbolType.FILE)


def read_object(
    data: bytes, machine: Machine, *, file: str, keep_padding: bool = False
) -> Assembly:
    """The assembly that an object file holds; `file` is its name in messages. With
    `keep_padding` every place stays where it is in the file."""
    try:
        return _Reader(data, machine, file, keep_padding).assembly()
    except (struct.error, IndexError, ValueError, KeyError, OverflowError) as error:
        raise AssemblyError(f"{file}: a damaged object file") from error


@dataclass(frozen=True)
class _Entry:
    """A row of the symbol table, with what it means here."""

    name: str
    value: int
    size: int
    binding: Binding
    type: SymbolType
    visibility: int
    section: int  # index in the file, or a reserved number


class _Reader:
    """One object file while it is read."""

    def __init__(self, data: bytes, machine: Machine, file: str, keep_padding: bool) -> None:
        self.data, self.machine, self.file = data, machine, file
        self.keep_padding = keep_padding
        self.headers: list[SectionHeader] = []
        self.names: list[str] = []
        self.kept: dict[int, int] = {}  # the assembly's section for each of the file's
        self.alignments: dict[int, Alignments] = {}  # by the file's section
        self.known: frozenset[str] = frozenset()  # names of the symbols

    def error(self, message: str) -> AssemblyError:
        return AssemblyError(f"{self.file}: {message}")

    def assembly(self) -> Assembly:
        flags = self.read_header()
        symbols = self.symbols()
        groups = self.groups(symbols)
        relocations = self.relocations()
        for number, header in enumerate(self.headers):
            if self.is_kept(number, header):
                self.kept[number] = len(self.kept)
        for number in self.kept:
            self.alignments[number] = Alignments(
                (offset, addend)
                for offset, type, _, addend in relocations.get(number, ())
                if type == RelocationType.ALIGN and not self.keep_padding
            )
        found = self.assembly_symbols(symbols)
        self.known = frozenset(found)
        sections = tuple(
            self.section(number, symbols, relocations.get(number, []), groups.get(number, ""))
            for number in self.kept
        )
        uses = self.first_uses(sections)
        return Assembly(
            file=self.file,
            machine=self.machine,
            sections=sections,
            symbols={
                key: replace(symbol, position=uses.get(key, symbol.position))
                for key, symbol in found.items()
            },
            texts={},
            warnings=(),
            float_abi=_FLOAT_ABI[flags & 0x6],
        )

    # The file -----------------------------------------------------------------------------------

    def read_header(self) -> int:
        """Read the headers; returns e_flags."""
        data = self.data
        if data[:6] != record.MAGIC[:6]:
            raise self.error("not a 32-bit little-endian ELF file")
        fields = record.HEADER.unpack_from(data)
        _, type, machine, _, _, _, table, flags, _, _, _, size, count, names = fields
        if machine != record.EM_RISCV or self.machine.xlen != 32:
            raise self.error(f"not for {self.machine.isa}")
        if type != record.ET_REL:
            raise self.error("not a relocatable object file, so it cannot be linked again")
        if size != record.SECTION_HEADER.size or table + count * size > len(data):
            raise self.error("a damaged object file: its section headers are not in it")
        for number in range(count):
            header = SectionHeader(*record.SECTION_HEADER.unpack_from(data, table + number * size))
            is_empty = header.type in (0, SectionType.NOBITS)
            if not is_empty and header.offset + header.size > len(data):
                raise self.error(f"a damaged object file: section {number} is not in it")
            if header.alignment & header.alignment - 1:
                raise self.error(f"a damaged object file: section {number} is at no power of two")
            self.headers.append(header)
        strings = self.contents(self.headers[names])
        self.names = [_text(strings, header.name) for header in self.headers]
        return int(flags)

    def contents(self, header: SectionHeader) -> bytes:
        if header.type == SectionType.NOBITS:
            return b""
        return self.data[header.offset : header.offset + header.size]

    def is_kept(self, number: int, header: SectionHeader) -> bool:
        """Whether the section becomes part of the program."""
        name = self.names[number]
        if header.type not in set(SectionType) or name in _OWN or header.flags & _EXCLUDED:
            return False
        if header.flags & _COMPRESSED:
            raise self.error(f"{name} is compressed: compile with -gz=none")
        if header.flags & SectionFlag.TLS and header.size:
            raise self.error("thread-local storage is not supported: compile without _Thread_local")
        return True

    def symbols(self) -> list[_Entry]:
        """The rows of the symbol table."""
        tables = [h for h in self.headers if h.type == record.SHT_SYMTAB]
        if not tables:
            return []
        strings = self.contents(self.headers[tables[0].link])
        found = []
        for row in record.SYMBOL.iter_unpack(self.contents(tables[0])):
            name, value, size, info, other, section = row
            if info >> 4 > Binding.WEAK or info & 15 > SymbolType.TLS:
                # GNU's own kinds: a unique global is a global, an indirect function is not run.
                raise self.error(f"`{_text(strings, name)}` is a kind of symbol not supported")
            binding, type = Binding(info >> 4), SymbolType(info & 15)
            if section >= record.SHN_LORESERVE and section not in (
                record.SHN_ABS,
                record.SHN_COMMON,
            ):
                raise self.error(f"`{_text(strings, name)}` is in a section not supported")
            if section < record.SHN_LORESERVE:
                self.headers[section]  # there must be one
            text = _text(strings, name)
            found.append(_Entry(text, value, size, binding, type, other & 3, section))
        return found

    def groups(self, symbols: list[_Entry]) -> dict[int, str]:
        """The name of the group that each section belongs to."""
        found = {}
        for header in self.headers:
            if header.type != record.SHT_GROUP:
                continue
            kind, *members = (w for (w,) in struct.iter_unpack("<I", self.contents(header)))
            entry = symbols[header.info]
            name = entry.name or self.names[entry.section]
            if kind & record.GRP_COMDAT:
                found.update(dict.fromkeys(members, name))
        return found

    def relocations(self) -> dict[int, list[tuple[int, int, int, int]]]:
        """Offset, type, symbol and addend of the relocations, by the section that they are for."""
        found: dict[int, list[tuple[int, int, int, int]]] = {}
        for header in self.headers:
            if header.type == record.SHT_RELA:
                rows = found.setdefault(header.info, [])
                for offset, info, addend in record.RELOCATION.iter_unpack(self.contents(header)):
                    rows.append((offset, info & 0xFF, info >> 8, addend))
        return found

    # What it means ------------------------------------------------------------------------------

    def place(self, entry: _Entry) -> Place:
        if entry.section == record.SHN_UNDEF:
            return Undefined()
        if entry.section == record.SHN_ABS:
            return Absolute(entry.value)
        if entry.section == record.SHN_COMMON:
            if entry.value & entry.value - 1 or not entry.value:
                raise self.error(f"`{entry.name}` is at no power of two")
            return Common(entry.size, entry.value)
        if entry.section not in self.kept:
            return Absolute(0)  # in a section that is not linked
        header = self.headers[entry.section]
        if entry.value > header.size:
            raise self.error(f"`{entry.name}` is not in its section")
        return At(self.kept[entry.section], self.alignments[entry.section].moved(entry.value))

    def assembly_symbols(self, symbols: list[_Entry]) -> dict[str, Symbol]:
        """By name; local ones of the same name get keys of their own."""
        found: dict[str, Symbol] = {}
        for number, entry in enumerate(symbols):
            if not entry.name or entry.type in _NO_PLACE:
                continue
            if entry.type is SymbolType.TLS:
                raise self.error(f"`{entry.name}` is thread-local, which is not supported")
            is_local = entry.binding is Binding.LOCAL
            key = f"{entry.name} {number}" if is_local else entry.name
            size = entry.size
            if entry.section in self.alignments:
                moved = self.alignments[entry.section].moved
                size = moved(entry.value + size) - moved(entry.value)
            found[key] = Symbol(
                entry.name,
                self.place(entry),
                entry.binding,
                entry.type,
                size,
                ObjectPlace(self.file, self.section_name(entry.section)),
                entry.visibility,
            )
        return found

    def section_name(self, number: int) -> str:
        return self.names[number] if number < len(self.names) else ""

    def section(
        self,
        number: int,
        symbols: list[_Entry],
        rows: list[tuple[int, int, int, int]],
        group: str,
    ) -> Section:
        header = self.headers[number]
        alignments = self.alignments[number]
        contents = self.contents(header)
        fixups = tuple(self.fixups(number, symbols, rows))
        return Section(
            name=self.names[number],
            type=SectionType(header.type),
            flags=SectionFlag(header.flags & sum(SectionFlag)),
            alignment=max(header.alignment, alignments.alignment, 1),
            entry_size=header.entry_size,
            size=alignments.moved(header.size),
            contents=alignments.applied(contents),
            fixups=fixups,
            marks=(),
            group=group,
        )

    def fixups(
        self, number: int, symbols: list[_Entry], rows: list[tuple[int, int, int, int]]
    ) -> Iterator[Fixup]:
        header, alignments = self.headers[number], self.alignments[number]
        for offset, type, symbol, addend in rows:
            if type in (RelocationType.NONE, RelocationType.RELAX, RelocationType.ALIGN):
                continue
            position = self.position(number, offset)
            if type not in KINDS:
                raise AssemblyError(refusal(type), position)
            kind = KINDS[type]
            if offset + _SIZES[type] > header.size or header.type == SectionType.NOBITS:
                raise AssemblyError("a relocation outside of its section", position)
            value = self.value(symbols[symbol], symbol, addend)
            if isinstance(kind, InField) and kind.relation is Relation.PCREL_LO:
                value = replace(value, addend=0)  # only the symbol says where the auipc is
            yield Fixup(alignments.moved(offset), kind, value, position)

    def value(self, entry: _Entry, number: int, addend: int) -> Value:
        """What a relocation refers to."""
        if number == 0:
            return Value(addend)
        target: Reference = entry.name
        match self.place(entry):
            case At(section) if entry.type is SymbolType.SECTION:
                moved = self.alignments[entry.section].moved
                # The addend is a place in a section that may have become smaller.
                inside = 0 <= addend <= self.headers[entry.section].size
                return Value(0, At(section, moved(addend) if inside else addend))
            case At() as at if entry.binding is Binding.LOCAL:
                target = at
            case Absolute(value) if entry.binding is Binding.LOCAL:
                return Value(value + addend)
            case Undefined() if entry.binding is Binding.LOCAL:
                raise self.error(f"`{entry.name}` is local, but not defined")
        if isinstance(target, str) and target not in self.known:
            raise self.error(f"a relocation against `{target}`, which is no symbol")
        return Value(addend, target)

    def position(self, section: int, offset: int) -> ObjectPlace:
        name = self.names[section]

        def source() -> str | None:
            lines = lines_of_object(self.data, self.machine).get(name)
            line = lines.at(offset) if lines is not None else None
            return None if line is None else str(line)

        return ObjectPlace(self.file, name, offset, source)

    def first_uses(self, sections: tuple[Section, ...]) -> Mapping[str, ObjectPlace]:
        """Where each global symbol is first referred to."""
        found: dict[str, ObjectPlace] = {}
        for section in sections:
            for fixup in section.fixups:
                name, place = fixup.value.plus, fixup.position
                if isinstance(name, str) and isinstance(place, ObjectPlace):
                    found.setdefault(name, place)
        return found


def _size(kind: object) -> int:
    match kind:
        case InField(_, length):
            return length
    return max(getattr(kind, "size", 0), -(-getattr(kind, "bits", 0) // 8), 1)


# Bytes that a relocation may touch.
_SIZES = {number: _size(kind) for number, kind in KINDS.items()}
_SIZES |= {RelocationType.CALL: 8, RelocationType.CALL_PLT: 8}


def _text(strings: bytes, at: int) -> str:
    end = strings.index(0, at)
    return strings[at:end].decode("utf-8", errors="replace")
