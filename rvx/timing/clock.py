"""The clocked pipeline: fetch, decode, execute, writeback, and units beside execute.

One run of the clock goes from the cycle after an instruction has left decode to the cycle in which
the next one leaves it. Within a cycle, in this order: the units accept and deliver, execute may
empty, decode may empty. It is a function of frozen values and remembers nothing.
"""

from __future__ import annotations

from rvx.description.syntax import DescriptionError
from rvx.timing.fetch import Fetch
from rvx.timing.rules import EXECUTE, Ask, Hold, Rules, Unit
from rvx.timing.state import NOTHING, Costs, Facts, Flight, Flow, InUnit, Issued, State, Step, View
from rvx.timing.unit import UnitInCycle


def initial_state(rules: Rules) -> State:
    """The empty pipeline, as if an instruction without effect had just left decode."""
    return State(Issued(), False, NOTHING, (), (InUnit(),) * len(rules.units))


def advance(
    rules: Rules, state: State, costs: Costs, killed: View, facts: Facts, fetch: int
) -> Step:
    """Clock the pipeline until the next instruction leaves decode.

    `costs` are those of the instruction that has just left it, `killed` is what a redirect from
    execute kills behind it, `facts` are the next instruction's, and `fetch` is the number of
    cycles that its fetch takes if it is the target of a redirect.
    """
    clock = Clock(rules, state, costs, killed, facts, fetch)
    stalls: list[str] = []
    before: object = None
    while (reason := clock.tick()) is not None:
        stalls.append(reason)
        if reason == EXECUTE:
            stalls += [EXECUTE] * clock.skip()
        now = clock.moving()
        if now == before:
            name = rules.core.name
            raise DescriptionError(name.at, f"{name.id} holds an instruction for ever: '{reason}'")
        before = now
    return Step(tuple(stalls), clock.state())


class Clock:
    """The pipeline in a cycle. Guards read its public attributes."""

    def __init__(
        self, rules: Rules, state: State, costs: Costs, killed: View, facts: Facts, fetch: int
    ) -> None:
        issued = state.issued if costs.executes else Issued()
        self.decode = NOTHING
        self.decoder = killed if costs.flow is Flow.FROM_EXECUTE else issued.decoder
        self.execute = issued.execute
        self.cycle, self.cycles = 1, costs.execute  # in execute; 0: nothing is
        self.writeback = state.leaving
        self.units = [UnitInCycle(*pair) for pair in zip(rules.units, state.units, strict=True)]
        self._rules = rules
        self._costs = costs
        self._facts = facts
        self._issued = issued
        self._results = dict(state.results)
        self._fetch = Fetch(costs, fetch, state.asked)
        self._time = 1  # cycles since the instruction before left decode
        if issued.unit is not None:
            operation = Flight(issued.writes, costs.latency, costs.latency)
            self.units[issued.unit].asking = operation
        self._has_arrived = False  # the next one is in decode
        self._has_asked = False  # and has asked for its target in a cycle before this one

    def tick(self) -> str | None:
        """Go through a cycle; the reason why the next instruction stays, or None: it leaves."""
        self._start()
        busy = self._held_in_execute()
        if self.cycles and not busy and self._costs.result:
            self._results.update(dict.fromkeys(self._issued.writes, self._costs.result))
        ask = self._ask()
        cannot_ask = ask is not None and bool(ask.unless(self))
        reason = busy or self._held_in_decode() or ("target" if cannot_ask else None)
        leaves = self._has_arrived and reason is None
        if not leaves:
            self._has_asked |= self._has_arrived and ask is not None and not cannot_ask
            if reason is None:
                self._fetch.count(self._time)
        self._end(busy)
        return None if leaves else reason or self._fetch.reason

    def skip(self) -> int:
        """Go through the cycles in which execute counts and all else stands still: how many."""
        moves = self._results or not self._has_arrived or self._ask() is not None
        if moves or not all(unit.is_empty for unit in self.units):
            return 0
        left = self.cycles - self.cycle
        self.cycle = self.cycles
        self._time += left
        return left

    def state(self) -> State:
        """What the past means once the next instruction has left decode."""
        newer = self._facts.decode.writes
        return State(
            issued=self._facts.issued,
            asked=self._has_asked,
            leaving=self.writeback,
            results=tuple(sorted(r for r in self._results.items() if r[0] not in newer)),
            units=tuple(unit.after() for unit in self.units),
        )

    def owes(self, unit: int) -> bool:
        """Whether the unit owes a source to the instruction in decode."""
        return self._has_arrived and self.units[unit].owes(self._facts.awaits[unit])

    def moving(self) -> tuple[object, ...]:
        """What changes from cycle to cycle; if nothing does, nothing ever will."""
        waits = not self._has_arrived and not self._fetch.wanted
        return (
            self._time if waits else 0,
            self._has_arrived,
            self._fetch.wanted,
            self.cycle,
            self.writeback,
            tuple(self._results.items()),
            tuple(unit.progress() for unit in self.units),
        )

    # The steps of a cycle

    def _start(self) -> None:
        """Fetch delivers to decode; the units accept and deliver."""
        if self._fetch.has_arrived(self._time):
            self._has_arrived = True
            self.decode, self.decoder = self._facts.decode, self._facts.issued.decoder
        for unit in self.units:
            if self.cycle == self.cycles:
                unit.accept(self._costs.accept, self._costs.every)
            unit.deliver(self._is_parked)

    def _is_parked(self, unit: Unit) -> bool:
        return any(hold.guard(self) for hold in unit.holds)

    def _held_in_execute(self) -> str | None:
        """Why the instruction in execute stays there, or None: it leaves, or there is none."""
        if self.cycle < self.cycles:
            return EXECUTE
        for unit in self.units:
            if unit.asking is not None:
                return f"{unit.rule.name} busy"
        return self._first(self._rules.execute_holds) if self.cycles else None

    def _held_in_decode(self) -> str | None:
        """Why decode is not ready for another instruction, or None."""
        if reason := self._first(self._rules.decode_holds):
            return reason
        if not self._has_arrived:
            return None
        if not self.decode.reads.isdisjoint(self._results):
            return "result"
        for place, unit in enumerate(self.units):
            in_unit = self._facts.issued.unit == place
            if self.owes(place) or (not in_unit and unit.owes(self.decode.writes)):
                return unit.rule.name
        return None

    def _ask(self) -> Ask | None:
        """The rule by which what decode shows asks for its target there.

        What has left decode, or was killed there, is still shown: it asks for nothing more, but
        while its `unless` is true decode takes nothing.
        """
        for ask in self._rules.asks:
            if self.decoder.kinds & ask.bit:
                return ask
        return None

    def _end(self, busy: str | None) -> None:
        """Everything moves on to the next cycle."""
        self.writeback = NOTHING
        if busy:
            self.cycle = min(self.cycle + 1, self.cycles)
        elif self.cycles:
            self.writeback = self._issued.writeback
            self.execute = NOTHING
            self.cycle = self.cycles = 0
        if self._results:
            self._results = {r: left - 1 for r, left in self._results.items() if left > 1}
        for unit in self.units:
            unit.next()
        self._time += 1

    def _first(self, holds: tuple[Hold, ...]) -> str | None:
        for hold in holds:
            if hold.guard(self):
                return hold.reason
        return None
