"""What assembling one source gives: sections, symbols and fixups, ready to be linked.

References between sections, and all to global symbols, are left to the linker: this is a
relocatable object in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, IntFlag
from typing import TypeAlias

from rvx.asm.position import Line
from rvx.asm.position import Place as SourcePlace
from rvx.model.encoding import Field
from rvx.model.machine import Machine

# The numbers are those of ELF.


class SectionFlag(IntFlag):
    WRITE = 0x1
    ALLOC = 0x2
    EXECUTE = 0x4
    MERGE = 0x10
    STRINGS = 0x20
    GROUP = 0x200
    TLS = 0x400


class SectionType(IntEnum):
    PROGBITS = 1
    NOTE = 7
    NOBITS = 8
    INIT_ARRAY = 14
    FINI_ARRAY = 15
    PREINIT_ARRAY = 16


class Binding(IntEnum):
    LOCAL = 0
    GLOBAL = 1
    WEAK = 2


class SymbolType(IntEnum):
    NOTYPE = 0
    OBJECT = 1
    FUNC = 2
    SECTION = 3
    FILE = 4
    COMMON = 5
    TLS = 6


# Where a symbol is.


@dataclass(frozen=True, slots=True)
class At:
    """A place in a section, by the section's index."""

    section: int
    offset: int


@dataclass(frozen=True, slots=True)
class Absolute:
    value: int


@dataclass(frozen=True, slots=True)
class Common:
    """Zeroed memory that all assemblies with this name share."""

    size: int
    alignment: int


@dataclass(frozen=True, slots=True)
class Undefined:
    """Defined elsewhere."""


Place: TypeAlias = "At | Absolute | Common | Undefined"


@dataclass(frozen=True, slots=True)
class Symbol:
    name: str
    place: Place
    binding: Binding
    type: SymbolType
    size: int
    position: SourcePlace  # of its definition, or of its first use
    visibility: int = 0  # as ELF's st_other has it: 0 default, 1 internal, 2 hidden, 3 protected


# Fixups: what the linker has yet to fill in.


class Relation(Enum):
    """What a field holds of the value S at the place P."""

    ABSOLUTE = "S"
    TARGET = "S - P"
    HI = "%hi"
    LO = "%lo"
    PCREL_HI = "%pcrel_hi"
    PCREL_LO = "%pcrel_lo"  # S is the place of the %pcrel_hi
    GOT_HI = "%got_pcrel_hi"  # S is a word that holds the value, in the global offset table


@dataclass(frozen=True, slots=True)
class Bytes:
    """`size` bytes of data, little-endian."""

    size: int


@dataclass(frozen=True, slots=True)
class InField:
    """A field of an instruction of `length` bytes; negated where an alias says so."""

    field: Field
    length: int
    relation: Relation
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The distance in two instructions, one after the other: its upper part, and its lower."""

    high: Field
    low: Field


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Data that is computed where it stands: `set add sub` a value, or `pcrel`, the distance.
    `bits` 0 is a number in LEB128, which keeps its length."""

    operation: str
    bits: int


FixupKind: TypeAlias = "Bytes | InField | Call | Arithmetic"
Reference: TypeAlias = "At | str"  # a name where the linker decides


@dataclass(frozen=True, slots=True)
class Value:
    """plus - minus + addend."""

    addend: int
    plus: Reference | None = None
    minus: Reference | None = None


@dataclass(frozen=True, slots=True)
class Fixup:
    offset: int
    kind: FixupKind
    value: Value
    position: SourcePlace
    assembly: int | None = None  # whose references these are; None: those of its section's


@dataclass(frozen=True, slots=True)
class Mark:
    """From this offset on, to the next mark, the bytes come from this line."""

    offset: int
    line: Line


@dataclass(frozen=True)
class Section:
    name: str
    type: SectionType
    flags: SectionFlag
    alignment: int
    entry_size: int
    size: int
    contents: bytes  # empty for NOBITS
    fixups: tuple[Fixup, ...]
    marks: tuple[Mark, ...]
    group: str = ""  # of several assemblies' groups of one name one is kept


@dataclass(frozen=True)
class Assembly:
    file: str
    machine: Machine
    sections: tuple[Section, ...]
    symbols: Mapping[str, Symbol]
    texts: Mapping[str, str]  # the sources read, by file name
    warnings: tuple[str, ...]
    source_name: str = ""  # what .file says
    float_abi: int | None = None  # bits of the registers that pass floats; None: no matter
