"""Writes the function of a region: its blocks, the edges between them and the ways out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rvx.jit.block_key import BlockKey, First
from rvx.jit.counters import Counters, Counts
from rvx.jit.direct import DirectGuest
from rvx.jit.discover import Found
from rvx.jit.exits import Exits
from rvx.jit.guest import Guest, Snapshot
from rvx.jit.instruction import Executed, InstructionWriter
from rvx.jit.layout import Place
from rvx.jit.loop_writer import LoopWriter
from rvx.jit.reach import Reach, groups, reaches
from rvx.jit.region import Reason, Region, code_of
from rvx.jit.situation import START, Issued, Pending, Situation
from rvx.jit.text import Function, Module, literal
from rvx.jit.timing import Decoded, Pendings, Step
from rvx.number.flags import NX

if TYPE_CHECKING:
    from rvx.jit.number.numbers import Numbers
    from rvx.jit.translate import Translator

# So many blocks may start at one pc; more situations leave the region.
_MOST_VERSIONS = 8
# Loops that can be entered again where a look at the budget has left them.
_MOST_ENTRIES = 16
_NO_END = 1 << 62
_MOST_FIRST_ENTRIES = 128  # blocks that first code can be entered at


class RegionWriter:
    """One region. Counters are variables, brought up to date at the end of each block."""

    def __init__(
        self,
        translator: Translator,
        found: Found,
        pc: int,
        entry: Situation,
        first: First | None = None,
    ) -> None:
        self.translator = translator
        self.first = first
        self.found = found
        self.timing = translator.timing
        self.module = Module()
        self._numbers: Numbers | None = None
        self._pc, self._entry = pc, entry
        self._labels: dict[BlockKey, str] = {}
        self._versions: dict[int, int] = {}
        self._queue: deque[BlockKey] = deque()
        self._written: set[BlockKey] = set()
        self._executes: dict[int, Decoded] = {}  # by pc
        self._situations: set[int] = set()
        self._longest = 0
        self._entries: dict[tuple[int, int], tuple[str, Pending]] = {}  # labels, beside the first
        self.last: int | None = None  # pc of the instruction before, where there is one for sure
        self._planned = 0  # instructions of all blocks that have a label
        self._lengths: dict[int, int] = {}  # of the blocks at pcs
        self._reaches: dict[int, Mapping[int, Reach]] = {}  # of the blocks at pcs
        self.uses_host = False  # a routine uses the host's status
        self.routines: set[str] = set()
        self.asks_sticky = False  # something was written that differs by it

    def numbers(self) -> Numbers:
        """The module's. Its many rules are loaded when there is something to compute."""
        if self._numbers is None:
            from rvx.jit.number.numbers import Numbers

            self._numbers = Numbers(self.module, self.translator.host)
        return self._numbers

    def write(self, name: str) -> Region:
        """The region. Raises Untranslatable."""
        out = self.out = Function(self.module, name, "void", ["ptr noalias"], linkage="")
        layout = self.translator.layout
        self.counters = Counters(out, layout, "%p0", observed=self.translator.observed)
        self._instructions = InstructionWriter(self)
        self._loops = LoopWriter(self)
        self.exits = Exits(out, layout, self.counters)
        self.guest = (Guest if self.first is None else DirectGuest)(
            out,
            layout,
            "%p0",
            self._modes(),
            self._instructions.bail,
            host=self.translator.host,
            counter=self._instructions.counter,
            ram=self.translator.ram,
        )
        out.jump("prologue")
        out.begin("start")
        assert isinstance(self._entry.hazard, Pending)
        self.edge(self._pc, (self._entry.hazard,), self._entry.sticky, Counts(), enters=True)
        self._write_blocks()
        self._finish()
        return Region(
            name,
            self.module.text(),
            code_of(self._executes.values()),
            self._longest,
            len(self._executes),
            tuple(sorted(self._situations)),
            tuple(self._entries),
            tuple(sorted(self.routines)),
        )

    # Blocks

    def _write_blocks(self) -> None:
        """Write the blocks that are left to write, and the entries that they give rise to."""
        modes, written = self._modes(), 0
        while self._queue or written < len(self._entries):
            while self._queue:
                self._block(self._queue.popleft())
                self._loops.write()
            for (pc, _), (label, pending) in list(self._entries.items())[written:]:
                written += 1
                self.last = None
                self.out.begin(label)
                self.guest.restore(Snapshot({}, set(), modes))
                self.edge(pc, (pending,), self._entry.sticky, Counts(), enters=True)

    def begin(self, label: str, key: BlockKey) -> None:
        """Begin code that may rely on what the block may."""
        self.last = None
        self.out.begin(label)
        modes = dict(zip(self.translator.layout.modes, key.modes, strict=True))
        self.guest.restore(Snapshot({}, set(), modes, self._loops.waiting(key)))

    def _block(self, key: BlockKey) -> None:
        self._written.add(key)
        self.begin(self._labels[key], key)
        decoded: Decoded | None = self.found.instructions[key.pc]
        most = _NO_END if self.first is None else self._longest + self.first.most
        self.guest.way = key.turn
        states, counts = key.states, self._loops.counts(key)
        checks = self._checks(key)
        while decoded is not None:
            self._longest += 1
            self._executes[decoded.pc] = decoded
            self.guest.reach = checks.get(decoded.pc)
            executed = self._instructions.write(decoded, states, key.sticky, counts)
            if executed is None:
                return
            self.counters.note(decoded.pc, counts)
            self.last = decoded.pc
            counts.instret += 1
            if executed.target is not None:
                self._jump(decoded, executed, key, counts)
                return
            following = decoded.next_pc
            if executed.usual is not None and self.first is None:
                pendings = self._part_unusual(decoded, executed, key, counts)
            else:
                pendings = self._instructions.leave(decoded, executed, taken=False)
            if self._ends(executed, key) or following in self.found.leaders:
                self._go(str(following), decoded, pendings, executed, key, counts)
                return
            decoded = self.found.instructions.get(following) if self._longest < most else None
            if decoded is None:
                self.leave(Reason.CONTINUE, str(following), pendings, key.sticky, counts)
            else:
                states = self.counters.arrive(self.timing.arrive(pendings, decoded), counts)

    def _checks(self, key: BlockKey) -> Mapping[int, Reach]:
        """What accesses of the block are to check. In first code each is a call that checks for
        itself."""
        if self.first is not None:
            return {}
        if key.turn:
            return self._loops.checks(key)
        if (known := self._reaches.get(key.pc)) is None:
            known = self._reaches[key.pc] = reaches(groups(self.found.straight(key.pc))[0])
        return known

    def _part_unusual(
        self, decoded: Decoded, executed: Executed, key: BlockKey, counts: Counts
    ) -> Pendings:
        """Go on elsewhere after unusual costs, so that here the timing is known."""
        assert executed.usual is not None
        out = self.out
        self.guest.flush()
        usual, unusual = out.label("usual"), out.label("unusual")
        out.branch(executed.usual.condition, usual, unusual)
        out.begin(unusual)
        here = self.guest.snapshot()
        pendings = self._instructions.leave(decoded, executed, taken=False)
        self._go(str(decoded.next_pc), decoded, pendings, executed, key, counts.copy())
        self.guest.restore(here)
        out.begin(usual)
        return self._instructions.leave_usual(decoded, executed)

    @staticmethod
    def _ends(executed: Executed, key: BlockKey) -> bool:
        """Whether the region cannot go on behind it."""
        return executed.modes_unknown or (key.sticky and executed.writes_flags)

    def _jump(self, decoded: Decoded, executed: Executed, key: BlockKey, counts: Counts) -> None:
        """End the block with a jump, conditional or not."""
        out = self.out
        assert executed.target is not None
        is_sure = self._loops.is_sure(key)
        self.guest.flush(settles=not is_sure)
        if executed.taken is not None and not is_sure:
            then, otherwise = out.label("taken"), out.label("behind")
            out.branch(executed.taken, then, otherwise)
            out.begin(otherwise)
            here = self.guest.snapshot()
            pendings = self._instructions.leave(decoded, executed, taken=False)
            self._go(str(decoded.next_pc), decoded, pendings, executed, key, counts)
            self.guest.restore(here)
            out.begin(then)
        pendings = self._instructions.leave(decoded, executed, taken=True)
        self._go(executed.target, decoded, pendings, executed, key, counts)
        if self.first is not None and decoded.links:
            self._expect_return(decoded.next_pc)

    def _expect_return(self, pc: int) -> None:
        """A call has been written, which will return: most likely as the region was entered, by a
        jump too."""
        pending = self._entry.hazard
        assert isinstance(pending, Pending)
        if pc in self.found.instructions and (pending.is_target or pending == START):
            self.guest.restore(Snapshot({}, set(), self._modes()))
            if not self._is_elsewhere(pc, (pending,), self._entry.sticky):
                self._can_enter(pc, (pending,), self._entry.sticky)

    def _modes(self) -> dict[Place, int]:
        """Those of the entry."""
        return dict(zip(self.translator.layout.modes, self._entry.modes, strict=True))

    def _go(
        self,
        target: str,
        decoded: Decoded,
        pendings: Pendings,
        executed: Executed,
        key: BlockKey,
        counts: Counts,
    ) -> None:
        """End the block by going to the target (an xlen-wide value)."""
        if self._ends(executed, key):
            reason = Reason.RESOLVE if executed.modes_unknown else Reason.CONTINUE
            sticky = key.sticky and not executed.writes_flags
            wide = self.out.resize(target, self.translator.machine.xlen, 64)
            self.leave(reason, wide, pendings, sticky, counts)
        elif (constant := literal(target)) is not None:
            self.edge(constant, pendings, key.sticky, counts, source=key)
        else:
            self._switch(decoded, target, pendings, key.sticky, counts)

    def _switch(
        self, decoded: Decoded, target: str, pendings: Pendings, sticky: bool, counts: Counts
    ) -> None:
        """An indirect jump: to its known targets within the region, or out of it."""
        out = self.out
        known = self.found.indirect.get(decoded.pc, ())
        labels = {t: out.label("target") for t in known if t in self.found.instructions}
        elsewhere = out.label("elsewhere")
        xlen = self.translator.machine.xlen
        cases = " ".join(f"i{xlen} {t}, label %{label}" for t, label in labels.items())
        out.line(f"switch i{xlen} {target}, label %{elsewhere} [{cases}]")
        here = self.guest.snapshot()
        for t, label in labels.items():
            out.begin(label)
            self.edge(t, pendings, sticky, counts)
            self.guest.restore(here)
        out.begin(elsewhere)
        self.leave(Reason.CONTINUE, out.resize(target, xlen, 64), pendings, sticky, counts)

    # Edges

    def edge(
        self,
        pc: int,
        pendings: Pendings,
        sticky: bool,
        counts: Counts,
        *,
        enters: bool = False,
        source: BlockKey | None = None,
    ) -> None:
        """End the open block, `source`, by going to the instruction at pc; `enters`: the region
        begins."""
        decoded = self.found.instructions.get(pc)
        if decoded is None:
            self.leave(Reason.CONTINUE, str(pc), pendings, sticky, counts)
            return
        step = self.timing.arrive(pendings, decoded)
        modes = tuple(self.guest.modes[place] for place in self.translator.layout.modes)
        states = step.states[:1] if len(set(step.states)) == 1 else step.states
        key = BlockKey(pc, states, modes, sticky)
        if not enters and key not in self._labels and self._is_elsewhere(pc, pendings, sticky):
            self.leave(Reason.CONTINUE, str(pc), pendings, sticky, counts)
            return
        here = counts.copy()
        is_loop = source is not None and key == source._replace(turn=0)
        self.guest.flush(settles=not (is_loop and source and self._loops.is_sure(source)))
        if self.first is not None:
            self._can_enter(pc, pendings, sticky)
        if is_loop and self._loops.at(pc) is not None:
            assert source is not None
            self._loops.turn(source, step, pendings, here)
            return
        if key in self._written and not enters:
            self.arrive_in_budget(pc, step, pendings, sticky, here)
        else:
            self.counters.arrive(step, here)
            self.counters.bring_up_to_date(here)
        self._loops.enter(key)

    def _is_elsewhere(self, pc: int, pendings: Pendings, sticky: bool) -> bool:
        """Whether what is not in the region yet is not to be."""
        if self._versions.get(pc, 0) >= _MOST_VERSIONS:
            return True
        if self.first is None:
            return False
        if self._planned + self._length(pc) > self.first.most:
            return True
        modes = tuple(self.guest.modes[place] for place in self.translator.layout.modes)
        number = self.translator.situations.number
        return all(
            self.first.serves(pc, number(Situation(pending, modes, sticky))) for pending in pendings
        )

    def _length(self, pc: int) -> int:
        """Instructions of the block at pc."""
        length = self._lengths.get(pc)
        if length is None:
            length, at = 0, pc
            while (decoded := self.found.instructions.get(at)) is not None:
                length, at = length + 1, decoded.next_pc
                if decoded.flow.targets or decoded.flow.raises or at in self.found.leaders:
                    break
            self._lengths[pc] = length
        return length

    def label(self, key: BlockKey) -> str:
        """That of the block, which is written in time."""
        label = self._labels.get(key)
        if label is None:
            label = self._labels[key] = self.out.label("block")
            self._versions[key.pc] = self._versions.get(key.pc, 0) + (not key.turn)
            self._planned += self._length(key.pc)
            self._queue.append(key)
        return label

    def arrive_in_budget(
        self, pc: int, step: Step, pendings: Pendings, sticky: bool, counts: Counts
    ) -> None:
        """The instruction at pc arrives; leave before, if the limit might be exceeded. Every cycle
        of blocks passes here."""
        out, arrival = self.out, min(step.cycles)
        counts.cycles += arrival  # which ways out take back
        self.counters.bring_up_to_date(counts)
        over, on = out.label("over"), out.label("on")
        out.branch(self.counters.is_over(), over, on, likely=False)
        out.begin(over)
        self.leave(Reason.BUDGET, str(pc), pendings, sticky, Counts(0, -arrival))
        self._can_enter(pc, pendings, sticky)
        out.begin(on)
        if self.asks_sticky and not sticky:
            raised, on = out.label("raised"), out.label("on")
            # The host's own are seen when the region is entered again: asking takes long.
            bit = out.op("and", 32, self.guest.accrued(), str(NX))
            out.branch(out.compare("ne", 32, bit, "0"), raised, on, likely=False)
            out.begin(raised)
            self.leave(Reason.CONTINUE, str(pc), pendings, True, Counts(0, -arrival))
            out.begin(on)
        self.counters.vary(step)

    def _can_enter(self, pc: int, pendings: Pendings, sticky: bool) -> None:
        """Let the region be entered at a loop, where it goes on after the budget was used up."""
        modes = tuple(self.guest.modes[place] for place in self.translator.layout.modes)
        for pending in pendings:
            situation = Situation(pending, modes, sticky)
            key = pc, self.translator.situations.number(situation)
            is_first = pc == self._pc and situation == self._entry
            is_alike = (modes, sticky) == (self._entry.modes, self._entry.sticky)
            most = _MOST_ENTRIES if self.first is None else _MOST_FIRST_ENTRIES
            if is_alike and not is_first and len(self._entries) < most:
                self._entries.setdefault(key, (self.out.label("entry"), pending))

    # Leaving

    def leave(
        self,
        reason: Reason,
        pc: str,
        hazards: Pendings | tuple[Issued, ...],
        sticky: bool,
        counts: Counts,
    ) -> None:
        """End the open block by leaving native code at pc (i64)."""
        layout, out = self.translator.layout, self.out
        self.guest.flush()
        modes = tuple(self.guest.modes[place] for place in layout.modes)
        numbers = tuple(
            self.translator.situations.number(Situation(hazard, modes, sticky))
            for hazard in hazards
        )
        self._situations.update(numbers)
        constant = literal(pc)
        if self.first is not None and constant is not None and len(set(numbers)) == 1:
            self.exits.leave(reason, constant, numbers[0], self.last, counts)
            return
        self.counters.bring_up_to_date(counts)
        self._set("pc", pc)
        if self.last is not None:
            self._set("region", str(self.last))
        self._set("hazard", self.counters.by_index("i64", numbers))
        self._set("reason", str(int(reason)))
        out.jump("exit")

    def note_situation(self, number: int) -> None:
        """The code names a situation."""
        self._situations.add(number)

    def _set(self, name: str, value: str) -> None:
        offset = self.translator.layout.control[name].offset
        self.out.store("i64", value, "%p0", offset, align=8)

    def _finish(self) -> None:
        """Write the prologue, which knows by now what the region uses, and the way out."""
        out, guest = self.out, self.guest
        uses_host = self.uses_host or "constrained" in self.module.text()
        guest.uses_host |= uses_host
        self.exits.write()
        out.begin("exit")
        guest.exit()
        self.counters.exit()
        out.ret()
        out.begin("prologue")
        if "llvm.x86.sse.stmxcsr" in self.module or uses_host:
            host_mode = self._instructions.host_mode(self._entry.modes)
            self.translator.host.set_control(out, host_mode)
        guest.entry()
        self.counters.entry(self._longest)
        self._loops.entry()
        self._enter()
        self._check_sticky()
        out.jump("start")
        out.finish()

    def _enter(self) -> None:
        """Go to the entry that was asked for, if it is not the first."""
        if not self._entries:
            return
        out, layout, mask = self.out, self.translator.layout, (1 << 64) - 1
        pc = out.load("i64", "%p0", layout.control["pc"].offset, align=8)
        number = out.load("i64", "%p0", layout.control["hazard"].offset, align=8)
        labels = {sum(key) & mask: label for key, (label, _) in self._entries.items()}
        cases = " ".join(f"i64 {key}, label %{label}" for key, label in labels.items())
        first = out.label("first")
        out.line(f"switch i64 {out.op('add', 64, pc, number)}, label %{first} [{cases}]")
        out.begin(first)

    def _check_sticky(self) -> None:
        """Code for NX clear must not run once it is set."""
        if not self.asks_sticky or self._entry.sticky:
            return
        out, layout = self.out, self.translator.layout
        slot = layout.states["fflags"][0]
        flags = out.load(f"i{slot.stored}", "%p0", slot.offset)
        bit = out.op("and", slot.stored, flags, str(NX))
        is_set, on = out.label("set"), out.label("on")
        out.branch(out.compare("ne", slot.stored, bit, "0"), is_set, on, likely=False)
        out.begin(is_set)
        number = self.translator.situations.number(self._entry._replace(sticky=True))
        self._situations.add(number)
        self._set("pc", str(self._pc))
        self._set("hazard", str(number))
        self._set("reason", str(int(Reason.CONTINUE)))
        out.ret()
        out.begin(on)
