"""The tables of `rvx numbers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from rich import box
from rich.table import Table

from rvx.accuracy import Coded, Summary
from rvx.accuracy.curve import decimals
from rvx.accuracy.neighbours import enclosing, power
from rvx.emit.format_facts import declared, power_text, specials

MOST_ROWS = 16
MOST_COLUMNS = 3
BAR = 24  # characters


def facts_table(found: Mapping[str, Summary]) -> Table:
    """The figures: a column for each format, or of many a row."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    each = list(found.values())
    if len(found) > MOST_COLUMNS:
        table.add_column("", overflow="fold")
        for title in ("bits", "largest", "smallest", "epsilon", "decades", "at 1", "best"):
            table.add_column(title, justify="right", no_wrap=True)
        for name, of in found.items():
            table.add_row(
                name,
                str(of.format.bits),
                *_short(of.largest, of.smallest, of.epsilon),
                f"{of.decades:.1f}",
                "-" if of.at_one is None else f"{of.at_one:.2f}",
                f"{of.best:.2f}",
            )
        return table
    rows = {
        "declared": [declared(of.format) for of in each],
        "bits": [str(of.format.bits) for of in each],
        "largest": [*_short(*(of.largest for of in each))],
        "lowest": [*_short(*(of.lowest for of in each))],
        "smallest above 0": [*_short(*(of.smallest for of in each))],
        "epsilon": [*_short(*(of.epsilon for of in each))],
        "decades": [f"{of.decades:.1f}" for of in each],
        "decimals at 1": ["-" if of.at_one is None else f"{of.at_one:.2f}" for of in each],
        "decimals at best": [f"{of.best:.2f}" for of in each],
        "no numbers": [specials(of.format) for of in each],
    }
    table.add_column("", no_wrap=True)
    for name in found:
        table.add_column(name, justify="right" if len(found) > 1 else "left", overflow="fold")
    for title, cells in rows.items():
        table.add_row(title, *cells)
    return table


def _short(*values: Fraction | None) -> Iterator[str]:
    """Each as an integer or a power of two."""
    for value in values:
        exponent = 0 if value is None else 1 - value.denominator.bit_length()
        yield "-" if value is None else power_text(value.numerator, exponent)


def accuracy_table(found: Mapping[str, Summary]) -> Table:
    """The decimals kept at powers of two from end to end of all ranges; of one format as bars."""
    exponents = [point.exponent for of in found.values() for point in of.accuracy]
    low, high = min(exponents, default=0), max(exponents, default=0)
    step = max(1, -(-(high - low) // (MOST_ROWS - 1)))
    first = low + (-low) % step  # so that 1 is a row, where it is in a range
    rows = list(range(first, high + 1, step))
    best = max((of.best for of in found.values()), default=1.0)
    table = Table(title="decimals kept at worst", box=box.SIMPLE_HEAD, pad_edge=False)
    table.title_justify = "left"
    table.add_column("about", justify="right")
    around = {name: enclosing(of.format) for name, of in found.items()}
    for name in found:
        table.add_column(name, justify="right")
    if len(found) == 1:
        table.add_column("")
    for exponent in reversed(rows):
        pairs = [of(power(exponent)) for of in around.values()]
        kept = [None if pair is None else decimals(*pair) for pair in pairs]
        cells = ["-" if value is None else f"{value:.2f}" for value in kept]
        if len(kept) == 1:
            length = round(max(kept[0] or 0.0, 0.0) / best * BAR) if best > 0 else 0
            cells.append("█" * length)
        table.add_row(f"2^{exponent}", *cells)
    return table


def value_table(name: str, codes: Sequence[Coded], bits: int, width: int) -> Table:
    """Every code and its value, down the columns that there is room for."""
    digits = (bits + 3) // 4
    texts = [(f"{each.code:0{digits}x}", number_text(each.value)) for each in codes]
    longest = max(len(value) for _, value in texts)
    count = max(1, min(8, width // (digits + longest + 4)))
    rows = -(-len(texts) // count)
    table = Table(title=f"the values of {name}", box=None, pad_edge=False, show_header=False)
    table.title_justify = "left"
    for _ in range(count):
        table.add_column(style="dim")
        table.add_column(justify="right", min_width=longest)
    for row in range(rows):
        table.add_row(*(cell for place in texts[row::rows] for cell in place))
    return table


def number_text(value: Fraction | str) -> str:
    """A value in decimal where that is short, else with a power of two."""
    if isinstance(value, str):
        return value
    exponent = 1 - value.denominator.bit_length()
    short = f"{float(value):.10g}" if abs(value) < 10**7 else ""
    if short and "e" not in short and Fraction(short) == value:
        return short
    return power_text(value.numerator, exponent)
