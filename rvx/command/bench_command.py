"""`rvx bench`: what the extensions buy over RV32IMF."""

from __future__ import annotations

import argparse
import json
import sys
from math import prod
from pathlib import Path

from rich.console import Console

from rvx.bench.compiled import Build
from rvx.bench.dump import dump
from rvx.bench.kernel import Form, Kernel
from rvx.bench.kernels import KERNELS
from rvx.bench.listing import render_listing
from rvx.bench.progress import progress_bar
from rvx.bench.report import render_readings, render_table
from rvx.bench.result import Result, to_json
from rvx.bench.runner import run_bench, systems_of
from rvx.bench.size import BenchError, Size
from rvx.bench.system import SYSTEMS
from rvx.c import CompilerError
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
        help="which (default gemm), or all of them; --list names them",
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
    parser.add_argument(
        "--core",
        action="append",
        help="whose timing (default cv32e40p); parameters as in cv32e40p,NAME=VALUE (repeatable)",
    )
    parser.add_argument(
        "--variant",
        metavar="NAME",
        action="append",
        choices=[system.name for system in SYSTEMS],
        help="only this number system, beside the baseline (repeatable)",
    )
    parser.add_argument(
        "--compiler",
        metavar="NAME",
        help="of kernels in C: zig, clang, or the name of a GCC (default the first there is)",
    )
    parser.add_argument(
        "--cflag",
        metavar="FLAG",
        action="append",
        default=[],
        help="for the compiler, after -O3, as in --cflag=-O2 (repeatable)",
    )
    parser.add_argument(
        "--list", action="store_true", help="the kernels, number systems and sizes that there are"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results (- prints)")
    parser.add_argument(
        "--roofline", action="store_true", help="also where the cycles went, by class (slower)"
    )
    parser.add_argument(
        "--dump", metavar="DIR", type=Path, help="write inputs and outputs as .npy files"
    )


def run(given: argparse.Namespace) -> int:
    if given.list:
        Console().print(render_listing(_kernels(given.kernels or ["all"])))
        return 0
    prints = str(given.json) == "-"
    if given.json is not None and not prints:
        check_writable(given.json)
    if given.dump is not None:
        check_directory(given.dump)
    results = _results(given)
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


def _results(given: argparse.Namespace) -> list[Result]:
    build = Build(given.compiler, tuple(given.cflag))
    results: list[Result] = []
    try:
        chosen, note = _chosen(given, build)
        runs = [(kernel, _sizes(kernel, given.size), systems) for kernel, systems in chosen]
        if note is not None:
            print(f"rvx: {note}", file=sys.stderr)
        with progress_bar(Console(stderr=True)) as progress:
            for kernel, sizes, systems in runs:
                for core in given.core or ["cv32e40p"]:
                    results += run_bench(
                        kernel,
                        sizes,
                        seed=given.seed,
                        core=core,
                        systems=systems,
                        reads=given.roofline,
                        build=build,
                        progress=progress,
                    )
    except (BenchError, CompilerError) as error:
        raise UserError(str(error)) from None
    return results


def _chosen(
    given: argparse.Namespace, build: Build
) -> tuple[list[tuple[Kernel, list[str]]], str | None]:
    """Kernels, each with its systems. What was not asked for by name is left out where it cannot
    run: where a kernel has no such system and, with a note, where there is no compiler."""
    reason = _no_compiler(build)
    everything = "all" in given.kernels
    chosen: list[tuple[Kernel, list[str]]] = []
    left_out = False
    for kernel in _kernels(given.kernels):
        there = systems_of(kernel)
        names = given.variant or [system.name for system in there]
        if everything:
            names = [system.name for system in there if system.name in names]
        possible = names
        if reason and not given.variant:
            possible = [system.name for system in there if not system.is_compiled]
        if reason and kernel.sources and kernel.name not in given.kernels:
            possible = []
        left_out |= len(possible) < len(names)
        if possible:
            chosen.append((kernel, possible))
    return chosen, f"kernels in C are left out: {reason}" if reason and left_out else None


def _no_compiler(build: Build) -> str | None:
    """Why there is none; raises CompilerError where one was asked for."""
    try:
        _ = build.compiler
    except CompilerError as error:
        if build.name is not None:
            raise
        return str(error)
    return None


def _kernels(names: list[str]) -> list[Kernel]:
    if "all" in names:
        return list(KERNELS.values())
    for name in names:
        if name not in KERNELS:
            raise BenchError(f"there is no kernel '{name}'; rvx bench --list names them all")
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
