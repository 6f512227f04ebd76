"""Which short form does what a long instruction word does, derived from what they mean.

A short form declares the instruction that it stands for. Others may mean the same: an instruction
whose operation commutes, with its operands exchanged, or one with an immediate zero in place of
the zero register. Those are found by comparing bodies, so no instruction is named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import TypeAlias

from rvx.model import ir
from rvx.model.decoder import Decoder
from rvx.model.encoding import FieldError
from rvx.model.machine import (
    FromOperand,
    ImmediateOperand,
    Instruction,
    Machine,
    Operand,
    RegisterOperand,
)
from rvx.model.walk import parts_of

_COMMUTATIVE = frozenset(("+", "*", "&", "|", "^", "==", "!="))
# Operations that keep their left side where the right one is zero.
_NEUTRAL_ZERO = frozenset(("+", "-", "|", "^", "<<", ">>"))
# How many words are remembered; programs repeat most of theirs.
_REMEMBERED = 1 << 16

_Arguments: TypeAlias = Mapping[str, "int | FromOperand"]


@dataclass(frozen=True)
class Short:
    """A short form, and how the long instruction's fields follow from its operands."""

    instruction: Instruction
    arguments: _Arguments
    target: str | None  # the short form's operand that is a branch target

    def word(self, values: Mapping[str, int], long: Instruction) -> int | None:
        """The short word for the long instruction's fields, or None. A target is left zero."""
        found: dict[str, int] = {}
        for name, source in self.arguments.items():
            if isinstance(source, int):
                if values[name] != source:
                    return None
                continue
            if source.name == self.target:
                found[source.name] = 0
                continue
            value = self._own(source.name, values[name], long.operands[name])
            if value is None or found.setdefault(source.name, value) != value:
                return None
        try:
            word = self.instruction.encode(**found)
        except FieldError:
            return None
        return word if self.instruction.matches(word) else None

    def _own(self, name: str, value: int, operand: Operand) -> int | None:
        match self.instruction.operands[name]:
            case RegisterOperand(first=first):
                return value - first
            case ImmediateOperand(field):
                if field.is_signed and value > field.high:  # as `lui` holds negative numbers
                    value -= 1 << operand.field.top
                return value
        return None


class Compressor:
    """Finds short words for long ones."""

    def __init__(self, machine: Machine) -> None:
        self._decoder = Decoder(machine)
        self._shorts = _shorts(machine)
        self._zero = {name: file.zero for name, file in machine.files.items()}
        self._idle = {
            alias.target.encode(**{n: v for n, v in alias.arguments.items() if isinstance(v, int)})
            for alias in machine.aliases
            if not alias.syntax and not alias.target.classes
        }
        self._words: dict[int, int | None] = {}

    def short(self, word: int) -> int | None:
        """The short word that does the same, or None."""
        try:
            return self._words[word]
        except KeyError:
            pass
        if len(self._words) >= _REMEMBERED:
            self._words.clear()
        found = self._words[word] = self._found(word)
        return found

    def branch(self, word: int) -> tuple[int, Short] | None:
        """The short word for a jump or branch whose target is still open."""
        long = self._decoder.decode(word)
        if long is not None:
            values = long.decode(word)
            for short in self._shorts.get(long.mnemonic, ()):
                if short.target is not None and (half := short.word(values, long)) is not None:
                    return half, short
        return None

    def _found(self, word: int) -> int | None:
        long = self._decoder.decode(word)
        if long is None or long.mnemonic not in self._shorts:
            return None
        values = long.decode(word)
        if self._is_idle(long, values):
            return None
        for short in self._shorts[long.mnemonic]:
            if short.target is None and (half := short.word(values, long)) is not None:
                own = short.instruction
                if word in self._idle or not _changes_nothing(own, own.decode(half)):
                    return half
        return None

    def _is_idle(self, long: Instruction, values: Mapping[str, int]) -> bool:
        """Whether it only writes the zero register: a hint, but for what has a name (nop)."""
        if not long.writes or long.classes:
            return False
        for name in long.writes:
            operand = long.operands[name]
            if (
                not isinstance(operand, RegisterOperand)
                or values[name] != self._zero[operand.file.name]
            ):
                return False
        return long.encode(**values) not in self._idle


@lru_cache(maxsize=8)
def compressor(machine: Machine) -> Compressor | None:
    """The machine's compressor; None where it has no short forms."""
    if any(i.long is not None for i in machine.instructions.values()):
        return Compressor(machine)
    return None


def _changes_nothing(short: Instruction, values: Mapping[str, int]) -> bool:
    """Whether an immediate of zero makes it a hint: `rd = rd + 0`."""
    if short.long is None:
        return False
    zeros: dict[str, int] = {
        name: 0
        for name, operand in short.operands.items()
        if isinstance(operand, ImmediateOperand) and values[name] == 0
    }
    return bool(zeros) and _Meaning(short.long.target, short.long.arguments, zeros).is_neutral


# Which short forms an instruction has ------------------------------------------------------------


