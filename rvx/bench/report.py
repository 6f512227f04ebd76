"""Results as a table for people, eighty columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Group
from rich.table import Table

from rvx.bench.reading import CLASSES, LOSSES
from rvx.bench.result import Result


def render_table(results: Sequence[Result]) -> Group:
    """One table for each kernel, size and core, in the order of the results; rich prints it."""
    groups = groupby(results, key=lambda r: (r.kernel, r.size, r.core, r.seed))
    return Group(*(_table(list(rows)) for _, rows in groups))


def render_readings(results: Sequence[Result]) -> Group:
    """Where the cycles went, two tables for each kernel, size and core: instructions of each class,
    and what kept the kernel from its peak."""
    groups = groupby(results, key=lambda r: (r.kernel, r.size, r.core, r.seed))
    return Group(*(table for _, rows in groups for table in _readings(list(rows))))


def _readings(rows: list[Result]) -> tuple[Table, Table]:
    first = rows[0]
    counted = _plain_table(f"{first.kernel} {first.size}: instructions / {first.unit}", CLASSES)
    lost = _plain_table(
        "shares of cycles; of peak: as many products each as the widest instruction forms",
        ("of peak", *LOSSES),
    )
    for row in rows:
        if (reading := row.reading) is not None:
            counts = reading.instructions.values()
            counted.add_row(row.system, *(f"{count / row.work:.3f}" for count in counts))
            shares = (reading.share_of_peak, *reading.lost_to().values())
            lost.add_row(row.system, *(f"{share:.1%}" for share in shares))
    return counted, lost


def _plain_table(title: str, headings: Sequence[str]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    table.add_column("variant")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _table(rows: list[Result]) -> Table:
    first = rows[0]
    table = Table(
        title=f"{first.kernel} {first.size} on {first.core}, seed {first.seed}",
        title_justify="left",
        caption="error: relative rms to float64, before and after quantizing the operands",
        caption_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    table.add_column("\nvariant")
    for heading in (
        "\ninstret",
        "\ncycles",
        f"cycles\n/ {first.unit}",
        "speed-\nup",
        "error\nbefore",
        "error\nafter",
        "code\nbytes",
        "data\nbytes",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.system,
            str(row.instret),
            str(row.cycles),
            f"{row.cycles_per_work:.3f}",
            f"{row.speedup:.2f}",
            f"{row.error.relative_rms:.2e}",
            f"{row.error_quantized.relative_rms:.2e}",
            str(row.code_bytes),
            str(row.data_bytes),
        )
    return table
