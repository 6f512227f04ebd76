"""Expressions: their tree, and the arithmetic of constants (64-bit two's complement)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rvx.asm.symbol import Symbol

# A parsed tree has names; a resolved one has the symbols they mean. `at` is the index of the
# name in the text of the operand.


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Numeric:
    """A numeric label: `1b`, the last one before; `1f`, the next one."""

    number: int
    forward: bool
    at: int


@dataclass(frozen=True, slots=True)
class Here:
    """`.`: the address of the statement."""


@dataclass(frozen=True, slots=True)
class Unary:
    op: str
    value: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    op: str
    left: Tree
    right: Tree


Tree: TypeAlias = "int | Name | Numeric | Here | Unary | Binary | Symbol"

# The parser refuses trees deeper than this, so that walking one cannot exhaust the stack.
DEEPEST = 200

_WIDTH = 64

# How tightly GNU as binds. The grammar binds as C does.
_GNU_RANK = {
    op: rank
    for rank, ops in enumerate(("||", "&&", "== != <> < <= > >=", "+ -", "| ^ &", "* / % << >>"))
    for op in ops.split()
}


class ArithmeticProblem(Exception):
    """An operation without a result."""


def wrapped(value: int) -> int:
    """The value as a signed 64-bit integer."""
    value &= (1 << _WIDTH) - 1
    return value - (1 << _WIDTH) if value >> _WIDTH - 1 else value


def unary(op: str, value: int) -> int:
    """Apply `- + ~ !` to a constant."""
    match op:
        case "-":
            return wrapped(-value)
        case "~":
            return ~value
        case "!":
            return int(value == 0)
    return value


def binary(op: str, left: int, right: int) -> int:
    """Apply an operator to constants. As in GNU as a true comparison is -1, and >> is logical."""
    return wrapped(_BINARY[op](left, right))


def is_ambiguous(op: str, *, left: str | None = None, right: str | None = None) -> bool:
    """Whether C and GNU as disagree on `a left b op c` or on `a op b right c`, where C sees the
    named operator as part of an operand of `op`. GNU as gives 17 for `1 + 2 << 3`, C 24."""
    if left is not None:
        return _GNU_RANK[left] < _GNU_RANK[op]
    return right is not None and _GNU_RANK[right] <= _GNU_RANK[op]


def _divide(left: int, right: int) -> int:
    if right == 0:
        raise ArithmeticProblem("division by zero")
    quotient = abs(left) // abs(right)
    return -quotient if (left < 0) != (right < 0) else quotient


def _shift(left: int, right: int) -> int:
    if not 0 <= right < _WIDTH:
        raise ArithmeticProblem(f"the shift amount is {right}, but must be 0 to {_WIDTH - 1}")
    return left << right


def _shift_right(left: int, right: int) -> int:
    _shift(0, right)
    return (left & (1 << _WIDTH) - 1) >> right


_BINARY: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": lambda left, right: left - right * _divide(left, right),
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": _shift,
    ">>": _shift_right,
    "==": lambda left, right: -(left == right),
    "!=": lambda left, right: -(left != right),
    "<>": lambda left, right: -(left != right),
    "<": lambda left, right: -(left < right),
    "<=": lambda left, right: -(left <= right),
    ">": lambda left, right: -(left > right),
    ">=": lambda left, right: -(left >= right),
    "&&": lambda left, right: int(left != 0 and right != 0),
    "||": lambda left, right: int(left != 0 or right != 0),
}

COMPARISONS = frozenset(("==", "!=", "<>", "<", "<=", ">", ">="))
