"""The memory that a guest asks the host for: a data segment that grows up, mappings from the top
down, in the range between program and stack."""

from __future__ import annotations

from typing import Any, Final

from rvx.machine.memory import Memory

_PAGE: Final = 0x1000


class Heap:
    """The addresses of `room`, which must be RAM."""

    def __init__(self, memory: Memory, room: range) -> None:
        self._memory = memory
        self._room = room
        self._break = room.start
        self._mapped: list[range] = []  # highest first

    def state(self) -> list[Any]:
        """Where the segment ends and what is mapped, for `resume`."""
        return [self._break, [[piece.start, piece.stop] for piece in self._mapped]]

    def resume(self, state: list[Any]) -> None:
        """Go on where `state` was asked; what is in the memory is another's business."""
        self._break, mapped = state
        self._mapped = [range(*piece) for piece in mapped]

    def brk(self, address: int) -> int:
        """Move the end of the data segment, if it can be there; returns where it is."""
        limit = self._mapped[-1].start if self._mapped else self._room.stop
        if not self._room.start <= address <= limit:
            return self._break
        if address > self._break:
            # Memory that is handed out again must be zero again: malloc relies on it.
            self._memory.clear(self._break, address - self._break)
        self._break = address
        return address

    def map(self, size: int) -> int | None:
        """Zeroed pages at an address of the heap's choice; None where there is no room."""
        size = size + _PAGE - 1 & -_PAGE
        stop = self._room.stop & -_PAGE
        for index, below in enumerate([*self._mapped, range(0, self._break)]):
            if stop - size >= below.stop:
                self._mapped.insert(index, range(stop - size, stop))
                self._memory.clear(stop - size, size)
                return stop - size
            stop = below.start
        return None

    def unmap(self, address: int, size: int) -> bool:
        """Give pages back; those that were not mapped do not matter. False: no such address."""
        if address % _PAGE or size <= 0:
            return False
        gone = range(address, address + (size + _PAGE - 1 & -_PAGE))
        kept = []
        for piece in self._mapped:
            above = range(max(piece.start, gone.stop), piece.stop)
            below = range(piece.start, min(piece.stop, gone.start))
            kept += [part for part in (above, below) if part]
        self._mapped = kept
        return True
