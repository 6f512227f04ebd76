"""A pipeline diagram in text: a row an instruction, a column a cycle.

`.` decode waits for the instruction, `d` it waits in decode, `D` it leaves decode, `E` it is in
execute, `u` in a unit beside it, `r` its result is on its way, `W` it is done, `!` it traps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rvx.explain.recorder import Executed
from rvx.explain.tally import NOT_FETCHED

LEGEND = ". not fetched  d waits  D leaves decode  E execute  u unit  r result  W done  ! traps"


def first_cycle(executed: Executed) -> int:
    """The cycle after the instruction before has left decode."""
    return executed.cycle - len(executed.stalls)


def letters(executed: Executed) -> str:
    """One letter a cycle, from `first_cycle` on."""
    stalls = executed.stalls
    empty = max((n for n, reason in enumerate(stalls, 1) if reason in NOT_FETCHED), default=0)
    waits = "." * empty + "d" * (len(stalls) - empty)
    if executed.cause is not None:
        return waits + "D!"
    behind = ("u" if executed.unit else "r") * executed.late
    return f"{waits}D{'E' * executed.execute}{behind}W"


def diagram(
    window: Sequence[Executed], text_of: Callable[[Executed], str], width: int
) -> Iterator[str]:
    """The lines of the diagram, in so many columns."""
    texts = [text_of(executed) for executed in window]
    wide = max(map(len, texts), default=0)
    head = f"{'#':>7} {'cycle':>8}  {'':{wide}}  "
    room = max(width - len(head), 16)
    base: int | None = None
    for executed, text in zip(window, texts, strict=True):
        start, drawn = first_cycle(executed), letters(executed)
        if base is None or start - base + min(len(drawn), room) > room:
            base = start
            yield f"{head}cycle {base}".rstrip()
        row = f"{executed.index:7d} {executed.cycle:8d}  {text:{wide}}  {' ' * (start - base)}"
        yield _fit(row + drawn, len(head) + room)
        if executed.stalls:
            yield f"{'':18}  {reasons(executed.stalls)}"


def reasons(stalls: Sequence[str]) -> str:
    """`execute 4, redirect`: the cycles lost, by reason."""
    return ", ".join(f"{r} {n}" if n > 1 else r for r, n in Counter(stalls).items())


def _fit(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"
