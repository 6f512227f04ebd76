"""`rvx bench`: what the extensions buy over RV32IMF."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from rvx.bench.dump import dump
from rvx.bench.kernel import BenchError, Size
from rvx.bench.progress import progress_bar
from rvx.bench.report import render_table
from rvx.bench.result import to_json
from rvx.bench.runner import DEFAULT_SIZE, VARIANT_NAMES, run_bench
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import check_directory, check_writable, write_whole
from rvx.machine.simulator import DEFAULT_RAM


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "bench",
        run,
        "run the kernels on the baseline and on the extensions, and compare",
        "rvx bench --size 32,32,64 --core cv32e40p --json result.json",
    )
    parser.add_argument(
        "--size",
        metavar="M,N,K",
        action="append",
        help=f"rows, columns, summed products (default {DEFAULT_SIZE}; repeatable)",
    )
    parser.add_argument(
        "--seed", type=options.natural, default=0, help="of the random inputs (default 0)"
    )
    parser.add_argument("--core", default="cv32e40p", help="whose timing (default cv32e40p)")
    parser.add_argument(
        "--variant", metavar="NAME", action="append", choices=VARIANT_NAMES, help="only these"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results (- prints)")
    parser.add_argument(
        "--dump", metavar="DIR", type=Path, help="write inputs and outputs as .npy files"
    )


def run(given: argparse.Namespace) -> int:
    prints = str(given.json) == "-"
    if given.json is not None and not prints:
        check_writable(given.json)
    if given.dump is not None:
        check_directory(given.dump)
    try:
        sizes = [_size(text) for text in given.size or [DEFAULT_SIZE]]
        with progress_bar(Console(stderr=True)) as progress:
            results = run_bench(
                sizes, seed=given.seed, core=given.core, variants=given.variant, progress=progress
            )
    except BenchError as error:
        raise UserError(str(error)) from None
    report = json.dumps(to_json(results), indent=2) + "\n"
    if prints:
        print(report, end="")
    else:
        Console().print(render_table(results))
    if given.json is not None and not prints:
        write_whole(given.json, report)
    if given.dump is not None:
        dump(results, given.dump)
    return 0


def _size(text: str) -> Size:
    """Raises BenchError, also where the matrices leave no room for a program and its stack."""
    size = Size.parse(text)
    words = size.m * size.k + size.k * size.n + size.m * size.n
    if 4 * words > len(DEFAULT_RAM) // 2:
        raise BenchError(f"size '{text}': matrices of {words} elements do not fit into RAM")
    return size
