"""Integer expressions of a core's text, compiled; whatever is constant is folded.

A term is an integer, or a function of a context that is known later: the pipeline in a cycle, the
outcome of an instruction. What names and calls mean is the caller's business (`leaf`); operators
mean the same everywhere: exact integers, truths are 0 and 1, `/` rounds down. A function that an
operator makes shows its parts, so that others can compute it in their own way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias, TypeVar

from rvx.description import syntax
from rvx.description.syntax import DescriptionError, Expression
from rvx.record import record

C = TypeVar("C")
Term: TypeAlias = int | Callable[[C], int]

_BINARY: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.floordiv,
    "%": operator.mod,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_UNARY: Mapping[str, Callable[[int], int]] = {
    "-": operator.neg,
    "~": operator.invert,
    "not": operator.not_,
}


@record(frozen=True, slots=True, eq=False)
class Applied:
    """`op operand`."""

    op: str
    operand: Callable[[Any], int]

    def __call__(self, context: object) -> int:
        return int(_UNARY[self.op](self.operand(context)))


@record(frozen=True, slots=True, eq=False)
class Combined:
    """`left op right`."""

    op: str
    left: Callable[[Any], int] | int
    right: Callable[[Any], int] | int
    operation: Callable[[int, int], int]

    def __call__(self, context: object) -> int:
        left, right = self.left, self.right
        return self.operation(
            left if isinstance(left, int) else left(context),
            right if isinstance(right, int) else right(context),
        )


@record(frozen=True, slots=True, eq=False)
class Chosen:
    """`condition ? then : otherwise`; only the branch taken is evaluated."""

    condition: Callable[[Any], int]
    then: Callable[[Any], int] | int
    otherwise: Callable[[Any], int] | int

    def __call__(self, context: object) -> int:
        branch = self.then if self.condition(context) else self.otherwise
        return branch if isinstance(branch, int) else branch(context)


def compile_term(e: Expression, leaf: Callable[[Expression], Term[C] | None]) -> Term[C]:
    """Compile an expression. `leaf` is offered every node first, and may decline with None."""
    if (found := leaf(e)) is not None:
        return found
    match e:
        case syntax.Integer(value):
            return value
        case syntax.Unary(op, operand):
            return apply(op, compile_term(operand, leaf))
        case syntax.Binary("and", left, right):
            return choose(compile_term(left, leaf), compile_term(right, leaf), 0)
        case syntax.Binary("or", left, right):
            return choose(compile_term(left, leaf), 1, compile_term(right, leaf))
        case syntax.Binary(op, left, right):
            first, second = compile_term(left, leaf), compile_term(right, leaf)
            if (op in ("/", "%") and second == 0) or (op in ("<<", ">>") and _is_negative(second)):
                raise DescriptionError(e.at, f"'{op} {second}' has no value")
            return combine(op, first, second)
        case syntax.Select(condition, then, otherwise):
            parts = [compile_term(part, leaf) for part in (condition, then, otherwise)]
            return choose(*parts)
        case syntax.Member(value, choices):
            return _is_among(compile_term(value, leaf), [compile_term(c, leaf) for c in choices])
        case syntax.Name(id):
            raise DescriptionError(e.at, f"'{id}' means nothing here")
    raise DescriptionError(e.at, "a core's text cannot use such an expression here")


def names_in(e: object) -> Iterator[syntax.Name]:
    """Every name in an expression, functions included, in the order of the text."""
    if isinstance(e, syntax.Name):
        yield e
    elif isinstance(e, tuple):
        for part in e:
            yield from names_in(part)
    elif is_dataclass(e):
        for field in fields(e):
            yield from names_in(getattr(e, field.name))


def choose(condition: Term[C], then: Term[C], otherwise: Term[C]) -> Term[C]:
    """`condition ? then : otherwise`; only the branch taken is evaluated."""
    if isinstance(condition, int):
        return then if condition else otherwise
    return Chosen(condition, then, otherwise)


def as_function(term: Term[C]) -> Callable[[C], int]:
    """The term as a function, also where it is constant."""
    if isinstance(term, int):
        value = term
        return lambda _: value
    return term


def _is_negative(term: Term[C]) -> bool:
    return isinstance(term, int) and term < 0


def apply(op: str, operand: Term[C]) -> Term[C]:
    """`op operand`."""
    return int(_UNARY[op](operand)) if isinstance(operand, int) else Applied(op, operand)


def combine(op: str, left: Term[C], right: Term[C]) -> Term[C]:
    """`left op right`."""
    operation = _BINARY[op]
    if isinstance(left, int) and isinstance(right, int):
        return int(operation(left, right))
    return Combined(op, left, right, operation)


def _is_among(value: Term[C], choices: list[Term[C]]) -> Term[C]:
    found: Term[C] = 0
    for choice in reversed(choices):
        found = choose(combine("==", value, choice), 1, found)
    return found
