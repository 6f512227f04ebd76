"""What a region counts: instructions, cycles, and which of several possible pasts is the real one.

Counters are variables of the function, brought up to date at the end of each block and wherever
something is added that translation does not know.
"""

from __future__ import annotations

from rvx.jit.layout import Layout
from rvx.jit.text import Function
from rvx.jit.timing import States, Step
from rvx.record import record

_ENTRY = 16  # bytes that an observed instruction takes in the log


@record()
class Counts:
    """What has passed since the counters were last brought up to date."""

    instret: int = 0
    cycles: int = 0

    def copy(self) -> Counts:
        """For one of several ways on."""
        return Counts(self.instret, self.cycles)


class Counters:
    """The counters of one region's function; `block` is the pointer to the hart's block."""

    def __init__(self, out: Function, layout: Layout, block: str, *, observed: bool) -> None:
        self._out = out
        self._layout = layout
        self._block = block
        self._observed = observed
        self._instret, self._cycle = out.variable("i64"), out.variable("i64")
        self._pause = out.variable("i64")  # where a loop looks at the limit
        self._late = out.variable("i32")  # the index into a block's timing states
        self._log = out.variable("i64")  # where an observed region notes the next instruction

    def seen(self, name: str, counts: Counts) -> str:
        """The state `cycle` or `instret` as an instruction sees it (i64)."""
        out, is_cycle = self._out, name == "cycle"
        now = out.load("i64", self._cycle if is_cycle else self._instret, align=8)
        now = out.op("add", 64, now, str(counts.cycles if is_cycle else counts.instret))
        base = out.load("i64", self._block, self._layout.control[f"{name}_base"].offset, align=8)
        return out.op("sub", 64, now, base)

    def arrive(self, step: Step, counts: Counts) -> States:
        """An instruction leaves decode: count the cycles; the timing states then."""
        least = min(step.cycles)
        counts.cycles += least
        if max(step.cycles) > least:
            more = tuple(cycles - least for cycles in step.cycles)
            self._add(self._cycle, self.by_index("i64", more))
        return step.states[:1] if len(set(step.states)) == 1 else step.states

    def set_index(self, states: int, possible: int, position: str) -> None:
        """After a cost with so many possible values: `position` (i32) says which was real."""
        if possible == 1:
            return
        out = self._out
        if states > 1:
            before = out.load("i32", self._late, align=4)
            before = out.op("mul", 32, before, str(possible))
            position = out.op("add", 32, before, position)
        out.store("i32", position, self._late, align=4)

    def by_index(self, type: str, values: tuple[int, ...]) -> str:
        """One of the values, by the index into the timing states."""
        if len(set(values)) == 1:
            return str(values[0])
        out = self._out
        index = out.load("i32", self._late, align=4)
        return out.element(out.module.table(type, values), len(values), type, index, 32)

    def bring_up_to_date(self, counts: Counts) -> None:
        """Add what has passed."""
        if counts.instret:
            self._add(self._instret, str(counts.instret))
        if counts.cycles:
            self._add(self._cycle, str(counts.cycles))

    def add(self, instret: str, cycles: str) -> None:
        """Add what the run knows (i64)."""
        self._add(self._instret, instret)
        self._add(self._cycle, cycles)

    def is_over(self) -> str:
        """Whether the longest way to the next look might exceed the limit (i1)."""
        now = self._out.load("i64", self._instret, align=8)
        return self._out.compare("sgt", 64, now, "%budget")

    def retired(self) -> str:
        """The instructions so far (i64), but for what has passed."""
        return self._out.load("i64", self._instret, align=8)

    def pause_at(self, instret: str) -> None:
        """Let `is_paused` hold once the counter (i64) is passed, or the limit is near."""
        out = self._out
        sooner = out.compare("slt", 64, instret, "%budget")
        out.store("i64", out.select(sooner, "i64", instret, "%budget"), self._pause, align=8)

    def is_paused(self) -> str:
        """Whether to look at the limit, or at what the pause is for (i1)."""
        pause = self._out.load("i64", self._pause, align=8)
        return self._out.compare("sgt", 64, self.retired(), pause)

    def note(self, pc: int, counts: Counts) -> None:
        """Where the region is observed: log that the instruction at pc has retired, and the cycle
        in which it left decode."""
        if not self._observed:
            return
        out = self._out
        here = out.load("i64", self._log, align=8)
        entry = out.value(f"inttoptr i64 {here} to ptr")
        cycle = out.load("i64", self._cycle, align=8)
        out.store("i64", str(pc), entry, align=8)
        out.store("i64", out.op("add", 64, cycle, str(counts.cycles)), entry, 8, align=8)
        out.store("i64", out.op("add", 64, here, str(_ENTRY)), self._log, align=8)

    def entry(self, longest: int) -> None:
        """Fill the variables from the block; `longest` is the number of instructions between two
        looks at the limit, at most."""
        out, control = self._out, self._layout.control
        for name, variable in self._kept():
            value = out.load("i64", self._block, control[name].offset, align=8)
            out.store("i64", value, variable, align=8)
        out.store("i32", "0", self._late, align=4)
        limit = out.load("i64", self._block, control["limit"].offset, align=8)
        out.line(f"%budget = sub i64 {limit}, {longest}")

    def exit(self) -> None:
        """Store the variables into the block."""
        out, control = self._out, self._layout.control
        for name, variable in self._kept():
            value = out.load("i64", variable, align=8)
            out.store("i64", value, self._block, control[name].offset, align=8)

    def _kept(self) -> list[tuple[str, str]]:
        kept = [("instret", self._instret), ("cycle", self._cycle)]
        return [*kept, ("log", self._log)] if self._observed else kept

    def _add(self, counter: str, value: str) -> None:
        now = self._out.load("i64", counter, align=8)
        self._out.store("i64", self._out.op("add", 64, now, value), counter, align=8)
