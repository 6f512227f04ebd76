"""Benchmarks: kernels on the baseline and on extensions, with cycles, errors and sizes."""

from rvx.bench.dump import dump
from rvx.bench.error import Error
from rvx.bench.gemm import GEMM
from rvx.bench.kernel import BenchError, Kernel, Size, Variant
from rvx.bench.progress import OnRun, progress_bar
from rvx.bench.report import render_table
from rvx.bench.result import SCHEMA, Arrays, Result, to_json
from rvx.bench.runner import DEFAULT_SIZE, VARIANT_NAMES, run_bench

__all__ = [
    "DEFAULT_SIZE",
    "GEMM",
    "SCHEMA",
    "VARIANT_NAMES",
    "Arrays",
    "BenchError",
    "Error",
    "Kernel",
    "OnRun",
    "Result",
    "Size",
    "Variant",
    "dump",
    "progress_bar",
    "render_table",
    "run_bench",
    "to_json",
]
