"""Statements and expressions: from lark's tree to `rvx.description.syntax`, bottom up."""

from __future__ import annotations

from typing import NamedTuple

from lark import Token, Transformer
from lark.tree import Meta
from lark.visitors import v_args

from rvx.description import syntax
from rvx.description.syntax import (
    Declaration,
    DescriptionError,
    Expression,
    Name,
    Position,
    Statement,
)

MOST_DIGITS = 1100


class Block(NamedTuple):
    """The statements between braces, and where their text starts and ends."""

    statements: tuple[Statement, ...]
    start: int
    end: int


@v_args(inline=True, meta=True)
class ExpressionBuilder(Transformer[Token, tuple[Declaration, ...]]):
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

    def _integer(self, token: Token) -> int:
        """The value of an integer literal: decimal, 0x or 0b, with underscores."""
        digits = token.replace("_", "")
        if len(digits) > MOST_DIGITS or digits in ("0x", "0b"):
            what = "has no digits" if len(digits) == 2 else f"has more than {MOST_DIGITS} digits"
            raise DescriptionError(self._at(token), f"this integer {what}: write 10, 0xA or 0b1010")
        return int(digits, 0 if token[:2] in ("0x", "0b") else 10)

    def name(self, meta: Meta, token: Token) -> Name:
        return Name(str(token), self._at(token))

    # Statements

    def block(self, meta: Meta, *statements: Statement) -> Block:
        return Block(statements, meta.start_pos + 1, meta.end_pos - 1)

    def let(self, meta: Meta, name: Name, value: Expression) -> syntax.Let:
        return syntax.Let(name, value, self._at(meta))

    def var(
        self,
        meta: Meta,
        name: Name,
        format: Name | None,
        value: Expression,
        rounding: syntax.RoundingUse | None,
    ) -> syntax.Var:
        return syntax.Var(name, format, value, rounding, self._at(meta))

    def assign(
        self,
        meta: Meta,
        target: Expression,
        value: Expression,
        rounding: syntax.RoundingUse | None,
    ) -> syntax.Assign:
        return syntax.Assign(target, value, rounding, self._at(meta))

    def rounding_use(self, meta: Meta, name: Name, draw: Expression | None) -> syntax.RoundingUse:
        return syntax.RoundingUse(name, draw)

    def loop(self, meta: Meta, index: Name, range: syntax.Range, body: Block) -> syntax.For:
        return syntax.For(index, range, body.statements, self._at(meta))

    def branch(
        self, meta: Meta, condition: Expression, then: Block, otherwise: Block | Statement | None
    ) -> syntax.If:
        match otherwise:
            case None:
                rest: tuple[Statement, ...] = ()
            case Block(statements):
                rest = statements
            case _:
                rest = (otherwise,)
        return syntax.If(condition, then.statements, rest, self._at(meta))

    def raise_trap(self, meta: Meta, cause: Expression, value: Expression | None) -> syntax.Raise:
        return syntax.Raise(cause, value, self._at(meta))

    def range(self, meta: Meta, start: Expression, stop: Expression | None) -> syntax.Range:
        return syntax.Range(start, stop)

    # Expressions

    def integer(self, meta: Meta, token: Token) -> syntax.Integer:
        return syntax.Integer(self._integer(token), self._at(token))

    def select(
        self, meta: Meta, condition: Expression, then: Expression, otherwise: Expression
    ) -> syntax.Select:
        return syntax.Select(condition, then, otherwise, self._at(meta))

    def binary(self, meta: Meta, left: Expression, op: Token, right: Expression) -> syntax.Binary:
        return syntax.Binary(str(op), left, right, self._at(meta))

    def unary(self, meta: Meta, op: Token, operand: Expression) -> syntax.Integer | syntax.Unary:
        if op == "-" and isinstance(operand, syntax.Integer):
            return syntax.Integer(-operand.value, self._at(meta))
        return syntax.Unary(str(op), operand, self._at(meta))

    def is_member(self, meta: Meta, value: Expression, *choices: Expression) -> syntax.Member:
        return syntax.Member(value, choices, self._at(meta))

    def relation_is(self, meta: Meta, left: Expression, name: Token) -> syntax.Relation:
        return syntax.Relation("is", left, Name(str(name), self._at(name)), self._at(meta))

    def relation(
        self, meta: Meta, left: Expression, op: Token, right: Expression
    ) -> syntax.Relation:
        return syntax.Relation(str(op), left, right, self._at(meta))

    def cast(self, meta: Meta, value: Expression, format: Name) -> syntax.As:
        return syntax.As(value, format, self._at(meta))

    def attribute(self, meta: Meta, value: Expression, name: Token) -> syntax.Attribute:
        return syntax.Attribute(value, str(name), self._at(meta))

    def index(
        self, meta: Meta, value: Expression, index: Expression, size: Expression | None
    ) -> syntax.Index:
        return syntax.Index(value, index, size, self._at(meta))

    def slicing(
        self, meta: Meta, value: Expression, high: Expression, low: Expression
    ) -> syntax.Slice:
        return syntax.Slice(value, high, low, self._at(meta))

    def call(self, meta: Meta, function: Expression, *arguments: Expression | None) -> syntax.Call:
        given = tuple(a for a in arguments if a is not None)
        return syntax.Call(self._called(function), given, self._at(meta))

    def fold(
        self, meta: Meta, function: Expression, body: Expression, index: Name, range: syntax.Range
    ) -> syntax.Fold:
        called = self._called(function)
        if isinstance(called, syntax.Integer):
            raise DescriptionError(called.at, "an integer cannot be called")
        return syntax.Fold(called, body, index, range, self._at(meta))

    def _called(self, function: Expression) -> Name | syntax.Integer:
        """What stands before `(`: a name, or the integer of an address `0(rs1)`."""
        if isinstance(function, Name | syntax.Integer):
            return function
        raise DescriptionError(function.at, "only a name can be called: write name(...)")

    def concat(self, meta: Meta, *parts: Expression) -> syntax.Concat:
        return syntax.Concat(parts, self._at(meta))

    def aligned(
        self, meta: Meta, memory: Name, address: Expression, size: Expression
    ) -> syntax.Aligned:
        access = syntax.Index(memory, address, size, self._at(meta))
        return syntax.Aligned(access, False, self._at(meta))

    def atomic(
        self, meta: Meta, memory: Name, address: Expression, size: Expression
    ) -> syntax.Aligned:
        access = syntax.Index(memory, address, size, self._at(meta))
        return syntax.Aligned(access, True, self._at(meta))
