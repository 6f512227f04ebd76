"""Truths: comparisons of words and of numbers, joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rvx.model import ir
from rvx.number import NV
from rvx.verify.exact import function, numeric, word
from rvx.verify.exact.codec import NotCovered
from rvx.verify.exact.number import decided

if TYPE_CHECKING:
    from rvx.verify.exact.body import Body


def decide(body: Body, e: ir.Truth) -> bool:
    """Whether it holds; the flags of comparisons accrue. Raises NotCovered."""
    found = NODES.get(type(e))
    if found is None:
        raise NotCovered(type(e).__name__)
    return found(body, e)


_HOLDS: Mapping[str, Callable[[int], bool]] = {
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _words(body: Body, e: ir.CompareWords) -> bool:
    a, b = word.value(body, e.left), word.value(body, e.right)
    return _HOLDS[e.op]((a > b) - (a < b))


def _numbers(body: Body, e: ir.CompareNumbers) -> bool:
    """With a NaN only != holds, and an ordered comparison is invalid unless quiet."""
    a, b = decided(numeric.value(body, e.left)), decided(numeric.value(body, e.right))
    body.effects.flags |= a.flags | b.flags
    order = function.order(a, b)
    if order is not None:
        return _HOLDS[e.op](order)
    if e.op not in ("==", "!=") and not e.quiet:
        body.effects.flags |= NV
    return e.op == "!="


NODES: Mapping[type, Callable[[Body, Any], bool]] = {
    ir.Truthy: lambda body, e: e.value,
    ir.CompareWords: _words,
    ir.CompareNumbers: _numbers,
    ir.Not: lambda body, e: not decide(body, e.truth),
    ir.Both: lambda body, e: decide(body, e.left) and decide(body, e.right),
    ir.Either: lambda body, e: decide(body, e.left) or decide(body, e.right),
    ir.TruthLocal: lambda body, e: bool(body.locals[e.name]),
}
