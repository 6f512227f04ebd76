"""A section while its source is assembled: bytes, and gaps whose size may be known only later.

As long as all sizes are known, which is nearly always, a section is one fragment and offsets are
final at once. A gap of unknown size closes the fragment; the layout then places what follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from rvx.asm.assembly import FixupKind, InField, SectionFlag, SectionType
from rvx.asm.position import AssemblyError, Line, Position

if TYPE_CHECKING:
    from rvx.asm.expression import Tree


class Budget:
    """How many more bytes of contents there may be: what one line of text asks for must not
    exhaust the memory."""

    def __init__(self, size: int = 1 << 26) -> None:
        self._size = self._left = size

    def take(self, size: int, position: Position | None) -> None:
        """Raise if this is more than is left."""
        self._left -= size
        if self._left < 0:
            raise AssemblyError(
                f"the sections would hold more than {self._size} bytes: "
                "put large zeroed memory into .bss",
                position,
            )


@dataclass(frozen=True, slots=True)
class Alignment:
    """Up to the next multiple of `to`, unless that takes more than `limit` bytes."""

    to: int
    limit: int | None
    fill: Callable[[int], bytes]

    def size_at(self, offset: int) -> int:
        size = -offset % self.to
        return 0 if self.limit is not None and size > self.limit else size


@dataclass(frozen=True, slots=True)
class Space:
    """`count` times the pattern."""

    count: Tree
    pattern: bytes


@dataclass(frozen=True, slots=True)
class Origin:
    """Up to an offset in the section."""

    offset: Tree
    pattern: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """A jump or branch whose target field is empty."""

    contents: bytes
    kind: InField


@dataclass(frozen=True, slots=True)
class Choice:
    """A jump or branch in its short form if that reaches the target, else in its long one."""

    target: Tree
    short: Encoded
    long: Encoded

    def of_size(self, size: int) -> Encoded:
        return self.short if size == len(self.short.contents) else self.long

    def size_for(self, distance: int | None) -> int:
        """How many bytes reach a target so far away; None where that is another's to know."""
        field = self.short.kind.field
        if distance is None or not field.low <= distance <= field.high:
            return len(self.long.contents)
        return len(self.short.contents)


@dataclass(frozen=True, slots=True)
class Leb128:
    """A number in as many bytes as it needs, seven bits each."""

    value: Tree
    is_signed: bool
    found: dict[str, bytes] = field(default_factory=dict)  # "": the bytes, once they are known


Gap: TypeAlias = "Alignment | Space | Origin | Choice | Leb128"


def filler(gap: Gap, size: int) -> bytes:
    """What stands in a gap of this size."""
    match gap:
        case Alignment(_, _, fill):
            return fill(size)
        case Space(_, pattern) | Origin(_, pattern):
            return (pattern * (size // len(pattern) + 1))[:size] if pattern else b""
        case Choice():
            return gap.of_size(size).contents
        case Leb128():
            return gap.found[""]


@dataclass(slots=True, eq=False)
class Fragment:
    """Bytes, and the gap after them."""

    section: OpenSection
    start: int | None  # in the section; None until the layout knows
    data: bytearray = field(default_factory=bytearray)
    gap: Gap | None = None
    gap_size: int = 0
    gap_at: Position | None = None

    @property
    def end(self) -> int | None:
        """The offset in the section after the bytes, where it is known."""
        return None if self.start is None else self.start + len(self.data)


@dataclass(frozen=True, slots=True)
class OpenFixup:
    """A fixup whose value is still a tree."""

    fragment: Fragment
    offset: int
    kind: FixupKind
    value: Tree
    position: Position


class OpenSection:
    """A section that grows at its end."""

    def __init__(
        self,
        index: int,
        name: str,
        type: SectionType,
        flags: SectionFlag,
        *,
        entry_size: int,
        alignment: int,
        budget: Budget,
        group: str = "",
    ) -> None:
        self.index = index
        self.name = name
        self.type = type
        self.flags = flags
        self.entry_size = entry_size
        self.alignment = alignment
        self.budget = budget
        self.group = group
        self.last = Fragment(self, 0)
        self.fragments = [self.last]
        self.fixups: list[OpenFixup] = []
        self.marks: list[tuple[Fragment, int, Line]] = []

    def mark(self, line: Line) -> None:
        """Note that what follows comes from this line."""
        self.marks.append((self.last, len(self.last.data), line))

    def add_gap(self, gap: Gap, size: int | None, position: Position) -> None:
        """Leave a gap; its size is None where it is not yet known."""
        if isinstance(gap, Alignment):
            self.alignment = max(self.alignment, gap.to)
            size = None if self.last.end is None else gap.size_at(self.last.end)
        if size is not None and self.type is not SectionType.NOBITS:
            self.budget.take(size, position)
            self.last.data += filler(gap, size)
            return
        self._close(gap, size or 0, position)
        known = self.last.end is not None and size is not None
        start = (self.last.end or 0) + (size or 0) if known else None
        self._open(start)

    def add_open_gap(self, gap: Choice | Leb128, position: Position) -> None:
        """Leave a gap whose size the layout finds, growing from the smallest."""
        self._close(gap, len(gap.short.contents) if isinstance(gap, Choice) else 1, position)
        self._open(None)

    def _close(self, gap: Gap, size: int, position: Position) -> None:
        self.last.gap, self.last.gap_size, self.last.gap_at = gap, size, position

    def _open(self, start: int | None) -> None:
        self.last = Fragment(self, start)
        self.fragments.append(self.last)
