"""Writes one instruction of a region: its lowering, its data-dependent costs, its way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from rvx.jit import cost
from rvx.jit.adding import lets_wait
from rvx.jit.counters import Counts
from rvx.jit.facts import is_long
from rvx.jit.layout import Place
from rvx.jit.lowering import Lowering, Untranslatable, rounding_mode
from rvx.jit.region import Reason
from rvx.jit.situation import Issued, Situation
from rvx.jit.timing import Decoded, Pendings, States, Timing
from rvx.model import ir
from rvx.model.machine import CsrOperand, Instruction, Machine
from rvx.model.walk import nodes
from rvx.number import Rounding
from rvx.record import record
from rvx.timing.outcome import Happened

if TYPE_CHECKING:
    from rvx.jit.host import Host
    from rvx.jit.writer import RegionWriter

_FRM = Place("state", "frm", 0)

# So many pasts may be possible at once; an instruction that would make more is left to the
# reference.
_MOST_STATES = 1024


@record(frozen=True)
class Usual:
    """The costs that an instruction has most often."""

    condition: str  # i1, that it has them
    values: tuple[int, ...]


@dataclass
class Executed:
    """What became of an instruction that was written."""

    target: str | None
    taken: str | None
    modes_unknown: bool
    writes_flags: bool
    states: States
    values: dict[Happened, list[range]] = field(default_factory=dict)  # of each open cost
    indexes: dict[Happened, str] = field(default_factory=dict)  # among their combinations (i32)
    usual: Usual | None = None


class InstructionWriter:
    """Writes the instructions of one region."""

    def __init__(self, region: RegionWriter) -> None:
        self._region = region
        self._machine = region.translator.machine
        self._label: str | None = None  # of the open instruction's way out
        self._counts: Counts

    # What the guest asks for

    def bail(self) -> str:
        """The label of the block that leaves before the instruction that is being written."""
        if self._label is None:
            self._label = self._region.out.label("bail")
        return self._label

    def counter(self, name: str) -> str:
        """`cycle` or `instret` as the instruction sees it (i64)."""
        return self._region.counters.seen(name, self._counts)

    # Writing

    def write(
        self, decoded: Decoded, states: States, sticky: bool, counts: Counts
    ) -> Executed | None:
        """Write the instruction; None where the reference has to execute it."""
        region = self._region
        out, guest = region.out, region.guest
        if region.first is not None:
            if (called := self._call(decoded, states, sticky, counts)) is not None:
                return called
            guest.flush()
        if not lets_wait(decoded.instruction, guest.waits_for, guest.reach):
            guest.settle()
        self._label, self._counts = None, counts
        before, mark, rounds = guest.snapshot(), out.mark(), self.host_mode()
        try:
            executed = self._lower(decoded, states, sticky)
        except (Untranslatable, cost.Unknown):
            out.rewind(mark)
            guest.restore(before)
            self._leave_before(states, sticky, decoded)
            return None
        if (mode := self.host_mode()) != rounds:
            guest.accrue(region.translator.host.take_flags(out))
            region.translator.host.set_control(out, mode)
        if self._label is not None:
            after, on = guest.snapshot(), out.label("on")
            out.jump(on)
            out.begin(self._label)
            guest.restore(before)
            self._leave_before(states, sticky, decoded)
            out.begin(on)
            guest.restore(after)
        return executed

    def _call(
        self, decoded: Decoded, states: States, sticky: bool, counts: Counts
    ) -> Executed | None:
        """The instruction by a call of its routine; None where that cannot be."""
        region, out = self._region, self._region.out
        costs = constant_costs(region.timing, decoded, Happened.PLAIN)
        if costs is None or len(states) > 1:
            return None
        modes = region.guest.modes
        routines = region.translator.routines
        call = routines.call(decoded, modes, self.host_mode(), sticky=sticky)
        if call is None:
            return None
        routine = call.routine
        region.guest.flush()
        region.uses_host |= routine.uses_host
        if routine.name not in region.routines:
            region.routines.add(routine.name)
            region.module.declare(f"i1 @{routine.name}({routine.parameters})")
        found = out.value(f"call i1 @{routine.name}({call.arguments})")
        if routine.bails:
            situation = Situation(Issued(states[0]), tuple(modes.values()), sticky)
            number = region.translator.situations.number(situation)
            region.exits.leave_if(found, decoded.pc, number, region.last, counts)
            region.note_situation(number)
        known = [range(each, each + 1) for each in costs]
        values, indexes = {Happened.PLAIN: known}, {Happened.PLAIN: "0"}
        return Executed(None, None, False, False, states, values, indexes)

    def _leave_before(self, states: States, sticky: bool, decoded: Decoded) -> None:
        issued = tuple(Issued(state) for state in states)
        self._region.leave(Reason.BAIL, str(decoded.pc), issued, sticky, self._counts)

    def _lower(self, decoded: Decoded, states: States, sticky: bool) -> Executed:
        region, instruction = self._region, decoded.instruction
        guest = region.guest
        mode = rounding_mode(self._machine, instruction, decoded.fields, guest.modes)
        lowering = Lowering(
            guest,
            region.numbers,
            self._machine,
            instruction,
            decoded.fields,
            pc=decoded.pc,
            length=decoded.length,
            mode=mode,
            host_mode=self.host_mode(),
            sticky=sticky,
        )
        ways = (
            (Happened.PLAIN, Happened.TAKEN)
            if "branch" in instruction.classes
            else (Happened.PLAIN,)
        )
        values: dict[Happened, list[range]] = {}
        indexes: dict[Happened, str] = {}

        usual: Usual | None = None

        def compute_costs() -> None:
            nonlocal usual
            for how in ways:
                usual = self._open_costs(decoded, how, lowering, len(states), values, indexes)

        effects = lowering.run(compute_costs)
        if region.first is None:  # first code is right where NX is set too
            region.asks_sticky |= lowering.asked_sticky
        return Executed(
            effects.target,
            effects.taken,
            effects.modes_unknown,
            self._writes_flags(decoded),
            states,
            values,
            indexes,
            usual if len(ways) == 1 else None,
        )

    def _frm(self) -> int:
        return self._region.guest.modes[_FRM]

    def host_mode(self, modes: Sequence[int] | None = None) -> Rounding | None:
        """The mode that the host's arithmetic is in, here or with the values of all modes given;
        None where it is not to be used."""
        host = self._region.translator.host
        if not host.has_arithmetic or "frm" not in self._machine.states:
            return None
        if modes is None:
            return host_mode(self._machine, host, self._frm())
        return host_mode(
            self._machine, host, modes[self._region.translator.layout.modes.index(_FRM)]
        )

    def _writes_flags(self, decoded: Decoded) -> bool:
        """Whether it writes fflags as a state, which may clear NX."""
        if _body_writes_fflags(decoded.instruction):
            return True
        csrs = _csr_fields(decoded.instruction)
        if not csrs or decoded.constants().writes_csr() is False:
            return False
        found = (self._machine.csr_at.get(decoded.fields[name]) for name in csrs)
        return any(csr is not None and _writes_fflags(csr.write) for csr in found)

    # Costs that data decides

    def _open_costs(
        self,
        decoded: Decoded,
        how: Happened,
        lowering: Lowering,
        count: int,
        values: dict[Happened, list[range]],
        indexes: dict[Happened, str],
    ) -> Usual | None:
        """Compute them before the instruction's effects; note the values that they can take."""
        known = cost.Known(
            how is Happened.TAKEN,
            decoded.constants().writes_csr(),
            _access_size(decoded.instruction),
        )
        terms = [cost.settle(term, known) for term in self._region.timing.open(decoded, how)]
        values[how] = ranges = [range(low, high + 1) for low, high in map(cost.bounds, terms)]
        if prod(map(len, ranges)) * count > _MOST_STATES:
            raise cost.Unknown
        operands = lowering.quiet()
        usual = _usual(terms)
        if usual is None:
            indexes[how] = self._index(ranges, [partial(cost.emit, t, operands) for t in terms])
            return None
        condition = cost.emit_truth(usual[0].condition, operands)
        then = [partial(str, each.value) for each in usual]
        otherwise = [partial(cost.emit_number, each.otherwise, operands) for each in usual]
        indexes[how] = operands.either(
            condition,
            "i32",
            lambda: self._index(ranges, then),
            lambda: self._index(ranges, otherwise),
            heavy=True,
        )
        return Usual(condition, tuple(each.value for each in usual))

    def _index(self, ranges: Sequence[range], values: Sequence[Callable[[], str]]) -> str:
        """The position (i32) of the values, which are emitted (i64), among all combinations."""
        out, index = self._region.out, "0"
        for each, value in zip(ranges, values, strict=True):
            if len(each) > 1:
                position = out.op("sub", 64, value(), str(each.start & (1 << 64) - 1))
                index = out.op("mul", 64, index, str(len(each)))
                index = out.op("add", 64, index, position)
        return out.resize(index, 64, 32)

    def leave_usual(self, decoded: Decoded, executed: Executed) -> Pendings:
        """The timing after an instruction that has its usual costs."""
        assert executed.usual is not None
        possible = (executed.usual.values,)
        return self._region.timing.leave(executed.states, decoded, Happened.PLAIN, possible)

    def leave(self, decoded: Decoded, executed: Executed, *, taken: bool) -> Pendings:
        """The timing after the instruction; the index is brought up to date."""
        how, states = Happened.PLAIN, executed.states
        if taken and "branch" in decoded.instruction.classes:
            how = Happened.TAKEN
        ranges = executed.values[how]
        possible = tuple(product(*ranges))
        position = executed.indexes[how]
        self._region.counters.set_index(len(states), len(possible), position)
        return self._region.timing.leave(states, decoded, how, possible)


