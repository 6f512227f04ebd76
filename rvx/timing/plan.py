"""The rules of a core that apply to one instruction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rvx.description.syntax import CostRule, RedirectAfter, RedirectFrom
from rvx.model.machine import Instruction
from rvx.record import record
from rvx.timing.outcome import Happened
from rvx.timing.rules import Rules

if TYPE_CHECKING:
    from rvx.timing.cost import OpenCosts


@record(frozen=True)
class Way:
    """The rules for one way in which an instruction can end."""

    costs: Mapping[str, Sequence[CostRule]]  # by what they say; the first that holds is right
    redirect: RedirectFrom | RedirectAfter | None


class Plan:
    """What the text says in general of an instruction, or of a word that is none."""

    def __init__(self, rules: Rules, instruction: Instruction | None) -> None:
        self._rules = rules
        self._instruction = instruction
        self._ways: dict[Happened, Way] = {}
        self.costs: dict[Happened, OpenCosts] = {}  # where all its words cost the same
        has = rules.kinds.has
        self.unit = next(
            (place for place, unit in enumerate(rules.units) if has(unit.kind, instruction)), None
        )
        self.kinds = sum(  # as in View.kinds
            1 << bit
            for bit, kind in enumerate(rules.asked)
            # What may be taken asks for its target in decode, before that is decided.
            if has(kind, instruction, Happened.TAKEN)
        )
        self.reads = [  # by unit
            [rule for rule in unit.reads if has(rule.kind, instruction)] for unit in rules.units
        ]

    def way(self, how: Happened) -> Way:
        """The rules that apply when this happens to the instruction."""
        if how not in self._ways:
            self._ways[how] = self._find(how)
        return self._ways[how]

    def _find(self, how: Happened) -> Way:
        has, instruction = self._rules.kinds.has, self._instruction
        costs: dict[str, list[CostRule]] = {}
        inside = () if self.unit is None else self._rules.units[self.unit].costs
        for rule in (*self._rules.costs, *inside):
            if has(rule.kind, instruction, how):
                costs.setdefault(rule.what, []).append(rule)
        redirects = (r for r in self._rules.redirects if has(r.kind, instruction, how))
        return Way(costs, next(redirects, None))
