"""Situations: all that code is specialised on beside the pc, numbered by content.

A number is a hash of what the situation is, not of when it was first met, so that compiled code,
which has numbers in it, can be kept on disk and used by another process.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from rvx.timing.state import Costs, State, View
from rvx.timing.transducer import Transducer


class Pending(NamedTuple):
    """The instruction at pc has not left decode: what the past means, by the transducer's
    numbers."""

    state: int
    costs: int
    killed: int
    is_target: bool


class Issued(NamedTuple):
    """The instruction at pc has left decode and was not executed."""

    state: int


Hazard: TypeAlias = Pending | Issued

START = Pending(0, 0, 0, False)


class Situation(NamedTuple):
    """What the code at a pc may rely on."""

    hazard: Hazard
    modes: tuple[int, ...]  # values of Layout.modes
    sticky: bool  # NX is set in fflags


# A situation with its content in place of the transducer's numbers: what is kept on disk.
Content: TypeAlias = tuple[State, Costs, View, bool] | State | Hazard
Portable: TypeAlias = tuple[Content, tuple[int, ...], bool]


class Situations:
    """Numbers the situations of one machine and core. `transducer` is None with timing off."""

    def __init__(self, transducer: Transducer | None) -> None:
        self._transducer = transducer
        self._numbers: dict[Situation, int] = {}
        self._situations: dict[int, Situation] = {}
        self._texts: dict[object, str] = {}

    def number(self, situation: Situation) -> int:
        """Its number, of 63 bits."""
        found = self._numbers.get(situation)
        if found is None:
            text = self._canonical(self.portable(situation))
            digest = blake2b(text.encode(), digest_size=8).digest()
            found = int.from_bytes(digest, "little") >> 1
            self._numbers[situation] = found
            self._situations[found] = situation
        return found

    def __getitem__(self, number: int) -> Situation:
        return self._situations[number]

    def portable(self, situation: Situation) -> Portable:
        """The situation by its content."""
        return self._content(situation.hazard), situation.modes, situation.sticky

    def admit(self, known: Iterable[Portable]) -> None:
        """Number situations that another process met."""
        for content, modes, sticky in known:
            self.number(Situation(self._hazard(content), modes, sticky))

    def _content(self, hazard: Hazard) -> Content:
        table = self._transducer
        if table is None:
            return hazard
        if isinstance(hazard, Issued):
            return table.states[hazard.state]
        state, costs, killed, is_target = hazard
        return table.states[state], table.costs[costs], table.killed[killed], is_target

    def _hazard(self, content: Content) -> Hazard:
        table = self._transducer
        match content:
            case Pending() | Issued():
                return content
            case State():
                assert table is not None
                return Issued(table.states.number(content))
            case state, costs, view, is_target:
                assert table is not None
                return Pending(
                    table.states.number(state),
                    table.costs.number(costs),
                    table.killed.number(view),
                    is_target,
                )

    def _canonical(self, thing: object) -> str:
        """A text that is equal in every process for equal things, as 1 and True are."""
        known = self._texts.get(thing)
        if known is None:
            known = self._texts[thing] = self._written(thing)
        return known

    def _written(self, thing: object) -> str:
        match thing:
            case bool():
                return repr(int(thing))
            case int() | str() | None:
                return repr(thing)
            case Enum():
                return thing.name
            case frozenset():
                return "{" + ",".join(sorted(map(self._canonical, thing))) + "}"
        assert isinstance(thing, tuple), thing
        return "(" + ",".join(map(self._canonical, thing)) + ")"
