"""A window as a Kanata log, for the pipeline viewer Konata.

The format, version 4: shioyadan/Konata, docs/kanata-log-format.md. Stages are in lane 0, stalls in
lane 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from rvx.explain.diagram import first_cycle, letters, reasons
from rvx.explain.recorder import Executed

# A cycle and what happens in it.
Event: TypeAlias = tuple[int, str]

_STAGES = {".": "F", "d": "D", "D": "D", "E": "X", "u": "U", "r": "M", "W": "W", "!": "T"}


def konata(window: Sequence[Executed], text_of: Callable[[Executed], str]) -> str:
    """The log of the instructions in the window."""
    events = [
        event
        for place, executed in enumerate(window)
        for event in _events(place, executed, text_of(executed))
    ]
    events.sort(key=lambda event: event[0])  # those of a cycle stay in order
    lines = ["Kanata\t0004"]
    now: int | None = None
    for cycle, group in groupby(events, key=lambda event: event[0]):
        lines.append(f"C=\t{cycle}" if now is None else f"C\t{cycle - now}")
        lines += [line for _, line in group]
        now = cycle
    return "\n".join(lines) + "\n"


def _events(id: int, executed: Executed, text: str) -> Iterator[Event]:
    start, drawn = first_cycle(executed), letters(executed)
    yield start, f"I\t{id}\t{executed.index}\t0"
    yield start, f"L\t{id}\t0\t{text}"
    if executed.stalls:
        yield start, f"L\t{id}\t1\t{reasons(executed.stalls)}"
    at = start
    for stage, letter in groupby(drawn, key=lambda letter: _STAGES[letter]):
        yield at, f"S\t{id}\t0\t{stage}"
        at += len(list(letter))
    at = start
    for reason, stalls in groupby(executed.stalls):
        yield at, f"S\t{id}\t1\t{reason}"
        at += len(list(stalls))
        yield at, f"E\t{id}\t1\t{reason}"
    retires = 0 if executed.cause is None else 1  # 1: flushed
    yield start + len(drawn), f"R\t{id}\t{executed.index}\t{retires}"
