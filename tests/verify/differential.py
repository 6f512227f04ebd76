"""Reference against JIT on random programs, as many as asked for.

`python -m tests.verify.differential --seed N --programs M --isa ... --core ...`; the seed of a
failure makes the program again. `--every` takes the machines that together have all that ships.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rvx.jit.supply import Supply
from rvx.jit.thread import EXECUTIONS
from rvx.verify import place
from rvx.verify.differential import Differential, simulators
from rvx.verify.instruction.shipped import targets
from rvx.verify.shape import Shape

SOON = 3  # executions of a thread
EVERYTHING = "rv32imfc_zicsr_zifencei_xdotp_xposit"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", type=int, default=20)
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--patches", action="store_true", help="also stores to code")
    parser.add_argument("--seconds", type=float, default=60.0, help="for shrinking a failure")
    parser.add_argument("--isa", action="append", help=f"default: {EVERYTHING}")
    parser.add_argument("--every", action="store_true", help="machines that have all that ships")
    parser.add_argument("--core", default="cv32e40p")
    parser.add_argument("--timing", choices=("on", "off"), default="on")
    parser.add_argument("--whole", action="store_true", help="first code without routines")
    parser.add_argument("--engines", nargs=2, default=("reference", "jit"))
    parser.add_argument("-x", dest="extra", type=Path, action="append", default=[])
    return parser.parse_args()


def begin(seed: int) -> None:
    """Every other program has its threads compiled soon: what is compiled late is tried too."""
    print(seed, end="\r", file=sys.stderr)
    Supply.executions = SOON if seed % 2 else EXECUTIONS


def main() -> int:
    given = arguments()
    Supply.calls_routines = not given.whole
    isas = dict.fromkeys(target.isa for target in targets()) if given.every else given.isa
    return max([run(given, isa) for isa in isas or [EVERYTHING]])


def run(given: argparse.Namespace, isa: str) -> int:
    """The programs of one machine; 1 if an engine differs."""
    pair = simulators(
        tuple(given.engines),
        isa=isa,
        core=given.core,
        extra=given.extra,
        timing=given.timing == "on",
        ram=place.RAM,
    )
    shape = Shape(given.size, given.steps, patches=given.patches)
    differential = Differential(pair, shape, given.seconds)
    start = time.perf_counter()
    seeds = range(given.seed, given.seed + given.programs)
    failures = 0
    for failure in differential.run(seeds, begin):
        failures += 1
        print(failure.report, flush=True)
    seconds = time.perf_counter() - start
    print(
        f"{differential.executed} instructions of {given.programs} programs of {isa} on "
        f"{given.core}, {failures} failures, {seconds:.1f} s",
        flush=True,
    )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
