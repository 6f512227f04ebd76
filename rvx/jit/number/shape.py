"""The shape of an exact expression: a sum of products of coded numbers, apart from any register.

Two instructions whose expressions have one shape share their native code. Products of sums are
multiplied out, as the definition of special values has it: they are decided on the monomials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from rvx.model import ir
from rvx.number import Fixed, Format
from rvx.record import record

# Beyond this many products an expression is no polynomial to the rules.
_MOST_TERMS = 64

# The format in force: of a choice that of the selected one, None where only the run can tell.
Choose: TypeAlias = Callable[[ir.FormatUse], Format | None]


@record(frozen=True)
class Term:
    """`sign * 2**power * product of parameters`; no parameters: a constant times `factor`."""

    factor: int  # odd or 0, with the sign
    power: int
    parameters: tuple[int, ...]  # positions in Polynomial.formats, sorted


@record(frozen=True)
class Polynomial:
    """A sum of terms over parameters, each the code of a number in a format."""

    formats: tuple[Format, ...]
    terms: tuple[Term, ...]


def polynomial(e: ir.Number, choose: Choose) -> tuple[Polynomial, tuple[ir.Word, ...]] | None:
    """The expression's shape and the words that its parameters are, or None: it has none."""
    words: dict[tuple[ir.Word, Format], int] = {}

    def leaf(word: ir.Word, format: Format | None) -> list[Term] | None:
        if format is None:
            return None
        return [Term(1, 0, (words.setdefault((word, format), len(words)),))]

    def expand(e: ir.Number) -> list[Term] | None:
        match e:
            case ir.Exact(significand, exponent):
                return [_constant(significand, exponent)]
            case ir.Decode(word, format):
                return leaf(word, choose(format))
            case ir.WordNumber(word, signed):
                return leaf(word, Fixed(bits=word.width, signed=signed))
            case ir.Scale(value, power):
                return _each(expand(value), lambda t: Term(t.factor, t.power + power, t.parameters))
            case ir.NumberFunction("-", value):
                return _each(expand(value), _negated)
            case ir.NumberOp("+" | "-" | "*" as op, left, right):
                one, other = expand(left), expand(right)
                if one is None or other is None or len(one) * len(other) > _MOST_TERMS:
                    return None
                if op == "*":
                    return [_product(a, b) for a in one for b in other]
                return one + (other if op == "+" else [_negated(t) for t in other])
        return None

    terms = expand(e)
    if terms is None or len(terms) > _MOST_TERMS:
        return None
    formats = tuple(format for _, format in words)
    return Polynomial(formats, tuple(terms)), tuple(word for word, _ in words)


def _constant(significand: int, exponent: int) -> Term:
    if not significand:
        return Term(0, 0, ())
    zeros = (significand & -significand).bit_length() - 1
    return Term(significand >> zeros, exponent + zeros, ())


def _each(terms: list[Term] | None, change: Callable[[Term], Term]) -> list[Term] | None:
    return None if terms is None else [change(term) for term in terms]


def _negated(term: Term) -> Term:
    return Term(-term.factor, term.power, term.parameters)


def _product(a: Term, b: Term) -> Term:
    parameters = tuple(sorted(a.parameters + b.parameters))
    return Term(a.factor * b.factor, a.power + b.power, parameters)
