"""What a region is to those who run it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from rvx.record import record

if TYPE_CHECKING:
    from rvx.jit.timing import Decoded


class Reason(IntEnum):
    """Why native code was left."""

    CONTINUE = 0  # pending; dispatch on pc and situation again
    BUDGET = 1  # pending; the region's longest path might exceed the limit
    BAIL = 2  # issued; the reference must execute the instruction at pc
    RESOLVE = 3  # pending; a mode has a value that translation did not know
    WARM = 5  # pending; threaded code has been executed often enough to compile it (4: dispatch)


@record(frozen=True)
class Region:
    """Translated code: a function `void @name(ptr block)`.

    It may be called when instret + longest <= limit.
    """

    name: str
    text: str  # an LLVM IR module
    code: tuple[range, ...]  # the guest's bytes that it was made from
    longest: int  # instructions retired between two looks at the budget, at most
    instructions: int
    situations: tuple[int, ...]  # whose numbers are in the code
    entries: tuple[tuple[int, int], ...] = ()  # pcs and situations for which it may be called too
    routines: tuple[str, ...] = ()  # that it calls


def code_of(executes: Iterable[Decoded]) -> tuple[range, ...]:
    """The guest's bytes that some instructions were made from. What a taken branch kills, which may
    decide cycles, lies behind an instruction and is counted with it."""
    pieces: list[range] = []
    for decoded in sorted(executes, key=attrgetter("pc")):
        stop = decoded.next_pc + (4 if decoded.flow.targets else 0)
        if pieces and decoded.pc <= pieces[-1].stop:
            pieces[-1] = range(pieces[-1].start, max(stop, pieces[-1].stop))
        else:
            pieces.append(range(decoded.pc, stop))
    return tuple(pieces)
