"""What the engine needs of the machine that it runs: the reference, its memory, its clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from rvx.model.machine import Machine
from rvx.timing.pipeline import Pipeline


class Piece(Protocol):
    """A contiguous piece of RAM."""

    @property
    def base(self) -> int: ...

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def bytes(self) -> memoryview: ...


class Memory(Protocol):
    """The guest's memory."""

    on_write: Callable[[int, int], None] | None  # called after every write: address and bytes

    @property
    def regions(self) -> Sequence[Piece]:
        """The first is the one that native code reaches itself."""

    @property
    def host_address(self) -> int:
        """Of the first byte of the first region."""

    @property
    def watched(self) -> Sequence[range]:
        """Where a store is more than a store."""

    def peek(self, address: int, length: int) -> bytes:
        """The bytes from an address, or as many as there are."""


class Hart(Protocol):
    """The guest's registers and state."""

    @property
    def registers(self) -> Mapping[str, list[int]]: ...

    @property
    def states(self) -> Mapping[str, list[int]]: ...

    pc: int


class Clock(Protocol):
    """The cycles of the reference."""

    @property
    def cycle(self) -> int:
        """In which the last instruction left decode."""

    @property
    def pipeline(self) -> Pipeline | None:
        """None where every instruction takes one cycle."""

    @property
    def pending(self) -> tuple[int, int, int, bool]:
        """What the next instruction's cycle depends on, beside the instruction."""

    def resume(self, pending: tuple[int, int, int, bool], cycle: int) -> None:
        """Go on behind an instruction that left decode in that cycle."""

    def resume_issued(self, state: int, cycle: int) -> None:
        """Go on with the instruction at pc, which left decode in that cycle."""


class Reference(Protocol):
    """The reference engine, which executes what native code does not."""

    instret: int
    last_pc: int | None

    @property
    def machine(self) -> Machine: ...

    @property
    def hart(self) -> Hart: ...

    @property
    def memory(self) -> Memory: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def bases(self) -> tuple[int, int]:
        """The cycle and the instret at which the counters were zero."""

    @property
    def stops(self) -> frozenset[int]:
        """Instructions that native code must leave to the reference."""

    def runs_to(self, instret: int, cycle: int) -> int | None:
        """The instret up to which native code may run from there before the reference has to look
        for devices and interrupts; None: as far as it likes."""

    @property
    def on_stamp(self) -> Callable[[int, int], None] | None:
        """Who is told pc and cycle of every instruction that retires."""

    @property
    def identity(self) -> str:
        """Names the description, the core and the program: what decides which code is made."""

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the host, for the guest's input."""

    def advance(self) -> None:
        """Execute one instruction. Raises what ends the run."""

    def finish(self) -> None:
        """Execute the instruction at pc, which has left decode. Raises what ends the run."""

    def fetch(self, pc: int) -> int | None:
        """The instruction word at pc, None where there is none."""