def host_mode(machine: Machine, host: Host, frm: int) -> Rounding | None:
    """The mode that the host's arithmetic is in where frm has a value; None where it is not to be
    used."""
    if not host.has_arithmetic:
        return None
    mode = machine.roundings.get(frm)
    return mode if mode is not None and host.rounds_in(mode) else Rounding.RNE


def constant_costs(timing: Timing, decoded: Decoded, how: Happened) -> tuple[int, ...] | None:
    """The costs that data decides, where it cannot."""
    terms = timing.open(decoded, how)
    if not terms:
        return ()
    known = cost.Known(
        how is Happened.TAKEN, decoded.constants().writes_csr(), _access_size(decoded.instruction)
    )
    found = []
    try:
        for term in terms:
            low, high = cost.bounds(cost.settle(term, known))
            if low != high:
                return None
            found.append(low)
    except cost.Unknown:
        return None
    return tuple(found)


def _usual(terms: Sequence[cost.Term]) -> list[cost.Usual] | None:
    """What the costs are most often, if one condition decides them all and the rest is long."""
    found = [one for term in terms if (one := cost.usual(term)) is not None]
    is_one = len(found) == len(terms) and len({each.condition for each in found}) == 1
    return found if is_one and any(is_long(each.otherwise) for each in found) else None


@lru_cache(maxsize=4096)
def _body_writes_fflags(instruction: Instruction) -> bool:
    return _writes_fflags(instruction.body)


def _writes_fflags(statements: tuple[ir.Statement, ...]) -> bool:
    return any(isinstance(n, ir.SetState) and n.name == "fflags" for n in nodes(statements))


@lru_cache(maxsize=4096)
def _csr_fields(instruction: Instruction) -> tuple[str, ...]:
    return tuple(n for n, o in instruction.operands.items() if isinstance(o, CsrOperand))


@lru_cache(maxsize=4096)
def _access_size(instruction: Instruction) -> int:
    """Bytes of the first memory access, 0 where there is none."""
    for node in nodes(instruction.body):
        if isinstance(node, ir.Load | ir.Store):
            return node.size
    return 0
