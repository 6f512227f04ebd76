"""A run as timing sees it: what executed, and all that any core's text can make depend on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from rvx.calibrate.measured import Measured, StampError
from rvx.machine.clock import Clock, tell
from rvx.machine.hart import Bound, Hart
from rvx.machine.program import Program
from rvx.machine.simulator import Simulator
from rvx.model.decoder import length_of
from rvx.model.machine import Instruction
from rvx.record import record
from rvx.reference.storage import TrapRaised
from rvx.timing import Outcome
from rvx.timing.registers import RegisterUse

# File, number and value of a register.
Operand: TypeAlias = tuple[str, int, int]


@record(frozen=True, slots=True)
class Event:
    """One instruction and what it did."""

    pc: int
    word: int
    outcome: Outcome  # without its frame, which belongs to a hart
    operands: Sequence[Operand]  # what its source registers held


@record(frozen=True)
class Trace:
    """A run up to the last instruction that was measured."""

    program: Program
    events: Sequence[Event]
    words: Mapping[int, int]  # by address: of all events, and behind branches
    places: Sequence[int]  # in `events`, of the instructions that were measured
    deltas: Sequence[int]  # the measured cycles from each of them but the last to the next one
    name: str


class Tracer:
    """A watcher that keeps everything."""

    def __init__(self, hart: Hart) -> None:
        self.events: list[Event] = []
        self._hart = hart
        self._at = 0, 0
        self._uses = cache(RegisterUse)
        self._sources: dict[int, list[tuple[str, int]]] = {}

    def issued(self, clock: Clock, bound: Bound | None, pc: int, word: int) -> None:
        self._at = pc, word

    def retired(self, clock: Clock, bound: Bound) -> None:
        outcome = Outcome()
        tell(outcome, self._hart, bound)
        outcome.frame = None
        sources = self._sources.get(bound.word)
        if sources is None:
            reads = self._uses(bound.instruction).reads(bound.fields)
            sources = self._sources[bound.word] = sorted(reads)
        registers = self._hart.registers
        operands = [(file, number, registers[file][number]) for file, number in sources]
        self.events.append(Event(*self._at, outcome, operands))

    def trapped(self, clock: Clock, bound: Bound | None, cause: int) -> None:
        self.events.append(Event(*self._at, Outcome(cause=cause), ()))


def trace(simulator: Simulator, program: Program, measured: Measured, limit: int) -> Trace:
    """Execute the program once. The simulator's own timing does not matter: it may be off.

    Raises StampError where the run is not the one that was measured, UnhandledTrap.
    """
    simulator.load(program)
    tracer = simulator.watcher = Tracer(simulator.hart)
    simulator.run(limit)
    events = tracer.events
    places = _places(events, measured)
    if places is None:
        raise StampError(
            f"{program.name}: executes {len(events)} instructions, and nowhere those of "
            f"{measured.name}, which starts at {measured.pcs[0]:#x}; are program, --ram and "
            "--exit-port as they were when it was measured?"
        )
    cycles = measured.cycles
    deltas = [after - before for before, after in pairwise(cycles)]
    events = events[: places[-1] + 1]
    return Trace(program, events, _words(simulator.hart, events), places, deltas, measured.name)


def _places(events: Sequence[Event], measured: Measured) -> Sequence[int] | None:
    """Where the events are that were measured: all in a row, or all that retired."""
    pcs = list(measured.pcs)
    for places in (
        range(len(events)),
        [place for place, event in enumerate(events) if event.outcome.cause is None],
    ):
        path = [events[place].pc for place in places]
        for start in (i for i, pc in enumerate(path) if pc == pcs[0]):
            if path[start : start + len(pcs)] == pcs:
                return places[start : start + len(pcs)]
    return None


def _words(hart: Hart, events: Sequence[Event]) -> Mapping[int, int]:
    words = {event.pc: event.word for event in events}
    for event in events:
        if event.outcome.taken and (behind := event.pc + length_of(event.word)) not in words:
            try:
                words[behind] = hart.fetch_word(behind)
            except TrapRaised:
                continue  # nothing is there: nothing is killed
    return words


def instruction_at(hart: Hart, word: int) -> tuple[Instruction | None, Mapping[str, int], int]:
    """A word as `Pipeline.issue` takes it."""
    bound = hart.bind(word)
    return (None, {}, word) if bound is None else (bound.instruction, bound.fields, bound.word)
