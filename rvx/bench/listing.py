"""What there is to run: kernels, number systems and default sizes, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table

from rvx.bench.kernel import Kernel
from rvx.bench.system import SYSTEMS


def render_listing(kernels: Iterable[Kernel]) -> Group:
    """Kernels with their dimensions, then the systems."""
    return Group(_kernels(kernels), "", _systems())


def _kernels(kernels: Iterable[Kernel]) -> Table:
    table = _table("kernel", "--size", "by default")
    for kernel in kernels:
        dimensions = ",".join(name.upper() for name in kernel.dimensions)
        table.add_row(kernel.name, dimensions, ",".join(map(str, kernel.default)))
    return table


def _systems() -> Table:
    table = _table("--variant", "operands", "results", "kernels", "ISA")
    for system in SYSTEMS:
        kernels = "all" if system.header else "gemm"
        table.add_row(system.name, system.operand, system.wide, kernels, system.isa)
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    return table
