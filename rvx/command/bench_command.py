"""`rvx bench`: what the extensions buy over RV32IMF."""

from __future__ import annotations

import argparse
import json
from math import prod
from pathlib import Path

from rich.console import Console

from rvx.bench.dump import dump
from rvx.bench.kernel import Form, Kernel
from rvx.bench.kernels import KERNELS
from rvx.bench.progress import progress_bar
from rvx.bench.report import render_readings, render_table
from rvx.bench.result import Result, to_json
from rvx.bench.runner import run_bench
from rvx.bench.size import BenchError, Size
from rvx.bench.system import SYSTEMS
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
        "rvx bench gemm layernorm_forward --core cv32e40p --json result.json",
    )
    parser.add_argument(
        "kernels",
        metavar="KERNEL",
        nargs="*",
        help=f"which (default gemm); all of them, or: {', '.join(KERNELS)}",
    )
    parser.add_argument(
        "--size",
        metavar="N,N,...",
        action="append",
        help="a number for each dimension of the kernel, as M,N,K of gemm, or one for all"
        " (repeatable)",
    )
    parser.add_argument(
        "--seed", type=options.natural, default=0, help="of the random inputs (default 0)"
    )
    parser.add_argument("--core", default="cv32e40p", help="whose timing (default cv32e40p)")
    parser.add_argument(
        "--variant",
        metavar="NAME",
        action="append",
        choices=[system.name for system in SYSTEMS],
        help="only these",
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results (- prints)")
    parser.add_argument(
        "--roofline", action="store_true", help="also where the cycles went, by class (slower)"
    )
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
        chosen = _kernels(given.kernels)
        results: list[Result] = []
        with progress_bar(Console(stderr=True)) as progress:
            for kernel in chosen:
                results += run_bench(
                    kernel,
                    _sizes(kernel, given.size),
                    seed=given.seed,
                    core=given.core,
                    systems=given.variant,
                    reads=given.roofline,
                    progress=progress,
                )
    except BenchError as error:
        raise UserError(str(error)) from None
    report = json.dumps(to_json(results), indent=2) + "\n"
    if prints:
        print(report, end="")
    else:
        Console().print(render_table(results))
        if given.roofline:
            Console().print(render_readings(results))
    if given.json is not None and not prints:
        write_whole(given.json, report)
    if given.dump is not None:
        dump(results, given.dump)
    return 0


def _kernels(names: list[str]) -> list[Kernel]:
    if "all" in names:
        return list(KERNELS.values())
    for name in names:
        if name not in KERNELS:
            raise BenchError(f"there is no kernel '{name}'; there are {', '.join(KERNELS)}")
    return [KERNELS[name] for name in names or ["gemm"]]


def _sizes(kernel: Kernel, texts: list[str] | None) -> list[Size]:
    """Raises BenchError, also where tensors leave no room for a program and its stack."""
    sizes = [kernel.size(text) for text in texts] if texts else [kernel.default_size]
    for size in sizes:
        elements = sum(
            prod(tensor.shape(size)) * (2 if tensor.form is Form.ROOM else 1)
            for tensor in kernel.tensors
        )
        if 4 * elements > len(DEFAULT_RAM) // 2:
            raise BenchError(f"size '{size}': {elements} elements do not fit into RAM")
    return sizes
