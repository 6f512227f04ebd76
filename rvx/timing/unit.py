"""A unit beside execute, in one cycle: what it accepts, has in flight and delivers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rvx.timing.rules import Unit
from rvx.timing.state import NO_REGISTERS, Flight, InUnit, Registers


class UnitInCycle:
    """One unit; `accept`, `deliver` and `next` are called once a cycle, in this order."""

    def __init__(self, rule: Unit, before: InUnit) -> None:
        self.rule = rule
        self.flights = list(before.flights)  # not delivered yet
        self.gap = before.gap
        self.asking: Flight | None = None  # the operation in execute that it has not accepted
        self.shown: Sequence[Flight] = ()  # the results that guards see
        self._delivered: Sequence[Flight] = ()
        self._times_asked = 0

    @property
    def latency(self) -> int:
        """The latency of the result that it delivers (the longest of several), or 0."""
        return max((flight.latency for flight in self.shown), default=0)

    @property
    def writes(self) -> Registers:
        """The registers that it delivers."""
        return NO_REGISTERS.union(*(flight.writes for flight in self.shown))

    @property
    def is_busy(self) -> bool:
        """Whether it has an operation that takes more than the cycle in execute."""
        return any(f.latency > 0 for f in (*self._all(), *self._delivered))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it or asks it, so that nothing changes until something does."""
        return not self.flights and self.asking is None and self.gap is None

    def owes(self, registers: Registers) -> bool:
        """Whether it has still to deliver one of the registers."""
        return any(not flight.writes.isdisjoint(registers) for flight in self._all())

    def accept(self, times: int, every: int) -> None:
        """Take the operation that asks, if free and asked so many times."""
        if self.asking is None or not self._is_free(self.asking):
            return
        self._times_asked += 1
        if self._times_asked >= times:
            self.flights.append(self.asking)
            self.asking = None
            self.gap = every or None

    def deliver(self, is_held: Callable[[Unit], bool]) -> None:
        """Deliver what is due; a result that is held is parked."""
        if not self.flights:
            return
        delivered = []
        for flight in [f for f in self.flights if f.due == 0]:
            self.shown = (flight,)
            if not is_held(self.rule):
                delivered.append(flight)
        for flight in delivered:
            self.flights.remove(flight)
        self.shown = self._delivered = delivered

    def next(self) -> None:
        """Go to the next cycle."""
        if self.flights:
            self.flights = [flight.later() for flight in self.flights]
        self.shown = self._delivered = ()
        if self.gap is not None:
            self.gap = max(0, self.gap - 1)
            if self.gap == 0 and not self.flights:
                self.gap = None

    def progress(self) -> object:
        """What changes while it works."""
        return (tuple(self.flights), self.gap, self._times_asked)

    def after(self) -> InUnit:
        """What is in it."""
        return InUnit(tuple(self.flights), self.gap)

    def _all(self) -> Sequence[Flight]:
        return [*self.flights, self.asking] if self.asking else self.flights

    def _is_free(self, operation: Flight) -> bool:
        if self.gap == 0 or (self.gap is None and not self.flights):
            return True
        return all(self.rule.overlaps(f.latency) for f in (operation, *self.flights))
