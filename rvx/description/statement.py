"""Statements: loops unrolled, locals made single-assignment, assignments made effects."""

from __future__ import annotations

from dataclasses import replace

from rvx.description import syntax
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate, evaluate_range, truth_of, word_of
from rvx.description.facts import facts_of
from rvx.description.operators import is_open, merge
from rvx.description.rounding import rounded
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import Value, describe, is_number, is_truth, is_word, to_number
from rvx.model import ir
from rvx.model.walk import nodes

MOST_DRAWN = 64  # bits of a number drawn


class Body:
    """Elaborates the statements of one body, in order."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._count = 0

    def run(self, statements: tuple[syntax.Statement, ...]) -> tuple[ir.Statement, ...]:
        """The effects of the statements."""
        found: list[ir.Statement] = []
        for statement in statements:
            found += self._statement(statement)
        return tuple(found)

    def _statement(self, statement: syntax.Statement) -> list[ir.Statement]:
        match statement:
            case syntax.Let(name, value):
                self._declare(name)
                return self._bind(name, evaluate(self.context, value))
            case syntax.Var(name, format, value, rounding):
                self._declare(name)
                use = self.context.scope.format(format) if format else None
                fitted = self._fitted(use, value, rounding)
                self.context.formats[name.id] = use
                return self._bind(name, fitted)
            case syntax.Assign(Name() as name, value, rounding) if name.id in self.context.formats:
                use = self.context.formats[name.id]
                return self._bind(name, self._fitted(use, value, rounding))
            case syntax.Assign(target, value, rounding):
                return self._assign(target, value, rounding)
            case syntax.For(index, range_, body):
                return self._loop(index, range_, body)
            case syntax.If(condition, then, otherwise, at):
                return self._branch(truth_of(self.context, condition), then, otherwise, at)
            case syntax.Raise(cause, value):
                xlen = self.context.xlen
                given = word_of(self.context, value, xlen) if value else ir.Constant(0, xlen)
                return [ir.RaiseTrap(word_of(self.context, cause, xlen), given)]

    def _assign(
        self, target: syntax.Expression, e: syntax.Expression, rounding: syntax.RoundingUse | None
    ) -> list[ir.Statement]:
        value = evaluate(self.context, e)
        if rounding is None:
            return assign(self.context, target, value, e.at)
        found = assign(replace(self.context, mode=self._mode(rounding)), target, value, e.at)
        if not any(_rounds(node) for node in nodes(tuple(found))):
            raise _rounds_nothing(rounding.name)
        return found

    def _fitted(
        self,
        use: ir.FormatUse | None,
        e: syntax.Expression,
        rounding: syntax.RoundingUse | None,
    ) -> Value:
        """The value of a var: rounded where the var has a format."""
        value = evaluate(self.context, e)
        if use is None:
            if rounding is not None:
                raise _rounds_nothing(rounding.name)
            return value
        if rounding is None:
            return rounded(self.context, to_number(value, e.at), use, e.at)
        context = replace(self.context, mode=self._mode(rounding))
        return rounded(context, to_number(value, e.at), use, e.at)

    def _mode(self, use: syntax.RoundingUse) -> ir.Mode:
        """`with rtz`, or `with stochastic(w)`: by the number that the bits w are."""
        name, draw = self.context.scope.name(use.name), use.draw
        if name.id != "stochastic":
            if draw is not None:
                raise DescriptionError(draw.at, f"'{name.id}' takes nothing in brackets")
            return self.context.scope.rounding(name)
        if draw is None:
            raise DescriptionError(name.at, "say what is drawn: stochastic(state[11:0])")
        found = evaluate(self.context, draw)
        if not is_word(found) or not 0 < found.width <= MOST_DRAWN:
            raise DescriptionError(
                draw.at, f"stochastic(...) takes 1 to {MOST_DRAWN} bits, not {describe(found)}"
            )
        return ir.Stochastic(found)

    # Locals

    def _declare(self, name: Name) -> None:
        context = self.context
        if name.id in context.locals:
            raise DescriptionError(name.at, f"'{name.id}' is already declared: use another name")
        if name.id in context.operands or name.id in context.scope.names.states:
            raise DescriptionError(
                name.at, f"'{name.id}' already names an operand or a state: use another name"
            )
        if name.id in ("pc", "next_pc", "memory"):
            raise DescriptionError(name.at, f"'{name.id}' is the machine's: use another name")

    def _bind(self, name: Name, value: Value) -> list[ir.Statement]:
        """Give a local its value: constants, lanes and open quotients by name, all else computed
        once."""
        context = self.context
        self._count += 1
        unique = f"{name.id}.{self._count}"
        if is_word(value):
            context.locals[name.id] = ir.WordLocal(unique, value.width)
        elif is_number(value) and not is_open(value):
            context.facts[unique] = facts_of(value, context.facts)
            context.locals[name.id] = ir.NumberLocal(unique, value.span, value.integral)
        elif is_truth(value) and not isinstance(value, ir.Truthy):
            context.locals[name.id] = ir.TruthLocal(unique)
        else:
            context.locals[name.id] = value
            return []
        return [ir.SetLocal(unique, value)]

    # Blocks

    def _loop(
        self, index: Name, range_: syntax.Range, body: tuple[syntax.Statement, ...]
    ) -> list[ir.Statement]:
        self._declare(index)
        found: list[ir.Statement] = []
        for i in evaluate_range(self.context, range_):
            self.context.locals[index.id] = i
            found += self._scoped(body)
        self.context.locals.pop(index.id, None)
        return found

    def _scoped(self, body: tuple[syntax.Statement, ...]) -> list[ir.Statement]:
        """Run a block; what it declares ends with it, what it assigns to outer vars stays."""
        outer = set(self.context.locals)
        found = list(self.run(body))
        for name in set(self.context.locals) - outer:
            del self.context.locals[name]
            self.context.formats.pop(name, None)
        return found

    def _branch(
        self,
        condition: ir.Truth,
        then: tuple[syntax.Statement, ...],
        otherwise: tuple[syntax.Statement, ...],
        at: Position,
    ) -> list[ir.Statement]:
        if isinstance(condition, ir.Truthy):
            return self._scoped(then if condition.value else otherwise)
        before = dict(self.context.locals)
        first = self._scoped(then)
        after_then = self.context.locals
        self.context.locals = dict(before)
        second = self._scoped(otherwise)
        for name, value in before.items():
            one, other = after_then[name], self.context.locals[name]
            if one is not value or other is not value:
                self._join(Name(name, at), one, other, first, second)
        return [ir.IfElse(condition, tuple(first), tuple(second))]

    def _join(
        self,
        name: Name,
        then: Value,
        otherwise: Value,
        first: list[ir.Statement],
        second: list[ir.Statement],
    ) -> None:
        """A var that a branch assigned: each side sets one local that is its value from here."""
        shape = merge(ir.Truthy(True), then, otherwise, name.at)
        one: ir.Word | ir.Number | ir.Truth
        other: ir.Word | ir.Number | ir.Truth
        match shape:
            case ir.WordSelect(_, one, other) | ir.NumberSelect(_, one, other):
                pass
            case ir.Either(ir.Both(_, one), ir.Both(_, other)):
                pass
            case _:
                raise AssertionError(shape)
        if is_number(shape) and is_open(shape):
            raise DescriptionError(
                name.at, f"a branch leaves a quotient or a root in '{name.id}': round it first"
            )
        (merged,) = self._bind(name, shape)
        assert isinstance(merged, ir.SetLocal)
        first.append(ir.SetLocal(merged.name, one))
        second.append(ir.SetLocal(merged.name, other))


def _rounds(effect: object) -> bool:
    return isinstance(effect, ir.SetRegister | ir.SetState) and isinstance(effect.value, ir.Encode)


def _rounds_nothing(rounding: Name) -> DescriptionError:
    return DescriptionError(
        rounding.at, "nothing rounds here: 'with' needs a target that has a number format"
    )


def effects(context: Context, statements: tuple[syntax.Statement, ...]) -> tuple[ir.Statement, ...]:
    """The meaning of a body."""
    return Body(context).run(statements)
