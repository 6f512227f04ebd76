"""The C types of operands.

Words and integers are C's own integers, binary32 is `float` and binary64 `double`. Everything
else is a struct of its own around the one word that the register holds, so that the compiler
refuses to mix formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from rvx.emit.c_name import identifier
from rvx.emit.effect import ALLOCATED, formats_of
from rvx.emit.signature import choice_of
from rvx.model.expression import Choice, FormatUse
from rvx.model.machine import (
    Instruction,
    LanesView,
    NumberView,
    RegisterFile,
    RegisterOperand,
    View,
    WordView,
)
from rvx.number import Fixed, Float, Format

BINARY32 = Float(exponent=8, fraction=23)
BINARY64 = Float(exponent=11, fraction=52)


@dataclass(frozen=True)
class Scalar:
    """A type that C has."""

    name: str


@dataclass(frozen=True)
class Packed:
    """A struct of ours with one member, `raw`, of a type that C has."""

    name: str
    raw: str
    bits: int  # of the numbers; those above are ones where they are boxed, else zeros
    boxed: bool
    doc: str
    lanes: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it takes: its own and those of its conversions."""
        own = ("make", "splat", "get", "set") if self.lanes > 1 else ()
        conversions = ("from_bits", "to_bits", "load", "store", *own)
        return (self.name, *(f"{self.name}_{conversion}" for conversion in conversions))

    @property
    def word(self) -> str:
        """The unsigned integer that holds the bits."""
        return f"uint{self.word_bits}_t"

    @property
    def word_bits(self) -> int:
        return max(8, 1 << (self.bits - 1).bit_length())

    @property
    def lane_bits(self) -> int:
        return self.bits // self.lanes

    @property
    def lane_word(self) -> str:
        """The unsigned integer that holds the bits of one lane."""
        return f"uint{max(8, 1 << (self.lane_bits - 1).bit_length())}_t"

    @property
    def raw_bits(self) -> int:
        """The width of the member."""
        return {"float": 32, "double": 64, "uint32_t": 32, "uint64_t": 64}[self.raw]


CType: TypeAlias = Scalar | Packed


class Types:
    """The types of a machine's operands. Where two register files need structs of one name, each
    takes the name of its file too. Choices among the same formats, by whatever state, are one type:
    that of the shortest name."""

    def __init__(self, instructions: Iterable[Instruction]) -> None:
        found: dict[tuple[str, Packed], None] = {}
        operands = [o for i in instructions for o in i.operands.values()]
        self._choices = _choices(o for o in operands if isinstance(o, RegisterOperand))
        for operand in operands:
            if isinstance(operand, RegisterOperand) and operand.file.name in ALLOCATED:
                type = type_in(operand.file, self._view(operand))
                if isinstance(type, Packed):
                    found[operand.file.name, type] = None
        homes = Counter(name for name, _ in {(t.name, file) for file, t in found})
        self._shared = {name for name, count in homes.items() if count > 1}
        named = (self._told_apart(type, file) for file, type in found)
        self.structs = tuple(type for type in named if isinstance(type, Packed))

    def of_operand(self, operand: RegisterOperand) -> CType:
        """The type of an operand in a register that the compiler allocates."""
        return self._told_apart(type_in(operand.file, self._view(operand)), operand.file.name)

    def _view(self, operand: RegisterOperand) -> View:
        match operand.view:
            case NumberView(Choice(formats=formats), width):
                return NumberView(self._choices[formats], width)
            case LanesView(Choice(formats=formats), width, count):
                return LanesView(self._choices[formats], width, count)
        return operand.view

    def _told_apart(self, type: CType, file: str) -> CType:
        if isinstance(type, Packed) and type.name in self._shared:
            return replace(type, name=f"{type.name}_{file}")
        return type


def _choices(operands: Iterable[RegisterOperand]) -> dict[tuple[Format, ...], Choice]:
    """The choice that stands for all among the same formats."""
    found: dict[tuple[Format, ...], Choice] = {}
    for operand in operands:
        match operand.view:
            case NumberView(Choice() as choice, _) | LanesView(Choice() as choice, _, _):
                known = found.setdefault(choice.formats, choice)
                found[choice.formats] = min(known, choice, key=lambda c: (len(c.name), c.name))
    return found


def type_in(file: RegisterFile, view: View) -> CType:
    """The type, its name not yet told apart from that of another register file."""
    match view:
        case WordView():
            return Scalar(raw_type(file, file.width))
        case NumberView(format, width) | LanesView(format, width, 1):
            formats = formats_of(format)
            if file.name == "f" and formats in ((BINARY32,), (BINARY64,)):
                return Scalar(raw_type(file, width))
            whole = isinstance(view, NumberView) or width == file.width
            if file.name == "x" and whole and all(_is_integer(each) for each in formats):
                signed = any(each.span.low < 0 for each in formats)
                return Scalar(f"{'' if signed else 'u'}int{file.width}_t")
            doc = f"One number of format {_describe(format)}"
            return _packed(file, f"rvx_{identifier(format.name)}", width, doc)
        case LanesView(format, width, count):
            doc = f"{count} numbers of format {_describe(format)}, lane 0 in the lowest bits"
            name = f"rvx_{identifier(format.name)}x{count}"
            return _packed(file, name, count * width, doc, count)


def _packed(file: RegisterFile, name: str, bits: int, doc: str, lanes: int = 1) -> Packed:
    return Packed(name, raw_type(file, bits), bits, file.boxed, doc, lanes)


def raw_type(file: RegisterFile, bits: int) -> str:
    """What C keeps in a register of which so many bits matter; a wider one boxes a float."""
    if file.name == "f":
        return "float" if bits <= BINARY32.bits else "double"
    return f"uint{file.width}_t"


def _is_integer(format: Format) -> bool:
    return isinstance(format, Fixed) and format.fraction == 0


def _describe(format: FormatUse) -> str:
    bits = formats_of(format)[0].bits
    choice = choice_of(format)
    return f"{format.name} ({bits} bits{f': {choice}' if choice else ''})"
