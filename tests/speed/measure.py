"""Measuring guests on engines, in turn: A B C A B C ..., so that a machine that slows down slows
all of them.

Steady state is what one more repetition costs. On rvx it is timed inside a run that goes on until
its speed has stopped rising. Elsewhere it is the CPU time of a long run less that of a short one,
by the difference of their repetitions, so that start and end cancel. A whole process is the CPU
time of one run of `WHOLE` instructions from start to end.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

from .engines import RVX, SPIKE, Engine, RunError
from .guests import Builder, Guest

WHOLE = 20e6  # instructions of a whole process, about
COLD = "rvx, empty cache"
_SHORT = 5  # a short run has a fifth of a long one's repetitions
_MOST = 1 << 30  # repetitions
_MAKING = 8.0  # seconds without a rise until rvx has made its best code: a large region takes long
_MADE = 1.0  # once that is kept
_COUNTED = 8, 40  # repetitions of runs that are counted
_INSTRUCTIONS = re.compile(r"rvx: (\d+) instructions, (\d+) cycles")
_SHARE = re.compile(r"([\d.]+) ?% natively")


@dataclass
class Result:
    """Of one guest. Times by engine: a value a round, in CPU seconds."""

    guest: Guest
    instructions: float = 0.0  # of a repetition
    cycles: float = 0.0  # of a repetition, on the first core
    share: float | None = None  # percent executed natively
    steady: dict[str, list[float]] = field(default_factory=dict)  # of a repetition
    whole: dict[str, list[float]] = field(default_factory=dict)
    wall: dict[str, list[float]] = field(default_factory=dict)  # of the whole process
    whole_instructions: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    statistics: str = ""  # what rvx said of a whole process

    def mips(self, engine: str) -> float:
        return self.instructions / median(self.steady[engine]) / 1e6

    def times(self, engine: str, of: str = RVX) -> float | None:
        """How many times as fast `of` is as the engine: the median of the rounds' ratios."""
        pairs = zip(self.steady.get(engine, ()), self.steady.get(of, ()), strict=False)
        ratios = [a / b for a, b in pairs if a > 0 and b > 0]
        return median(ratios) if ratios else None


@dataclass
class Bench:
    """Measures with long runs of about `target` CPU seconds, `rounds` times."""

    builder: Builder
    target: float
    rounds: int
    say: Callable[[str], None]

    def measure(self, guest: Guest, engines: Iterable[Engine]) -> Result:
        result = Result(guest)
        plans: list[tuple[Engine, int]] = []
        for engine in engines:
            if engine.runs(guest):
                self.say(f"{guest.name}: {engine.name}")
                try:
                    plans.append((engine, self._long(engine, guest)))
                except RunError as error:
                    result.failures[engine.name] = str(error)
        for number in range(self.rounds):
            self.say(f"{guest.name}: round {number + 1} of {self.rounds}")
            for engine, long in plans:
                cost = self._cost(engine, guest, long)
                result.steady.setdefault(engine.name, []).append(cost)
        self._count(result, [engine for engine, _ in plans])
        self._whole(result, [engine for engine, _ in plans])
        return result

    def _long(self, engine: Engine, guest: Guest) -> int:
        """Repetitions of a long run; none where only the code had to be made good."""
        if engine.inside is not None:
            engine.inside(self.builder, guest, self.target, _MAKING)
            return 0
        repeat, spent = 1, engine.run(self.builder, guest, 1).seconds
        while True:
            before, repeat = spent, 8 * repeat
            spent = engine.run(self.builder, guest, repeat).seconds
            if spent - before > self.target / 8:
                cost = (spent - before) / (repeat - repeat // 8)
                return min(max(round(self.target / cost), _SHORT), _MOST)
            if repeat > _MOST:
                raise RunError(f"{repeat} repetitions take no time")

    def _cost(self, engine: Engine, guest: Guest, long: int) -> float:
        """CPU seconds of a repetition, on rvx of a million instructions."""
        if engine.inside is not None:
            return engine.inside(self.builder, guest, self.target, _MADE)
        last = engine.run(self.builder, guest, long)
        first = engine.run(self.builder, guest, long // _SHORT)
        return (last.seconds - first.seconds) / (long - long // _SHORT)

    def _count(self, result: Result, engines: list[Engine]) -> None:
        """Instructions and cycles of a repetition, from two runs; costs on rvx by repetition."""
        for engine in engines:
            if engine.inside is None:
                continue
            counts = []
            for repeat in _COUNTED:
                run = engine.run(self.builder, result.guest, repeat)
                found = _INSTRUCTIONS.search(run.errors)
                if found is None:
                    raise RunError(f"rvx did not count: {run.errors[-1000:]}")
                counts.append((int(found[1]), int(found[2])))
            less, more = counts
            instructions, cycles = (
                (b - a) / (_COUNTED[1] - _COUNTED[0]) for a, b in zip(less, more, strict=True)
            )
            costs = result.steady[engine.name]
            result.steady[engine.name] = [cost * instructions / 1e6 for cost in costs]
            if not result.instructions:
                result.instructions, result.cycles = instructions, cycles

    def _whole(self, result: Result, engines: list[Engine]) -> None:
        guest = result.guest
        if not result.instructions:
            return
        repeat = max(round(WHOLE / result.instructions), 1)
        result.whole_instructions = round(repeat * result.instructions)
        said: dict[str, tuple[str, int]] = {}
        for _ in range(self.rounds):
            for engine in engines:
                run = engine.run(self.builder, guest, repeat)
                said[engine.name] = run.output, run.status
                result.whole.setdefault(engine.name, []).append(run.seconds)
                result.wall.setdefault(engine.name, []).append(run.wall)
                if engine.name != RVX:
                    continue
                result.statistics = run.errors.strip()
                if share := _SHARE.search(run.errors):
                    result.share = float(share[1])
                # What is still being compiled when a run ends comes to its cache later.
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
                    run = engine.run(self.builder, guest, repeat, RVX_CACHE_DIR=empty)
                result.whole.setdefault(COLD, []).append(run.seconds)
                result.wall.setdefault(COLD, []).append(run.wall)
        for name, (output, status) in said.items():
            # Spike ends with a status of its own where the guest's is not 0.
            differs = output != said[RVX][0] or (name != SPIKE and status != said[RVX][1])
            if RVX in said and differs:
                result.failures[name] = f"{output!r}, {status} where rvx has {said[RVX]}"
