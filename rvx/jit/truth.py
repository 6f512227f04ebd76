"""Truths: an i1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rvx.jit import integer
from rvx.model import ir

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

EQUALITY: Final = {"==": "eq", "!=": "ne"}
UNSIGNED: Final = {**EQUALITY, "<": "ult", "<=": "ule", ">": "ugt", ">=": "uge"}
SIGNED: Final = {**EQUALITY, "<": "slt", "<=": "sle", ">": "sgt", ">=": "sge"}


def lower(to: Lowering, e: ir.Truth) -> str:
    """The truth. The second part of `and` and `or` is evaluated only where it matters."""
    out = to.out
    match e:
        case ir.CompareWords(op, left, right):
            return out.compare(UNSIGNED[op], left.width, to.word(left), to.word(right))
        case ir.CompareNumbers(op, left, right) if left.integral and right.integral:
            return integer.compare(to, op, left, right)
        case ir.CompareNumbers():
            return to.numbers.compare(to, e)
        case ir.Truthy(value):
            return str(int(value))
        case ir.Not(truth):
            return out.op("xor", 1, to.truth(truth), "1")
        case ir.Both(first, second):
            one = to.truth(first)
            if not to.is_heavy(second):
                return one if one == "0" else out.op("and", 1, one, to.truth(second))
            return to.either(one, "i1", lambda: to.truth(second), lambda: "0", heavy=True)
        case ir.Either(first, second):
            one = to.truth(first)
            if not to.is_heavy(second):
                return one if one == "1" else out.op("or", 1, one, to.truth(second))
            return to.either(one, "i1", lambda: "1", lambda: to.truth(second), heavy=True)
        case ir.TruthLocal(name):
            return to.locals[name].value
