"""What an instruction word costs, as far as the word decides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rvx.description.syntax import CostRule, RedirectAfter
from rvx.record import record
from rvx.timing.outcome import Happened, Outcome
from rvx.timing.plan import Way
from rvx.timing.scope import Scope
from rvx.timing.state import Costs, Flow
from rvx.timing.terms import Term, choose

# The smallest number of cycles that makes sense.
_LEAST = {"execute": 1, "result": 0, "resume": 1, "latency": 0, "accept": 1, "every": 1, "after": 1}


@record(frozen=True, slots=True)
class OpenCosts:
    """Costs, and functions for those among them that the outcome decides."""

    costs: Costs
    names: Sequence[str]  # of the open ones
    functions: Sequence[Callable[[Outcome], int]]

    def values(self, outcome: Outcome) -> tuple[int, ...]:
        """What the outcome makes of the open ones."""
        return tuple([function(outcome) for function in self.functions])

    def settle(self, values: tuple[int, ...]) -> Costs:
        """All costs, with these values."""
        found: dict[str, Any] = dict(zip(self.names, values, strict=True))
        return self.costs._replace(**found)


def costs_of(way: Way, scope: Scope, how: Happened) -> OpenCosts:
    """What the word costs when this happens to it. What traps has no result."""
    executes = how in (Happened.PLAIN, Happened.TAKEN)
    terms = {
        name: _first(name, rules, scope)
        for name, rules in way.costs.items()
        if executes or name == "resume"
    }
    flow = Flow.SEQUENTIAL
    if isinstance(way.redirect, RedirectAfter):
        flow = Flow.AFTER
        terms["after"] = scope.cycles(way.redirect.cycles, _LEAST["after"])
    elif way.redirect is not None:
        flow = Flow.FROM_DECODE if way.redirect.stage.id == "decode" else Flow.FROM_EXECUTE
    constant: dict[str, Any] = {n: term for n, term in terms.items() if isinstance(term, int)}
    functions = {name: term for name, term in terms.items() if not isinstance(term, int)}
    costs = Costs(flow=flow, executes=executes, **constant)
    return OpenCosts(costs, tuple(functions), tuple(functions.values()))


_NOTHING: Final = Costs()


def _first(name: str, rules: Sequence[CostRule], scope: Scope) -> Term[Outcome]:
    """The value of the first rule whose guard is true; the outcome may have to tell."""
    term: Term[Outcome] = getattr(_NOTHING, name)
    for rule in reversed(rules):
        guard = 1 if rule.guard is None else scope.term(rule.guard)
        term = choose(guard, scope.cycles(rule.values[0], _LEAST[name]), term)
    return term
