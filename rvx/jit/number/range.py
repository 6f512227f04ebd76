"""How large a number can be, from the expression alone."""

from __future__ import annotations

from rvx.model import ir
from rvx.number import Span


def top_of(e: ir.Number) -> int | None:
    """t where |number| <= 2**t for every finite value, None where nothing is known."""
    if isinstance(e, ir.Quotient):
        above, below = top_of(e.left), _unit_of(e.right)
        return None if above is None or below is None else above - below
    match e:
        case ir.NumberFunction("-" | "abs", value):
            return top_of(value)
        case ir.NumberFunction("sqrt", value):
            top = top_of(value)
            return None if top is None else (top + 1) // 2
        case ir.Scale(value, power):
            top = top_of(value)
            return None if top is None else top + power
        case ir.NumberSelect(_, one, other) | ir.NumberOp("minimum" | "maximum", one, other):
            tops = top_of(one), top_of(other)
            return None if tops[0] is None or tops[1] is None else max(tops[0], tops[1])
    span = e.span
    return None if span is None else span.lsb + _largest(span).bit_length()


def _unit_of(e: ir.Number) -> int | None:
    return None if e.span is None else e.span.lsb


def _largest(span: Span) -> int:
    return max(abs(span.low), abs(span.high))
