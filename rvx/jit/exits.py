"""The ways out of first code that differ in constants only: they meet in one block of code, which
finds its constants in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rvx.jit.layout import Layout
from rvx.jit.region import Reason
from rvx.jit.text import Function

if TYPE_CHECKING:
    from rvx.jit.counters import Counters, Counts

_LABEL: Final = "out"
_COLUMNS: Final = ("pc", "hazard", "region", "reason", "instret", "cycle")
_UNKNOWN: Final = 1  # in place of a pc: no instruction lies at an odd address


class Exits:
    """Those of one region. `last` is the pc of the instruction before, where that is known."""

    def __init__(self, out: Function, layout: Layout, counters: Counters) -> None:
        self._out = out
        self._layout = layout
        self._counters = counters
        self._rows: dict[tuple[int, ...], int] = {}
        self._sites: list[tuple[int, str]] = []  # rows, and the blocks of code they come from

    def leave(
        self, reason: Reason, pc: int, situation: int, last: int | None, counts: Counts
    ) -> None:
        """End the open block by leaving native code at pc."""
        self._note(reason, pc, situation, last, counts)
        self._out.jump(_LABEL)

    def leave_if(
        self, condition: str, pc: int, situation: int, last: int | None, counts: Counts
    ) -> None:
        """Leave the instruction at pc to the reference where the condition (an i1) holds."""
        self._note(Reason.BAIL, pc, situation, last, counts)
        on = self._out.label("on")
        self._out.branch(condition, _LABEL, on)
        self._out.begin(on)

    def _note(
        self, reason: Reason, pc: int, situation: int, last: int | None, counts: Counts
    ) -> None:
        before = _UNKNOWN if last is None else last
        row = (pc, situation, before, int(reason), counts.instret, counts.cycles)
        number = self._rows.setdefault(row, len(self._rows))
        self._sites.append((number, self._out.block))

    def write(self) -> None:
        """Write the block of code that they meet in; it goes on at `exit`."""
        if not self._sites:
            return
        out, control = self._out, self._layout.control
        out.begin(_LABEL)
        incoming = ", ".join(f"[ {number}, %{label} ]" for number, label in self._sites)
        row = out.op("mul", 64, out.value(f"phi i64 {incoming}"), str(len(_COLUMNS)))
        cells = [cell for each in self._rows for cell in each]
        table = out.module.table("i64", cells)
        found = {}
        for column, name in enumerate(_COLUMNS):
            index = out.op("add", 64, row, str(column))
            found[name] = out.element(table, len(cells), "i64", index, 64)
        self._counters.add(found.pop("instret"), found.pop("cycle"))
        known = out.compare("ne", 64, found["region"], str(_UNKNOWN))
        before = out.load("i64", "%p0", control["region"].offset, align=8)
        found["region"] = out.select(known, "i64", found["region"], before)
        for name, value in found.items():
            out.store("i64", value, "%p0", control[name].offset, align=8)
        out.jump("exit")
