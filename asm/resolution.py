"""What names mean across assemblies: definitions, weak ones, common memory, the linker's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rvx.asm.assembly import (
    Absolute,
    Assembly,
    At,
    Binding,
    Common,
    Reference,
    Section,
    SectionFlag,
    SectionType,
    Symbol,
    Undefined,
    Value,
)
from rvx.asm.executable import OutputSection
from rvx.asm.offset_table import Slot, slot_of
from rvx.asm.placement import is_data_section
from rvx.asm.position import AssemblyError


@dataclass(frozen=True)
class Definition:
    """A global symbol, and the assembly that defines it."""

    assembly: int
    symbol: Symbol


def definitions(assemblies: Sequence[Assembly]) -> dict[str, Definition]:
    """The definition that each global name has; two are an error unless one is weak."""
    found: dict[str, Definition] = {}
    for number, assembly in enumerate(assemblies):
        for symbol in assembly.symbols.values():
            if symbol.binding is Binding.LOCAL or isinstance(symbol.place, Undefined):
                continue
            known = found.get(symbol.name)
            if known is None or _strength(symbol) > _strength(known.symbol):
                found[symbol.name] = Definition(number, symbol)
            elif _strength(symbol) == _strength(known.symbol) == _STRONG:
                raise AssemblyError(
                    f"`{symbol.name}` is already defined at {known.symbol.position}: "
                    "rename one of them, or make one .weak or .local",
                    symbol.position,
                )
    return found


_STRONG = 3


def _strength(symbol: Symbol) -> int:
    if isinstance(symbol.place, Common):
        return 2
    return 1 if symbol.binding is Binding.WEAK else _STRONG


def common_memory(assemblies: Sequence[Assembly]) -> Assembly | None:
    """An assembly of nothing but the common symbols that no assembly defines."""
    extents: dict[str, tuple[int, int]] = {}
    chosen = definitions(assemblies)
    for assembly in assemblies:
        for symbol in assembly.symbols.values():
            match symbol.place:
                case Common(size, alignment) if isinstance(
                    chosen[symbol.name].symbol.place, Common
                ):
                    before = extents.get(symbol.name, (0, 1))
                    extents[symbol.name] = max(before[0], size), max(before[1], alignment)
    if not extents:
        return None
    at, symbols = 0, {}
    for name, (size, alignment) in extents.items():
        at = -(-at // alignment) * alignment
        model = chosen[name].symbol
        symbols[name] = Symbol(name, At(0, at), Binding.GLOBAL, model.type, size, model.position)
        at += size
    return Assembly(
        file="common",
        machine=assemblies[0].machine,
        sections=(
            Section(
                name=".bss",
                type=SectionType.NOBITS,
                flags=SectionFlag.ALLOC | SectionFlag.WRITE,
                alignment=max(alignment for _, alignment in extents.values()),
                entry_size=0,
                size=at,
                contents=b"",
                fixups=(),
                marks=(),
            ),
        ),
        symbols=symbols,
        texts={},
        warnings=(),
    )


class Resolver:
    """The values of symbols once every section has its address."""

    def __init__(
        self,
        assemblies: Sequence[Assembly],
        definitions: Mapping[str, Definition],
        sections: Sequence[OutputSection],
        slots: Mapping[Slot, int] | None = None,
        *,
        is_alone: bool = False,
    ) -> None:
        self._assemblies = assemblies
        self._definitions = definitions
        self._own = linker_symbols(sections)
        self._start = {
            (piece.assembly, piece.index): section.address + piece.offset
            for section in sections
            for piece in section.pieces
        }
        self._slots = slots or {}
        self._is_alone = is_alone
        self.provided: dict[str, int] = {}  # those of the linker's own symbols that are used

    def place(self, assembly: int, at: At) -> int:
        """The address of a place in an assembly's section."""
        # What is nowhere was in a group that another file has brought along.
        start = self._start.get((assembly, at.section))
        return 0 if start is None else start + at.offset

    def slot(self, assembly: int, value: Value) -> int:
        """The address of the value's word in the global offset table, the last assembly's."""
        return self._start[len(self._assemblies) - 1, 0] + self._slots[slot_of(assembly, value)]

    def symbol(self, assembly: int, symbol: Symbol) -> int:
        """The value of a defined symbol."""
        match symbol.place:
            case At() as at:
                return self.place(assembly, at)
            case Absolute(value):
                return value
        return 0 if self._is_alone else self.name(assembly, symbol.name)

    def reference(self, assembly: int, reference: Reference) -> int:
        """The value of what a fixup of this assembly refers to."""
        if isinstance(reference, At):
            return self.place(assembly, reference)
        return self.name(assembly, reference)

    def name(self, assembly: int, name: str) -> int:
        """The value of a global name; an undefined weak one is 0."""
        if (found := self._definitions.get(name)) is not None:
            return self.symbol(found.assembly, found.symbol)
        symbol = self._assemblies[assembly].symbols[name]
        if name in self._own:
            self.provided[name] = self._own[name]
            return self._own[name]
        if symbol.binding is Binding.WEAK or self._is_alone:
            return 0
        raise AssemblyError(
            f"`{name}` is not defined: define it, or link the file that does with it .globl",
            symbol.position,
        )


def linker_symbols(sections: Sequence[OutputSection]) -> dict[str, int]:
    """The symbols that programs expect from the linker, for those that do not define them."""
    ends = [(s.address, s.address + s.size, s) for s in sections if SectionFlag.ALLOC in s.flags]
    last = max((end for _, end, _ in ends), default=0)
    zeroed = [(start, end) for start, end, s in ends if s.type is SectionType.NOBITS]
    written = [(start, end, s) for start, end, s in ends if is_data_section(s)]
    bss = min((start for start, _ in zeroed), default=last)
    small = [start for start, _, s in written if s.name == ".sdata"]
    data = min((start for start, _, _ in written), default=last)
    found = {
        "_etext": max((end for _, end, s in ends if SectionFlag.EXECUTE in s.flags), default=0),
        "_edata": max((end for start, end, _ in written if start < bss), default=bss),
        "__bss_start": bss,
        "_end": last,
        # addi reaches 2 KiB to either side of gp.
        "__global_pointer$": (small[0] if small else data) + 0x800,
    }
    for array in ("preinit_array", "init_array", "fini_array"):
        found[f"__{array}_start"] = found[f"__{array}_end"] = 0
    for start, end, section in ends:
        name = section.name
        if name.isidentifier():
            found[f"__start_{name}"], found[f"__stop_{name}"] = start, end
        elif name.endswith("_array"):
            found[f"__{name[1:]}_start"], found[f"__{name[1:]}_end"] = start, end
    return found
