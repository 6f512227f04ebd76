"""Where everything lies in the block of host memory through which native code sees the hart.

All of it is little-endian and 8-byte aligned; code reaches it through one pointer and holds no
other address, so that compiled code can be kept on disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, NamedTuple

from rvx.model.machine import Machine
from rvx.record import record


class Place(NamedTuple):
    """A register, or an element of a state."""

    space: Literal["register", "state"]
    name: str  # the file's or the state's
    number: int


# What the run needs beside registers and state, a slot of 8 bytes each. Addresses are guest
# addresses unless they are called host.
_CONTROL: Final = (
    "pc",  # of the instruction to execute next
    "instret",  # retired so far
    "cycle",  # in which the last instruction has left decode
    "limit",  # leave where instret may exceed it
    "hazard",  # number of the timing situation, see timing.py
    "reason",  # why native code was left
    "region",  # pc of the instruction that retired last, as far as it was known
    "cycle_base",  # the cycle state is cycle - cycle_base
    "instret_base",  # the instret state is instret - instret_base
    "ram_origin",  # host address where the guest's address 0 would lie; RAM does not wrap
    "ram_base",
    "ram_size",
    "store_base",  # where a store is nothing but a store: no code, no watch
    "store_size",
    "granules",  # host address: one byte a granule of RAM, 0 where a store is only a store
    "stop",  # not 0: leave at the next look at the budget
    "regions",  # host address of the dispatcher's table
    "thread",  # host address of the threaded code to execute, see thread.py
    "operations",  # host address of the table of its operations
    "sink",  # takes what is written to a register that is always zero
    "log",  # host address where an observed region notes the next retired instruction
)

SLOT: Final = 8


@record(frozen=True)
class Slot:
    """One value in the block."""

    offset: int  # bytes
    width: int  # bits that count

    @property
    def stored(self) -> int:
        """Bits in memory: 8, 16, 32, 64, or a multiple of 64. The surplus is zero."""
        for bits in (8, 16, 32):
            if self.width <= bits:
                return bits
        return (self.width + 63) // 64 * 64


class Layout:
    """The block of one machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._offset = 0
        self.control: Mapping[str, Slot] = {name: self._slot(64) for name in _CONTROL}
        self.registers: Mapping[str, tuple[Slot, ...]] = {
            file.name: tuple(self._slot(file.width) for _ in range(file.count))
            for file in machine.files.values()
        }
        self.states: Mapping[str, tuple[Slot, ...]] = {
            state.name: tuple(self._slot(state.width) for _ in range(state.count))
            for state in machine.states.values()
        }

    @property
    def size(self) -> int:
        """Bytes of the block."""
        return self._offset

    def slot(self, place: Place) -> Slot:
        """The slot of a register or state."""
        spaces = self.registers if place.space == "register" else self.states
        return spaces[place.name][place.number]

    @cached_property
    def modes(self) -> tuple[Place, ...]:
        """The state that code is specialised on, in the order of its declaration."""
        return tuple(
            Place("state", state.name, index)
            for state in self.machine.states.values()
            if state.mode
            for index in range(state.count)
        )

    def _slot(self, width: int) -> Slot:
        slot = Slot(self._offset, width)
        self._offset += max(SLOT, slot.stored // 8)
        return slot
