"""From the text of an operand to its tree: a regular expression for plain ones, lark for all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeAlias, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from rvx.asm import literal
from rvx.asm.expression import (
    DEEPEST,
    ArithmeticProblem,
    Binary,
    Here,
    Name,
    Numeric,
    Tree,
    Unary,
    binary,
    is_ambiguous,
    unary,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """An expression, which may be the name of a register."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Grouped:
    """`(expression)`: an expression in parentheses, or an address without an offset."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Modified:
    """`%hi(symbol)`; the modifier is without its percent sign."""

    modifier: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class Indexed:
    """`offset(base)`."""

    offset: Plain | Grouped | Modified
    base: Tree


Operand: TypeAlias = "Plain | Grouped | Modified | Indexed"


class SyntaxProblem(Exception):
    """Text that does not follow the grammar; `at` is the index of the fault."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


_NAME = r"(?:[^\W\d]|\$|\.(?=[\w.$]))[\w.$]*"
_INTEGER = r"(?:0[xX][0-9a-fA-F]{1,16}|0|[1-9][0-9]{0,17})"
_PLAIN = re.compile(
    rf"""(?:(?P<integer>-?{_INTEGER})
        |(?:%(?P<modifier>[a-z_]\w*)\()?
            (?P<name>{_NAME})(?:\s*(?P<sign>[+-])\s*(?P<addend>{_INTEGER}))?(?(modifier)\)))?
        (?:\((?P<base>{_NAME})\))?""",
    re.VERBOSE,
)


def plain_operand(text: str) -> Operand | None:
    """The short way: an integer, or a name with an addend and modifier or without, all with a
    base register or without."""
    if not text or (match := _PLAIN.fullmatch(text)) is None:
        return None
    number, modifier, name, sign, addend, base = match.groups()
    if number is not None:
        value = int(number, 0)
        if not -1 << 63 <= value < 1 << 64:
            return None  # it wraps, as every result of the grammar's does
        tree: Tree = value
    elif name is not None:
        tree = Name(name, match.start("name"))
    else:
        return Grouped(Name(base, match.start("base")))
    if sign is not None:
        tree = Binary(sign, tree, int(addend, 0))
    offset = Plain(tree) if modifier is None else Modified(modifier, tree)
    return offset if base is None else Indexed(offset, Name(base, match.start("base")))


def parse_operand(text: str) -> Operand:
    """The long way, for all operands."""
    return cast(Operand, _parse(text, "operand"))


def parse_expression(text: str) -> Tree:
    """The tree of an expression."""
    match plain_operand(text):
        case Plain(tree) | Grouped(tree):
            return tree
    return cast(_Parsed, _parse(text, "expression")).tree


class _Parsed(NamedTuple):
    """What the grammar's callbacks pass on."""

    tree: Tree
    op: str | None  # the binary operator at its root, where no parentheses enclose it
    grouped: bool
    depth: int


class _Builder(Transformer[Token, object]):
    def integer(self, items: list[Token]) -> _Parsed:
        return _Parsed(_literal(literal.integer, items[0]), None, False, 0)

    def character(self, items: list[Token]) -> _Parsed:
        return _Parsed(_literal(literal.character, items[0]), None, False, 0)

    def name(self, items: list[Token]) -> _Parsed:
        # A call through the PLT is a plain call here: nothing is linked at run time.
        text = items[0].removesuffix("@plt")
        return _Parsed(Name(text, _at(items[0])), None, False, 0)

    def numeric(self, items: list[Token]) -> _Parsed:
        token = items[0]
        tree = Numeric(int(token[:-1]), token[-1] == "f", _at(token))
        return _Parsed(tree, None, False, 0)

    def here(self, _: list[Token]) -> _Parsed:
        return _Parsed(Here(), None, False, 0)

    def group(self, items: list[_Parsed]) -> _Parsed:
        return items[0]._replace(op=None, grouped=True)

    def unary(self, items: tuple[Token, _Parsed]) -> _Parsed:
        op, value = items
        match value.tree:
            case int(number):
                return _Parsed(unary(op, number), None, False, 0)
        return _Parsed(Unary(str(op), value.tree), None, False, _deeper(op, value))

    def binary(self, items: tuple[_Parsed, Token, _Parsed]) -> _Parsed:
        left, token, right = items
        op = str(token)
        if is_ambiguous(op, left=left.op) or is_ambiguous(op, right=right.op):
            other = left.op if is_ambiguous(op, left=left.op) else right.op
            raise SyntaxProblem(
                f"C and GNU as group {other} and {op} differently: write parentheses", _at(token)
            )
        match left.tree, right.tree:
            case int(a), int(b):
                try:
                    return _Parsed(binary(op, a, b), op, False, 0)
                except ArithmeticProblem as problem:
                    raise SyntaxProblem(str(problem), _at(token)) from None
        return _Parsed(Binary(op, left.tree, right.tree), op, False, _deeper(token, left, right))

    def plain(self, items: list[_Parsed]) -> Plain | Grouped:
        return Grouped(items[0].tree) if items[0].grouped else Plain(items[0].tree)

    def modified(self, items: tuple[Token, _Parsed]) -> Modified:
        return Modified(items[0][1:], items[1].tree)

    def indexed(self, items: tuple[Plain | Grouped | Modified, _Parsed]) -> Indexed:
        return Indexed(items[0], items[1].tree)


def _literal(read: Callable[[str], int], token: Token) -> int:
    try:
        return read(token)
    except literal.LiteralProblem as problem:
        raise SyntaxProblem(str(problem), _at(token) + problem.at) from None


def _deeper(token: Token, *parts: _Parsed) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise SyntaxProblem(
            f"the expression is nested more than {DEEPEST} deep: use .equ for its parts", _at(token)
        )
    return depth


def _at(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


@cache
def _lark() -> Lark:
    grammar = files("rvx.asm").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start=["operand", "expression"], transformer=_Builder())


def _parse(text: str, start: str) -> object:
    try:
        return _lark().parse(text, start=start)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            message = "the statement ends here, but a value must follow"
            raise SyntaxProblem(message, len(text)) from None
        message = f"unexpected `{error.token}`"
        raise SyntaxProblem(message, error.token.start_pos or 0) from None
    except UnexpectedCharacters as error:
        raise SyntaxProblem(f"unexpected `{error.char}`", error.pos_in_stream or 0) from None
