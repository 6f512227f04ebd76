"""The curves of runs as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

from rvx.train.curves import Panel

WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 130, 44, 52
COLOURS: Final = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
    *("#7f3c8d", "#80ba5a", "#a5aa99"),
)


@dataclass(frozen=True)
class _Plane:
    """From cycles and values to places in a panel."""

    most_cycles: float
    low: float
    high: float
    is_logarithmic: bool

    def x(self, cycles: float) -> float:
        return LEFT + cycles / self.most_cycles * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        at = log10(value) if self.is_logarithmic else value
        share = (at - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - min(max(share, 0.0), 1.0) * (HEIGHT - TOP - BOTTOM)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Values with their text."""
        if self.is_logarithmic:
            steps = [
                m * 10.0**e for e in range(floor(self.low), ceil(self.high)) for m in (1, 2, 5)
            ]
            steps = [s for s in steps if self.low <= log10(s) <= self.high + 1e-9]
            return [(step, f"{step:g}") for step in steps]
        step = (self.high - self.low) / 5
        return [(self.low + i * step, f"{self.low + i * step:g}") for i in range(6)]


def drawing(panels: Sequence[Panel]) -> str:
    """The text of an SVG file: the panels side by side."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(panels)} {HEIGHT}" '
        f'width="{WIDTH * len(panels)}" height="{HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH * len(panels)}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        parts += [f'<g transform="translate({number * WIDTH} 0)">', *_panel(panel), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def colours(panel: Panel) -> dict[str, str]:
    """Of the systems, in their order."""
    names = dict.fromkeys(curve.system for curve in panel.curves)
    return {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}


def _plane(panel: Panel) -> _Plane:
    points = [point for curve in panel.curves for point in curve.points] or [(1.0, 1.0)]
    values = [value for _, value in points]
    most = max(max(cycles for cycles, _ in points), 1.0)
    if panel.is_logarithmic:
        low, high = floor(log10(min(values)) * 4) / 4, ceil(log10(max(values)) * 4) / 4
        return _Plane(most, low, max(high, low + 0.25), True)
    low = floor(min(values) / 10) * 10
    return _Plane(most, low, max(ceil(max(values) / 10) * 10, low + 10), False)


def _panel(panel: Panel) -> list[str]:
    plane = _plane(panel)
    colour = colours(panel)
    parts = [f'<text x="{LEFT}" y="24" font-size="15" fill="#222222">{escape(panel.title)}</text>']
    right = WIDTH - RIGHT
    for value, text in plane.ticks:
        y = plane.y(value)
        parts += [
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e4e4e4"/>',
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444444">{text}</text>',
        ]
    for i in range(6):
        cycles = plane.most_cycles * i / 5
        x = plane.x(cycles)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444444">'
            f"{cycles / 1e6:.3g}</text>"
        )
    middle = (LEFT + right) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{HEIGHT - 12}" text-anchor="middle" fill="#222222">'
        "million simulated cycles of training</text>"
    )
    for curve in panel.curves:
        path = " ".join(f"{plane.x(x):.1f},{plane.y(y):.1f}" for x, y in curve.points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour[curve.system]}" '
            'stroke-width="1.6"/>'
        )
    for number, (name, shade) in enumerate(colour.items()):
        y = TOP + 12 + 18 * number
        parts += [
            f'<line x1="{right + 12}" y1="{y}" x2="{right + 32}" y2="{y}" stroke="{shade}" '
            'stroke-width="2"/>',
            f'<text x="{right + 38}" y="{y + 4}" fill="#222222">{escape(name)}</text>',
        ]
    return parts
