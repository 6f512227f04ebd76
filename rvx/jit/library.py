"""The native code of a run: linked, found by pc and situation, dropped where the guest changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from rvx.jit.dispatch import Table
from rvx.jit.guard import Guard
from rvx.jit.pack import Kept
from rvx.jit.surroundings import Memory

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
    is_waiting: bool = False  # for better code

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

    def __init__(self, regions: Sequence[Kept]) -> None:
        from rvx.jit.native import Code

        names = [region.name for region in regions]
        self.code: Code = Code([region.object for region in regions], names)
        self.alone = len(regions) == 1

    def address(self, region: Kept) -> int:
        return self.code.address(region.name)


class Library:
    """All regions of one memory."""

    def __init__(self, memory: Memory) -> None:
        self.table = Table()
        self.guard: Guard[Linked] = Guard(memory)
        self._regions: dict[tuple[int, int], Linked] = {}  # by where they were made for
        self._entries: dict[tuple[int, int], Linked] = {}  # by all pcs and situations they serve
        self._pcs: dict[int, int] = {}  # how many entries are there
        self._bytes = 0
        self._alone = 0
        self.retired = 0  # regions dropped so far

    def __contains__(self, pc: int) -> bool:
        """Whether a region can be entered at pc, in whatever situation."""
        return pc in self._pcs

    def __len__(self) -> int:
        return len(self._regions)

    def find(self, pc: int, situation: int) -> Linked | None:
        """The region, which the trampoline finds from now on too."""
        found = self._entries.get((pc, situation))
        if found is not None:
            self._put((pc, situation), found)
        return found

    def add(self, regions: Sequence[Kept]) -> list[Linked]:
        """Link regions of different keys together, in place of those of the same keys."""
        if not regions:
            return []
        group, added = Group(regions), []
        for kept in regions:
            if (old := self._regions.get((kept.pc, kept.situation))) is not None:
                self.drop(old)
            linked = Linked(kept, group)
            self._regions[linked.key] = linked
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
        del self._regions[linked.key]
        self._bytes -= len(linked.kept.object)
        self._alone -= linked.group.alone
        self.retired += 1
        for key in (linked.key, *linked.kept.entries):
            if self._entries.get(key) is linked:
                del self._entries[key]
                self._pcs[key[0]] -= 1
                if not self._pcs[key[0]]:
                    del self._pcs[key[0]]
                self.table.remove(*key)
        self.guard.remove(linked)

    def has(self, linked: Linked) -> bool:
        """Whether the region is still the one for its pc and situation."""
        return self._regions.get(linked.key) is linked

    def stale(self) -> list[Linked]:
        """Those whose code the guest's memory no longer has."""
        return [linked for linked in self._regions.values() if not self.guard.is_current(linked)]

    def _serve(self, key: tuple[int, int], linked: Linked) -> None:
        """Let a region be entered there, unless a better one is, or one that was made for it."""
        old = self._entries.get(key)
        if old is None:
            self._pcs[key[0]] = self._pcs.get(key[0], 0) + 1
        elif key != linked.key and old.kept.level >= linked.kept.level:
            return
        self._entries[key] = linked
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
            group = Group([linked.kept for linked in lonely])
            for linked in lonely:
                linked.group = group
            for key, linked in self._entries.items():
                if linked.group is group:
                    self._put(key, linked)
            self._alone = 0
