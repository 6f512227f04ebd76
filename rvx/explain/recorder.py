"""Watches a run: what each instruction waited for, all of them counted, some of them kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TypeAlias

from rvx.machine.clock import Clock
from rvx.machine.hart import Bound
from rvx.record import record
from rvx.timing import Pipeline

# How often an instruction (its address) followed another one (None: the first) and waited so: a
# reason for each cycle.
Counts: TypeAlias = Mapping[tuple[int | None, int, tuple[str, ...]], int]

_OFTEN = 1 << 14  # instructions between two signs of life


@record(frozen=True, slots=True)
class Executed:
    """One instruction on its way through the pipeline."""

    index: int  # in the run, from 0
    pc: int
    word: int
    cycle: int  # in which it left decode
    stalls: tuple[str, ...]  # why not in each cycle before, since the instruction before left
    execute: int = 0  # cycles in execute behind that one; 0: it trapped
    late: int = 0  # cycles behind execute until its result can be read
    unit: str | None = None  # where it is in these
    cause: int | None = None  # of the trap that it met


class Recorder:
    """A watcher that counts every instruction, and keeps those in a window."""

    def __init__(self, alive: Callable[[int], None] | None = None) -> None:
        self.window = range(0)  # indices of those that are kept
        self.opens_at: tuple[int, int] | None = None  # or: the first here, and how many
        self.counts: Counter[tuple[int | None, int, tuple[str, ...]]] = Counter()
        self.kept: list[Executed] = []
        self.instructions = 0
        self.in_execute: frozenset[str] = frozenset()  # the core's reasons that mean this
        self._before: int | None = None
        self._open: Executed | None = None
        self._alive = alive

    def issued(self, clock: Clock, bound: Bound | None, pc: int, word: int) -> None:
        pipeline = _pipeline(clock)
        stalls = pipeline.stalls()
        if self._open is not None:
            self._keep(stalls)
        self.counts[self._before, pc, stalls] += 1
        index = self.instructions
        if self.opens_at is not None and pc == self.opens_at[0]:
            self.window = range(index, index + self.opens_at[1])
            self.opens_at = None
        if index in self.window:
            self.in_execute = pipeline.rules.execute_reasons
            self._open = Executed(index, pc, word, clock.cycle, stalls)
        self._before = pc
        self.instructions += 1
        if self._alive is not None and self.instructions % _OFTEN == 0:
            self._alive(self.instructions)

    def retired(self, clock: Clock, bound: Bound) -> None:
        if self._open is None:
            return
        pipeline = _pipeline(clock)
        costs, rules = pipeline.costs, pipeline.rules
        of = (u.name for u in rules.units if rules.kinds.has(u.kind, bound.instruction))
        unit = next(of, None)
        late = costs.result if unit is None else costs.latency
        self._open = replace(self._open, execute=costs.execute, late=late, unit=unit)

    def trapped(self, clock: Clock, bound: Bound | None, cause: int) -> None:
        if self._open is not None:
            self._open = replace(self._open, cause=cause)

    def finish(self) -> None:
        """There are no more."""
        if self._open is not None:
            self.kept.append(self._open)
            self._open = None

    def _keep(self, stalls: tuple[str, ...]) -> None:
        """What the next one waited for tells how long this one stayed in execute."""
        assert self._open is not None
        executed = self._open
        if executed.cause is None:
            held = len(list(takewhile(self.in_execute.__contains__, stalls)))
            executed = replace(executed, execute=1 + held)
        self.kept.append(executed)
        self._open = None


def _pipeline(clock: Clock) -> Pipeline:
    pipeline = clock.pipeline
    assert pipeline is not None, "timing is off"
    return pipeline
