"""Statements: loops unrolled, locals made single-assignment, assignments made effects."""

from __future__ import annotations

from dataclasses import replace

from rvx.description import syntax
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate, evaluate_range, truth_of, word_of
from rvx.description.operators import merge
from rvx.description.primitives import rounded
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import Value, is_number, is_truth, is_word, to_number
from rvx.model import expression as ir


class Body:
    """Elaborates the statements of one body, in order."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._formats: dict[str, ir.FormatUse | None] = {}  # of each var
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
                return self._bind(name, evaluate(self.context, value))
            case syntax.Var(name, format, value):
                use = self.context.scope.format(format) if format else None
                self._formats[name.id] = use
                return self._bind(name, self._fitted(name, value, None))
            case syntax.Assign(Name(id), value, rounding) if id in self._formats:
                assert isinstance(statement.target, Name)
                return self._bind(statement.target, self._fitted(statement.target, value, rounding))
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
        self, target: syntax.Expression, value: syntax.Expression, rounding: Name | None
    ) -> list[ir.Statement]:
        if rounding is None:
            return assign(self.context, target, evaluate(self.context, value), target.at)
        inner = replace(self.context, mode=self.context.scope.rounding(rounding))
        return assign(inner, target, evaluate(self.context, value), target.at)

    def _fitted(self, name: Name, e: syntax.Expression, rounding: Name | None) -> Value:
        """The value of a var: rounded where the var has a format."""
        value = evaluate(self.context, e)
        use = self._formats[name.id]
        if use is None:
            return value
        context = self.context
        if rounding is not None:
            context = replace(context, mode=context.scope.rounding(rounding))
        found = rounded(context, to_number(value, e.at), use, e.at)
        self.context.rounds |= context.rounds
        return found

    def _bind(self, name: Name, value: Value) -> list[ir.Statement]:
        """Give a local its value: constants and lanes by name, all else computed once."""
        if name.id in self.context.operands or name.id in self.context.scope.names.states:
            raise DescriptionError(name.at, f"'{name.id}' already names an operand or a state")
        self._count += 1
        unique = f"{name.id}.{self._count}"
        if is_word(value):
            self.context.locals[name.id] = ir.WordLocal(unique, value.width)  # type: ignore[union-attr]
        elif is_number(value):
            self.context.locals[name.id] = ir.NumberLocal(unique, value.span, value.integral)  # type: ignore[union-attr]
        elif is_truth(value) and not isinstance(value, ir.Truthy):
            self.context.locals[name.id] = ir.TruthLocal(unique)
        else:
            self.context.locals[name.id] = value
            return []
        return [ir.SetLocal(unique, value)]  # type: ignore[arg-type]

    def _loop(
        self, index: Name, range_: syntax.Range, body: tuple[syntax.Statement, ...]
    ) -> list[ir.Statement]:
        found: list[ir.Statement] = []
        before = self.context.locals.get(index.id)
        for i in evaluate_range(self.context, range_):
            self.context.locals[index.id] = i
            found += self._scoped(body)
        if before is not None:
            self.context.locals[index.id] = before
        else:
            self.context.locals.pop(index.id, None)
        return found

    def _scoped(self, body: tuple[syntax.Statement, ...]) -> list[ir.Statement]:
        """Run a block; what it declares ends with it, what it assigns to outer vars stays."""
        outer = set(self.context.locals)
        found = list(self.run(body))
        for name in set(self.context.locals) - outer:
            del self.context.locals[name]
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
                self._join(name, one, other, first, second, at)
        return [ir.IfElse(condition, tuple(first), tuple(second))]

    def _join(
        self,
        name: str,
        then: Value,
        otherwise: Value,
        first: list[ir.Statement],
        second: list[ir.Statement],
        at: Position,
    ) -> None:
        """A var that a branch assigned: each side sets one local that is its value from here."""
        match merge(ir.Truthy(True), then, otherwise, at):
            case ir.WordSelect(_, one, other) as shape:
                pair: tuple[Value, Value] = (one, other)
            case ir.NumberSelect(_, left, right) as shape:
                pair = (left, right)
            case shape:
                pair = (then, otherwise)
        (merged,) = self._bind(Name(name, at), shape)
        assert isinstance(merged, ir.SetLocal)
        first.append(ir.SetLocal(merged.name, pair[0]))  # type: ignore[arg-type]
        second.append(ir.SetLocal(merged.name, pair[1]))  # type: ignore[arg-type]


def effects(
    context: Context, statements: tuple[syntax.Statement, ...]
) -> tuple[ir.Statement, ...]:
    """The meaning of a body."""
    return Body(context).run(statements)
