"""`python -m tests.speed.timing_cost`: what counting a core's cycles costs, next to `--timing off`.

Each guest runs twice side by side, with timing and without, until neither gets faster; then both
go on in turn, and the cost is the median of the rounds' ratios, in CPU time of the thread that runs
the guest.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from math import exp, log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rvx.machine.simulator import Simulator

from .guests import GUESTS, Builder, Guest

REPEAT = (1 << 31) - 1  # the guests never come to their end
PATIENCE = 6.0  # seconds without a rise of speed: the best code of a large region takes long
RISE = 1.05  # less than this is no rise
SLICE = 0.06  # CPU seconds, at least


class Side:
    """A guest on one of the two simulators."""

    def __init__(self, program: Path, guest: Guest, core: str, *, timing: bool) -> None:
        self._simulator = Simulator(isa=guest.isa, core=core, timing=timing, stdout=io.BytesIO())
        self._simulator.load(program)
        self._length = 1 << 16  # instructions of a slice

    def cost(self) -> float:
        """CPU seconds of an instruction in the next slice."""
        before, started = self._simulator.instret, time.thread_time()
        self._simulator.run(self._length)
        used = time.thread_time() - started
        if used < SLICE:
            self._length *= 2
        return used / (self._simulator.instret - before)

    def warm(self) -> None:
        """Run until it is as fast as it gets."""
        best, since = float("inf"), time.monotonic()
        while time.monotonic() - since < PATIENCE:
            cost = self.cost()
            if cost * RISE < best:
                best, since = cost, time.monotonic()


def measure(program: Path, guest: Guest, core: str, rounds: int) -> tuple[float, float]:
    """Seconds of an instruction without timing, and how many times that it is with timing."""
    on, off = (Side(program, guest, core, timing=timing) for timing in (True, False))
    on.warm()
    off.warm()
    pairs = [(on.cost(), off.cost()) for _ in range(rounds)]
    return median(without for _, without in pairs), median(one / other for one, other in pairs)


def main() -> int:
    """Print a line a guest, and the geometric mean."""
    parser = argparse.ArgumentParser(prog="python -m tests.speed.timing_cost", description=__doc__)
    parser.add_argument("--core", default="cv32e40p")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--guest", metavar="NAME", action="append", help="only this (repeatable)")
    given = parser.parse_args()
    guests = [guest for guest in GUESTS if guest.emulates is None]
    wanted = [guest for guest in guests if not given.guest or guest.name in given.guest]
    if not wanted:
        names = ", ".join(guest.name for guest in guests)
        print(f"timing_cost: no such guest; there are {names}", file=sys.stderr)
        return 2
    ratios = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for guest in wanted:
            program = Builder(Path(folder)).guest(guest, REPEAT)
            without, ratio = measure(program, guest, given.core, given.rounds)
            ratios.append(ratio)
            print(
                f"{guest.name:12} {1e-6 / without:6.0f} M/s with timing off, timing costs "
                f"{100 * (ratio - 1):5.1f} %",
                flush=True,
            )
    mean = exp(sum(map(log, ratios)) / len(ratios))
    print(f"geometric mean of {len(ratios)}: {100 * (mean - 1):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
