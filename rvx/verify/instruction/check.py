"""One word with its modes by every engine, on rows of operand values: where the first differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rvx.jit.layout import Place
from rvx.machine.hart import ILLEGAL
from rvx.model.machine import Instruction, Machine
from rvx.verify.exact import NotCovered
from rvx.verify.instruction.case import Case, Seen
from rvx.verify.instruction.native import Engine, Native, native
from rvx.verify.instruction.outcome import Difference, Exact, Outcome, Reference, differences


@dataclass(frozen=True)
class Opinion:
    """What an oracle has after a case: places that it knows, the pc if it does; or a trap."""

    places: Mapping[Place, int]
    pc: int | None = None
    traps: bool = False


class Oracle(Protocol):
    """Another opinion on what instructions do: a simulator, a model."""

    name: str

    def opinion(self, case: Case) -> Opinion | None:
        """None where it does not know the instruction, or these values."""


@dataclass(frozen=True)
class Mismatch:
    """The first difference. `what` got something else than `against` expects."""

    what: str
    against: str
    case: Case
    differences: tuple[Difference, ...]


@dataclass
class Tally:
    """How many cases were compared, by what."""

    cases: int = 0  # on the reference
    exact: int = 0
    native: int = 0
    left: int = 0  # that native code left to the reference
    oracle: int = 0
    not_covered: str = ""  # why the exact evaluation is missing
    words: int = 0


class Check:
    """One word with values of mode states."""

    def __init__(
        self,
        machine: Machine,
        instruction: Instruction,
        fields: Mapping[str, int],
        modes: Mapping[str, int],
        *,
        engines: Sequence[Engine],
        oracles: Sequence[Oracle] = (),
        tally: Tally | None = None,
    ) -> None:
        self.seen = Seen(machine, instruction, fields)
        self._machine, self._modes = machine, dict(modes)
        self._empty = Case(instruction, dict(fields), {})
        self._word = self._empty.word
        self._reference = Reference(machine, self.seen, self._word, modes)
        self._exact = Exact(machine, self.seen, self._empty, modes)
        self._natives: dict[str, Native | None] = {
            e.name: native(machine, self.seen, self._word, modes, e) for e in engines
        }
        self._oracles = oracles
        accrued = Place("state", "fflags", 0)
        self.has_flags = accrued in self.seen.places
        self._flags = self.seen.places.index(accrued) if self.has_flags else 0
        self.tally = tally or Tally()
        self.tally.words += 1

    def run(self, rows: Sequence[Sequence[int]], exact_step: int = 1) -> Mismatch | None:
        """Compare on every row, by the exact evaluation on each `exact_step`-th."""
        if not rows:
            return None
        outcomes = [self._reference.run(row, i < 3) for i, row in enumerate(rows)]
        self.tally.cases += len(rows)
        for i in range(0, len(rows), exact_step):
            if (found := self._by_exact(rows[i], outcomes[i])) is not None:
                return found
        for oracle in self._oracles:
            for row, outcome in zip(rows, outcomes, strict=True):
                if (found := self._by_oracle(oracle, row, outcome)) is not None:
                    return found
        for name in self._natives:
            if (found := self._by_native(name, rows, outcomes)) is not None:
                return found
        return None

    def flags(self, row: Sequence[int]) -> tuple[int, int]:
        """The flags after a row, and the cause of its trap or 0: for `boundary_rows`."""
        outcome = self._reference.run(row)
        return outcome.values[self._flags] if self.has_flags else 0, (outcome.trap or (0,))[0]

    def _by_exact(self, row: Sequence[int], outcome: Outcome) -> Mismatch | None:
        if self.tally.not_covered:
            return None
        try:
            expected = self._exact.run(row)
        except NotCovered as missing:
            self.tally.not_covered = str(missing)
            return None
        self.tally.exact += 1
        found = differences(self.seen, expected, outcome)
        return self._mismatch("the reference", "the exact evaluation", row, found)

    def _by_oracle(self, oracle: Oracle, row: Sequence[int], outcome: Outcome) -> Mismatch | None:
        theirs = oracle.opinion(self.case(row))
        if theirs is None:
            return None
        self.tally.oracle += 1
        return self._mismatch("the description", oracle.name, row, self._unlike(theirs, outcome))

    def _unlike(self, theirs: Opinion, ours: Outcome) -> list[Difference]:
        if theirs.traps or ours.trap is not None:
            if theirs.traps and ours.trap is not None:
                return []
            return [
                Difference(
                    "trap", None, ILLEGAL if theirs.traps else None, ours.trap and ours.trap[0]
                )
            ]
        places = (*self.seen.places, *self.seen.modes)
        found = [
            Difference("place", place, theirs.places[place], value)
            for place, value in zip(places, ours.values, strict=True)
            if theirs.places.get(place, value) != value
        ]
        if theirs.pc is not None and theirs.pc != ours.pc:
            found.append(Difference("pc", None, theirs.pc, ours.pc))
        return found

    def _by_native(
        self, name: str, rows: Sequence[Sequence[int]], outcomes: Sequence[Outcome]
    ) -> Mismatch | None:
        compiled = self._natives[name]
        if compiled is None:
            self.tally.left += len(rows)
            return None
        before = compiled.left
        wrong = next(compiled.differences(rows, outcomes), None)
        self.tally.left += compiled.left - before
        self.tally.native += len(rows) - (compiled.left - before)
        if wrong is None:
            return None
        found = compiled.one(rows[wrong], outcomes[wrong])
        return self._mismatch(f"the JIT ({name})", "the reference", rows[wrong], found)

    def _mismatch(
        self, what: str, against: str, row: Sequence[int], found: Sequence[Difference]
    ) -> Mismatch | None:
        return Mismatch(what, against, self.case(row), tuple(found)) if found else None

    def case(self, row: Sequence[int]) -> Case:
        """The case of a row."""
        modes = {Place("state", name, 0): value for name, value in self._modes.items()}
        values = dict(zip(self.seen.places, row, strict=True))
        return Case(self._empty.instruction, self._empty.fields, {**values, **modes})
