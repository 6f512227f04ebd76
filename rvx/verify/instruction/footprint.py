"""What an instruction reads and writes: which bits of which registers and states matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rvx.model import ir
from rvx.model.expression import FormatUse
from rvx.model.machine import (
    Instruction,
    LanesView,
    Machine,
    NumberView,
    RegisterOperand,
)
from rvx.model.walk import nodes, parts_of


class Source(NamedTuple):
    """A register by the operand that names it, a register by its number, or a state."""

    kind: str  # "operand", "register", "state"
    name: str  # of the operand, the file or the state
    number: int


@dataclass(frozen=True)
class Piece:
    """Bits of a source that belong together: a number, or a word."""

    source: Source
    low: int
    width: int
    use: FormatUse | None  # None: a word
    boxed: bool = False  # with ones above, or it is another number


@dataclass(frozen=True)
class Footprint:
    """Of an expanded instruction with its CSR, if it names one."""

    pieces: tuple[Piece, ...]  # what the body reads
    sources: tuple[Source, ...]  # all that it reads or writes
    selectors: tuple[str, ...]  # mode states that choose formats or decide in the body
    legality: tuple[str, ...]  # mode states that decide whether it is legal, and those it marks
    addresses: frozenset[Source]  # what addresses are made of
    uses_memory: bool

    @property
    def bits(self) -> int:
        """How many bits decide what it does, modes left aside."""
        return sum(piece.width for piece in self.pieces)


def footprint(machine: Machine, instruction: Instruction, fields: Mapping[str, int]) -> Footprint:
    """Of an expanded instruction."""
    return _Walk(machine, instruction, fields).footprint()


class _Walk:
    def __init__(
        self, machine: Machine, instruction: Instruction, fields: Mapping[str, int]
    ) -> None:
        self._machine, self._instruction = machine, instruction
        self._csr = machine.csr_at.get(fields.get("csr", -1)) if "csr" in fields else None
        self._demanded: dict[Source, int] = {}  # a mask of bits
        self._decoded: dict[Source, list[tuple[int, int, FormatUse]]] = {}
        self._written: dict[Source, None] = {}
        self._modes: dict[str, None] = {}
        self._legality: dict[str, None] = {}

    def footprint(self) -> Footprint:
        body: list[object] = [self._instruction.body]
        if self._csr is not None:
            body += [self._csr.value, self._csr.write]
            self._needs([self._csr.needs])
        for tree in body:
            self._tree(tree)
        files = {
            o.file for o in self._instruction.operands.values() if isinstance(o, RegisterOperand)
        }
        self._needs(self._instruction.needs)
        for file in files:
            self._needs([file.needs])
            self._marks(file.marks)
        if "fflags" in self._machine.states and self._may_raise_flags():
            self._written[Source("state", "fflags", 0)] = None
            self._marks(self._machine.states["fflags"].marks)
        addresses = frozenset(self._addresses())
        pieces = [p for source in self._demanded for p in self._pieces(source)]
        operands = [
            Source("operand", name, 0)
            for name, operand in self._instruction.operands.items()
            if isinstance(operand, RegisterOperand)
        ]
        return Footprint(
            tuple(pieces),
            tuple(dict.fromkeys([*operands, *self._demanded, *self._written])),
            tuple(name for name in self._modes if name not in self._legality),
            tuple(self._legality),
            addresses,
            any(isinstance(n, ir.Load | ir.Store) for tree in body for n in nodes(tree)),
        )

    def _may_raise_flags(self) -> bool:
        rounding = (ir.Encode, ir.Rounded, ir.CompareNumbers)
        return any(isinstance(node, rounding) for node in nodes(self._instruction.body))

    # Demand

    def _tree(self, tree: object) -> None:
        """All words inside are read whole."""
        if isinstance(tree, tuple):
            for part in tree:
                self._tree(part)
            return
        match tree:
            case ir.SetRegister(operand, file, index):
                name = ("operand", operand, 0) if operand else ("register", file, index)
                self._written[Source(*name)] = None
            case ir.SetState(name, index):
                self._written[Source("state", name, index)] = None
        if isinstance(tree, ir.Word):
            self._word(tree, 0, tree.width)
            return
        if isinstance(tree, ir.Decode) and (found := _source(tree.word)) is not None:
            source, low, width = found
            self._decoded.setdefault(source, []).append((low, width, tree.format))
            if isinstance(tree.format, ir.Choice):
                self._tree(tree.format.selector)
        self._parts(tree)

    def _parts(self, node: object) -> None:
        if type(node) in _NODES:
            for name in parts_of(node):
                self._tree(getattr(node, name))

    def _word(self, e: ir.Word, low: int, width: int) -> None:
        """Bits [low + width - 1 : low] of the word are read."""
        if (leaf := _leaf(e)) is not None:
            self._demand(leaf, ((1 << width) - 1) << low)
            return
        match e:
            case ir.WordSlice(value, _, at):
                self._word(value, low + at, width)
            case ir.Unbox(value, canonical):
                self._word(value, low, width)
                self._tree(canonical)
            case ir.Join(parts):
                at = e.width
                for part in parts:
                    at -= part.width
                    first, last = max(low, at), min(low + width, at + part.width)
                    if first < last:
                        self._word(part, first - at, last - first)
            case _:
                self._parts(e)

    def _demand(self, source: Source, mask: int) -> None:
        if source.kind == "state" and self._machine.states[source.name].mode:
            self._modes[source.name] = None
            return
        self._demanded[source] = self._demanded.get(source, 0) | mask

    def _needs(self, truths: Sequence[ir.Truth | None]) -> None:
        for node in nodes(tuple(truths)):
            if isinstance(node, ir.State) and self._machine.states[node.name].mode:
                self._legality[node.name] = None
            elif isinstance(node, ir.State):
                self._written[Source("state", node.name, node.index)] = None

    def _marks(self, marks: Sequence[ir.Statement]) -> None:
        for node in nodes(tuple(marks)):
            if isinstance(node, ir.SetState) and self._machine.states[node.name].mode:
                self._legality[node.name] = None

    def _addresses(self) -> Iterator[Source]:
        for node in nodes(self._instruction.body):
            match node:
                case ir.Load(address) | ir.Store(address):
                    for inside in nodes(address):
                        if (leaf := _leaf(inside)) is not None:
                            yield leaf

    # Pieces

    def _pieces(self, source: Source) -> Iterator[Piece]:
        """What is demanded of a source, as its view or its decoding has it."""
        mask = self._demanded[source]
        for low, width, use, boxed in self._numbers(source):
            bits = ((1 << width) - 1) << low
            if mask & bits:
                yield Piece(source, low, width, use, boxed)
                mask &= ~bits
                if boxed:
                    return
        while mask:
            low = (mask & -mask).bit_length() - 1
            width = ((mask >> low) + 1 & ~(mask >> low)).bit_length() - 1
            yield Piece(source, low, width, None)
            mask &= ~(((1 << width) - 1) << low)

    def _numbers(self, source: Source) -> Iterator[tuple[int, int, FormatUse, bool]]:
        if source.kind == "operand":
            operand = self._instruction.operands[source.name]
            assert isinstance(operand, RegisterOperand)
            match operand.view:
                case NumberView(use, width):
                    yield 0, width, use, operand.file.boxed and width < operand.file.width
                case LanesView(use, width, count):
                    yield from ((width * i, width, use, False) for i in range(count))
        elif source.kind == "state" and (held := self._machine.states[source.name].format):
            yield 0, self._machine.states[source.name].width, held, False
        yield from ((low, width, use, False) for low, width, use in self._decoded.get(source, ()))


_NODES = frozenset(kind for kind in vars(ir).values() if isinstance(kind, type))


def _leaf(e: object) -> Source | None:
    match e:
        case ir.Register(operand):
            return Source("operand", operand, 0)
        case ir.FixedRegister(file, index):
            return Source("register", file, index)
        case ir.State(name, index):
            return Source("state", name, index)
    return None


def _source(e: ir.Word) -> tuple[Source, int, int] | None:
    """The source of which a word is a slice: low bit and width."""
    low, width = 0, e.width
    while True:
        if (leaf := _leaf(e)) is not None:
            return leaf, low, width
        match e:
            case ir.WordSlice(value, _, at):
                e, low = value, low + at
            case ir.Unbox(value):
                e = value
            case _:
                return None
