"""Measures what recorded/ keeps, so that a change of cycles is a diff to review, and writes
docs/bench.md from it.

    python tests/bench/record.py               everything anew
    python tests/bench/record.py gemm dot      these kernels
    python tests/bench/record.py --missing     only what is not there yet, as of a new number system
    python tests/bench/record.py --page        nothing, only docs/bench.md
"""

from __future__ import annotations

import argparse
import sys

from page import PAGE, page
from recording import Runs, compiler, is_compiled, measured, read, sizes_of, write
from rivals import compare

from rvx.bench import KERNELS, Kernel, systems_of


def record(kernel: Kernel, *, keeps: bool) -> None:
    """`keeps` what is there, where it is of the same compiler."""
    identity, kept = read(kernel.name) if keeps else (None, {})
    names = [system.name for system in systems_of(kernel)]
    in_c = {name for name in names if is_compiled(kernel, name)}
    outdated = in_c if in_c and identity != compiler() else set()
    runs: Runs = {}
    for size in sizes_of(kernel):
        there = kept.get(size, {})
        missing = [name for name in names if name not in there or name in outdated]
        if missing:
            print(kernel.name, size, *missing, file=sys.stderr, flush=True)
            there = {**there, **measured(kernel, size, missing)}
        runs[size] = {name: there[name] for name in names}
    write(kernel.name, compiler() if in_c else None, runs)


def main() -> int:
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=text)
    parser.add_argument("kernels", metavar="KERNEL", nargs="*", help="only these")
    parser.add_argument("--missing", action="store_true", help="only what is not there yet")
    parser.add_argument("--page", action="store_true", help="only the page")
    given = parser.parse_args()
    if unknown := set(given.kernels) - {*KERNELS, "compilers"}:
        parser.error(f"there is no kernel {min(unknown)}; rvx bench --list names them all")
    for kernel in KERNELS.values():
        if not given.page and (not given.kernels or kernel.name in given.kernels):
            record(kernel, keeps=given.missing)
    if not (given.page or given.missing or given.kernels) or "compilers" in given.kernels:
        compare()
    try:
        PAGE.write_text(page(), encoding="utf-8")
    except (KeyError, FileNotFoundError) as error:
        print(f"{PAGE.name} is not written: {error} has yet to be recorded", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
