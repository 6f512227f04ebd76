"""Benchmarks: kernels on the baseline and on extensions, with cycles, errors and sizes."""

from rvx.bench.dump import dump
from rvx.bench.error import Error
from rvx.bench.kernel import Kernel
from rvx.bench.kernels import KERNELS
from rvx.bench.progress import OnRun, progress_bar
from rvx.bench.report import render_table
from rvx.bench.result import SCHEMA, Arrays, Output, Result, to_json
from rvx.bench.runner import run_bench, systems_of
from rvx.bench.size import BenchError, Size
from rvx.bench.system import SYSTEMS, System

__all__ = [
    "KERNELS",
    "SCHEMA",
    "SYSTEMS",
    "Arrays",
    "BenchError",
    "Error",
    "Kernel",
    "OnRun",
    "Output",
    "Result",
    "Size",
    "System",
    "dump",
    "progress_bar",
    "render_table",
    "run_bench",
    "systems_of",
    "to_json",
]
