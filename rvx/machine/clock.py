"""The clock of a run: a core's declared timing, or one cycle an instruction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from rvx.description.operand_expression import compile_integer
from rvx.description.syntax import CoreDeclaration, Expression
from rvx.machine.hart import Bound, Hart
from rvx.model.machine import Instruction
from rvx.reference.storage import TrapRaised
from rvx.timing import Outcome, Pipeline


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
        )

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
        hart, outcome = self._hart, self._outcome
        outcome.taken = hart.next_pc is not None and "branch" in bound.instruction.classes
        outcome.address, outcome.size = hart.access or (0, 0)
        outcome.writes_csr = hart.csr_written
        outcome.cause = None
        outcome.frame = bound
        self._pipeline.retire(outcome)

    def trap(self, bound: Bound | None, cause: int) -> None:
        self._pipeline.retire(Outcome(cause=cause, frame=bound))

    def _compile(
        self, instruction: Instruction, e: Expression, constants: Mapping[str, int]
    ) -> Callable[[Any], int]:
        """An expression over operands, as it is in the bodies: evaluated before the commit."""
        node = compile_integer(self._hart.machine, instruction, e, constants)
        if isinstance(node, int):
            return lambda frame: node
        known: dict[int, Callable[[], int]] = {}

        def evaluate(frame: Bound) -> int:
            compute = known.get(frame.word)
            if compute is None:
                compute = known[frame.word] = frame.binding.integer(node)
            return compute()

        return evaluate

    def _peek(self, pc: int) -> tuple[Instruction | None, Mapping[str, int], int] | None:
        try:
            word = self._hart.fetch_word(pc)
        except TrapRaised:
            return None
        decoded = self._hart.decode(word)
        if decoded is None:
            return None, {}, word
        return *decoded.expand(decoded.decode(word)), word
