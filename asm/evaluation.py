"""What an expression comes to: a constant, or a symbol plus or minus something."""

from __future__ import annotations

from dataclasses import dataclass

from rvx.asm.assembly import Binding
from rvx.asm.expression import (
    COMPARISONS,
    DEEPEST,
    ArithmeticProblem,
    Binary,
    Tree,
    Unary,
    binary,
    unary,
    wrapped,
)
from rvx.asm.symbol import Label, Symbol, Variable


@dataclass(frozen=True, slots=True)
class Linear:
    """plus - minus + addend."""

    addend: int
    plus: Symbol | None = None
    minus: Symbol | None = None

    @property
    def is_constant(self) -> bool:
        return self.plus is None and self.minus is None


class Unresolvable(Exception):
    """The expression is no constant, or no symbol plus a constant, where one is needed."""


def linear(tree: Tree, depth: int = 0) -> Linear:
    """The tree as a symbol plus a constant."""
    if depth > 2 * DEEPEST:  # only variables defined by others can get there
        raise Unresolvable("the expression is defined by itself, or nested too deeply")
    match tree:
        case int():
            return Linear(tree)
        case Symbol(place=Variable(value), binding=binding) if binding is not Binding.WEAK:
            return linear(value, depth + 1)
        case Symbol():
            return Linear(0, tree)
        case Unary("-", value):
            return _negated(linear(value, depth + 1))
        case Unary(op, value):
            return Linear(unary(op, _constant(linear(value, depth + 1), op)))
        case Binary(op, left, right):
            return _combined(op, linear(left, depth + 1), linear(right, depth + 1))
    raise Unresolvable("the expression has no value here")


def constant(tree: Tree) -> int:
    """The value of a tree that needs no address; raises Unresolvable otherwise."""
    if isinstance(tree, int):
        return tree
    found = linear(tree)
    if (symbol := found.plus or found.minus) is not None:
        raise Unresolvable(_why(symbol))
    return found.addend


def _combined(op: str, left: Linear, right: Linear) -> Linear:
    if op == "+":
        return _sum(left, right)
    if op == "-":
        return _sum(left, _negated(right))
    if op in COMPARISONS and not (left.is_constant and right.is_constant):
        difference = _constant(_sum(left, _negated(right)), op)
        return Linear(binary(op, difference, 0))
    try:
        return Linear(binary(op, _constant(left, op), _constant(right, op)))
    except ArithmeticProblem as problem:
        raise Unresolvable(str(problem)) from None


def _sum(left: Linear, right: Linear) -> Linear:
    plus = [symbol for symbol in (left.plus, right.plus) if symbol]
    minus = [symbol for symbol in (left.minus, right.minus) if symbol]
    addend = left.addend + right.addend
    for p in list(plus):
        for m in minus:
            if (difference := _difference(p, m)) is not None:
                plus.remove(p)
                minus.remove(m)
                addend += difference
                break
    if len(plus) > 1 or len(minus) > 1:
        raise Unresolvable("the sum of two addresses has no meaning: subtract one")
    return Linear(wrapped(addend), plus[0] if plus else None, minus[0] if minus else None)


def _difference(plus: Symbol, minus: Symbol) -> int | None:
    """How far apart two labels of one section are, where that is known."""
    if plus is minus:
        return 0
    match plus.place, minus.place:
        case Label(left), Label(right) if left.section is right.section:
            if plus.offset is not None and minus.offset is not None:
                return plus.offset - minus.offset
    return None


def _negated(value: Linear) -> Linear:
    return Linear(wrapped(-value.addend), value.minus, value.plus)


def _constant(value: Linear, op: str) -> int:
    if (symbol := value.plus or value.minus) is not None:
        raise Unresolvable(f"{_why(symbol)}, so {op} cannot be applied")
    return value.addend


def _why(symbol: Symbol) -> str:
    if symbol.place is None:
        return f"`{symbol.name}` is not defined here"
    return f"`{symbol.name}` is an address, not a constant"
