"""The reference as the JIT engine drives it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rvx.description.cache import home
from rvx.description.texts import key, own_text, shipped_texts
from rvx.jit.pack import store_in
from rvx.machine.clock import Clock
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Machine
from rvx.reference.storage import TrapRaised
from rvx.store import Store

if TYPE_CHECKING:
    from rvx.machine.simulator import Simulator


def objects() -> Store:
    """Where compiled code is kept."""
    base = home()
    return store_in(base / "objects" if base is not None else None)


class Driven:
    """A simulator's insides; what each part means says `rvx.jit.surroundings.Reference`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.machine: Machine = simulator.machine
        self.hart: Hart = simulator.hart
        self.memory: Memory = simulator.memory

    @property
    def clock(self) -> Clock:
        return self._simulator._clock

    @property
    def instret(self) -> int:
        return self._simulator.instret

    @instret.setter
    def instret(self, value: int) -> None:
        self._simulator.instret = value

    @property
    def last_pc(self) -> int | None:
        return self._simulator.last_pc

    @last_pc.setter
    def last_pc(self, value: int | None) -> None:
        self._simulator.last_pc = value

    @property
    def bases(self) -> tuple[int, int]:
        return self._simulator._cycle_base, self._simulator._instret_base

    @property
    def stops(self) -> frozenset[int]:
        return frozenset(self._simulator._marks)

    def runs_to(self, instret: int, cycle: int) -> int | None:
        return self._simulator._runs_to(instret, cycle)

    @property
    def is_waiting(self) -> bool:
        return self._simulator._console.is_waiting

    @property
    def on_stamp(self) -> Callable[[int, int], None] | None:
        return self._simulator.on_stamp

    @property
    def identity(self) -> str:
        simulator = self._simulator
        own = [own_text(Path(path)) for path in simulator._files]
        options = " ".join(f"{name}={value}" for name, value in sorted(simulator.options.items()))
        core = simulator.core if simulator.timing else "off"
        made = key(self.machine.isa, options, core, texts=(*shipped_texts(), *own))
        program = simulator.program
        image = sha256()
        for segment in (s for s in program.segments if s.is_executable) if program else ():
            image.update(b"%x:" % segment.address + bytes(segment.data))
        return f"{made} {image.hexdigest()}"

    def advance(self) -> None:
        self._simulator.step()
        self._simulator._poll()

    def finish(self) -> None:
        self._simulator.finish()
        self._simulator._poll()

    def fetch(self, pc: int) -> int | None:
        try:
            return self.hart.fetch_word(pc)
        except TrapRaised:
            return None
