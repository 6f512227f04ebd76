"""The engine as a table: states, costs and words have numbers, and steps are remembered.

A step is a pure function of five small numbers. An engine that translates code can tabulate it and
need not know what they stand for; the clock runs only for a step that is not in the table.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeAlias, TypeVar

from rvx.model.machine import Instruction, Machine
from rvx.timing.clock import advance, initial_state
from rvx.timing.cost import OpenCosts
from rvx.timing.outcome import Happened, Outcome, happened
from rvx.timing.rules import Rules
from rvx.timing.scope import CompileExpression
from rvx.timing.state import NOTHING, Costs, Facts, State, Step, View
from rvx.timing.word import Word, Words

T = TypeVar("T", bound=Hashable)

# The state; the costs of the instruction that has left decode; what a redirect from execute kills
# behind it (0: nothing); the facts of the next instruction; the cycles of its fetch.
Key: TypeAlias = tuple[int, int, int, int, int]

# A larger table is dropped: a program that repeats so little gains nothing from it.
_MOST_STEPS = 1 << 19


class Numbered(Generic[T]):
    """Equal things have one number, from 0 in the order in which they first come."""

    def __init__(self, first: T) -> None:
        self._numbers = {first: 0}
        self._things = [first]

    def number(self, thing: T) -> int:
        found = self._numbers.setdefault(thing, len(self._things))
        if found == len(self._things):
            self._things.append(thing)
        return found

    def __getitem__(self, number: int) -> T:
        return self._things[number]

    def __len__(self) -> int:
        return len(self._things)


class Entry:
    """A word in the table: its numbers."""

    __slots__ = ("_all_costs", "_constant", "_open", "_settled", "_word", "facts", "killed")

    def __init__(self, word: Word, facts: int, killed: int, all_costs: Numbered[Costs]) -> None:
        self.facts = facts
        self.killed = killed  # what decode shows when the word is killed there
        self._word = word
        self._all_costs = all_costs
        self._constant: list[int | None] = [None] * len(Happened)
        self._open: list[OpenCosts | None] = [None] * len(Happened)
        self._settled: dict[tuple[Happened, tuple[int, ...]], int] = {}

    def costs(self, outcome: Outcome) -> int:
        """The number of what it costs after this outcome."""
        how = happened(outcome)
        number = self._constant[how]
        return self._settle(how, outcome) if number is None else number

    def open(self, how: Happened) -> OpenCosts:
        """What it costs when this happens to it, with functions for what the outcome decides."""
        costs = self._open[how]
        if costs is None:
            costs = self._open[how] = self._word.costs(how)
            if not costs.functions:
                self._constant[how] = self._all_costs.number(costs.costs)
        return costs

    def settled(self, how: Happened, values: tuple[int, ...]) -> int:
        """The number of what it costs, with the values that the outcome makes of the open ones."""
        number = self._settled.get((how, values))
        if number is None:
            number = self._all_costs.number(self.open(how).settle(values))
            self._settled[how, values] = number
        return number

    def _settle(self, how: Happened, outcome: Outcome) -> int:
        return self.settled(how, self.open(how).values(outcome))


class Transducer:
    """The table of one core and one machine. State 0 is the empty pipeline."""

    def __init__(self, rules: Rules, machine: Machine, compile_operands: CompileExpression) -> None:
        self._rules = rules
        self._words = Words(rules, machine, compile_operands)
        self._instructions = machine.instructions.values()
        self.states: Numbered[State] = Numbered(initial_state(rules))
        self.costs: Numbered[Costs] = Numbered(Costs())
        self.killed: Numbered[View] = Numbered(NOTHING)
        self._facts: Numbered[Facts | None] = Numbered(None)
        self._steps: dict[Key, tuple[int, int]] = {}
        self._stalls: dict[Key, tuple[str, ...]] = {}
        self._alike: dict[Instruction | None, Entry] = {}

    def check(self) -> None:
        """Evaluate what the text says of every instruction, to raise its errors now."""
        self._words.check(self._instructions)

    def entry(self, instruction: Instruction | None, fields: Mapping[str, int], word: int) -> Entry:
        """Enter a word: an instruction with its operands' field values, or none."""
        alike = self._alike.get(instruction)
        if alike is not None:
            return alike
        known = self._words.word(instruction, fields, word)
        killed = self.killed.number(known.facts.issued.decoder)
        entry = Entry(known, self._facts.number(known.facts), killed, self.costs)
        if self._words.are_alike(instruction):
            self._alike[instruction] = entry
        return entry

    def step(self, key: Key) -> tuple[int, int]:
        """The cycles from one instruction leaving decode to the next, and the state then."""
        found = self._steps.get(key)
        if found is None:
            if len(self._steps) >= _MOST_STEPS:
                self._steps.clear()
            step = self.run(key)
            found = self._steps[key] = (step.cycles, self.states.number(step.state))
        return found

    def stalls(self, key: Key) -> tuple[str, ...]:
        """The reasons of the cycles lost in a step, one each."""
        found = self._stalls.get(key)
        if found is None:
            if len(self._stalls) >= _MOST_STEPS:
                self._stalls.clear()
            found = self._stalls[key] = self.run(key).stalls
        return found

    def run(self, key: Key) -> Step:
        """As `step`, by the clock, with the reason of every stall."""
        state, costs, killed, number, fetch = key
        facts = self._facts[number]
        assert facts is not None
        return advance(
            self._rules, self.states[state], self.costs[costs], self.killed[killed], facts, fetch
        )
