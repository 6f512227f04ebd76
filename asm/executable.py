"""A linked program: sections with addresses and final contents, symbols with values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rvx.asm.assembly import Assembly, Binding, Section, SectionFlag, SectionType, SymbolType
from rvx.model.machine import Machine


@dataclass(frozen=True)
class Piece:
    """A section of an assembly, at its place in the program."""

    assembly: int  # index
    index: int  # of the section in its assembly
    section: Section
    offset: int  # in the output section


@dataclass(frozen=True)
class OutputSection:
    name: str
    type: SectionType
    flags: SectionFlag
    alignment: int
    entry_size: int
    address: int  # 0 where it is not loaded
    size: int
    contents: bytes  # empty for NOBITS
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class LinkedSymbol:
    name: str
    value: int
    size: int
    type: SymbolType
    binding: Binding
    section: int | None  # index in the executable's sections; None: absolute


@dataclass(frozen=True)
class Executable:
    machine: Machine
    assemblies: tuple[Assembly, ...]
    sections: tuple[OutputSection, ...]  # loaded ones first, by address
    locals: tuple[tuple[str, tuple[LinkedSymbol, ...]], ...]  # by source file
    globals: tuple[LinkedSymbol, ...]
    entry: int
    float_abi: int = 0  # bits of the registers that pass floats

    @property
    def symbols(self) -> Mapping[str, int]:
        """Values by name; global symbols win over local ones, and earlier files over later."""
        found: dict[str, int] = {}
        for _, symbols in reversed(self.locals):
            found.update((symbol.name, symbol.value) for symbol in symbols)
        found.update((symbol.name, symbol.value) for symbol in self.globals)
        return found
