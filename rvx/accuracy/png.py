"""The same drawing as PNG, by matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from rvx.accuracy.curve import Point
from rvx.accuracy.svg import COLOURS, TITLE


def picture(curves: Mapping[str, Sequence[Point]]) -> bytes:
    """The bytes of a PNG file. Raises ImportError without matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 5.4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    for number, (name, points) in enumerate(curves.items()):
        axes.plot(
            [point.exponent for point in points],
            [max(point.decimals, 0) for point in points],
            label=name,
            color=COLOURS[number % len(COLOURS)],
            linestyle="-" if number < len(COLOURS) else "--",
        )
    axes.set(title=TITLE, xlabel="log2 of the magnitude", ylabel="decimals", ylim=(0, None))
    axes.grid(color="#e4e4e4")
    axes.legend()
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
