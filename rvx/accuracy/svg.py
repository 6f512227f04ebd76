"""A drawing of the decimals that formats keep across magnitudes, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from xml.sax.saxutils import escape

from rvx.accuracy.curve import Point

WIDTH, HEIGHT = 960, 540
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 56, 92
# Okabe and Ito's colours, which the colour-blind tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
TITLE = "Decimals kept at worst, by magnitude"


@dataclass(frozen=True)
class _Plane:
    """From exponents of two and decimals to places in the drawing."""

    low: int
    high: int
    top: float

    def x(self, exponent: float) -> float:
        return LEFT + (exponent - self.low) / (self.high - self.low) * (WIDTH - LEFT - RIGHT)

    def y(self, decimals: float) -> float:
        return HEIGHT - BOTTOM - max(decimals, 0) / self.top * (HEIGHT - TOP - BOTTOM)


def drawing(curves: Mapping[str, Sequence[Point]]) -> str:
    """The text of an SVG file: a line for each format, in the order given."""
    points = [point for each in curves.values() for point in each]
    low = min((point.exponent for point in points), default=-1)
    high = max((point.exponent for point in points), default=1)
    best = max((point.decimals for point in points), default=1.0)
    plane = _Plane(low - 1, high + 1, max(ceil(best + 0.2), 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="30" font-size="18" fill="#222222">{TITLE}</text>',
        *_rows(plane),
        *_columns(plane),
        *(_line(plane, each, number) for number, each in enumerate(curves.values())),
        *_legend(list(curves)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(plane: _Plane) -> list[str]:
    step = max(1, ceil(plane.top / 10))
    found = []
    for decimals in range(0, int(plane.top) + 1, step):
        y = plane.y(decimals)
        found.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{"#888888" if decimals == 0 else "#e4e4e4"}"/>'
        )
        found.append(
            f'<text x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end" fill="#555555">'
            f"{decimals}</text>"
        )
    return found


def _columns(plane: _Plane) -> list[str]:
    """Powers of two below, and of ten below them."""
    found, bottom = [], HEIGHT - BOTTOM
    step = _round_step((plane.high - plane.low) / 12)
    for exponent in range(ceil(plane.low / step) * step, plane.high + 1, step):
        x = plane.x(exponent)
        found.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="#f0f0f0"/>')
        found.append(_power(x, bottom + 20, 2, exponent, "#555555"))
    digit = 0.30102999566398120  # log10(2)
    step = _round_step((plane.high - plane.low) * digit / 8)
    first, last = plane.low * digit, plane.high * digit
    exponents = range(ceil(first / step) * step, floor(last) + 1, step)
    return found + [
        _power(plane.x(exponent / digit), bottom + 40, 10, exponent, "#999999")
        for exponent in exponents
    ]


def _round_step(about: float) -> int:
    """The least of 1, 2, 5, 10, 20, ... that is not below it."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if factor * unit >= about:
                return factor * unit
        unit *= 10


def _power(x: float, y: float, base: int, exponent: int, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="{colour}">{base}'
        f'<tspan dy="-5" font-size="10">{exponent}</tspan></text>'
    )


def _line(plane: _Plane, points: Sequence[Point], number: int) -> str:
    places = " ".join(f"{plane.x(p.exponent):.1f},{plane.y(p.decimals):.1f}" for p in points)
    return (
        f'<polyline points="{places}" fill="none" stroke="{COLOURS[number % len(COLOURS)]}" '
        f'stroke-width="2" stroke-linejoin="round"{_dashes(number)}/>'
    )


def _dashes(number: int) -> str:
    """Beyond the colours, dashed."""
    return f' stroke-dasharray="{3 + number}"' if number >= len(COLOURS) else ""


def _legend(names: Sequence[str]) -> list[str]:
    found, x = [], float(LEFT)
    for number, name in enumerate(names):
        y = HEIGHT - 20
        found.append(
            f'<line x1="{x:.0f}" x2="{x + 24:.0f}" y1="{y}" y2="{y}" '
            f'stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="3"{_dashes(number)}/>'
        )
        found.append(f'<text x="{x + 30:.0f}" y="{y + 4}" fill="#222222">{escape(name)}</text>')
        x += 30 + 8 * len(name) + 20
    return found
