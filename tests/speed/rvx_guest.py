"""Time a guest on rvx from inside: `rvx_guest.py ELF ISA CORE SECONDS PATIENCE`.

Runs the guest, whose end is far away, for so many CPU seconds, and wall seconds of patience, after
its speed has stopped rising, and prints the CPU seconds of a million instructions from then on.
They are those of the thread that runs the guest: that code is improved by another meanwhile does
not count.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from rvx.machine.simulator import Simulator

FIRST = 1 << 16  # instructions of the first slice
# Seconds: slices are made longer until they take so long. The last few hundred instructions of each
# are executed by the reference, so that it ends where it is to: a few milliseconds.
SHORTEST = 0.2
RISE = 1.05  # less than this is no rise


def measure(path: str, isa: str, core: str, seconds: float, patience: float) -> float:
    """CPU seconds of a million instructions."""
    simulator = Simulator(isa=isa, core=core)
    simulator.load(path)
    costs: list[float] = []
    length, best, spent, since = FIRST, float("inf"), 0.0, time.monotonic()
    while spent < seconds or time.monotonic() - since < patience:
        before, started = simulator.instret, time.thread_time()
        if simulator.run(length).status is not None:
            raise SystemExit("the guest came to its end")
        used = time.thread_time() - started
        cost = used / (simulator.instret - before) * 1e6
        if used < SHORTEST:
            length *= 2
        if cost * RISE < best:
            best, spent, since = cost, 0.0, time.monotonic()
            costs.clear()
        costs.append(cost)
        spent += used
    return median(costs[len(costs) // 2 :])


if __name__ == "__main__":
    elf, isa, core, seconds, patience = sys.argv[1:]
    print(measure(elf, isa, core, float(seconds), float(patience)))
