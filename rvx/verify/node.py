"""A random program as a tree: lines that become words, and groups that shrinking may open.

Labels are names. A line that leads somewhere names a label; addresses are known when the program
is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rvx.model.machine import Instruction


@dataclass(frozen=True)
class Line:
    """One instruction. Where `target` names a label, its target operand leads there."""

    instruction: Instruction
    fields: Mapping[str, int]
    target: str | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return self.instruction.length


@dataclass(frozen=True)
class Set:
    """Two instructions that put a constant, or a label's address, into an integer register."""

    register: int
    value: int | str
    offset: int = 0  # added to a label's address
    size: int = 8


@dataclass(frozen=True)
class Bits:
    """A word that need not be an instruction."""

    word: int
    size: int


@dataclass(frozen=True)
class Mark:
    """A label."""

    name: str
    size: int = 0


@dataclass(frozen=True)
class Table:
    """Addresses of labels, in the data."""

    name: str
    entries: tuple[str, ...]
    size: int = 0


@dataclass(frozen=True)
class Group:
    """Head and tail make something of the body: a loop, a branch over it, a function."""

    head: tuple[Node, ...]
    body: tuple[Node, ...]
    tail: tuple[Node, ...]
    repeats: int = 1  # how often the body is executed, for estimates

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(node.size for node in (*self.head, *self.body, *self.tail))


Leaf: TypeAlias = "Line | Set | Bits | Mark | Table"
Node: TypeAlias = "Leaf | Group"


def leaves(nodes: Sequence[Node]) -> Iterator[Leaf]:
    """What remains of the tree when it is written out."""
    for node in nodes:
        if isinstance(node, Group):
            yield from leaves(node.head)
            yield from leaves(node.body)
            yield from leaves(node.tail)
        else:
            yield node


def size_of(nodes: Sequence[Node]) -> int:
    """Bytes."""
    return sum(node.size for node in nodes)


def instructions_of(nodes: Sequence[Node]) -> int:
    """How many leaves of these become code: a measure of what shrinking has left."""
    return sum(bool(leaf.size) for leaf in leaves(nodes))


@dataclass(frozen=True)
class Source:
    """A whole program before it is laid out."""

    start: tuple[Node, ...]
    body: tuple[Node, ...]
    end: tuple[Node, ...]
    functions: tuple[Node, ...]
    data: bytes = field(repr=False)  # what the data area holds at first
    seeds: bytes = field(repr=False)  # what the registers are loaded from
    steps: int  # more instructions than it should execute

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All of it, in order of addresses."""
        return (*self.start, *self.body, *self.end, *self.functions)
