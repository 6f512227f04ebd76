"""The end of a source: offsets become final, and what is left open goes to the linker."""

from __future__ import annotations

from collections.abc import Iterator

from rvx.asm.assembly import (
    Absolute,
    Assembly,
    At,
    Binding,
    Common,
    Fixup,
    Mark,
    Place,
    Reference,
    Section,
    Symbol,
    SymbolType,
    Undefined,
    Value,
)
from rvx.asm.debug_section import fill_debug_sections, open_debug_sections
from rvx.asm.evaluation import Unresolvable, constant, linear
from rvx.asm.expression import Tree
from rvx.asm.layout import contents, lay_out, size
from rvx.asm.position import AssemblyError, Position
from rvx.asm.section import Choice, Fragment, OpenSection
from rvx.asm.symbol import Label, Variable
from rvx.asm.symbol import Symbol as OpenSymbol
from rvx.asm.unit import Unit, allocate


def finish(unit: Unit) -> Assembly:
    """The assembly of a source that has been read to its end."""
    unit.symbols.check_numeric()
    for symbol in unit.symbols.by_name.values():
        if isinstance(symbol.place, Common) and symbol.binding is Binding.LOCAL:
            allocate(unit, symbol, symbol.place)
    open_debug_sections(unit)
    _define_section_names(unit)
    lay_out(unit.sections.values())
    fill_debug_sections(unit)
    return Assembly(
        file=unit.file,
        machine=unit.machine,
        sections=tuple(_section(section) for section in unit.sections.values()),
        symbols={name: _symbol(symbol, unit.xlen) for name, symbol in unit.symbols.by_name.items()},
        texts=unit.texts,
        warnings=tuple(unit.warnings),
        source_name=unit.source_name,
    )


def _define_section_names(unit: Unit) -> None:
    """A section's name stands for its start, where it is no other symbol's."""
    for name, section in unit.sections.items():
        symbol = unit.symbols.by_name.get(name)
        if symbol is not None and symbol.place is None:
            symbol.place = Label(section.fragments[0], 0)
            symbol.type = SymbolType.SECTION


def _section(section: OpenSection) -> Section:
    return Section(
        name=section.name,
        type=section.type,
        flags=section.flags,
        alignment=section.alignment,
        entry_size=section.entry_size,
        size=size(section),
        contents=contents(section),
        fixups=tuple(_fixups(section)),
        marks=tuple(
            Mark((fragment.start or 0) + offset, line) for fragment, offset, line in section.marks
        ),
        group=section.group,
    )


def _fixups(section: OpenSection) -> Iterator[Fixup]:
    for fixup in section.fixups:
        offset = (fixup.fragment.start or 0) + fixup.offset
        yield Fixup(offset, fixup.kind, _value(fixup.value, fixup.position), fixup.position)
    for fragment in section.fragments:
        match fragment:
            case Fragment(gap=Choice() as choice, gap_at=Position() as position):
                kind = choice.of_size(fragment.gap_size).kind
                yield Fixup(fragment.end or 0, kind, _value(choice.target, position), position)


def _value(tree: Tree, position: Position) -> Value:
    try:
        found = linear(tree)
    except Unresolvable as problem:
        raise AssemblyError(str(problem), position) from None
    return Value(
        found.addend,
        None if found.plus is None else _reference(found.plus),
        None if found.minus is None else _reference(found.minus),
    )


def _reference(symbol: OpenSymbol) -> Reference:
    """Its place, or its name where another source may have a say."""
    match symbol.place:
        case Label() if symbol.binding in (None, Binding.LOCAL):
            return _at(symbol)
    return symbol.name


def _symbol(symbol: OpenSymbol, xlen: int) -> Symbol:
    place = _place(symbol)
    default = Binding.GLOBAL if isinstance(place, Common | Undefined) else Binding.LOCAL
    return Symbol(
        name=symbol.name,
        place=place,
        binding=default if symbol.binding is None else symbol.binding,
        type=symbol.type,
        size=_size(symbol, xlen),
        position=symbol.used_at or symbol.position if symbol.place is None else symbol.position,
        visibility=symbol.visibility,
    )


def _place(symbol: OpenSymbol) -> Place:
    match symbol.place:
        case None:
            return Undefined()
        case Common() as common:
            return common
        case Label():
            return _at(symbol)
        case Variable(tree):
            return _variable(symbol, tree)


def _variable(symbol: OpenSymbol, tree: Tree) -> Place:
    try:
        found = linear(tree)
    except Unresolvable as problem:
        raise AssemblyError(str(problem), symbol.position) from None
    if found.is_constant:
        return Absolute(found.addend)
    if found.plus is not None and found.minus is None and isinstance(found.plus.place, Label):
        at = _at(found.plus)
        return At(at.section, at.offset + found.addend)
    raise AssemblyError(
        f"`{symbol.name}` is neither a constant nor a place in this file", symbol.position
    )


def _at(symbol: OpenSymbol) -> At:
    match symbol.place:
        case Label(fragment, offset):
            return At(fragment.section.index, (fragment.start or 0) + offset)
    raise AssertionError(f"{symbol.name} is no label")


def _size(symbol: OpenSymbol, xlen: int) -> int:
    match symbol.place:
        case Common(size, _):
            return size
    try:
        found = constant(symbol.size)
    except Unresolvable as problem:
        raise AssemblyError(f"{problem}, but the size is a constant", symbol.size_at) from None
    if not 0 <= found < 1 << xlen:
        raise AssemblyError(f"the size is {found}, but must not be negative", symbol.size_at)
    return found
