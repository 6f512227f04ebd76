"""One operand of a mnemonic: what text fits it, and the bits that the text becomes.

A slot remembers the bits of texts that mean the same everywhere (registers, integers), so that
most operands of a program are a dictionary lookup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from rvx.asm.argument import Argument, similar
from rvx.asm.assembly import InField, Relation
from rvx.asm.expression import Name, Tree
from rvx.asm.parser import Grouped, Indexed, Modified, Operand, Plain
from rvx.asm.position import Position
from rvx.asm.relocation import RelocationProblem, field_value, place
from rvx.model.encoding import Field
from rvx.model.machine import RegisterFile

_RELATIONS = {
    "hi": Relation.HI,
    "lo": Relation.LO,
    "pcrel_hi": Relation.PCREL_HI,
    "pcrel_lo": Relation.PCREL_LO,
    "got_pcrel_hi": Relation.GOT_HI,
}
_PC_RELATIVE = (Relation.TARGET, Relation.PCREL_HI, Relation.PCREL_LO, Relation.GOT_HI)


class Mismatch(Exception):
    """An operand of another kind than the slot takes; another form of the mnemonic may fit."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Destination:
    """A field that an operand fills; an alias may negate the value."""

    field: Field
    length: int  # bytes of the instruction
    negated: bool = False
    wrap: int = 0  # bits: a signed field that also takes the unsigned spelling in so many


class Scope(Protocol):
    """What slots need to know of the program and the machine."""

    @property
    def xlen(self) -> int: ...
    def resolve(self, tree: Tree, argument: Argument) -> Tree: ...
    def is_register(self, name: str) -> bool: ...


@dataclass(slots=True)
class Site:
    """The statement that is being matched, and the fixups it will need."""

    scope: Scope
    fixups: list[tuple[InField, Tree, Position]] = field(default_factory=list)


class Slot(Protocol):
    @property
    def known(self) -> dict[str, int]: ...
    def match(self, operand: Operand, argument: Argument, site: Site) -> int: ...


@dataclass(frozen=True)
class RegisterSlot:
    """A register by any of its names."""

    destinations: tuple[Destination, ...]
    files: tuple[RegisterFile, ...]
    first: int  # a subset's field counts from here
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Plain(Name(text, at)):
                for file in self.files:
                    if (index := file.index_of(text)) is not None:
                        bits = self._placed(index, text, at)
                        if argument.text == text:
                            self.known[text] = bits
                        return bits
        raise Mismatch(f"`{argument.text}` is not {self._wanted()}")

    def _placed(self, index: int, text: str, at: int) -> int:
        bits = 0
        for destination in self.destinations:
            value = index - self.first
            if not 0 <= value <= destination.field.high:
                raise Mismatch(f"`{text}` is not {self._wanted()}", at)
            bits |= destination.field.place(value)
        return bits

    def _wanted(self) -> str:
        last = self.first + min(d.field.high for d in self.destinations)
        ranges = [
            f"{file.name}{self.first} to {file.name}{min(last, file.count - 1)}"
            for file in self.files
        ]
        return f"a register, {' or '.join(ranges)}"


@dataclass(frozen=True)
class FixedSlot:
    """A register that the text must name, though no field holds it."""

    file: RegisterFile
    index: int
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Plain(Name(text, _)) if self.file.index_of(text) == self.index:
                return 0
        raise Mismatch(f"`{argument.text}` is not the register {self.file.name_of(self.index)}")


