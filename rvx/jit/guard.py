"""Where code was translated from: stores that native code must not make, and writes that make
translated code wrong.

RAM is divided into granules of 64 bytes. Native code stores freely into the window, the largest
part of RAM without a marked granule, and elsewhere after a look at the map.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

from rvx.jit.surroundings import Memory

_GRANULE: Final = 6  # bits of an address within a granule


class Translated(Protocol):
    """Something that was made from code of the guest."""

    @property
    def code(self) -> tuple[range, ...]:
        """The addresses."""

    @property
    def image(self) -> tuple[bytes, ...]:
        """What was there, for each range."""


T = TypeVar("T", bound=Translated)


class Guard(Generic[T]):
    """The map of one memory's code and watches. Granules are numbered from the base of RAM."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        fast = memory.regions[0]
        self._base, self._size = fast.base, fast.size
        self._map = mmap.mmap(-1, (self._size >> _GRANULE) + 1)  # zero, and untouched until used
        self._holders: dict[int, set[T]] = {}  # by granule, also of other pieces of RAM
        self._watched = {g for watched in memory.watched for g in self._granules(watched)}
        for granule in self._watched:
            self._mark(granule, 1)
        self.window = self._largest()

    @property
    def address(self) -> int:
        """The host address of the map: a byte a granule of RAM, 0 where a store is only a store."""
        return ctypes.addressof(ctypes.c_char.from_buffer(self._map))

    def add(self, holder: T) -> None:
        """Protect the code that something was translated from."""
        for granule in self._all_granules(holder.code):
            holders = self._holders.get(granule)
            if holders is None:
                self._holders[granule] = {holder}
                self._mark(granule, 1)
                self._shrink(granule)
            else:
                holders.add(holder)

    def remove(self, holder: T) -> None:
        """Give up what was protected for it."""
        for granule in self._all_granules(holder.code):
            holders = self._holders.get(granule)
            if holders is not None:
                holders.discard(holder)
                if not holders:
                    del self._holders[granule]
                    self._mark(granule, int(granule in self._watched))

    def touched(self, address: int, size: int) -> set[T]:
        """Those whose code is no longer what they were made from, after a write there."""
        written = self._granules(range(address, address + size))
        if len(written) > len(self._holders):
            granules = [g for g in self._holders if g in written]
        else:
            granules = [g for g in written if g in self._holders]
        found = {holder for granule in granules for holder in self._holders[granule]}
        return {holder for holder in found if not self.is_current(holder)}

    def is_current(self, holder: Translated) -> bool:
        """Whether the guest's memory still has the code that it was made from."""
        peek = self._memory.peek
        return all(
            peek(code.start, len(code)) == image
            for code, image in zip(holder.code, holder.image, strict=True)
        )

    def widen(self) -> None:
        """Look for the largest window anew, after removals."""
        self.window = self._largest()

    def _mark(self, granule: int, value: int) -> None:
        if 0 <= granule < len(self._map):
            self._map[granule] = value

    def _shrink(self, granule: int) -> None:
        """Keep the larger side of the window."""
        taken = self._addresses(granule, granule + 1)
        if taken.start < self.window.stop and self.window.start < taken.stop:
            below = range(self.window.start, max(taken.start, self.window.start))
            above = range(min(taken.stop, self.window.stop), self.window.stop)
            self.window = max(below, above, key=len)

    def _largest(self) -> range:
        count = self._size + (1 << _GRANULE) - 1 >> _GRANULE
        marked = sorted(g for g in {*self._holders, *self._watched} if 0 <= g < count)
        gaps = pairwise([-1, *marked, count])
        free = max((range(one + 1, other) for one, other in gaps), key=len)
        return self._addresses(free.start, free.stop)

    def _addresses(self, first: int, stop: int) -> range:
        end = self._base + self._size
        return range(self._base + (first << _GRANULE), min(self._base + (stop << _GRANULE), end))

    def _granules(self, addresses: range) -> range:
        first, last = addresses.start - self._base, addresses.stop - 1 - self._base
        return range(first >> _GRANULE, (last >> _GRANULE) + 1)

    def _all_granules(self, code: Iterable[range]) -> Iterator[int]:
        for addresses in code:
            yield from self._granules(addresses)
