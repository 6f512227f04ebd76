"""Relocatable object files: an assembly as other linkers read it.

Nothing in them is meant to be relaxed: what the assembler could resolve has been, and alignment
is final, so there are no R_RISCV_RELAX and R_RISCV_ALIGN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from rvx.asm import elf_record as record
from rvx.asm.assembly import (
    Absolute,
    Assembly,
    At,
    Binding,
    Bytes,
    Call,
    Common,
    Fixup,
    InField,
    Reference,
    Relation,
    Section,
    SectionFlag,
    Symbol,
    SymbolType,
    Value,
)
from rvx.asm.elf_body import ElfBody, attributes, versioned, write_file
from rvx.asm.elf_record import StringTable
from rvx.asm.position import AssemblyError, ObjectPlace
from rvx.asm.relocation import RelocationProblem, place, signed, unreachable
from rvx.asm.relocation_type import RelocationType, number_of

# What a relocation names: a symbol by name, a section by index, or nothing.
_Key: TypeAlias = "str | int | None"


class _Row(NamedTuple):
    offset: int
    type: int
    symbol: _Key
    addend: int


def write_object(assembly: Assembly, path: Path, float_abi: int) -> None:
    """Write the object file. It appears whole or not at all."""
    write_file(object_image(assembly, float_abi), path)


def object_image(assembly: Assembly, float_abi: int) -> bytes:
    """The assembly as a relocatable ELF file; `float_abi` is how many bits the registers have
    that pass floats. Raises AssemblyError where the psABI has no relocation for a fixup."""
    if assembly.machine.xlen != 32:
        raise AssemblyError(f"{assembly.machine.isa}: only 32-bit machines have ELF files so far")
    return _Object(assembly, float_abi).contents()


class _Object(ElfBody):
    """An object file while it is put together."""

    def __init__(self, assembly: Assembly, float_abi: int) -> None:
        super().__init__()
        self._assembly = assembly
        self._float_abi = float_abi
        self._symbols = _Symbols(assembly)

    def contents(self) -> bytes:
        assembly, sections = self._assembly, self._assembly.sections
        relocated = [self._relocated(number) for number in range(len(sections))]
        groups = list(dict.fromkeys(s.group for s in sections if s.group))
        for group in groups:
            self._symbols.want(group)
        # The order of the file: groups, sections, their relocations, attributes, symbols.
        first = 1 + len(groups)
        tables = first + len(sections)
        owners = [number for number, (_, rows) in enumerate(relocated) if rows]
        symbol_table = tables + len(owners) + 1
        symbols, indices, locals = self._symbols.table(first)
        for group in groups:
            members = [first + n for n, s in enumerate(sections) if s.group == group]
            members += [tables + i for i, n in enumerate(owners) if sections[n].group == group]
            self._append_group(members, symbol_table, indices[group])
        for section, (contents, _) in zip(sections, relocated, strict=True):
            self.append(
                section.name,
                section.type,
                contents,
                flags=section.flags,
                alignment=max(section.alignment, 1),
                entry_size=section.entry_size,
                size=section.size,
            )
        for number in owners:
            rows = b"".join(
                record.RELOCATION.pack(
                    row.offset, indices[row.symbol] << 8 | row.type, signed(row.addend, 32)
                )
                for row in relocated[number][1]
            )
            self._append_relocations(sections[number], rows, first + number, symbol_table)
        attribute = attributes(versioned(assembly.machine.isa))
        self.append(".riscv.attributes", record.SHT_RISCV_ATTRIBUTES, attribute)
        self.append_symbols(symbols, self._symbols.strings, locals)
        return self.finished(record.ET_REL, assembly.machine, self._float_abi, 0, b"", 0)

    def _append_group(self, members: list[int], symbol_table: int, signature: int) -> None:
        words = [record.GRP_COMDAT, *members]
        self.append(
            ".group",
            record.SHT_GROUP,
            b"".join(word.to_bytes(4, "little") for word in words),
            link=symbol_table,
            info=signature,
            alignment=4,
            entry_size=4,
        )

    def _append_relocations(
        self, section: Section, rows: bytes, target: int, symbol_table: int
    ) -> None:
        self.append(
            f".rela{section.name}",
            record.SHT_RELA,
            rows,
            flags=record.SHF_INFO_LINK | section.flags & SectionFlag.GROUP,
            link=symbol_table,
            info=target,
            alignment=4,
            entry_size=record.RELOCATION.size,
        )

    def _relocated(self, number: int) -> tuple[bytes, list[_Row]]:
        """The contents with all that is known filled in, and what is left to the linker."""
        section = self._assembly.sections[number]
        contents = bytearray(section.contents)
        rows: list[_Row] = []
        for fixup in sorted(section.fixups, key=lambda fixup: fixup.offset):
            if not self._resolve(contents, number, fixup):
                rows += self._rows(number, fixup)
        return bytes(contents), rows

    def _resolve(self, contents: bytearray, section: int, fixup: Fixup) -> bool:
        """Fill in a jump or branch within the section."""
        match fixup.kind, fixup.value:
            case InField(field, length, Relation.TARGET), Value(addend, At(target, offset), None):
                if target != section:
                    return False
                distance = offset + addend - fixup.offset
                try:
                    bits = place(field, distance, self._assembly.machine.xlen)
                except RelocationProblem:
                    message = unreachable(field, distance)
                    raise AssemblyError(message, fixup.position) from None
                at = fixup.offset
                word = int.from_bytes(contents[at : at + length], "little") & ~field.mask | bits
                contents[at : at + length] = word.to_bytes(length, "little")
                return True
        return False

    def _rows(self, section: int, fixup: Fixup) -> Iterator[_Row]:
        value, offset = fixup.value, fixup.offset
        match fixup.kind:
            case InField(field, _, relation, negated):
                number = None if negated else number_of(field, relation)
                if number is None or value.minus is not None:
                    raise AssemblyError(
                        f"no relocation fills the field {field.name} with this: define the symbol "
                        "in this file, or link at once",
                        fixup.position,
                    )
                exact = relation is Relation.PCREL_LO
                yield _Row(offset, number, *self._reference(value, exact=exact))
            case Call() if value.minus is None:
                yield _Row(offset, RelocationType.CALL_PLT, *self._reference(value))
            case Bytes(size):
                yield from self._data_rows(section, size, fixup)
            case _:
                raise AssemblyError("no relocation does this: link at once", fixup.position)

    def _data_rows(self, section: int, size: int, fixup: Fixup) -> Iterator[_Row]:
        value, offset = fixup.value, fixup.offset
        if value.minus is None:
            number = RelocationType[_WHOLE[size]]
            yield _Row(offset, number, *self._reference(value))
            return
        match value.minus:
            case At(here, start) if here == section and size == 4 and value.plus is not None:
                distance = replace(value, addend=value.addend + offset - start)
                yield _Row(offset, RelocationType.PCREL32, *self._reference(distance))
                return
        bits = 8 * size
        yield _Row(offset, RelocationType[f"ADD{bits}"], *self._reference(value))
        minus = self._symbols.reference(value.minus, 0)
        yield _Row(offset, RelocationType[f"SUB{bits}"], *minus)

    def _reference(self, value: Value, *, exact: bool = False) -> tuple[_Key, int]:
        if value.plus is None:
            return None, value.addend
        return self._symbols.reference(value.plus, value.addend, exact=exact)


_WHOLE = {1: "SET8", 2: "SET16", 4: "WORD32", 8: "WORD64"}


class _Symbols:
    """The symbols of the file: those of the source, and those that relocations need."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self.strings = StringTable()
        self._wanted: dict[str, None] = {}  # .L symbols that relocations name, in order
        self._made: dict[str, At] = {}
        self._names = {
            symbol.place: name
            for name, symbol in reversed(list(assembly.symbols.items()))
            if symbol.binding is Binding.LOCAL and isinstance(symbol.place, At)
        }

    def want(self, name: str) -> None:
        """Have this symbol in the table, though it need not be defined."""
        self._wanted[name] = None

    def reference(self, target: Reference, addend: int, *, exact: bool = False) -> tuple[_Key, int]:
        """The symbol and addend of a place. `exact`: by a symbol that is just there, as in
        sections that linkers take apart."""
        if isinstance(target, str):
            self.want(target)
            return target, addend
        if not exact and SectionFlag.MERGE not in self._assembly.sections[target.section].flags:
            return target.section, target.offset + addend
        if target not in self._names:
            name = f".Lrvx{len(self._made)}"
            self._names[target], self._made[name] = name, target
        self.want(self._names[target])
        return self._names[target], addend

    def table(self, first: int) -> tuple[bytes, dict[_Key, int], int]:
        """The contents, the index of each symbol, and how many are local. The assembly's
        sections are those of the file from `first` on."""
        assembly = self._assembly
        indices: dict[_Key, int] = {None: 0}
        file = self.strings.add(assembly.source_name or Path(assembly.file).name)
        rows = [bytes(record.SYMBOL.size)]
        rows.append(record.SYMBOL.pack(file, 0, 0, SymbolType.FILE, 0, record.SHN_ABS))
        for number in range(len(assembly.sections)):
            indices[number] = len(rows)
            rows.append(record.SYMBOL.pack(0, 0, 0, SymbolType.SECTION, 0, first + number))
        symbols = assembly.symbols
        locals = [
            Symbol(name, self._made.get(name, Absolute(0)), *_UNNAMED)
            for name in self._wanted
            if name not in symbols
        ]
        for name, symbol in symbols.items():
            is_shown = not name.startswith(".L") and symbol.type is not SymbolType.SECTION
            if symbol.binding is Binding.LOCAL and (is_shown or name in self._wanted):
                locals.append(symbol)
        globals = [s for s in symbols.values() if s.binding is not Binding.LOCAL]
        for symbol in (*locals, *globals):
            indices[symbol.name] = len(rows)
            rows.append(self._packed(symbol, first))
        return b"".join(rows), indices, len(rows) - len(globals)

    def _packed(self, symbol: Symbol, first: int) -> bytes:
        value, section, kind = 0, record.SHN_UNDEF, symbol.type
        match symbol.place:
            case At(number, offset):
                value, section = offset, first + number
            case Absolute(value):
                section = record.SHN_ABS
            case Common(_, value):
                section, kind = record.SHN_COMMON, SymbolType.OBJECT
        return record.SYMBOL.pack(
            self.strings.add(symbol.name),
            value & 0xFFFF_FFFF,
            symbol.size & 0xFFFF_FFFF,
            symbol.binding << 4 | kind,
            symbol.visibility,
            section,
        )


_UNNAMED = (Binding.LOCAL, SymbolType.NOTYPE, 0, ObjectPlace("", ""))
