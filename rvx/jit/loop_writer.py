"""Writes the edges of loops of one block, each of which has two pieces of code.

One checks every access. The other, several turns on end, leaves out what has been checked before
many turns: those accesses use pointers of the host, which move with the turns; and where it is
known how often the loop's branch will be taken, only the last of those turns looks. Both retire
the same instructions in the same cycles. After some turns without checks there is a pause: a look
at the budget, and at which of the two goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rvx.jit.counters import Counters, Counts
from rvx.jit.guest import Waiting
from rvx.jit.layout import Place
from rvx.jit.loop import Loop, Stride, loop_of
from rvx.jit.reach import Named, Reach
from rvx.jit.timing import Pendings, Step
from rvx.number.flags import NX

if TYPE_CHECKING:
    from rvx.jit.block_key import BlockKey
    from rvx.jit.writer import RegionWriter

_FEWEST: Final = 4  # turns that are worth going elsewhere for
_FOREVER: Final = 1 << 40  # turns of what stands
# Short loops are to pay next to nothing: how often a loop begins is counted down in rounds, and it
# is considered the last times of each. After many turns without checks the next times are such.
_ROUND: Final = 128
_LAST: Final = 4
_LONG: Final = 16  # turns


class LoopWriter:
    """The loops of one region. First code has none."""

    def __init__(self, region: RegionWriter) -> None:
        self._region = region
        self._loops: dict[int, Loop | None] = {}
        self._variables: dict[Stride, str] = {}  # pointers of the host to where accesses begin
        self._counts: dict[BlockKey, Counts] = {}  # that turns on end begin with
        self._waiting: dict[BlockKey, Waiting] = {}  # likewise
        self._considers: dict[BlockKey, str] = {}  # labels
        self._written = 0  # of those
        self._rounds: dict[int, str] = {}  # variables that count down, by pc of the loop
        self._end = region.out.variable("i64")  # instret where the turns without checks end

    def at(self, pc: int) -> Loop | None:
        """The loop that the block at pc is."""
        region = self._region
        if region.first is not None:
            return None
        if pc not in self._loops:
            self._loops[pc] = loop_of(list(region.found.straight(pc)))
        return self._loops[pc]

    def counts(self, key: BlockKey) -> Counts:
        """What has passed where the block begins."""
        return self._counts.get(key, Counts()).copy()

    def waiting(self, key: BlockKey) -> Waiting:
        """The additions that have not been made yet where the block begins."""
        return self._waiting.get(key, {})

    def checks(self, key: BlockKey) -> Mapping[int, Reach]:
        """What accesses are to check in a turn that leaves out others, at its beginning."""
        loop, out = self.at(key.pc), self._region.out
        assert loop is not None
        checks = dict(loop.checks)
        for stride in loop.strides:
            start = out.load("ptr", self._variable(stride), align=8)
            passed = 0 if stride.step.registers else (key.turn - 1) * stride.step.constant
            for access in stride.group.accesses:
                distance = access.offset - stride.group.low + passed
                pointer = out.value(f"getelementptr i8, ptr {start}, i64 {distance}")
                checks[access.pc] = Reach(0, 0, pointer)
        return checks

    def entry(self) -> None:
        """Nothing is known of any loop. Emit it last; it must dominate them."""
        for variable in self._rounds.values():
            self._region.out.store("i32", "0", variable, align=4)

    def is_sure(self, key: BlockKey) -> bool:
        """Whether the block's branch is taken for sure."""
        loop = self.at(key.pc) if key.turn else None
        return loop is not None and loop.ending is not None and key.turn < loop.at_once

    # Edges

    def enter(self, key: BlockKey) -> None:
        """End the open block by going to another one, which may be a loop."""
        region, out = self._region, self._region.out
        if self.at(key.pc) is None:
            out.jump(region.label(key))
            return
        consider, checked = out.label("last"), out.label("not")
        left = self._left(key)
        before = out.op("sub", 32, left, "1")
        out.branch(out.compare("ult", 32, left, str(_LAST)), consider, checked)
        out.begin(checked)
        self._count_from(key, before)
        out.jump(region.label(key))
        out.begin(consider)
        over = out.compare("eq", 32, left, "0")
        self._count_from(key, out.select(over, "i32", str(_ROUND - 1), before))
        out.jump(self._consider(key))

    def turn(self, key: BlockKey, step: Step, pendings: Pendings, counts: Counts) -> None:
        """End the open block, which belongs to a loop, by going on with the next turn."""
        region, out, loop = self._region, self._region.out, self.at(key.pc)
        assert loop is not None
        self._move(loop, key.turn)
        if 0 < key.turn < loop.at_once:
            following = key._replace(turn=key.turn + 1)
            self._counters.arrive(step, counts)
            self._counts[following] = counts
            self._waiting[following] = region.guest.snapshot().waiting
            out.jump(region.label(following))
            return
        if not key.turn:
            region.arrive_in_budget(key.pc, step, pendings, key.sticky, counts)
            out.jump(region.label(key))
            return
        counts.cycles += min(step.cycles)
        self._counters.bring_up_to_date(counts)
        pause, on, first = out.label("pause"), out.label("on"), key._replace(turn=1)
        out.branch(self._is_paused(key), pause, on, likely=False)
        out.begin(pause)
        before = Counts(0, -min(step.cycles))
        region.arrive_in_budget(key.pc, step, pendings, key.sticky, before)
        self._go_on(first)
        out.jump(region.label(key._replace(turn=0)))
        out.begin(on)
        self._counters.vary(step)
        out.jump(region.label(first))

    def _is_paused(self, key: BlockKey) -> str:
        """Whether turns without checks end, or the region is to be left (i1)."""
        region, paused = self._region, self._counters.is_paused()
        if not region.asks_sticky or key.sticky:
            return paused
        raised = region.out.op("and", 32, region.guest.accrued(), str(NX))
        return region.out.op("or", 1, paused, region.out.compare("ne", 32, raised, "0"))

    def _go_on(self, key: BlockKey) -> None:
        """At a pause without checks: the loop is a long one. It goes on if there are more turns."""
        region, out = self._region, self._region.out
        self._count_from(key, str(_LAST - 1))
        end, on, over = out.load("i64", self._end, align=8), out.label("on"), out.label("over")
        out.branch(out.compare("sge", 64, end, self._counters.retired()), on, over)
        out.begin(on)
        self._counters.pause_at(end)
        out.jump(region.label(key))
        out.begin(over)

    # Which piece of code

    def _consider(self, key: BlockKey) -> str:
        """The label of what decides where the next turn is, which is written in time."""
        if (label := self._considers.get(key)) is None:
            label = self._considers[key] = self._region.out.label("consider")
        return label

    def write(self) -> None:
        """Write what decides, as far as it has been asked for."""
        for key, label in list(self._considers.items())[self._written :]:
            self._written += 1
            loop = self.at(key.pc)
            assert loop is not None
            self._region.begin(label, key)
            self._choose(key, loop)

    def _choose(self, key: BlockKey, loop: Loop) -> None:
        """End the open block by going on with either piece of code."""
        region, out, counters = self._region, self._region.out, self._counters
        ok, turns = self._turns(loop)
        fewest = max(_FEWEST, loop.at_once - 1)
        ok = out.op("and", 1, ok, out.compare("uge", 64, turns, str(fewest)))
        free, checked = out.label("free"), out.label("checked")
        out.branch(ok, free, checked, likely=True)
        out.begin(checked)
        self._count_from(key, str(_ROUND - 1))
        out.jump(region.label(key))
        out.begin(free)
        # At a pause the last turn of those on end must be inside too.
        turns = out.op("sub", 64, turns, str(loop.at_once - 1))
        end = out.op("mul", 64, turns, str(loop.length))
        end = out.op("add", 64, end, counters.retired())
        out.store("i64", end, self._end, align=8)
        if loop.ending is None:  # how long it is turns out at the first pause
            first = out.op("add", 64, counters.retired(), str(_LONG * loop.length))
            sooner = out.compare("slt", 64, first, end)
            counters.pause_at(out.select(sooner, "i64", first, end))
        else:
            is_long, left = out.compare("uge", 64, turns, str(_LONG)), self._left(key)
            self._count_from(key, out.select(is_long, "i32", str(_LAST - 1), left))
            counters.pause_at(end)
        for stride in loop.strides:
            self._place(stride)
        out.jump(region.label(key._replace(turn=1)))

    def _left(self, key: BlockKey) -> str:
        """How often it begins until then (i32)."""
        return self._region.out.load("i32", self._round(key), align=4)

    def _round(self, key: BlockKey) -> str:
        """How often the loop begins until a round is over (i32), a variable."""
        if (variable := self._rounds.get(key.pc)) is None:
            variable = self._rounds[key.pc] = self._region.out.variable("i32")
        return variable

    def _count_from(self, key: BlockKey, left: str) -> None:
        self._region.out.store("i32", left, self._round(key), align=4)

    @property
    def _counters(self) -> Counters:
        return self._region.counters

    # Pointers

    def _variable(self, stride: Stride) -> str:
        if (variable := self._variables.get(stride)) is None:
            variable = self._variables[stride] = self._region.out.variable("ptr")
        return variable

    def _place(self, stride: Stride) -> None:
        """Let it point to where the next turn's accesses begin."""
        first = self._sum(stride.base, stride.group.low)
        pointer = self._region.guest.pointer(first)
        self._region.out.store("ptr", pointer, self._variable(stride), align=8)

    def _move(self, loop: Loop, turn: int) -> None:
        """Let them point to where the next turn's accesses begin. Of turns on end, addresses have
        what is constant of it."""
        out = self._region.out
        for stride in loop.strides if turn else ():
            step = self._step(stride)
            if not stride.step.registers:
                if turn < loop.at_once:
                    continue
                step = str(stride.step.constant * turn)
            variable = self._variable(stride)
            pointer = out.load("ptr", variable, align=8)
            pointer = out.value(f"getelementptr i8, ptr {pointer}, i64 {step}")
            out.store("ptr", pointer, variable, align=8)

    # How far it goes

    def _turns(self, loop: Loop) -> tuple[str, str]:
        """Whether the next turn needs no check (i1), and how many after it need none (i64), but
        for the branch of the last."""
        out, ok, least = self._region.out, "1", str(_FOREVER)
        rooms = [self._room(stride) for stride in loop.strides]
        if loop.ending is not None:
            xlen = self._region.translator.machine.xlen
            rooms.append(("1", loop.ending.taken(out, xlen, self._sum)))
        for inside, turns in rooms:
            ok = out.op("and", 1, ok, inside)
            fewer = out.compare("ult", 64, turns, least)
            least = out.select(fewer, "i64", turns, least)
        return ok, least

    def _room(self, stride: Stride) -> tuple[str, str]:
        """The same of one stride."""
        out, guest, group = self._region.out, self._region.guest, stride.group
        base, reach = self._sum(stride.base, 0), Reach(group.low, group.high)
        ok, first, last = guest.room(base, reach, stores=group.stores)
        ok = out.op("and", 1, ok, self._is_aligned(stride, base))
        step = self._step(stride)
        down, stands = out.compare("slt", 64, step, "0"), out.compare("eq", 64, step, "0")
        room = out.select(down, "i64", first, out.op("sub", 64, last, first))
        size = out.select(down, "i64", out.op("sub", 64, "0", step), step)
        turns = out.op("udiv", 64, room, out.select(stands, "i64", "1", size))
        return ok, out.select(stands, "i64", str(_FOREVER), turns)

    def _is_aligned(self, stride: Stride, base: str) -> str:
        """Whether every access is aligned in every turn (i1)."""
        out, ok = self._region.out, "1"
        xlen = self._region.translator.machine.xlen
        step = out.resize(self._step(stride), 64, xlen)
        places = {(each.size, each.offset % each.size) for each in stride.group.accesses}
        for size, offset in sorted(places):
            surplus = out.op("or", xlen, out.op("add", xlen, base, str(offset)), step)
            surplus = out.op("and", xlen, surplus, str(size - 1))
            ok = out.op("and", 1, ok, out.compare("eq", xlen, surplus, "0"))
        return ok

    def _step(self, stride: Stride) -> str:
        """What a turn adds to the addresses (i64)."""
        found = self._sum(stride.step.registers, stride.step.constant)
        return self._region.out.resize(found, self._region.translator.machine.xlen, 64, signed=True)

    def _sum(self, registers: Sequence[Named], constant: int) -> str:
        """An i{xlen}."""
        xlen = self._region.translator.machine.xlen
        total = str(constant & (1 << xlen) - 1)
        for file, number in registers:
            value = self._region.guest.read(Place("register", file, number))
            total = self._region.out.op("add", xlen, total, value)
        return total
