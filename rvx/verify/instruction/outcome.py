"""What a case leaves behind, as the reference has it and as the exact evaluation does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rvx.jit.layout import Place
from rvx.jit.single import RAM
from rvx.machine.hart import ILLEGAL, Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Machine
from rvx.reference.storage import TrapRaised
from rvx.verify.exact import Body, Start, Trap
from rvx.verify.instruction.case import COUNTED, MEMORY, PC, Case, Seen


@dataclass(frozen=True)
class Outcome:
    """After the instruction: the places seen, in their order; or a trap, and nothing has changed.

    `elsewhere` is what has changed in places that should not have.
    """

    values: tuple[int, ...]
    pc: int
    stores: tuple[tuple[int, int, int], ...]  # address, bytes, value
    trap: tuple[int, int] | None = None  # cause, value
    elsewhere: tuple[tuple[Place, int, int], ...] = ()  # before, after


@dataclass(frozen=True)
class Difference:
    """One thing that two outcomes do not have in common; None: there is nothing there."""

    what: str  # "place", "pc", "trap", or where in memory
    place: Place | None
    expected: int | None
    got: int | None


def differences(seen: Seen, expected: Outcome, got: Outcome) -> list[Difference]:
    """All that differs."""
    if expected == got:
        return []
    if expected.trap != got.trap:
        codes = [None if o.trap is None else o.trap[0] for o in (expected, got)]
        if codes[0] == codes[1] and expected.trap and got.trap:
            return [Difference("trap value", None, expected.trap[1], got.trap[1])]
        return [Difference("trap", None, *codes)]
    found = []
    if expected.pc != got.pc:
        found.append(Difference("pc", None, expected.pc, got.pc))
    places = (*seen.places, *seen.modes)
    for place, a, b in zip(places, expected.values, got.values, strict=True):
        if a != b:
            found.append(Difference("place", place, a, b))
    ours, theirs = ({place: new for place, _, new in o.elsewhere} for o in (expected, got))
    old = {place: before for o in (expected, got) for place, before, _ in o.elsewhere}
    for place, before in old.items():
        a, b = ours.get(place, before), theirs.get(place, before)
        if a != b:
            found.append(Difference("place", place, a, b))
    return found + list(_stored(expected.stores, got.stores))


def _stored(
    expected: Sequence[tuple[int, int, int]], got: Sequence[tuple[int, int, int]]
) -> Iterator[Difference]:
    for i in range(max(len(expected), len(got))):
        a, b = (list(stores[i : i + 1]) for stores in (expected, got))
        if a != b:
            at = (a or b)[0][0]
            values = [stores[0][2] if stores else None for stores in (a, b)]
            if a and b and a[0][:2] != b[0][:2]:
                yield Difference("address stored to", None, a[0][0], b[0][0])
            else:
                yield Difference(f"memory[{at:#x}]", None, *values)


class Reference:
    """The reference interpreter on cases of one word."""

    def __init__(self, machine: Machine, seen: Seen, word: int, modes: Mapping[str, int]) -> None:
        self._hart = Hart(machine, Memory([RAM]))
        self._hart.memory.write(RAM.start, MEMORY)
        for name, value in modes.items():
            self._hart.states[name][0] = value
        self._modes = [(self._hart.states[p.name], p.number) for p in seen.modes]
        self._reset = [values[index] for values, index in self._modes]
        self._places = [(self._list(place), place.number) for place in seen.places]
        self._counted = [
            (self._hart.states[name], machine.states[name].reset)
            for name in COUNTED
            if name in machine.states
        ]
        self._bound = self._hart.bind(word)
        self._word = word

    def _list(self, place: Place) -> list[int]:
        group = self._hart.registers if place.space == "register" else self._hart.states
        return group[place.name]

    def run(self, values: Sequence[int], thorough: bool = False) -> Outcome:
        """From these values of the places seen. With `thorough` all else is looked at too."""
        hart = self._hart
        for (group, index), value in zip(self._places, values, strict=True):
            group[index] = value
        for (group, index), value in zip(self._modes, self._reset, strict=True):
            group[index] = value
        for values_of, reset in self._counted:
            values_of[:] = reset
        hart.pc = PC
        before = self._all() if thorough else {}
        if self._bound is None:
            return Outcome((*values, *self._reset), PC, (), (ILLEGAL, self._word))
        try:
            hart.execute(self._bound)
        except TrapRaised as trap:
            return Outcome((*values, *self._reset), PC, (), (trap.cause, trap.value))
        stores = tuple(hart.stores)
        hart.commit(self._bound)
        for address, size, _ in stores:
            at = address - RAM.start
            hart.memory.write(address, MEMORY[at : at + size])
        found = [group[index] for group, index in self._places]
        found += [group[index] for group, index in self._modes]
        return Outcome(tuple(found), hart.pc, stores, None, self._changed(before))

    def _all(self) -> dict[Place, int]:
        hart = self._hart
        own = {(id(group), index) for group, index in (*self._places, *self._modes)}
        return {
            Place(space, name, index): value  # type: ignore[arg-type]
            for space, groups in (("register", hart.registers), ("state", hart.states))
            for name, group in groups.items()
            if name not in COUNTED
            for index, value in enumerate(group)
            if (id(group), index) not in own
        }

    def _changed(self, before: Mapping[Place, int]) -> tuple[tuple[Place, int, int], ...]:
        return tuple(
            (place, old, new)
            for place, old in before.items()
            if (new := self._list(place)[place.number]) != old
        )


class Exact:
    """The exact evaluation on cases of one word; its fields are those meant, not decoded ones."""

    def __init__(self, machine: Machine, seen: Seen, case: Case, modes: Mapping[str, int]) -> None:
        self._machine, self._seen = machine, seen
        self._body = Body(machine, case.instruction, case.fields, case.word)
        self._registers = {f.name: [0] * f.count for f in machine.files.values()}
        self._states = {s.name: list(s.reset) for s in machine.states.values()}
        for name, value in modes.items():
            self._states[name][0] = value
        self._places = [
            ((self._registers if p.space == "register" else self._states)[p.name], p.number)
            for p in seen.places
        ]
        self._modes = tuple(self._states[p.name][p.number] for p in seen.modes)
        self._start = Start(self._registers, self._states, PC, _load)

    def run(self, values: Sequence[int]) -> Outcome:
        """As `Reference.run`. Raises NotCovered."""
        for (group, index), value in zip(self._places, values, strict=True):
            group[index] = value
        try:
            effects = self._body.run(self._start)
        except Trap as trap:
            return Outcome((*values, *self._modes), PC, (), (trap.cause, trap.value))
        new = effects.applied(self._start)
        places = (*self._seen.places, *self._seen.modes)
        found = tuple(
            new.pop(place, value)
            for place, value in zip(places, (*values, *self._modes), strict=True)
        )
        following = (PC + self._body.length) % (1 << self._machine.xlen)
        pc = following if effects.target is None else effects.target
        elsewhere = tuple(
            (Place(*place), old, value)  # type: ignore[arg-type]
            for place, value in new.items()
            if place[1] not in COUNTED and (old := self._before(Place(*place))) != value  # type: ignore[arg-type]
        )
        return Outcome(found, pc, tuple(effects.stores), None, elsewhere)

    def _before(self, place: Place) -> int:
        group = self._registers if place.space == "register" else self._states
        return group[place.name][place.number]


def _load(address: int, size: int) -> int | None:
    at = address - RAM.start
    if not 0 <= at <= len(RAM) - size:
        return None
    return int.from_bytes(MEMORY[at : at + size], "little")
