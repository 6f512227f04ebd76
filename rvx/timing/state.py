"""What the engine knows of instructions, and what the past still means: all frozen, all relative.

Nothing here names a point in time: a state is the same wherever in a run it occurs, and that is
what makes the engine a finite transducer whose steps can be remembered. All are tuples: they are
hashed and compared all the time.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias

# A register: its file and its number, for example ("x", 10).
Register: TypeAlias = tuple[str, int]
Registers: TypeAlias = frozenset[Register]
NO_REGISTERS: Registers = frozenset()


class View(NamedTuple):
    """What the text can see of an instruction in one stage; what it never asks is left out."""

    kinds: int = 0  # bit i: the instruction is of the i-th kind that guards ask for
    reads: Registers = NO_REGISTERS  # without those that are always zero
    writes: Registers = NO_REGISTERS


NOTHING = View()


class Issued(NamedTuple):
    """What stays of an instruction once it has left decode."""

    decoder: View = NOTHING
    execute: View = NOTHING
    writeback: View = NOTHING
    unit: int | None = None  # the unit that it asks, by its place in the text
    writes: Registers = NO_REGISTERS  # for results that are not ready at once


class Facts(NamedTuple):
    """All that the text can know of an instruction before it executes."""

    decode: View
    awaits: tuple[Registers, ...]  # by unit: the registers that its interlock takes for sources
    issued: Issued


class Flow(Enum):
    """Where the next instruction comes from, and which stage asks for it."""

    SEQUENTIAL = "sequential"
    FROM_DECODE = "from decode"
    FROM_EXECUTE = "from execute"
    AFTER = "after"  # a fixed number of cycles


class Costs(NamedTuple):
    """What an instruction takes, once it is known what it did. All in cycles."""

    execute: int = 1
    result: int = 0  # from the last cycle in execute until the result can be read
    latency: int = 0  # from a unit's acceptance until the result is due
    accept: int = 1  # until a free unit accepts
    every: int = 0  # until the unit accepts another; 0: when the result is out
    resume: int = 1  # until the next instruction may leave decode
    after: int = 0  # until the target leaves decode, for Flow.AFTER
    flow: Flow = Flow.SEQUENTIAL
    executes: bool = True  # False: it trapped, and has no result


class Flight(NamedTuple):
    """An operation that a unit has accepted."""

    writes: Registers
    latency: int
    due: int  # cycles until its result is due; it stays 0 while the result is parked

    def later(self) -> Flight:
        """The operation one cycle later, if it is not delivered."""
        return Flight(self.writes, self.latency, max(0, self.due - 1))


class InUnit(NamedTuple):
    """What is in a unit."""

    flights: tuple[Flight, ...] = ()  # oldest first
    gap: int | None = None  # cycles until it accepts another; None: when all results are out


class State(NamedTuple):
    """What the past still means, in the cycle in which an instruction leaves decode."""

    issued: Issued  # that instruction
    asked: bool  # it asked fetch for its target before it left
    leaving: View  # what goes on to writeback in this cycle
    results: tuple[tuple[Register, int], ...]  # not yet readable, and for how many cycles
    units: tuple[InUnit, ...]


class Step(NamedTuple):
    """From one instruction leaving decode to the next: the cycles lost, each with its reason."""

    stalls: tuple[str, ...]
    state: State

    @property
    def cycles(self) -> int:
        return len(self.stalls) + 1
