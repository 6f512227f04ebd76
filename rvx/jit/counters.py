"""What a region counts: instructions, cycles, and which of several possible pasts is the real one.

Instructions and cycles since the region was entered are one variable of the function, so that to
count a block is one addition: the lower bits have instructions, and end where the limit is passed;
the upper ones have cycles. It is brought up to date at the end of each block and wherever something
is added that translation does not know.
"""

from __future__ import annotations

from rvx.jit.layout import Layout
from rvx.jit.text import Function
from rvx.jit.timing import States, Step
from rvx.record import record

_ENTRY = 16  # bytes that an observed instruction takes in the log
# Instructions have so many bits, of which the highest is set once the limit is passed. With cycles
# above them most blocks count by a constant of 32 bits.
_PASSED = 24
_CYCLES = _PASSED + 1
_MOST = (1 << _PASSED) - 1  # instructions until the limit
_BELOW = (1 << _CYCLES) - 1  # the bits of instructions


@record()
class Counts:
    """What has passed since the counters were last brought up to date; less than nothing, where
    they were ahead."""

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
        self._count = out.variable("i64")
        self._before = out.variable("i64")  # instret where that has none
        self._pause = out.variable("i64")  # where a loop looks at the limit
        self._late = out.variable("i32")  # the index into a block's timing states
        self._log = out.variable("i64")  # where an observed region notes the next instruction

    def seen(self, name: str, counts: Counts) -> str:
        """The state `cycle` or `instret` as an instruction sees it (i64)."""
        out = self._out
        more = counts.cycles if name == "cycle" else counts.instret
        now = out.op("add", 64, self._total(name), str(more))
        base = out.load("i64", self._block, self._layout.control[f"{name}_base"].offset, align=8)
        return out.op("sub", 64, now, base)

    def arrive(self, step: Step, counts: Counts) -> States:
        """An instruction leaves decode: count the cycles; the timing states then."""
        counts.cycles += min(step.cycles)
        self.vary(step)
        return step.states[:1] if len(set(step.states)) == 1 else step.states

    def vary(self, step: Step) -> None:
        """Add the cycles of an arrival beyond the least."""
        least = min(step.cycles)
        if max(step.cycles) > least:
            more = tuple(cycles - least << _CYCLES for cycles in step.cycles)
            self._add(self.by_index("i64", more))

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
        if counts != Counts():
            self._add(str(counts.instret + (counts.cycles << _CYCLES) & (1 << 64) - 1))

    def add(self, instret: str, cycles: str) -> None:
        """Add what the run knows (i64)."""
        out = self._out
        self._add(out.op("add", 64, instret, out.op("shl", 64, cycles, str(_CYCLES))))

    def is_over(self) -> str:
        """Whether the longest way to the next look might exceed the limit (i1)."""
        bit = self._out.op("and", 64, self._now(), str(1 << _PASSED))
        return self._out.compare("ne", 64, bit, "0")

    def retired(self) -> str:
        """The instructions from some number on (i64), but for what has passed."""
        return self._out.op("and", 64, self._now(), str(_BELOW))

    def pause_at(self, retired: str) -> None:
        """Let `is_paused` hold once that is more than given (i64), or the limit is near."""
        out = self._out
        sooner = out.compare("slt", 64, retired, str(_MOST))
        out.store("i64", out.select(sooner, "i64", retired, str(_MOST)), self._pause, align=8)

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
        cycle = out.op("add", 64, self._total("cycle"), str(counts.cycles))
        out.store("i64", str(pc), entry, align=8)
        out.store("i64", cycle, entry, 8, align=8)
        out.store("i64", out.op("add", 64, here, str(_ENTRY)), self._log, align=8)

    def entry(self, longest: int) -> None:
        """Fill the variables from the block; `longest` is the number of instructions between two
        looks at the limit, at most."""
        out = self._out
        left = out.op("sub", 64, self._of_block("limit"), self._of_block("instret"))
        left = out.op("sub", 64, left, str(longest))
        fewer = out.compare("slt", 64, left, str(_MOST))
        left = out.select(fewer, "i64", left, str(_MOST))
        out.store("i64", out.op("sub", 64, str(_MOST), left), self._count, align=8)
        # What the instructions of the count are to be added to.
        before = out.op("add", 64, self._of_block("instret"), left)
        out.store("i64", out.op("sub", 64, before, str(_MOST)), self._before, align=8)
        out.store("i32", "0", self._late, align=4)
        if self._observed:
            out.store("i64", self._of_block("log"), self._log, align=8)

    def exit(self) -> None:
        """Store the variables into the block."""
        out, control = self._out, self._layout.control
        found = {name: self._total(name) for name in ("instret", "cycle")}
        if self._observed:
            found["log"] = out.load("i64", self._log, align=8)
        for name, value in found.items():
            out.store("i64", value, self._block, control[name].offset, align=8)

    def _total(self, name: str) -> str:
        """The counter `cycle` or `instret` (i64), but for what has passed. The block has what it
        was when the region was entered."""
        out = self._out
        if name == "instret":
            return out.op("add", 64, out.load("i64", self._before, align=8), self.retired())
        passed = out.op("lshr", 64, self._now(), str(_CYCLES))
        return out.op("add", 64, self._of_block("cycle"), passed)

    def _of_block(self, name: str) -> str:
        return self._out.load("i64", self._block, self._layout.control[name].offset, align=8)

    def _now(self) -> str:
        return self._out.load("i64", self._count, align=8)

    def _add(self, value: str) -> None:
        self._out.store("i64", self._out.op("add", 64, self._now(), value), self._count, align=8)
