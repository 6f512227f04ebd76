"""The JIT on cases of one word: compiled once, run on all of them in one native call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rvx.jit.effects import Untranslatable
from rvx.jit.layout import Place
from rvx.jit.region import Reason
from rvx.jit.single import RAM, Single
from rvx.model.machine import Machine
from rvx.verify.instruction.case import COUNTED, MEMORY, PC, Seen, width
from rvx.verify.instruction.outcome import Difference, Outcome

_MEMORY = np.frombuffer(MEMORY, np.uint8)


@dataclass(frozen=True)
class Engine:
    """A way in which the JIT makes code."""

    name: str
    level: int  # of optimisation: 0 for code met the first time, 2 for hot code
    use_host: bool  # the host's arithmetic where it serves


HOT = Engine("hot", 2, True)
COLD = Engine("cold", 0, True)
HOT_SOFT = Engine("hot, integer arithmetic", 2, False)
ENGINES = {engine.name: engine for engine in (HOT, COLD, HOT_SOFT)}


class Native:
    """One word, compiled. Raises Untranslatable where it is left to the reference."""

    def __init__(
        self, machine: Machine, seen: Seen, word: int, modes: Mapping[str, int], engine: Engine
    ) -> None:
        places = {Place("state", name, 0): value for name, value in modes.items()}
        self._single = Single(
            machine, word, pc=PC, modes=places, level=engine.level, use_host=engine.use_host
        )
        self._machine, self._seen = machine, seen
        self._places = (*seen.places, *seen.modes)
        self._single.ram[:] = _MEMORY
        self.left = 0  # rows that it has left to the reference

    def differences(
        self, rows: Sequence[Sequence[int]], expected: Sequence[Outcome]
    ) -> Iterator[int]:
        """The rows on which it does something else, in their order. What it leaves to the
        reference is not among them."""
        if self._seen.footprint.uses_memory:
            yield from (i for i, row in enumerate(rows) if self.one(row, expected[i]))
            return
        for i in range(min(len(rows), 3)):
            if self.one(rows[i], expected[i]):
                yield i
                return
        yield from map(int, np.flatnonzero(self._batch(rows, expected)))

    def _batch(
        self, rows: Sequence[Sequence[int]], expected: Sequence[Outcome]
    ) -> npt.NDArray[np.bool_]:
        inputs = {
            place: self._column(place, [row[i] for row in rows])
            for i, place in enumerate(self._seen.places)
        }
        if not inputs:
            return np.zeros(len(rows), np.bool_)  # every row is the same, and one has been run
        found = self._single.batch(inputs, self._places)
        left = found.reason == Reason.BAIL
        self.left += int(left.sum())
        traps = np.array([outcome.trap is not None for outcome in expected])
        wrong = found.pc != np.array([outcome.pc for outcome in expected], np.uint64)
        for i, place in enumerate(self._places):
            values = [outcome.values[i] for outcome in expected]
            same = found.values[place] == self._column(place, values)
            wrong |= ~(same if same.ndim == 1 else same.all(axis=1))
        differs: npt.NDArray[np.bool_] = ~left & (wrong | traps)
        return differs

    def _column(self, place: Place, values: Sequence[int]) -> npt.NDArray[np.uint64]:
        """Values in 64-bit words, least significant first."""
        words = max((width(self._machine, place) + 63) // 64, 1)
        if words == 1:
            return np.array(values, np.uint64)
        data = b"".join(value.to_bytes(8 * words, "little") for value in values)
        return np.frombuffer(data, "<u8").reshape(len(values), words)

    def one(self, row: Sequence[int], expected: Outcome) -> list[Difference]:
        """How one case differs: all registers and states, pc and memory."""
        single = self._single
        before = single.block.copy()
        for place, value in zip(self._seen.places, row, strict=True):
            single.set(place, value)
        start = single.block.copy()
        reason = single.run()
        try:
            if reason is Reason.BAIL:
                self.left += self._seen.footprint.uses_memory
                return []
            return self._compared(start, expected)
        finally:
            single.block[:] = before
            single.ram[:] = _MEMORY
            single.granules[:] = 0

    def _compared(self, start: npt.NDArray[np.uint64], expected: Outcome) -> list[Difference]:
        if expected.trap is not None:
            return [Difference("trap", None, expected.trap[0], None)]
        single, found = self._single, []
        if (pc := single.control("pc")) != expected.pc:
            found.append(Difference("pc", None, expected.pc, pc))
        known = dict(zip(self._places, expected.values, strict=True))
        found += [
            Difference("place", place, old, value)
            for place, old in known.items()
            if (value := single.get(place)) != old
        ]
        found += self._elsewhere(start, known)
        ram = _MEMORY.copy()
        for address, size, value in expected.stores:
            at = address - RAM.start
            ram[at : at + size] = np.frombuffer(value.to_bytes(size, "little"), np.uint8)
        for offset in map(int, np.flatnonzero(single.ram != ram)[:4]):
            what = f"memory[{RAM.start + offset:#x}]"
            found.append(Difference(what, None, int(ram[offset]), int(single.ram[offset])))
        return found

    def _elsewhere(
        self, start: npt.NDArray[np.uint64], known: Mapping[Place, int]
    ) -> Iterator[Difference]:
        """What has changed though nothing should have."""
        single = self._single
        end = single.block.copy()
        for place in known:
            slot = single.layout.slot(place)
            words = slice(slot.offset // 8, slot.offset // 8 + max(slot.stored // 64, 1))
            end[words] = start[words]
        for index in map(int, np.flatnonzero(end != start)):
            if (other := self._at(8 * index)) is not None:
                yield Difference("place", other, int(start[index]), int(end[index]))

    def _at(self, offset: int) -> Place | None:
        """The register or state at an offset of the block; None for what the run itself needs."""
        layout = self._single.layout
        spaces = (("register", layout.registers), ("state", layout.states))
        for space, groups in spaces:
            for name, slots in groups.items():
                for number, slot in enumerate(slots):
                    if slot.offset <= offset < slot.offset + max(slot.stored // 8, 8):
                        return None if name in COUNTED else Place(space, name, number)  # type: ignore[arg-type]
        return None


def native(
    machine: Machine, seen: Seen, word: int, modes: Mapping[str, int], engine: Engine
) -> Native | None:
    """The word compiled, or None where it is left to the reference."""
    try:
        return Native(machine, seen, word, modes, engine)
    except Untranslatable:
        return None
