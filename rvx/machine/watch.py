"""A clock that somebody watches: told of every instruction, with what its timing depends on."""

from __future__ import annotations

from typing import Protocol

from rvx.machine.clock import Clock
from rvx.machine.hart import Bound
from rvx.timing import Pipeline
from rvx.timing.pipeline import Pending


class Watcher(Protocol):
    """What a watcher is told: `issued` of each instruction, then one of the others."""

    def issued(self, clock: Clock, bound: Bound | None, pc: int, word: int) -> None:
        """It has left decode in `clock.cycle`; None: the word is no instruction."""

    def retired(self, clock: Clock, bound: Bound) -> None:
        """It has executed; its effects have not taken place yet."""

    def trapped(self, clock: Clock, bound: Bound | None, cause: int) -> None:
        """It has trapped, or an interrupt has taken its place."""


class WatchedClock:
    """A clock and its watcher."""

    def __init__(self, clock: Clock, watcher: Watcher) -> None:
        self._clock = clock
        self._watcher = watcher

    @property
    def cycles(self) -> int:
        return self._clock.cycles

    @property
    def cycle(self) -> int:
        return self._clock.cycle

    def issue(self, bound: Bound | None, pc: int, word: int) -> int:
        cycle = self._clock.issue(bound, pc, word)
        self._watcher.issued(self._clock, bound, pc, word)
        return cycle

    def retire(self, bound: Bound) -> None:
        self._clock.retire(bound)
        self._watcher.retired(self._clock, bound)

    def trap(self, bound: Bound | None, cause: int) -> None:
        self._clock.trap(bound, cause)
        self._watcher.trapped(self._clock, bound, cause)

    @property
    def pipeline(self) -> Pipeline | None:
        return self._clock.pipeline

    @property
    def pending(self) -> Pending:
        return self._clock.pending

    def resume(self, pending: Pending, cycle: int) -> None:
        self._clock.resume(pending, cycle)

    def resume_issued(self, state: int, cycle: int) -> None:
        self._clock.resume_issued(state, cycle)
