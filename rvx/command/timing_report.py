"""What `rvx timing` tells: as tables, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.console import Console
from rich.table import Table

from rvx.explain.places import Places, functions
from rvx.explain.recorder import Executed, Recorder
from rvx.explain.tally import Share, by_place, charged_before, whole
from rvx.machine.simulator import RunResult, Simulator


@dataclass(frozen=True)
class Report:
    """A run that has been watched."""

    program: str
    simulator: Simulator
    recorder: Recorder
    result: RunResult
    lines: Places

    @cached_property
    def total(self) -> Share:
        return whole(self.recorder.counts)

    def shares(self, places: Callable[[int], str]) -> Mapping[str, Share]:
        """What each function or line takes."""
        pipeline = self.simulator.pipeline
        assert pipeline is not None
        return by_place(self.recorder.counts, places, charged_before(pipeline.rules))

    @property
    def functions(self) -> Mapping[str, Share]:
        assert self.simulator.program is not None
        return self.shares(functions(self.simulator.program))

    def show(self, top: int) -> None:
        """Print tables of so many rows."""
        console = Console(highlight=False)
        total, core = self.total, self.simulator.core
        lost = total.stalls.total()
        ended = "" if self.result.status is not None else ", then the budget was used up"
        per = total.cycles / total.instructions if total.instructions else 0.0
        console.print(
            f"{total.instructions} instructions in {total.cycles} cycles on {core}{ended}: "
            f"{per:.3f} cycles each, {lost} lost",
            soft_wrap=True,
        )
        table = Table("reason", "cycles lost", "of all cycles", title="stalls by reason")
        for reason, cycles in total.stalls.most_common():
            table.add_row(reason, str(cycles), f"{100 * cycles / total.cycles:.1f} %")
        console.print(table)
        console.print(_places("function", self.functions, top))
        if self.lines:
            console.print(_places("line", self.shares(self.lines), top))

    def as_json(self, text_of: Callable[[Executed], str]) -> dict[str, Any]:
        """The same and the instructions of the window, whole."""
        total = self.total
        return {
            "program": self.program,
            "core": self.simulator.core,
            "status": self.result.status,
            "instructions": total.instructions,
            "cycles": total.cycles,
            "stalls": dict(total.stalls.most_common()),
            "functions": _as_json(self.functions),
            "lines": _as_json(self.shares(self.lines)) if self.lines else [],
            "window": [
                {
                    "index": executed.index,
                    "cycle": executed.cycle,
                    "pc": executed.pc,
                    "text": text_of(executed).partition(" ")[2],
                    "stalls": list(executed.stalls),
                    "execute": executed.execute,
                    "unit": executed.unit,
                    "late": executed.late,
                    "trap": executed.cause,
                }
                for executed in self.recorder.kept
            ],
        }


def _places(heading: str, shares: Mapping[str, Share], top: int) -> Table:
    rest = f", the first {top} of {len(shares)}" if len(shares) > top else ""
    title = f"cycles by {heading}{rest}"
    table = Table(heading, "instructions", "cycles", "lost", "mostly by", title=title)
    for name, share in list(shares.items())[:top]:
        most = ", ".join(f"{reason} {n}" for reason, n in share.stalls.most_common(3))
        numbers = share.instructions, share.cycles, share.stalls.total()
        table.add_row(name, *map(str, numbers), most)
    return table


def _as_json(shares: Mapping[str, Share]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "instructions": share.instructions,
            "cycles": share.cycles,
            "stalls": dict(share.stalls.most_common()),
        }
        for name, share in shares.items()
    ]