def _shorts(machine: Machine) -> Mapping[str, tuple[Short, ...]]:
    """By mnemonic of the long instruction, in the order of their declaration."""
    shorts = [i for i in machine.instructions.values() if i.long is not None]
    longest = max((i.length for i in machine.instructions.values()), default=0)
    longs: dict[str, list[Instruction]] = {}
    for instruction in machine.instructions.values():
        if instruction.long is None and instruction.length == longest:
            longs.setdefault(_shape(instruction.body), []).append(instruction)
    found: dict[str, list[Short]] = {}
    for short in shorts:
        assert short.long is not None
        declared = short.long.target
        targets = (n for n, o in short.operands.items() if getattr(o, "is_target", False))
        target = next(targets, None)
        found.setdefault(declared.mnemonic, []).append(Short(short, short.long.arguments, target))
        meaning = _Meaning(declared, short.long.arguments).text
        for other in longs.get(_shape(declared.body), ()):
            for arguments in _fillings(other, short):
                if arguments == short.long.arguments and other is declared:
                    continue
                if _Meaning(other, arguments).text == meaning:
                    found.setdefault(other.mnemonic, []).append(Short(short, arguments, target))
    return {mnemonic: tuple(several) for mnemonic, several in found.items()}


def _fillings(long: Instruction, short: Instruction) -> Iterator[_Arguments]:
    """Every way to fill the long instruction's fields from the short form's operands."""
    assert short.long is not None
    constants = {v for v in short.long.arguments.values() if isinstance(v, int)} | {0}
    choices: list[list[int | FromOperand]] = []
    for operand in long.operands.values():
        own = [FromOperand(n) for n, o in short.operands.items() if _alike(operand, o)]
        choices.append([*own, *sorted(constants)])
    for chosen in product(*choices):
        used = {source.name for source in chosen if isinstance(source, FromOperand)}
        if used == set(short.operands):
            yield dict(zip(long.operands, chosen, strict=True))


def _alike(operand: Operand, other: Operand) -> bool:
    match operand, other:
        case RegisterOperand(file=file, view=view), RegisterOperand(file=file2, view=view2):
            return file is file2 and view == view2
        case ImmediateOperand(), ImmediateOperand():
            return True
    return False


# Meaning -----------------------------------------------------------------------------------------


def _shape(body: object) -> str:
    """The body without what operands decide: instructions of one shape may mean the same."""
    match body:
        case tuple():
            return f"({' '.join(_shape(part) for part in body)})"
        case ir.Register() | ir.FieldValue() | ir.FixedRegister() | ir.Constant():
            return "."
    if type(body).__name__ in vars(ir):
        parts = sorted(_shape(getattr(body, name)) for name in parts_of(body) if name != "operand")
        return f"{type(body).__name__}({' '.join(parts)})"
    return str(body)


class _Meaning:
    """A body with its fields filled in, and with commuting operands in one order."""

    def __init__(
        self, long: Instruction, arguments: _Arguments, values: Mapping[str, int] | None = None
    ) -> None:
        self._operands = long.operands
        self._arguments = arguments
        self._values = values or {}
        self._body: Sequence[object] = long.body

    @cached_property
    def text(self) -> str:
        return self._text(tuple(self._body))

    @property
    def is_neutral(self) -> bool:
        """Whether it only assigns a register to itself."""
        match self._body:
            case (ir.SetRegister(operand=str(name), value=value),):
                return self._neutral(value) == self._register(name)
        return False

    def _neutral(self, value: object) -> str:
        match value:
            case ir.WordOp(op, left, right) | ir.Shift(op, left, right, _):
                if op in _NEUTRAL_ZERO and self._text(right) == "0":
                    return self._neutral(left)
            case ir.IntegerBits(number, 0):
                return self._neutral(number)
            case ir.WordNumber(word) | ir.WordSlice(word, _, 0):
                return self._neutral(word)
        return self._text(value)

    def _text(self, node: object) -> str:
        match node:
            case tuple():
                return f"({' '.join(self._text(part) for part in node)})"
            case ir.Register(operand):
                return self._register(operand)
            case ir.FieldValue(operand):
                return self._field(operand)
            case ir.Constant(value):
                return str(value)
            case ir.WordSlice(word, _, 0) if self._text(word) == "0":
                return "0"
            case ir.SetRegister(operand=str(operand)):
                rest = (node.low, node.value, node.fill)
                return f"SetRegister({self._register(operand)} {self._text(rest)})"
        if type(node).__name__ in vars(ir):
            texts = [self._text(getattr(node, name)) for name in parts_of(node)]
            if getattr(node, "op", None) in _COMMUTATIVE:
                texts.sort()
            return f"{type(node).__name__}({' '.join(texts)})"
        return str(node)

    def _register(self, name: str) -> str:
        operand = self._operands[name]
        assert isinstance(operand, RegisterOperand)
        match self._arguments[name]:
            case int(index):
                return "0" if index == operand.file.zero else f"{operand.file.name}[{index}]"
            case FromOperand(own):
                return f"{operand.file.name}:{own}"

    def _field(self, name: str) -> str:
        match self._arguments.get(name):
            case FromOperand(own, negated):
                value = self._values.get(own)
                return f"{'-' * negated}{own}" if value is None else str(value)
            case given:
                return str(given)
