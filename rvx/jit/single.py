"""One instruction word as a native function of its own: what proves the lowering, word by word.

The function reads and writes a block of its own (`layout.py`) with RAM beside it. It leaves all as
it is where the reference would have to execute the instruction. A batch runs it on arrays of
operands, in one native call.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from rvx.jit.host import Host
from rvx.jit.layout import SLOT, Place
from rvx.jit.native import Code, compile_object
from rvx.jit.region import Reason
from rvx.jit.single_text import batch_text, single_text
from rvx.jit.text import Module
from rvx.model.machine import Machine
from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.number.numbers import Numbers

RAM: Final = range(0x8000_0000, 0x8001_0000)
_GRANULES: Final = len(RAM) >> 6
_WORDS: TypeAlias = npt.NDArray[np.uint64]


@record(frozen=True)
class Batch:
    """What a batch left: an array by place, of (rows,) or (rows, words) for what is wider than 64
    bits, least significant word first."""

    values: Mapping[Place, _WORDS]
    reason: _WORDS
    pc: _WORDS


class Single:
    """The compiled function with its block and RAM. Parameters are those of `single_text`."""

    def __init__(
        self,
        machine: Machine,
        word: int,
        *,
        pc: int = RAM.start,
        modes: Mapping[Place, int] | None = None,
        host: Host | None = None,
        use_host: bool = True,
        level: int = 2,
        numbers: Callable[[Module, Host], Numbers] | None = None,
    ) -> None:
        self.text, self.layout = single_text(
            machine, word, pc=pc, modes=modes, host=host, use_host=use_host, numbers=numbers
        )
        self._code = Code([compile_object(self.text, level, host)], ["one"])
        self._one = self._code.function("one", None, ctypes.c_void_p)
        self.ram = np.zeros(len(RAM), np.uint8)
        self.granules = np.zeros(_GRANULES, np.uint8)
        self.block = np.zeros(self.layout.size // SLOT, np.uint64)
        self._prepare(pc, modes or {})

    def _prepare(self, pc: int, modes: Mapping[Place, int]) -> None:
        control = {
            "pc": pc,
            "ram_origin": self.ram.ctypes.data - RAM.start,
            "ram_base": RAM.start,
            "ram_size": len(RAM),
            "store_base": RAM.start,
            "store_size": len(RAM),
            "granules": self.granules.ctypes.data,
        }
        for name, value in control.items():
            self.set_control(name, value)
        for state in self.layout.machine.states.values():
            for index, value in enumerate(state.reset):
                self.set(Place("state", state.name, index), value)
        for place, value in modes.items():
            self.set(place, value)

    def set_control(self, name: str, value: int) -> None:
        """Set a control slot."""
        self.block[self.layout.control[name].offset // SLOT] = value

    def control(self, name: str) -> int:
        """A control slot."""
        return int(self.block[self.layout.control[name].offset // SLOT])

    def set(self, place: Place, value: int) -> None:
        """Set a register or state."""
        slot = self.layout.slot(place)
        for word in range(max(slot.stored // 64, 1)):
            self.block[slot.offset // SLOT + word] = value >> 64 * word & (1 << 64) - 1

    def get(self, place: Place) -> int:
        """A register or state."""
        slot = self.layout.slot(place)
        words = self.block[slot.offset // SLOT :][: max(slot.stored // 64, 1)]
        return int.from_bytes(words.astype("<u8").tobytes(), "little")

    def run(self) -> Reason:
        """Run it once."""
        self._one(self.block.ctypes.data)
        return Reason(self.control("reason"))

    def batch(self, inputs: Mapping[Place, _WORDS], outputs: Sequence[Place]) -> Batch:
        """Run it on every row of the inputs, each time from the block as it is now. RAM goes on
        from row to row."""
        rows = len(next(iter(inputs.values())))
        given = np.hstack([np.asarray(v, np.uint64).reshape(rows, -1) for v in inputs.values()])
        taken = [self._offsets(place) for place in outputs]
        control = [self.layout.control[name].offset for name in ("reason", "pc")]
        sources = np.array([o for place in inputs for o in self._offsets(place)], np.uint64)
        targets = np.array([*(o for each in taken for o in each), *control], np.uint64)
        assert given.shape[1] == len(sources), "an input has not the words of its place"
        found = np.empty((rows, len(targets)), np.uint64)
        given = np.ascontiguousarray(given)
        work = self.block.copy()
        pointer, number = ctypes.c_void_p, ctypes.c_uint64
        parameters = (*(pointer,) * 2, number, *(pointer, number, pointer) * 2, pointer)
        run = _batch(self.layout.size).function("batch", None, *parameters)
        run(
            work.ctypes.data,
            self.block.ctypes.data,
            rows,
            *(sources.ctypes.data, len(sources), given.ctypes.data),
            *(targets.ctypes.data, len(targets), found.ctypes.data),
            self._code.address("one"),
        )
        values, column = {}, 0
        for place, offsets in zip(outputs, taken, strict=True):
            columns = found[:, column : column + len(offsets)]
            values[place] = columns[:, 0] if len(offsets) == 1 else columns
            column += len(offsets)
        return Batch(values, found[:, -2], found[:, -1])

    def _offsets(self, place: Place) -> list[int]:
        slot = self.layout.slot(place)
        return [slot.offset + SLOT * word for word in range(max(slot.stored // 64, 1))]


@lru_cache(maxsize=8)
def _batch(size: int) -> Code:
    """The loop over rows, for blocks of so many bytes."""
    return Code([compile_object(batch_text(size), 2)], ["batch"])
