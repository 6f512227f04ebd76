"""What the hart tells of an executed instruction."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from rvx.record import record


@record(slots=True)
class Outcome:
    """What an instruction did, as far as a core's timing can depend on it.

    One object may serve for every instruction: nothing of it is kept.
    """

    taken: bool = False  # a conditional branch went to its target
    address: int = 0  # of its (first) memory access
    size: int = 0  # of that access, in bytes; 0: there was none
    writes_csr: bool = False  # it wrote its CSR
    cause: int | None = None  # of the trap it raised
    frame: Any = None  # what compiled expressions over operands read; the hart's own


class Happened(IntEnum):
    """The ways for an instruction to end that a core's text can tell apart."""

    PLAIN = 0
    TAKEN = 1
    TRAPPED = 2
    ILLEGAL = 3


# Exception code of an illegal instruction (privileged manual, table of mcause values).
_ILLEGAL_INSTRUCTION = 2


def happened(outcome: Outcome) -> Happened:
    """Sort an outcome."""
    if outcome.cause is None:
        return Happened.TAKEN if outcome.taken else Happened.PLAIN
    return Happened.ILLEGAL if outcome.cause == _ILLEGAL_INSTRUCTION else Happened.TRAPPED
