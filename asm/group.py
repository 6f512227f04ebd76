"""Groups of sections that several files bring along (COMDAT): one of each name is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rvx.asm.assembly import Assembly, At, Binding, Section, Symbol, Undefined


def without_duplicates(assemblies: Sequence[Assembly]) -> list[Assembly]:
    """The assemblies; of groups with one name only the first keeps its contents and symbols."""
    owners: dict[str, int] = {}
    found = []
    for number, assembly in enumerate(assemblies):
        dropped = {
            index
            for index, section in enumerate(assembly.sections)
            if section.group and owners.setdefault(section.group, number) != number
        }
        found.append(_without(assembly, dropped) if dropped else assembly)
    return found


def _without(assembly: Assembly, dropped: set[int]) -> Assembly:
    sections = [
        _emptied(section) if index in dropped else section
        for index, section in enumerate(assembly.sections)
    ]
    symbols = {}
    for key, symbol in assembly.symbols.items():
        if not _is_in(symbol, dropped):
            symbols[key] = symbol
        elif symbol.binding is not Binding.LOCAL:
            symbols[key] = replace(symbol, place=Undefined())
    return replace(assembly, sections=tuple(sections), symbols=symbols)


def _emptied(section: Section) -> Section:
    return replace(section, size=0, contents=b"", fixups=(), marks=())


def _is_in(symbol: Symbol, dropped: set[int]) -> bool:
    return isinstance(symbol.place, At) and symbol.place.section in dropped
