"""A progress bar for terminals, and silence elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

OnRun: TypeAlias = Callable[[int, int, str], None]
"""Told before each run, and after the last: runs done, runs in all, what runs now."""


def silent(done: int, total: int, label: str) -> None:
    """Show nothing."""


@contextmanager
def progress_bar(console: Console) -> Iterator[OnRun]:
    """A bar on the console while the block runs, gone afterwards; nothing on no terminal."""
    if not console.is_terminal:
        yield silent
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label)

        yield show
