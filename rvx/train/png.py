"""The same drawing as PNG, by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from rvx.train.curves import Panel
from rvx.train.svg import colours


def picture(panels: Sequence[Panel]) -> bytes:
    """The bytes of a PNG file. Raises ImportError without matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4 * len(panels), 4.2), dpi=120, layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        named: set[str] = set()
        colour = colours(panel)
        for curve in panel.curves:
            axes.plot(
                [cycles / 1e6 for cycles, _ in curve.points],
                [value for _, value in curve.points],
                color=colour[curve.system],
                label=None if curve.system in named else curve.system,
            )
            named.add(curve.system)
        axes.set(title=panel.title, xlabel="million simulated cycles of training")
        if panel.is_logarithmic:
            axes.set_yscale("log")
        axes.grid(color="#e4e4e4")
        axes.legend()
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
