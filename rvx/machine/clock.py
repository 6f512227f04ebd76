"""The clock of a run: a core's declared timing, or one cycle an instruction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from rvx.description.cache import kept
from rvx.description.syntax import CoreDeclaration, Expression
from rvx.description.texts import key
from rvx.machine.hart import Bound, Hart
from rvx.model import ir
from rvx.model.machine import Instruction
from rvx.reference.storage import TrapRaised
from rvx.timing import Outcome, Pipeline
from rvx.timing.pipeline import Pending


class Clock(Protocol):
    """Gives every instruction the cycle in which it leaves decode; the first is 0."""

    @property
    def cycles(self) -> int:
        """Cycles from the first instruction to the last one, both included."""

    @property
    def cycle(self) -> int:
        """The cycle of the last instruction."""

    def issue(self, bound: Bound | None, pc: int, word: int) -> int:
        """The cycle of the instruction at pc, or of a word that is none."""

    def retire(self, bound: Bound) -> None:
        """Tell that it has executed, before its effects take place."""

    def trap(self, bound: Bound | None, cause: int) -> None:
        """Tell that it has trapped."""

    # For an engine that keeps the time itself; see `Pipeline`

    @property
    def pipeline(self) -> Pipeline | None:
        """None where no core's timing is counted."""

    @property
    def pending(self) -> Pending: ...

    def resume(self, pending: Pending, cycle: int) -> None: ...

    def resume_issued(self, state: int, cycle: int) -> None: ...


class InstructionClock:
    """One cycle an instruction: what `--timing off` counts."""

    def __init__(self) -> None:
        self.cycle = -1

    @property
    def cycles(self) -> int:
        return self.cycle + 1

    def issue(self, bound: Bound | None, pc: int, word: int) -> int:
        self.cycle += 1
        return self.cycle

    def retire(self, bound: Bound) -> None:
        pass

    def trap(self, bound: Bound | None, cause: int) -> None:
        pass

    @property
    def pipeline(self) -> None:
        return None

    @property
    def pending(self) -> Pending:
        return 0, 0, 0, False

    def resume(self, pending: Pending, cycle: int) -> None:
        self.cycle = cycle

    def resume_issued(self, state: int, cycle: int) -> None:
        self.cycle = cycle


def tell(outcome: Outcome, hart: Hart, bound: Bound) -> None:
    """Tell in `outcome` what an instruction did that the hart has executed, but not committed."""
    outcome.taken = hart.next_pc is not None and "branch" in bound.instruction.classes
    outcome.address, outcome.size = hart.access or (0, 0)
    outcome.writes_csr = hart.csr_written
    outcome.cause = None
    outcome.frame = bound


class OperandExpression:
    """An expression of a core's text over an instruction's operands. It raises no flags."""

    def __init__(self, hart: Hart, node: int | ir.Number) -> None:
        self.node = node
        self._hart = hart
        self._known: dict[int, Callable[[], int]] = {}

    def __call__(self, frame: Bound) -> int:
        if isinstance(self.node, int):
            return self.node
        compute = self._known.get(frame.word)
        if compute is None:
            compute = self._known[frame.word] = frame.binding.integer(self.node)
        flags = self._hart.flags
        found = compute()
        self._hart.flags = flags
        return found


class CoreClock:
    """The pipeline of a declared core, fed by a hart. Raises DescriptionError where the core's
    text does not fit the machine."""

    def __init__(
        self,
        hart: Hart,
        core: CoreDeclaration,
        parameters: Mapping[str, int],
        known: Collection[str],
    ) -> None:
        self._hart = hart
        self._outcome = Outcome()
        self.cycle = -1
        self._pipeline = Pipeline(
            hart.machine,
            core,
            parameters,
            known=known,
            compile_expression=self._compile,
            peek=self._peek,
            check=False,
        )
        self._check(core, parameters, known)

    def _check(
        self, core: CoreDeclaration, parameters: Mapping[str, int], known: Collection[str]
    ) -> None:
        """What the text says of every instruction: once for a core and a machine, since it takes
        longer than many a run."""
        machine, check = self._hart.machine, self._pipeline.transducer.check
        if machine.digest:
            settings = (f"{name}={value}" for name, value in sorted(parameters.items()))
            name = key(machine.digest, core.text, *settings, *sorted(known), texts=())
            kept(f"checked-{name}", bool, lambda: check() or True)
        else:
            check()

    @property
    def cycles(self) -> int:
        return self._pipeline.cycles

    def issue(self, bound: Bound | None, pc: int, word: int) -> int:
        if bound is None:
            self.cycle = self._pipeline.issue(None, {}, word, pc)
        else:
            self.cycle = self._pipeline.issue(bound.instruction, bound.fields, bound.word, pc)
        return self.cycle

    def retire(self, bound: Bound) -> None:
        tell(self._outcome, self._hart, bound)
        self._pipeline.retire(self._outcome)

    def trap(self, bound: Bound | None, cause: int) -> None:
        self._pipeline.retire(Outcome(cause=cause, frame=bound))

    @property
    def pipeline(self) -> Pipeline:
        return self._pipeline

    @property
    def pending(self) -> Pending:
        return self._pipeline.pending

    def resume(self, pending: Pending, cycle: int) -> None:
        self.cycle = cycle
        self._pipeline.resume(pending, cycle)

    def resume_issued(self, state: int, cycle: int) -> None:
        self.cycle, pc = cycle, self._hart.pc
        decoded = self._peek(pc)
        assert decoded is not None
        self._pipeline.resume_issued(state, cycle, *decoded, pc)

    def _compile(
        self, instruction: Instruction, e: Expression, constants: Mapping[str, int]
    ) -> Callable[[Any], int]:
        """An expression over operands, as it is in the bodies: evaluated before the commit."""
        from rvx.description.operand_expression import compile_integer  # few cores have such

        node = compile_integer(self._hart.machine, instruction, e, constants)
        return OperandExpression(self._hart, node)

    def _peek(self, pc: int) -> tuple[Instruction | None, Mapping[str, int], int] | None:
        try:
            word = self._hart.fetch_word(pc)
        except TrapRaised:
            return None
        decoded = self._hart.decode(word)
        if decoded is None:
            return None, {}, word
        return *decoded.expand(decoded.decode(word)), word