@dataclass(frozen=True)
class ImmediateSlot:
    """An expression: a value, or the address that a branch leads to."""

    destinations: tuple[Destination, ...]
    is_target: bool
    what: str = ""  # what the names are, where there are names
    names: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Plain(tree) | Grouped(tree):
                relation = Relation.TARGET if self.is_target else Relation.ABSOLUTE
            case Modified(modifier, tree) if not self.is_target:
                if modifier not in _RELATIONS:
                    raise argument.error(f"%{modifier} is unknown: write %{', %'.join(_RELATIONS)}")
                relation = _RELATIONS[modifier]
            case _:
                raise Mismatch(f"`{argument.text}` is not a number")
        match tree:
            case Name(text, _) if text in self.names:
                tree = self.names[text]
            case Name(text, at) if relation is Relation.ABSOLUTE and site.scope.is_register(text):
                raise Mismatch(f"`{text}` is a register, but a number is wanted", at)
        value = site.scope.resolve(tree, argument)
        if isinstance(tree, Name) and self.names and not isinstance(value, int):
            hint = similar(tree.text, self.names)
            raise argument.error(f"`{tree.text}` is not {self.what}{hint}", tree.at)
        if not isinstance(value, int) or relation in _PC_RELATIVE:
            for d in self.destinations:
                kind = InField(d.field, d.length, relation, d.negated)
                site.fixups.append((kind, value, argument.position()))
            return 0
        bits = self._placed(relation, value, argument, site.scope.xlen)
        if isinstance(tree, int):
            self.known[argument.text] = bits
        return bits

    def _placed(self, relation: Relation, value: int, argument: Argument, xlen: int) -> int:
        bits = 0
        for d in self.destinations:
            kind = InField(d.field, d.length, relation, d.negated)
            if d.wrap and value > d.field.high and value >> d.wrap == 0:
                value -= 1 << d.wrap
            try:
                bits |= place(d.field, field_value(kind, value, xlen), xlen)
            except RelocationProblem as problem:
                raise argument.error(str(problem)) from None
        return bits


@dataclass(frozen=True)
class NamesSlot:
    """One of a list of names (a rounding mode), or its number."""

    destinations: tuple[Destination, ...]
    what: str
    names: dict[str, int]
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Plain(Name(text, _)) if text in self.names:
                value = self.names[text]
            case Plain(int(number)) if number in self.names.values():
                value = number
            case _:
                known = ", ".join(self.names)
                raise Mismatch(f"`{argument.text}` is not {self.what} ({known})")
        bits = sum(d.field.place(value) for d in self.destinations)
        self.known[argument.text] = bits
        return bits


@dataclass(frozen=True)
class LettersSlot:
    """Letters, each of which sets its bit; or the bits as a number."""

    destinations: tuple[Destination, ...]
    letters: str
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Plain(Name(text, _)) if not set(text) - set(self.letters):
                bits = [1 << self.letters[::-1].index(letter) for letter in text]
                value = sum(bits)
                if len(set(bits)) != len(bits):
                    raise argument.error(f"`{text}` repeats a letter")
            case Plain(int(value)) if 0 <= value < 1 << len(self.letters):
                pass
            case _:
                raise Mismatch(f"`{argument.text}` is not made of the letters {self.letters}")
        bits_placed = sum(d.field.place(value) for d in self.destinations)
        self.known[argument.text] = bits_placed
        return bits_placed


@dataclass(frozen=True)
class AddressSlot:
    """`offset(base)`; `(base)` where the offset is zero or the instruction has none."""

    offset: Slot | None
    base: Slot
    known: dict[str, int] = field(default_factory=dict)

    def match(self, operand: Operand, argument: Argument, site: Site) -> int:
        match operand:
            case Grouped(base):
                offset: Operand = Plain(0)
            case Indexed(offset, base):
                pass
            case _:
                raise Mismatch(f"`{argument.text}` is not an address, offset(register)")
        bits = self._base(base, argument, site) | self._offset(offset, argument, site)
        match offset, base:
            case Plain(int()), Name():
                self.known[argument.text] = bits
        return bits

    def _base(self, base: Tree, argument: Argument, site: Site) -> int:
        match base:
            case Name(text, at):
                inner = argument._replace(text=text, at=argument.at + at)
                try:
                    return self.base.match(Plain(Name(text, 0)), inner, site)
                except Mismatch as mismatch:
                    raise Mismatch(str(mismatch), at) from None
        raise Mismatch(f"`{argument.text}` has no register in its parentheses")

    def _offset(self, offset: Operand, argument: Argument, site: Site) -> int:
        if self.offset is not None:
            return self.offset.match(offset, argument, site)
        if offset != Plain(0):
            raise Mismatch(f"`{argument.text}` has an offset, but (register) is wanted")
        return 0
