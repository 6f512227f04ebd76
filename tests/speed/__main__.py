"""`python -m tests.speed`: the host benchmark. Needs the `ziglang` wheel; measures what is there.

Engines: rvx (cycles of cv32e40p, and of single), qemu-riscv32 in user mode, unicorn, Spike, and
the same C compiled by the host's gcc -O2 -fno-tree-vectorize.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from .engines import ENGINES, RunError
from .guests import GUESTS, Builder, BuildError
from .measure import Bench
from .report import as_json, brief, show


def main() -> int:
    given = _arguments()
    known = {guest.name: guest for guest in GUESTS}
    if unknown := [name for name in given.guest or () if name not in known]:
        print(f"no guest {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    guests = [known[name] for name in given.guest] if given.guest else list(GUESTS)
    rounds = given.rounds or (2 if given.quick else 5)
    progress = Console(stderr=True)
    results = []
    with tempfile.TemporaryDirectory(prefix="rvx-speed-", ignore_cleanup_errors=True) as folder:
        os.environ["RVX_CACHE_DIR"] = f"{folder}/cache"  # ours is left alone
        builder = Builder(Path(folder))
        missing = {engine.name: why for engine in ENGINES if (why := engine.missing(builder))}
        engines = [
            engine
            for engine in ENGINES
            if engine.name not in missing and (not given.engine or engine.name in given.engine)
        ]
        with progress.status("") as status:
            bench = Bench(builder, 0.4 if given.quick else 1.0, rounds, status.update)
            try:
                for guest in guests:
                    results.append(bench.measure(guest, engines))
                    progress.print(brief(results[-1]), highlight=False)
            except (BuildError, RunError) as error:
                print(f"speed: {error}", file=sys.stderr)
                return 1
            except KeyboardInterrupt:
                print("speed: interrupted; the guests that were finished:", file=sys.stderr)
    show(results, missing, Console(width=None if sys.stdout.isatty() else 160))
    if given.json:
        given.json.write_text(json.dumps(as_json(results, missing), indent=1) + "\n")
    return 1 if any(result.failures for result in results) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.speed",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all measurements")
    parser.add_argument("--quick", action="store_true", help="short runs, two rounds")
    parser.add_argument("--guest", metavar="NAME", action="append", help="only this (repeatable)")
    parser.add_argument("--engine", metavar="NAME", action="append", help="only this (repeatable)")
    parser.add_argument("--rounds", metavar="N", type=int, help="5, with --quick 2")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
