"""An instruction word as the engine knows it: its facts, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from rvx.description.syntax import RedirectAfter
from rvx.model.decoder import length_of
from rvx.model.machine import Instruction, Machine
from rvx.timing.cost import OpenCosts, costs_of
from rvx.timing.outcome import Happened
from rvx.timing.plan import Plan
from rvx.timing.registers import RegisterUse, zero_registers
from rvx.timing.rules import Rules
from rvx.timing.scope import CompileExpression, Scope, Vocabulary
from rvx.timing.state import NO_REGISTERS, Facts, Issued, View


class Word:
    """What a core's text says of one instruction word."""

    def __init__(self, plan: Plan, scope: Scope, facts: Facts) -> None:
        self.facts = facts
        self._plan = plan
        self._scope = scope

    def costs(self, how: Happened) -> OpenCosts:
        """What it costs when this happens to it."""
        found = self._plan.costs.get(how)
        if found is None:
            found = costs_of(self._plan.way(how), self._scope, how)
            if not self._scope.was_asked:
                self._plan.costs[how] = found
        return found


class Words:
    """Takes words apart, for one core and one machine."""

    def __init__(self, rules: Rules, machine: Machine, compile_operands: CompileExpression) -> None:
        self._rules = rules
        self._zeros = zero_registers(machine)
        self._vocabulary = Vocabulary(
            machine, rules.parameters, rules.kinds.known, compile_operands
        )
        self._plan = cache(lambda instruction: Plan(rules, instruction))
        self._use = cache(RegisterUse)

    def check(self, instructions: Iterable[Instruction]) -> None:
        """Evaluate what the text says of these instructions, to raise its errors now."""
        for instruction in instructions:
            if instruction.long is not None:
                continue  # a short form is its long one
            word = self.word(instruction, instruction.decode(instruction.match), instruction.match)
            word.costs(Happened.PLAIN)
            if "branch" in instruction.classes:
                word.costs(Happened.TAKEN)
        for how in (Happened.TRAPPED, Happened.ILLEGAL):
            self.word(None, {}, 0).costs(how)

    def are_alike(self, instruction: Instruction | None) -> bool:
        """Whether all words of an instruction are the same to the core."""
        watched = self._rules.watches.values()
        plan = self._plan(instruction)
        return (
            plan.unit is None
            and not any(watch.reads or watch.writes or watch.writers for watch in watched)
            and not any(plan.reads)
            and all(
                not plan.way(how).costs and not isinstance(plan.way(how).redirect, RedirectAfter)
                for how in Happened
            )
        )

    def word(self, instruction: Instruction | None, fields: Mapping[str, int], word: int) -> Word:
        """Take a word apart: an instruction with its operands' field values, or none.

        What a short form stands for is seen as the long word, as decoders see it.
        """
        plan = self._plan(instruction)
        if instruction is not None and length_of(word) != instruction.length:
            word = instruction.encode(**fields)
        scope = Scope(self._vocabulary, instruction, fields, word)
        use, kinds = self._use(instruction), plan.kinds
        sources, writes = use.reads(fields), use.writes(fields)
        waited_for = sources - self._zeros
        view = {
            stage: View(
                kinds & watch.kinds,
                waited_for if watch.reads else NO_REGISTERS,
                writes if watch.writes or kinds & watch.writers else NO_REGISTERS,
            )
            for stage, watch in self._rules.watches.items()
        }
        is_late = plan.unit is not None or "result" in plan.way(Happened.PLAIN).costs
        facts = Facts(
            decode=view["decode"],
            awaits=tuple(
                sources.union(scope.register(e) for rule in rules for e in rule.values)
                for rules in plan.reads
            ),
            issued=Issued(
                decoder=view["decoder"],
                execute=view["execute"],
                writeback=view["writeback"],
                unit=plan.unit,
                writes=writes if is_late else NO_REGISTERS,
            ),
        )
        return Word(plan, scope, facts)
