"""Interrupts: which one is pending, and when time alone makes one pending."""

from __future__ import annotations

from typing import Final

from rvx.machine.hart import Hart
from rvx.reference.binding import Binding

_LAST: Final = (1 << 64) - 1  # of mtime


class Interrupts:
    """The declared interrupts of a machine, over the states of a hart. Their conditions may become
    true as mtime grows, and never false."""

    def __init__(self, hart: Hart) -> None:
        binding = Binding(hart, hart.machine, {}, {})
        self._declared = [(i.cause, binding.truth(i.condition)) for i in hart.machine.interrupts]
        self._time = hart.states.get("mtime", [0])

    def pending(self, time: int) -> int | None:
        """The cause of the interrupt of the highest priority at that mtime, or None."""
        self._time[0] = time
        for cause, holds in self._declared:
            if holds():
                return cause
        return None

    def first(self, time: int) -> int | None:
        """The first mtime from `time` on at which one is pending if no other state changes."""
        if self.pending(time) is not None:
            return time
        if self.pending(_LAST) is None:
            return None
        low, high = time, _LAST  # not yet at low, already at high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.pending(middle) is not None else (middle, high)
        self._time[0] = time
        return high
