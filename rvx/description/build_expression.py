"""Statements and expressions: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

from typing import Any, NamedTuple

from lark import Token, Transformer
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.syntax import Position


def integer(token: Token) -> int:
    """The value of an integer literal: decimal, 0x or 0b, with underscores."""
    return int(token.replace("_", ""), 0 if token[:2] in ("0x", "0b") else 10)


class Block(NamedTuple):
    """The statements between braces, and where their text starts and ends."""

    statements: tuple[Any, ...]
    start: int
    end: int


@v_args(inline=True, meta=True)
class ExpressionBuilder(Transformer[Token, Any]):
    """One method a grammar rule; each returns a node."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(visit_tokens=False)
        self._text = text
        self._lines = text.splitlines()
        self._file = file

    def _at(self, meta: Meta | Token) -> Position:
        if isinstance(meta, Meta) and meta.empty:
            return Position(self._file, 1, 1)
        return Position(self._file, meta.line or 1, meta.column or 1)

    def name(self, meta: Meta, token: Token) -> syntax.Name:
        return syntax.Name(str(token), self._at(token))

    # Statements

    def block(self, meta: Meta, *statements: Any) -> Any:
        return Block(statements, meta.start_pos + 1, meta.end_pos - 1)

    def let(self, meta: Meta, name: Any, value: Any) -> syntax.Let:
        return syntax.Let(name, value, self._at(meta))

    def var(self, meta: Meta, name: Any, format: Any, value: Any) -> syntax.Var:
        return syntax.Var(name, format, value, self._at(meta))

    def assign(self, meta: Meta, target: Any, value: Any, rounding: Any) -> syntax.Assign:
        return syntax.Assign(target, value, rounding, self._at(meta))

    def loop(self, meta: Meta, index: Any, range: Any, body: Any) -> syntax.For:
        return syntax.For(index, range, body.statements, self._at(meta))

    def branch(self, meta: Meta, condition: Any, then: Any, otherwise: Any) -> syntax.If:
        match otherwise:
            case None:
                rest: tuple[Any, ...] = ()
            case Block():
                rest = otherwise.statements
            case _:
                rest = (otherwise,)
        return syntax.If(condition, then.statements, rest, self._at(meta))

    def raise_trap(self, meta: Meta, cause: Any, value: Any) -> syntax.Raise:
        return syntax.Raise(cause, value, self._at(meta))

    def range(self, meta: Meta, start: Any, stop: Any) -> syntax.Range:
        return syntax.Range(start, stop)

    # Expressions

    def integer(self, meta: Meta, token: Token) -> syntax.Integer:
        return syntax.Integer(integer(token), self._at(token))

    def select(self, meta: Meta, condition: Any, then: Any, otherwise: Any) -> syntax.Select:
        return syntax.Select(condition, then, otherwise, self._at(meta))

    def binary(self, meta: Meta, left: Any, op: Token, right: Any) -> syntax.Binary:
        return syntax.Binary(str(op), left, right, self._at(meta))

    def unary(self, meta: Meta, op: Token, operand: Any) -> Any:
        if op == "-" and isinstance(operand, syntax.Integer):
            return syntax.Integer(-operand.value, self._at(meta))
        return syntax.Unary(str(op), operand, self._at(meta))

    def is_member(self, meta: Meta, value: Any, *choices: Any) -> syntax.Member:
        return syntax.Member(value, choices, self._at(meta))

    def relation_is(self, meta: Meta, left: Any, name: Token) -> syntax.Relation:
        return syntax.Relation("is", left, syntax.Name(str(name), self._at(name)), self._at(meta))

    def relation(self, meta: Meta, left: Any, op: Token, right: Any) -> syntax.Relation:
        return syntax.Relation(str(op), left, right, self._at(meta))

    def cast(self, meta: Meta, value: Any, format: Any) -> syntax.As:
        return syntax.As(value, format, self._at(meta))

    def attribute(self, meta: Meta, value: Any, name: Token) -> syntax.Attribute:
        return syntax.Attribute(value, str(name), self._at(meta))

    def index(self, meta: Meta, value: Any, index: Any, size: Any) -> syntax.Index:
        return syntax.Index(value, index, size, self._at(meta))

    def slicing(self, meta: Meta, value: Any, high: Any, low: Any) -> syntax.Slice:
        return syntax.Slice(value, high, low, self._at(meta))

    def call(self, meta: Meta, function: Any, *arguments: Any) -> syntax.Call:
        given = tuple(a for a in arguments if a is not None)
        return syntax.Call(function, given, self._at(meta))

    def fold(self, meta: Meta, function: Any, body: Any, index: Any, range: Any) -> syntax.Fold:
        return syntax.Fold(function, body, index, range, self._at(meta))

    def concat(self, meta: Meta, *parts: Any) -> syntax.Concat:
        return syntax.Concat(parts, self._at(meta))

    def aligned(self, meta: Meta, value: Any) -> syntax.Aligned:
        return syntax.Aligned(value, self._at(meta))
