"""The little of Markdown that the pages are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, centered: bool = False) -> str:
    """A table; cells may hold anything but line breaks."""
    rule = ":-:" if centered else "---"
    lines = [head, [rule] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code_block(text: str) -> str:
    """The text as it is."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}\n"


def plain(text: str) -> str:
    """Prose in which nothing is markup: a description's comments say `rs1 * rs2` and `_x_`."""
    return re.sub(r"([\\`*_<\[~])", r"\\\1", text)


def anchor(heading: str) -> str:
    """The fragment that links to a heading of code, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
