"""From a core's declaration to its rules: every name is checked, every guard compiled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from rvx.description import syntax
from rvx.description.syntax import CoreDeclaration, CostRule, DescriptionError, Expression
from rvx.model.machine import Machine
from rvx.timing.guards import STAGES, Guards
from rvx.timing.kinds import Kinds
from rvx.timing.rules import Ask, Guard, Hold, Rules, Target, Unit, parameter_values
from rvx.timing.scope import straddles
from rvx.timing.terms import Term, as_function, compile_term

# Where each cost may be said.
_OUTSIDE_UNITS = ("execute", "result", "resume")
_IN_UNITS = ("latency", "accept", "every", "reads")


def compile_core(
    machine: Machine,
    core: CoreDeclaration,
    parameters: Mapping[str, int],
    known: Collection[str],
) -> Rules:
    """Compile a core for a machine; raise DescriptionError where its text is not right."""
    return _Compiler(machine, core, parameter_values(core, parameters), known).rules()


class _Compiler:
    def __init__(
        self,
        machine: Machine,
        core: CoreDeclaration,
        parameters: Mapping[str, int],
        known: Collection[str],
    ) -> None:
        self._core = core
        self._parameters = parameters
        self._line = machine.xlen // 8
        self._kinds = Kinds(machine, core, known)
        self._costs: list[CostRule] = []
        self._redirects: list[syntax.RedirectFrom | syntax.RedirectAfter] = []
        self._fetch: Expression | None = None
        self._units: dict[str, syntax.UnitRule] = {}
        self._holds: list[syntax.HoldRule] = []
        for rule in core.rules:
            self._sort(rule)
        places = {name: place for place, name in enumerate(self._units)}
        self._guards = Guards(self._kinds, places, parameters)

    def rules(self) -> Rules:
        """Compile what the constructor has sorted."""
        self._check_holds()
        units = tuple(self._unit(rule) for rule in self._units.values())
        asks = tuple(self._asks())
        decode_holds, execute_holds = self._holds_of("decode"), self._holds_of("execute")
        # Units and late results look for their registers in decode.
        watch = self._guards.watches["decode"]
        has_results = any(rule.what == "result" for rule in self._costs)
        watch.reads |= has_results
        watch.writes |= has_results or bool(units)
        return Rules(
            core=self._core,
            parameters=self._parameters,
            kinds=self._kinds,
            costs=tuple(self._costs),
            redirects=tuple(self._redirects),
            fetch=as_function(1 if self._fetch is None else self._compile_fetch(self._fetch)),
            units=units,
            asks=asks,
            decode_holds=decode_holds,
            execute_holds=execute_holds,
            asked=tuple(self._guards.asked),
            watches=self._guards.watches,
        )

    def _sort(self, rule: syntax.Rule) -> None:
        """Put a rule where it belongs, and check what can be checked of it alone."""
        match rule:
            case syntax.IsaRule() | syntax.ClassRule():
                pass
            case CostRule(what, kind):
                if what not in _OUTSIDE_UNITS:
                    raise DescriptionError(rule.at, f"'{what}' belongs in a unit, in its braces")
                self._kinds.check(kind)
                self._costs.append(_single(rule))
            case syntax.RedirectFrom(kind, stage, unless):
                self._kinds.check(kind)
                if stage.id not in ("decode", "execute"):
                    raise DescriptionError(
                        stage.at, f"no redirect from '{stage.id}': write from decode or execute"
                    )
                if stage.id == "execute" and unless is not None:
                    raise DescriptionError(
                        unless.at, "'unless' is for a redirect from decode; use hold decode"
                    )
                self._redirects.append(rule)
            case syntax.RedirectAfter(kind):
                self._kinds.check(kind)
                self._redirects.append(rule)
            case syntax.FetchRule(cycles):
                if self._fetch is not None:
                    raise DescriptionError(rule.at, "fetch is said twice: one rule says it all")
                self._fetch = cycles
            case syntax.HoldRule():
                self._holds.append(rule)
            case syntax.UnitRule(name, kind):
                if name.id in self._units or name.id in STAGES:
                    raise DescriptionError(name.at, f"there is a unit or stage '{name.id}' already")
                self._kinds.check(kind, events=False)
                self._units[name.id] = rule

    # Units

    def _unit(self, rule: syntax.UnitRule) -> Unit:
        costs: list[CostRule] = []
        reads: list[CostRule] = []
        overlaps: list[Term[int]] = []
        for inner in rule.rules:
            match inner:
                case CostRule(what, kind):
                    if what not in _IN_UNITS:
                        raise DescriptionError(inner.at, f"'{what}' does not belong in a unit")
                    self._kinds.check(kind, events=False)
                    if what == "reads":
                        self._check_reads(inner)
                        reads.append(inner)
                    else:
                        costs.append(_single(inner))
                case syntax.OverlapRule(guard):
                    overlaps.append(compile_term(guard, self._of_operation))
                case _:
                    raise DescriptionError(inner.at, "this rule is not understood in a unit")
        name = rule.name.id
        holds = self._holds_of(name)
        return Unit(name, rule.kind, tuple(costs), tuple(reads), _any(overlaps), holds)

    def _check_reads(self, rule: CostRule) -> None:
        if rule.guard is not None:
            raise DescriptionError(
                rule.at, "'reads' has no 'when': it names registers, in every case"
            )
        for value in rule.values:
            match value:
                case syntax.Index(syntax.Name(file, at), _, None):
                    self._kinds.check_file(file, at)
                case _:
                    raise DescriptionError(
                        value.at, "name a register here, as x[0] or f[word[24:20]]"
                    )

    def _of_operation(self, e: Expression) -> Term[int] | None:
        """What an overlap rule may name: the latency of each operation, and parameters."""
        match e:
            case syntax.Name("latency"):
                return lambda latency: latency
            case syntax.Name(id):
                return self._parameters.get(id)
        return None

    # Fetch

    def _compile_fetch(self, e: Expression) -> Term[Target]:
        term = compile_term(e, self._of_target)
        if isinstance(term, int) and term < 1:
            raise DescriptionError(e.at, f"this is {term} cycles; the least possible is 1")
        return term

    def _of_target(self, e: Expression) -> Term[Target] | None:
        """What a fetch rule may name: where the target lies, and parameters."""
        match e:
            case syntax.Name("pc"):
                return lambda target: target.pc
            case syntax.Name(id):
                return self._parameters.get(id)
            case syntax.Call(syntax.Name("straddles"), (syntax.Name("pc"),)):
                line = self._line
                return lambda target: straddles(target.pc, target.length, line)
        return None

    # Guards

    def _asks(self) -> list[Ask]:
        return [
            Ask(self._guards.bit(rule.kind, "decode", "decoder"), self._guard(rule.unless))
            for rule in self._redirects
            if isinstance(rule, syntax.RedirectFrom) and rule.stage.id == "decode"
        ]

    def _check_holds(self) -> None:
        stages = ["decode", "execute", *self._units]
        for hold in self._holds:
            if hold.stage.id not in stages:
                raise DescriptionError(
                    hold.stage.at, f"'{hold.stage.id}' cannot be held; {', '.join(stages)} can"
                )

    def _holds_of(self, stage: str) -> tuple[Hold, ...]:
        return tuple(
            Hold(hold.reason.id if hold.reason else f"hold {stage}", self._guard(hold.guard))
            for hold in self._holds
            if hold.stage.id == stage
        )

    def _guard(self, e: Expression | None) -> Guard:
        return as_function(0 if e is None else self._guards.compile(e))


def _single(rule: CostRule) -> CostRule:
    if len(rule.values) != 1:
        raise DescriptionError(rule.values[1].at, f"'{rule.what}' takes one number of cycles")
    return rule


def _any(tests: list[Term[int]]) -> Callable[[int], int]:
    functions = [as_function(test) for test in tests]
    return lambda latency: any(test(latency) for test in functions)
