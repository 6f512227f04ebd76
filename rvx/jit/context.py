"""The block of host memory through which native code sees the hart, and its exchange with the
reference's lists."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Mapping

from rvx.jit.layout import SLOT, Layout, Slot
from rvx.record import record

Values = Mapping[str, list[int]]  # a list of elements by the name of a file or state


@record(frozen=True)
class _Run:
    """Neighbouring slots of 64 bits at most, as indices of words, and whose they are."""

    start: int
    lists: tuple[tuple[str, int], ...]  # names with their numbers of elements

    @property
    def stop(self) -> int:
        return self.start + sum(count for _, count in self.lists)


class Context:
    """The block of one hart. Control slots are read and written by name."""

    def __init__(self, layout: Layout) -> None:
        self._memory = (ctypes.c_uint64 * (layout.size // SLOT))()
        self.address = ctypes.addressof(self._memory)
        self.words = memoryview(self._memory).cast("B").cast("Q")
        self._bytes = memoryview(self._memory).cast("B")
        self._at = {name: slot.offset // SLOT for name, slot in layout.control.items()}
        self._files = _runs(layout.registers)
        self._states = _runs(layout.states)
        self._wide = [
            (name, i, slot.offset, slot.offset + slot.stored // 8)
            for slots in (layout.registers, layout.states)
            for name, elements in slots.items()
            for i, slot in enumerate(elements)
            if slot.width > 8 * SLOT
        ]
        self._modes = [layout.slot(place).offset // SLOT for place in layout.modes]
        self._last: list[bytes] = [b""] * len(self._states)

    def __getitem__(self, name: str) -> int:
        return self.words[self._at[name]]

    def __setitem__(self, name: str, value: int) -> None:
        self.words[self._at[name]] = value

    @property
    def modes(self) -> tuple[int, ...]:
        """The values of the mode states."""
        words = self.words
        return tuple([words[at] for at in self._modes])

    def state(self, name: str) -> int:
        """The value of a state of one element and 64 bits at most; 0 where there is none."""
        for run in self._states:
            at = run.start
            for each, count in run.lists:
                if each == name:
                    return self.words[at]
                at += count
        return 0

    def put(self, registers: Values, states: Values) -> None:
        """Take over the reference's registers and states."""
        words = self.words
        for run in self._files:
            at = run.start
            for name, count in run.lists:
                words[at : at + count] = memoryview(array("Q", registers[name]))
                at += count
        for number, run in enumerate(self._states):
            values = array("Q")
            for name, _ in run.lists:
                values.extend(states[name])
            words[run.start : run.stop] = memoryview(values)
            self._last[number] = values.tobytes()
        for name, i, start, stop in self._wide:
            value = (registers[name] if name in registers else states[name])[i]
            self._bytes[start:stop] = value.to_bytes(stop - start, "little")

    def get(self, registers: Values, states: Values) -> None:
        """Give registers and states back to the reference, into its own lists."""
        words = self.words
        for run in self._files:
            at = run.start
            for name, count in run.lists:
                registers[name][:] = words[at : at + count].tolist()
                at += count
        for run, last in zip(self._states, self._last, strict=True):
            found = words[run.start : run.stop]
            if found.tobytes() == last:
                continue
            values, at = found.tolist(), 0
            for name, count in run.lists:
                states[name][:] = values[at : at + count]
                at += count
        for name, i, start, stop in self._wide:
            values = registers[name] if name in registers else states[name]
            values[i] = int.from_bytes(self._bytes[start:stop], "little")


def _runs(slots: Mapping[str, tuple[Slot, ...]]) -> tuple[_Run, ...]:
    """The narrow lists of a space, with neighbours joined. Wide elements stand alone."""
    runs: list[_Run] = []
    for name, elements in slots.items():
        if not elements or elements[0].width > 8 * SLOT:
            continue
        start, count = elements[0].offset // SLOT, len(elements)
        if runs and runs[-1].stop == start:
            runs[-1] = _Run(runs[-1].start, (*runs[-1].lists, (name, count)))
        else:
            runs.append(_Run(start, ((name, count),)))
    return tuple(runs)
