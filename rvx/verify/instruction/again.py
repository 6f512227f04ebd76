"""One given case by every engine."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.model.machine import Machine
from rvx.verify.instruction.case import Case
from rvx.verify.instruction.check import Mismatch, Oracle
from rvx.verify.instruction.native import ENGINES
from rvx.verify.instruction.shrink import recheck


def again(
    machine: Machine, case: Case, oracles: Sequence[Oracle] = (), *, jit: bool = True
) -> Mismatch | None:
    """The first difference, if there is one."""
    check = recheck(machine, case, tuple(ENGINES) if jit else (), oracles)
    return check.run([tuple(case.values[place] for place in check.seen.places)])
