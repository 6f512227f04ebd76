"""Running natively: from the reference's state into the block, from region to region, and back."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from rvx.jit.context import Context
from rvx.jit.dispatch import MISS
from rvx.jit.heat import Heat
from rvx.jit.interrupt import Interrupts
from rvx.jit.layout import Layout
from rvx.jit.log import CAPACITY, Log
from rvx.jit.region import Reason
from rvx.jit.situation import Issued, Pending, Situation, Situations
from rvx.jit.slices import Slices
from rvx.jit.supply import Supply
from rvx.jit.surroundings import Reference
from rvx.number.flags import NX
from rvx.store import Store

_FOREVER: Final = (1 << 63) - 1


class Native:
    """The native side of one run."""

    def __init__(
        self, reference: Reference, heat: Heat, interrupts: Interrupts, store: Store
    ) -> None:
        self._reference = reference
        self._interrupts = interrupts
        self._layout = Layout(reference.machine)
        self._context = Context(self._layout)
        pipeline = reference.clock.pipeline
        self._situations = Situations(pipeline.transducer if pipeline else None)
        self._supply = Supply(reference, self._layout, self._situations, heat, store)
        self._slices = Slices()
        self._has_flags = "fflags" in reference.machine.states
        self.instret = 0  # retired natively
        self._log = Log() if reference.on_stamp is not None else None
        ram = reference.memory.regions[0]
        context = self._context
        context["ram_origin"] = reference.memory.host_address - ram.base & (1 << 64) - 1
        context["ram_base"], context["ram_size"] = ram.base, ram.size
        context["regions"] = self._supply.library.table.address
        context["granules"] = self._supply.library.guard.address
        context["operations"] = self._supply.threads.address

    def __contains__(self, pc: int) -> bool:
        """Whether there is code for pc, in whatever situation."""
        return pc in self._supply.library or pc in self._supply.threads

    @property
    def is_observed(self) -> bool:
        """Whether the code tells of every instruction."""
        return self._log is not None

    @property
    def seconds(self) -> float:
        """Spent on translation while the guest waited."""
        return self._supply.seconds

    @property
    def translated(self) -> int:
        """Regions translated: those of the cache are not."""
        return self._supply.translated

    def revalidate(self) -> None:
        """Drop what was made from code that somebody has changed between two runs."""
        self._supply.revalidate()

    def keep(self, ends: bool) -> None:
        """Keep new code for other processes; `ends`: there may be no other occasion."""
        self._supply.keep(ends)

    def run(self, limit: int | None) -> bool:
        """Run natively from where the reference is until it is needed, where there is code for
        that or should be. Whether the reference is at a leader then."""
        reference = self._reference
        number = self._number()
        end = self._end(limit, reference.instret, reference.clock.cycle)
        code = self._supply.code(reference.hart.pc, number)
        if code is None or reference.instret + code.longest > end:
            return False
        self._enter(number)
        reason = self._dispatch(limit)
        self._leave()
        if reason == Reason.BAIL:
            reference.finish()
        return True

    def _end(self, limit: int | None, instret: int, cycle: int) -> int:
        """The instret up to which native code may run from there."""
        end = _FOREVER if limit is None else limit
        runs_to = self._reference.runs_to(instret, cycle)
        return end if runs_to is None else min(end, runs_to)

    # Handing over

    def _enter(self, number: int) -> None:
        """Take over from the reference."""
        reference, context = self._reference, self._context
        hart = reference.hart
        context.put(hart.registers, hart.states)
        context["pc"], context["hazard"] = hart.pc, number
        context["region"] = reference.last_pc or 0
        context["instret"] = reference.instret
        context["cycle"] = reference.clock.cycle & (1 << 64) - 1
        mask = (1 << 64) - 1
        cycle_base, instret_base = reference.bases
        context["cycle_base"], context["instret_base"] = cycle_base & mask, instret_base & mask

    def _leave(self) -> None:
        """Hand over to the reference."""
        reference, context = self._reference, self._context
        hart = reference.hart
        context.get(hart.registers, hart.states)
        hart.pc = context["pc"]
        retired = context["instret"]
        self.instret += retired - reference.instret
        reference.instret, reference.last_pc = retired, context["region"] or None
        cycle = self._cycle()
        match self._supply.situation(context["hazard"]).hazard:
            case Issued(state):
                reference.clock.resume_issued(state, cycle)
            case Pending() as pending:
                reference.clock.resume(pending, cycle)

    def _cycle(self) -> int:
        """That of the block: -1 before the first instruction."""
        cycle = self._context["cycle"]
        return cycle - (1 << 64) if cycle >> 63 else cycle

    def _number(self) -> int:
        """The situation in which the reference is."""
        reference = self._reference
        states = reference.hart.states
        modes = tuple([states[name][index] for _, name, index in self._layout.modes])
        pending = Pending(*reference.clock.pending)
        return self._numbered(reference.hart.pc, pending, modes, states.get("fflags", [0])[0])

    def _numbered(self, pc: int, pending: Pending, modes: tuple[int, ...], fflags: int) -> int:
        """That there is code for where NX is set is used, but not demanded."""
        if fflags & NX:
            number = self._situations.number(Situation(pending, modes, True))
            if self._supply.library.serves(pc, number):
                return number
        return self._situations.number(Situation(pending, modes, False))

    # Native code

    def _dispatch(self, limit: int | None) -> int:
        """Run from the state in the block until the reference is needed: the reason."""
        context, supply, slices = self._context, self._supply, self._slices
        end = self._end(limit, context["instret"], self._cycle())
        while True:
            window = supply.library.guard.window
            context["store_base"], context["store_size"] = window.start, len(window)
            before, started = context["instret"], perf_counter()
            reason, entry = self._run_slice(min(end, before + slices.length), before)
            retired = context["instret"] - before
            if passed := slices.passed(retired, perf_counter() - started):
                slices.found(supply.sample(entry, passed))
            if reason == Reason.BAIL or self._interrupts.is_noted:
                return reason
            if reason == Reason.RESOLVE:
                self._resolve()
            else:
                end = self._end(limit, context["instret"], self._cycle())
                if not self._goes_on(reason, end):
                    return reason

    def _run_slice(self, limit: int, now: int) -> tuple[int, int]:
        """Run native code up to an instret; as `Trampoline.run`."""
        context, log, listener = self._context, self._log, self._reference.on_stamp
        if log is None or listener is None:
            context["limit"] = limit
            return self._supply.trampoline.run(context.address)
        context["limit"], context["log"] = min(limit, now + CAPACITY), log.address
        found = self._supply.trampoline.run(context.address)
        log.tell(context["log"], listener)
        return found

    def _goes_on(self, reason: int, end: int) -> bool:
        """Whether there is native code for what comes next, which may run up to `end`."""
        context, supply = self._context, self._supply
        pc, number = context["pc"], context["hazard"]
        if reason == MISS:
            code = supply.code(pc, number)
        elif reason == Reason.WARM:
            code = supply.better(pc, number)
        else:  # it has run for long
            code = supply.code(pc, number, surely=end - context["instret"] > supply.worthwhile)
        return code is not None and context["instret"] + code.longest <= end

    def _resolve(self) -> None:
        """Find the situation anew: a mode has changed to what code did not know."""
        context = self._context
        pending = self._supply.situation(context["hazard"]).hazard
        assert isinstance(pending, Pending)
        fflags = context.state("fflags")
        context["hazard"] = self._numbered(context["pc"], pending, context.modes, fflags)
