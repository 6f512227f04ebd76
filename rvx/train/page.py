"""The comparison as one page of HTML: table and curves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rvx.train.comparison import compare
from rvx.train.curves import panels
from rvx.train.run import Done
from rvx.train.svg import drawing
from rvx.train.table import HEADS, cells, title

_STYLE = (
    "body{font-family:system-ui,sans-serif;margin:2em;color:#222}"
    "table{border-collapse:collapse}td,th{padding:.25em .7em;text-align:right;"
    "border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}"
)


def page(runs: Sequence[Done], target: float) -> str:
    """The text of an HTML file that needs no other."""
    plan = runs[0].plan
    settings = ", ".join(
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in plan.settings.to_json().items()
        if key not in ("seed", "report")
    )
    seeds = ", ".join(dict.fromkeys(str(done.plan.settings.seed) for done in runs))
    head = "".join(f"<th>{escape(text)}</th>" for text in HEADS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells(row)) + "</tr>\n"
        for row in compare(runs, target)
    )
    name = escape(title(plan.workload, plan.core, target))
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>
<h1>{name}</h1>
<p>Seeds {seeds}; mean ± standard deviation. Epochs, cycles, instructions and speedup are those to
the target, of training alone. {escape(settings)}.</p>
<table><thead><tr>{head}</tr></thead>
<tbody>
{rows}</tbody></table>
{drawing(panels(runs))}</html>
"""
