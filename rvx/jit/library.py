"""The native code of a run: linked, found by pc and situation, dropped where the guest changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from rvx.jit.dispatch import Table
from rvx.jit.guard import Guard
from rvx.jit.pack import Kept, Unit
from rvx.jit.surroundings import Memory
from rvx.jit.thread import Thread

if TYPE_CHECKING:
    from rvx.jit.native import Code

# Beyond these the oldest half is dropped.
_MOST_REGIONS: Final = 4096
_MOST_BYTES: Final = 64 << 20  # of objects
# Regions that are linked alone take three times the memory of those that are linked together.
_MOST_ALONE: Final = 256


@dataclass(eq=False)
class Linked:
    """A region in the table."""

    kept: Kept
    group: Group
    heat: float = 0.0  # seconds that it has run, as far as samples tell
    heats: dict[tuple[int, int], float] = field(default_factory=dict)  # by pc and situation entered
    waiting: set[tuple[int, int]] = field(default_factory=set)  # of them, for better code

    @property
    def longest(self) -> int:
        return self.kept.longest

    @property
    def key(self) -> tuple[int, int]:
        return self.kept.pc, self.kept.situation

    @property
    def code(self) -> tuple[range, ...]:
        return self.kept.code

    @property
    def image(self) -> tuple[bytes, ...]:
        return self.kept.image


class Group:
    """Regions that were linked together. Their code lives as long as this does."""

    def __init__(
        self, regions: Sequence[Kept], units: Sequence[Unit], routines: Mapping[str, int]
    ) -> None:
        """`routines` has the addresses of those that the units do not define."""
        from rvx.jit.native import Code

        objects = dict.fromkeys([unit.object for unit in units])
        objects |= dict.fromkeys([region.object for region in regions])
        self.routines = list(dict.fromkeys(name for unit in units for name in unit.names))
        called = {name for region in regions for name in region.routines}
        self.code: Code = Code(
            list(objects),
            [*(region.name for region in regions), *self.routines],
            {name: routines[name] for name in called.difference(self.routines)},
        )
        self.alone = len(regions) == 1

    def address(self, region: Kept) -> int:
        return self.code.address(region.name)


class Library:
    """All regions of one memory."""

    def __init__(self, memory: Memory) -> None:
        self.table = Table()
        self.guard: Guard[Linked | Thread] = Guard(memory)
        # By where they were made for, and how well.
        self._regions: dict[tuple[int, int, int], Linked] = {}
        self.entries: dict[tuple[int, int], Linked] = {}  # by all pcs and situations they serve
        self._pcs: dict[int, int] = {}  # how many entries are there
        self._bytes = 0
        self._alone = 0
        self.retired = 0  # regions dropped so far
        self.units: list[Unit] = []
        self._routines: dict[str, int] = {}  # addresses
        self._codes: list[Code] = []  # which keeps the routines alive

    def __contains__(self, pc: int) -> bool:
        """Whether a region can be entered at pc, in whatever situation."""
        return pc in self._pcs

    def __len__(self) -> int:
        return len(self._regions)

    def serves(self, pc: int, situation: int) -> bool:
        """Whether there is a region for a pc and situation."""
        return (pc, situation) in self.entries

    def find(self, pc: int, situation: int) -> Linked | None:
        """The region, which the trampoline finds from now on too."""
        found = self.entries.get((pc, situation))
        if found is not None:
            self._put((pc, situation), found)
        return found

    def add(self, regions: Sequence[Kept], units: Sequence[Unit] = ()) -> list[Linked]:
        """Link regions together, in place of those of the same keys and level; and the routines
        that they need and that are not there yet, which stay."""
        if not regions:
            return []
        group, added = Group(regions, units, self._routines), []
        for name in group.routines:
            self._routines.setdefault(name, group.code.address(name))
        if units:
            self.units += units
            self._codes.append(group.code)
        for kept in regions:
            linked = Linked(kept, group)
            if (old := self._regions.get((*linked.key, kept.level))) is not None:
                self.drop(old)
            self._regions[*linked.key, kept.level] = linked
            self._bytes += len(kept.object)
            self._alone += group.alone
            self.guard.add(linked)
            for key in (linked.key, *kept.entries):
                self._serve(key, linked)
            added.append(linked)
        self._keep_small()
        return added

    def drop(self, linked: Linked) -> None:
        """Forget a region. Native code must not be running."""
        if not self.has(linked):
            return
        del self._regions[*linked.key, linked.kept.level]
        self._bytes -= len(linked.kept.object)
        self._alone -= linked.group.alone
        self.retired += 1
        for key in (linked.key, *linked.kept.entries):
            if self.entries.get(key) is linked:
                del self.entries[key]
                self._pcs[key[0]] -= 1
                if not self._pcs[key[0]]:
                    del self._pcs[key[0]]
                self.table.remove(*key)
        self.guard.remove(linked)

    def has(self, linked: Linked) -> bool:
        """Whether the region is still the one for its pc and situation."""
        return self._regions.get((*linked.key, linked.kept.level)) is linked

    def stale(self) -> list[Linked]:
        """Those whose code the guest's memory no longer has."""
        return [linked for linked in self._regions.values() if not self.guard.is_current(linked)]

    def _serve(self, key: tuple[int, int], linked: Linked) -> None:
        """Let a region be entered there, unless a better one is, or one that was made for it."""
        old = self.entries.get(key)
        if old is None:
            self._pcs[key[0]] = self._pcs.get(key[0], 0) + 1
        elif (old.kept.level, key == old.key) >= (linked.kept.level, key == linked.key):
            return
        self.entries[key] = linked
        self._put(key, linked)

    def _put(self, key: tuple[int, int], linked: Linked) -> None:
        self.table.enter(*key, linked.group.address(linked.kept), linked.kept.longest)

    def _keep_small(self) -> None:
        if self._bytes > _MOST_BYTES or len(self._regions) > _MOST_REGIONS:
            for linked in list(islice(self._regions.values(), len(self._regions) // 2)):
                self.drop(linked)
            self.guard.widen()
        if self._alone > _MOST_ALONE:
            lonely = [linked for linked in self._regions.values() if linked.group.alone]
            group = Group([linked.kept for linked in lonely], (), self._routines)
            for linked in lonely:
                linked.group = group
            for key, linked in self.entries.items():
                if linked.group is group:
                    self._put(key, linked)
            self._alone = 0
