"""The symbols of a source while it is assembled."""

from __future__ import annotations

from dataclasses import dataclass

from rvx.asm.assembly import Binding, Common, SymbolType
from rvx.asm.expression import Tree
from rvx.asm.position import AssemblyError, Position
from rvx.asm.section import Fragment


@dataclass(frozen=True, slots=True)
class Label:
    fragment: Fragment
    offset: int  # in the fragment


@dataclass(frozen=True, slots=True)
class Variable:
    """`.set name, value`."""

    value: Tree  # resolved


@dataclass(slots=True, eq=False)
class Symbol:
    """A name, what is known of it so far, and where it was first met."""

    name: str
    position: Position
    place: Label | Variable | Common | None = None
    binding: Binding | None = None
    type: SymbolType = SymbolType.NOTYPE
    size: Tree = 0
    size_at: Position | None = None  # of its .size
    used_at: Position | None = None  # of its first use in an expression
    visibility: int = 0  # as ELF's st_other has it

    @property
    def offset(self) -> int | None:
        """In its section, where that is known already."""
        match self.place:
            case Label(fragment, offset) if fragment.start is not None:
                return fragment.start + offset
        return None


class SymbolTable:
    """Symbols by name, and the numeric labels."""

    def __init__(self) -> None:
        self.by_name: dict[str, Symbol] = {}
        self._last: dict[int, Symbol] = {}
        self._next: dict[int, Symbol] = {}

    def get(self, name: str, position: Position) -> Symbol:
        """The symbol of this name, made if it is new."""
        if (symbol := self.by_name.get(name)) is None:
            symbol = self.by_name[name] = Symbol(name, position)
        return symbol

    def define(self, name: str, label: Label, position: Position) -> None:
        """Define a label; a name can be defined once only."""
        symbol = self.get(name, position)
        if symbol.place is not None:
            raise AssemblyError(
                f"`{name}` is already defined at {symbol.position}: rename one of them", position
            )
        symbol.place, symbol.position = label, position

    def assign(self, name: str, value: Tree, position: Position, *, once: bool = False) -> None:
        """Give a variable a value; labels keep theirs, and variables with `once`."""
        symbol = self.get(name, position)
        if symbol.place is not None and (once or not isinstance(symbol.place, Variable)):
            raise AssemblyError(
                f"`{name}` is already defined at {symbol.position}: rename one of them", position
            )
        symbol.place, symbol.position = Variable(value), position

    def define_numeric(self, number: int, label: Label, position: Position) -> None:
        """Define `1:`, which `1b` finds until the next one, and earlier `1f`."""
        symbol = self._next.pop(number, None) or Symbol(f"{number}", position)
        symbol.place = label
        self._last[number] = symbol

    def numeric(self, number: int, position: Position, *, forward: bool) -> Symbol:
        """The numeric label before or after this point."""
        if not forward:
            if number not in self._last:
                raise AssemblyError(f"no label `{number}:` before this point", position)
            return self._last[number]
        if number not in self._next:
            self._next[number] = Symbol(f"{number}", position)
        return self._next[number]

    def check_numeric(self) -> None:
        """Raise if a `1f` found no `1:` up to the end."""
        for number, symbol in self._next.items():
            raise AssemblyError(f"no label `{number}:` after this point", symbol.position)
