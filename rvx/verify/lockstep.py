"""rvx and another simulator side by side: every retired instruction must do the same to both."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from rvx.asm import disassemble
from rvx.machine.console import GuestExit
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import Simulator
from rvx.reference.storage import TrapRaised
from rvx.verify.commit import Commit, Peer, text_of
from rvx.verify.deviation import own_csr, uncompared_csr

_CONTEXT = 12  # instructions shown before a difference
_FFLAGS = 1
_POLL = 4096  # instructions
_NO_CSRS: Mapping[int, int] = {}


class Mismatch(Exception):
    """The first difference, with what led to it."""


@dataclass
class Agreement:
    """How far both went together."""

    instructions: int = 0
    status: int | None = None  # the guest's exit status; None: the budget was used up
    deviations: Counter[str] = field(default_factory=Counter)  # known ones, by reason


class Lockstep:
    """Steps rvx through a loaded program and compares with the other's commits."""

    def __init__(self, simulator: Simulator, peer: Peer) -> None:
        self._simulator, self._peer, self._name = simulator, peer, peer.name
        self._hart = simulator.hart
        self._files = {id(values): n for n, values in self._hart.registers.items()}
        self._last: deque[Commit] = deque(maxlen=_CONTEXT)
        self._flags = simulator.hart.states.get("fflags", [0])
        self._known_flags: int | None = None  # as the other has logged them
        self._alone = 0  # instructions since the other has ended: rvx looks at HTIF now and then
        self._csrs = _NO_CSRS  # to be compared when the effects are there
        self.agreement = Agreement()

    def run(self, limit: int | None = None) -> Agreement:
        """Run to the guest's end or that many instructions. Raises Mismatch."""
        self._peer.begin(self._hart)
        self._simulator.on_retire = self._on_retire
        try:
            while limit is None or self.agreement.instructions < limit:
                self._step()
        except GuestExit as end:
            self.agreement.status = end.code
        except UnhandledTrap as trap:
            raise Mismatch(self._report(f"rvx: {trap}")) from None
        finally:
            self._simulator.on_retire = None
        return self.agreement

    def _step(self) -> None:
        """One instruction or trap; then both must show the same CSRs."""
        if self._simulator.instret % _POLL == _POLL - 1:
            result = self._simulator.run(1)  # which also looks at HTIF
            if result.status is not None:
                raise GuestExit(result.status)
            self._csrs = _NO_CSRS  # of an instruction before the last, if a trap came between
        else:
            self._simulator.step()
        if self._csrs:
            self._compare_csrs()
        if self._flags[0] != self._known_flags:
            if self._known_flags is not None and not self._peer.adopt(self._last[-1]):
                flags = f"rvx {self._flags[0]:#x}, {self._name} {self._known_flags:#x}"
                self._differs(f"fflags: {flags}")
            self._known_flags = self._flags[0]

    def _on_retire(self, pc: int, cycle: int) -> None:
        """Called when an instruction has executed, before its effects take place."""
        ours = self._ours(pc)
        theirs = self._peer.commit(ours)
        if theirs is None:
            self._alone += 1
            if self._alone > 2 * _POLL:
                raise Mismatch(
                    self._report(f"{self._name} has ended; rvx goes on: {text_of(ours)}")
                )
            return
        if (
            ours.pc != theirs.pc
            or ours.word != theirs.word
            or ours.registers != theirs.registers
            or ours.stores != theirs.stores
        ):
            self._explain(ours, theirs)
        self._csrs = theirs.csrs
        if (flags := theirs.csrs.get(_FFLAGS)) is not None:
            self._known_flags = flags
        self._last.append(ours)
        self.agreement.instructions += 1

    def _ours(self, pc: int) -> Commit:
        hart = self._hart
        word = hart.fetch_word(pc)
        word = word & 0xFFFF if word & 3 != 3 else word
        registers = []
        for values, index, mask, new in hart.writes:
            name = self._files.get(id(values))
            if name is not None:
                registers.append((f"{name}{index}", values[index] & ~mask | new & mask))
        stores = tuple((at, value & (1 << 8 * size) - 1) for at, size, value in hart.stores)
        return Commit(pc, word, tuple(registers), {}, stores)

    def _explain(self, ours: Commit, theirs: Commit) -> None:
        """Let a known deviation pass: one of the two then follows the other."""
        hart = self._hart
        bound = hart.bind(ours.word)
        why = own_csr(bound.instruction, bound.fields, self._name) if bound is not None else None
        if (ours.pc, ours.word) == (theirs.pc, theirs.word):
            if why is not None:
                self._follow(theirs)
                self.agreement.deviations[why] += 1
                return
            if self._peer.adopt(ours):
                return
        self._differs(f"rvx:  {text_of(ours)}\n{self._name}: {text_of(theirs)}")

    def _follow(self, theirs: Commit) -> None:
        hart, values = self._hart, dict(theirs.registers)
        for at, (file, index, mask, _) in enumerate(hart.writes):
            name = self._files.get(id(file))
            if name is not None:
                hart.writes[at] = file, index, mask, values[f"{name}{index}"]

    def _compare_csrs(self) -> None:
        for number, value in self._csrs.items():
            csr = self._hart.machine.csr_at.get(number)
            if csr is not None and uncompared_csr(number, self._name) is None:
                try:
                    ours = self._hart.read_csr(number)
                except TrapRaised:  # of a unit that is off
                    continue
                if ours != value:
                    self._differs(f"{csr.name}: rvx {ours:#x}, {self._name} {value:#x}")
        self._csrs = _NO_CSRS

    def _differs(self, what: str) -> NoReturn:
        raise Mismatch(self._report(what))

    def _report(self, what: str) -> str:
        machine = self._hart.machine
        lines = [f"after {self.agreement.instructions} instructions:", what, "the last ones:"]
        for commit in self._last:
            text = disassemble(commit.word, commit.pc, machine)
            lines.append(f"  {text_of(commit):60} {text}")
        return "\n".join(lines)
