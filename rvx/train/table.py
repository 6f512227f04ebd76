"""The comparison as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from rvx.train.comparison import Row, Spread
from rvx.train.workload import Workload

HEADS = (
    *("numbers", "result", "loss", "reached", "epochs", "Mcycles", "Minstr", "speedup"),
    *("Mcycles/epoch", "KiB", "seconds", "MIPS", "skipped"),
)


def cells(row: Row) -> tuple[str, ...]:
    """What stands under HEADS."""
    return (
        row.system,
        "" if row.accuracy is None else spread(row.accuracy, 100, 2, " %"),
        spread(row.loss, 1, 4),
        f"{row.reached} of {row.seeds}",
        spread(row.epochs, 1, 1),
        spread(row.cycles, 1e-6, 1),
        spread(row.instret, 1e-6, 1),
        f"{row.speedup:.2f}" if row.speedup == row.speedup else "",
        f"{row.cycles_per_epoch / 1e6:.1f}",
        f"{row.memory / 1024:.0f}",
        spread(row.seconds, 1, 1),
        f"{row.mips:.0f}",
        str(row.skipped),
    )


def spread(of: Spread, times: float, digits: int, unit: str = "") -> str:
    if not of.count:
        return "-"
    found = f"{of.mean * times:.{digits}f}"
    if of.count > 1:
        found += f" ± {of.deviation * times:.{digits}f}"
    return found + unit


def title(workload: Workload, core: str, target: float) -> str:
    wanted = f"{100 * target:g} % right" if workload.aims_at_accuracy else f"a loss of {target:g}"
    return f"{workload.name} on {core}, to {wanted} of what is held out"


def render(rows: Sequence[Row], workload: Workload, core: str, target: float) -> Table:
    """For the terminal. Epochs, cycles, instructions and speedup are those to the target."""
    table = Table(title=title(workload, core, target), title_justify="left")
    for head in HEADS:
        table.add_column(head, justify="left" if head == "numbers" else "right")
    for row in rows:
        table.add_row(*cells(row))
    return table
