"""A core's timing as a hart sees it: two calls an instruction, before and after it executes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from rvx.description.syntax import CoreDeclaration
from rvx.model.decoder import length_of
from rvx.model.machine import Instruction, Machine
from rvx.timing.compiler import compile_core
from rvx.timing.outcome import Outcome
from rvx.timing.rules import Target
from rvx.timing.scope import CompileExpression
from rvx.timing.state import Costs, Flow
from rvx.timing.transducer import Entry, Transducer

# An instruction (None: the word is none), its operands' field values, and the word.
Decoded: TypeAlias = tuple[Instruction | None, Mapping[str, int], int]

# The transducer's numbers of a state, of the costs of the instruction that has left decode, of what
# it kills; and whether the next instruction is its target.
Pending: TypeAlias = tuple[int, int, int, bool]


class Pipeline:
    """The cycle in which each instruction leaves decode.

    `issue` and `retire` alternate: when an instruction leaves decode depends on the past only, and
    what follows depends on what it did.
    """

    def __init__(
        self,
        machine: Machine,
        core: CoreDeclaration,
        parameters: Mapping[str, int],
        *,
        known: Collection[str],
        compile_expression: CompileExpression,
        peek: Callable[[int], Decoded | None],
        check: bool = True,
    ) -> None:
        """Compile the core's text for this machine; raise DescriptionError where it is not right.

        `known` has the name of every instruction, extension, register file and CSR that any
        description declares. `compile_expression(instruction, expression, constants)` gives a
        function of `Outcome.frame`, for expressions over operands. `peek(pc)` decodes what lies
        behind a taken branch: it is killed, but may have stalled. Without `check` what the text
        says of an instruction is checked when the first such is issued.
        """
        self.rules = compile_core(machine, core, parameters, known)
        self.transducer = Transducer(self.rules, machine, compile_expression)
        if check:
            self.transducer.check()
        self._sees_killed = self.rules.sees_killed
        self.peek = peek
        self._entries: dict[int, Entry] = {}
        self.reset()

    def reset(self) -> None:
        """Start again with an empty pipeline. What is remembered of the core's steps stays."""
        self._time = -1
        self._state = self._costs = self._killed = 0
        self._is_target = False
        self._last = (0, 0, 0, 0, 1)

    @property
    def cycles(self) -> int:
        """Cycles from the first instruction leaving decode to the last one, both included."""
        return self._time + 1

    def issue(
        self, instruction: Instruction | None, fields: Mapping[str, int], word: int, pc: int
    ) -> int:
        """The cycle in which the instruction (None: an illegal word) leaves decode.

        That of the first one is 0.
        """
        entry = self._entries.get(word)
        if entry is None:
            entry = self._enter(instruction, fields, word)
        fetch = 1
        if self._is_target:
            fetch = self.rules.fetch(Target(pc, length_of(word)))
        self._last = (self._state, self._costs, self._killed, entry.facts, fetch)
        cycles, self._state = self.transducer.step(self._last)
        self._time += cycles
        self._entry = entry
        self._behind = pc, word
        return self._time

    def retire(self, outcome: Outcome) -> None:
        """Tell what the instruction did. Nothing of the outcome is kept."""
        self._costs = self._entry.costs(outcome)
        flow = self.transducer.costs[self._costs].flow
        self._is_target = flow is not Flow.SEQUENTIAL
        self._killed = 0
        if flow is Flow.FROM_EXECUTE and self._sees_killed:
            pc, word = self._behind
            behind = self.peek(pc + length_of(word))
            if behind is not None:
                self._killed = (self._entries.get(behind[2]) or self._enter(*behind)).killed

    # Handing over to an engine that keeps the time itself, and taking over from it

    @property
    def pending(self) -> Pending:
        """What the next instruction's cycle depends on, beside the instruction."""
        return self._state, self._costs, self._killed, self._is_target

    def resume(self, pending: Pending, cycle: int) -> None:
        """Go on behind an instruction that left decode in that cycle."""
        self._state, self._costs, self._killed, self._is_target = pending
        self._time = cycle

    def resume_issued(
        self,
        state: int,
        cycle: int,
        instruction: Instruction | None,
        fields: Mapping[str, int],
        word: int,
        pc: int,
    ) -> None:
        """Go on with an instruction that left decode in that cycle and was not executed; `retire`
        comes next."""
        self._state, self._time = state, cycle
        self._entry = self._entries.get(word) or self._enter(instruction, fields, word)
        self._behind = pc, word

    def stalls(self) -> tuple[str, ...]:
        """Why the last instruction left decode no sooner: the reason of each cycle lost.

        A reason is the name of a hold; or `execute` (the one before takes several cycles there),
        `UNIT busy` (the one before waits for the unit), `UNIT` or `result` (an operand is not
        there yet), `target` (a jump's operand is not), `redirect` or `resume` (decode is empty).
        """
        return self.transducer.stalls(self._last)

    @property
    def costs(self) -> Costs:
        """What the last instruction costs, once it has retired."""
        return self.transducer.costs[self._costs]

    def _enter(
        self, instruction: Instruction | None, fields: Mapping[str, int], word: int
    ) -> Entry:
        entry = self._entries[word] = self.transducer.entry(instruction, fields, word)
        return entry
