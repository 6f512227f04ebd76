"""The core's timing at translation: cycles are constants wherever the transducer has one answer.

A block's timing state is a tuple of the transducer's states. It has one element, except where an
instruction with a data-dependent cost has left more than one past possible: then it has one for
each value of that cost, and an index says at run time which is the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from rvx.jit.constant import Constants, Flow, Registers, flow_of
from rvx.jit.situation import START, Pending
from rvx.model.decoder import length_of
from rvx.model.machine import Instruction
from rvx.record import record
from rvx.timing.outcome import Happened, Outcome
from rvx.timing.pipeline import Pipeline
from rvx.timing.rules import Target
from rvx.timing.state import Flow as From
from rvx.timing.transducer import Entry

# Of the transducer's states, by the index that the run knows.
States: TypeAlias = tuple[int, ...]
Pendings: TypeAlias = tuple[Pending, ...]


class Decoded(NamedTuple):
    """An instruction of the guest's program."""

    pc: int
    word: int
    instruction: Instruction
    fields: Mapping[str, int]
    length: int  # of what lies in memory: a short form's, for one

    @property
    def next_pc(self) -> int:
        return self.pc + self.length

    @property
    def flow(self) -> Flow:
        return flow_of(self.instruction)

    @property
    def goes_on(self) -> bool:
        """Whether only what follows can come next."""
        return not (self.flow.targets or self.flow.raises)

    def constants(self, registers: Registers | None = None) -> Constants:
        """What is known of it before it executes."""
        return Constants(self.instruction, self.fields, self.pc, self.length, registers)

    @property
    def links(self) -> bool:
        """Whether it is a call."""
        link = self.flow.link
        return link is not None and bool(self.flow.targets) and not self.constants().is_zero(link)


@record(frozen=True, slots=True)
class Step:
    """An instruction leaves decode: the cycles since the last one did, and the states then, by
    index."""

    cycles: tuple[int, ...]
    states: States


class OneCycle:
    """With timing off every instruction takes a cycle."""

    def open(self, decoded: Decoded, how: Happened) -> Sequence[Callable[[Outcome], int]]:
        """The costs that data decides."""
        return ()

    def arrive(self, pendings: Pendings, decoded: Decoded) -> Step:
        """The instruction leaves decode."""
        return Step((1,), (0,))

    def leave(
        self, states: States, decoded: Decoded, how: Happened, values: tuple[tuple[int, ...], ...]
    ) -> Pendings:
        """It has executed; each element of `values` is a possibility for the open costs."""
        return (START,)


class CoreTiming:
    """The timing of a declared core."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._rules = pipeline.rules
        self._table = pipeline.transducer
        self._peek = pipeline.peek
        self._sees_killed = pipeline.rules.sees_killed
        self._entries: dict[int, Entry] = {}

    def open(self, decoded: Decoded, how: Happened) -> Sequence[Callable[[Outcome], int]]:
        """The costs that data decides."""
        return self._entry(decoded).open(how).functions

    def arrive(self, pendings: Pendings, decoded: Decoded) -> Step:
        """The instruction leaves decode."""
        facts, target = self._entry(decoded).facts, Target(decoded.pc, length_of(decoded.word))
        steps = []
        for pending in pendings:
            fetch = self._rules.fetch(target) if pending.is_target else 1
            key = (pending.state, pending.costs, pending.killed, facts, fetch)
            steps.append(self._table.step(key))
        cycles, states = zip(*steps, strict=True)
        return Step(cycles, states)

    def leave(
        self, states: States, decoded: Decoded, how: Happened, values: tuple[tuple[int, ...], ...]
    ) -> Pendings:
        """It has executed; each element of `values` is a possibility for the open costs. The new
        index is the old one times their number, plus the position in `values`."""
        entry = self._entry(decoded)
        entry.open(how)
        costs = [entry.settled(how, each) for each in values]
        flows = [self._table.costs[number].flow for number in costs]
        killed = 0
        if From.FROM_EXECUTE in flows and self._sees_killed:
            killed = self._killed(decoded)
        return tuple(
            Pending(
                state,
                number,
                killed if flow is From.FROM_EXECUTE else 0,
                flow is not From.SEQUENTIAL,
            )
            for state in states
            for number, flow in zip(costs, flows, strict=True)
        )

    def _killed(self, decoded: Decoded) -> int:
        behind = self._peek(decoded.pc + length_of(decoded.word))
        if behind is None:
            return 0
        instruction, fields, word = behind
        entry = self._entries.get(word)
        if entry is None:
            entry = self._entries[word] = self._table.entry(instruction, fields, word)
        return entry.killed

    def _entry(self, decoded: Decoded) -> Entry:
        entry = self._entries.get(decoded.word)
        if entry is None:
            entry = self._table.entry(decoded.instruction, decoded.fields, decoded.word)
            self._entries[decoded.word] = entry
        return entry


Timing: TypeAlias = OneCycle | CoreTiming
