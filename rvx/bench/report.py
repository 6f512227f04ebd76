"""Results as a table for people, eighty columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Group
from rich.table import Table

from rvx.bench.reading import CLASSES
from rvx.bench.result import Result


def render_table(results: Sequence[Result]) -> Group:
    """One table for each kernel, size and core, in the order of the results; rich prints it."""
    groups = groupby(results, key=lambda r: (r.kernel, r.size, r.core, r.seed))
    return Group(*(_table(list(rows)) for _, rows in groups))


def render_readings(results: Sequence[Result]) -> Table:
    """Where the cycles went: shares of each class of instructions, with the stalls behind them."""
    table = Table(
        title="shares of cycles; peak: products of the widest instruction, every cycle",
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    table.add_column("variant")
    for heading in ("of peak", *CLASSES):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in results:
        if row.reading is not None:
            shares = row.reading.shares().values()
            cells = [f"{share:.1%}" for share in (row.reading.share_of_peak, *shares)]
            table.add_row(row.system, *cells)
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
