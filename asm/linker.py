"""From assemblies to a program: addresses, symbols, and the fixups filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rvx.asm.assembly import Assembly, At, Binding, Symbol, SymbolType, Undefined
from rvx.asm.executable import Executable, LinkedSymbol, OutputSection
from rvx.asm.group import without_duplicates
from rvx.asm.offset_table import offset_table
from rvx.asm.patching import Patcher
from rvx.asm.placement import check_addresses, placed
from rvx.asm.position import AssemblyError
from rvx.asm.resolution import Definition, Resolver, common_memory, definitions

TEXT_BASE = 0x8000_0000
ENTRY = "_start"


def link(
    assemblies: Sequence[Assembly],
    *,
    text_base: int = TEXT_BASE,
    data_base: int | None = None,
    entry: str = ENTRY,
) -> Executable:
    """Link to a program whose code starts at `text_base` and whose data starts at `data_base`,
    or on the page after the code. Raises AssemblyError."""
    if not assemblies:
        raise AssemblyError("there is nothing to link")
    machine = assemblies[0].machine
    assemblies = without_duplicates(assemblies)
    float_abi = float_abi_of(assemblies)
    if (common := common_memory(assemblies)) is not None:
        assemblies = [*assemblies, common]
    table, slots = offset_table(assemblies)
    if table is not None:
        assemblies = [*assemblies, table]
    defined = definitions(assemblies)
    sections = placed(assemblies, text_base=text_base, data_base=data_base)
    check_addresses(sections, machine.xlen)
    resolver = Resolver(assemblies, defined, sections, slots)
    start = _entry(assemblies, resolver, defined, entry)
    sections = Patcher(machine.xlen, sections, resolver).patched()
    symbols = _Symbols(resolver, sections)
    return Executable(
        machine=machine,
        assemblies=tuple(assemblies),
        sections=tuple(sections),
        locals=tuple(
            (assembly.file, symbols.locals(number, assembly))
            for number, assembly in enumerate(assemblies)
        ),
        globals=symbols.globals(defined),
        entry=start,
        float_abi=float_abi,
    )


def link_alone(assembly: Assembly) -> Executable:
    """The assembly alone, to be looked at: what it lacks is 0, and what does not fit stays."""
    assemblies = [assembly]
    table, slots = offset_table(assemblies)
    if table is not None:
        assemblies.append(table)
    sections = placed(assemblies, text_base=0, data_base=None)
    resolver = Resolver(assemblies, definitions(assemblies), sections, slots, is_alone=True)
    patched = Patcher(assembly.machine.xlen, sections, resolver, is_alone=True).patched()
    symbols = _Symbols(resolver, patched)
    return Executable(
        machine=assembly.machine,
        assemblies=tuple(assemblies),
        sections=tuple(patched),
        locals=tuple((a.file, symbols.locals(n, a)) for n, a in enumerate(assemblies)),
        globals=symbols.globals(definitions(assemblies)),
        entry=0,
    )


def float_abi_of(assemblies: Sequence[Assembly]) -> int:
    """How wide the registers are that pass floats: as the objects have it, who must agree; the
    machine's where there are only sources."""
    known = [assembly for assembly in assemblies if assembly.float_abi is not None]
    for other in known[1:]:
        if other.float_abi != known[0].float_abi:
            raise AssemblyError(
                f"{other.file}: floats are passed in registers of {other.float_abi} bits, but "
                f"{known[0].file} has {known[0].float_abi}: compile all with one -mabi"
            )
    machine = assemblies[0].machine
    return known[0].float_abi or 0 if known else machine.flen


def _entry(
    assemblies: Sequence[Assembly],
    resolver: Resolver,
    defined: Mapping[str, Definition],
    entry: str,
) -> int:
    """The address of the entry symbol, which need not be global."""
    if (found := defined.get(entry)) is not None:
        return resolver.symbol(found.assembly, found.symbol)
    for number, assembly in enumerate(assemblies):
        symbol = assembly.symbols.get(entry)
        if symbol is not None and not isinstance(symbol.place, Undefined):
            return resolver.symbol(number, symbol)
    raise AssemblyError(
        f"{assemblies[0].file}: no symbol `{entry}` to start at: put this label before the "
        "first instruction"
    )


class _Symbols:
    """The program's symbols."""

    def __init__(self, resolver: Resolver, sections: Sequence[OutputSection]) -> None:
        self._resolver = resolver
        self._output = {
            (piece.assembly, piece.index): number
            for number, section in enumerate(sections)
            for piece in section.pieces
        }

    def locals(self, number: int, assembly: Assembly) -> tuple[LinkedSymbol, ...]:
        """An assembly's own symbols, without those that only the assembler needs (.L...)."""
        return tuple(
            self._linked(number, symbol)
            for symbol in assembly.symbols.values()
            if symbol.binding is Binding.LOCAL
            and not isinstance(symbol.place, Undefined)
            and not symbol.name.startswith(".L")
        )

    def globals(self, defined: Mapping[str, Definition]) -> tuple[LinkedSymbol, ...]:
        """The symbols that all assemblies share, and those of the linker's own that are used."""
        own = self._resolver.provided.items()
        return (
            *(self._linked(one.assembly, one.symbol) for one in defined.values()),
            *(LinkedSymbol(n, v, 0, SymbolType.NOTYPE, Binding.GLOBAL, None) for n, v in own),
        )

    def _linked(self, number: int, symbol: Symbol) -> LinkedSymbol:
        value = self._resolver.symbol(number, symbol)
        section = None
        if isinstance(symbol.place, At):
            section = self._output[number, symbol.place.section]
        return LinkedSymbol(symbol.name, value, symbol.size, symbol.type, symbol.binding, section)
