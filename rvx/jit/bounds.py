"""Between which bounds an integer lies, and the width that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.jit import word
from rvx.jit.facts import formats_of
from rvx.model import ir

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering


def legal(bits: int) -> int:
    """The least width that hosts compute in well and that has that many bits."""
    if bits <= 64:
        return 32 if bits <= 32 else 64
    return (bits + 63) // 64 * 64


def needed(low: int, high: int) -> int:
    """The bits of two's complement that hold every integer from low to high."""
    return 1 + max((n ^ (n >> n.bit_length())).bit_length() for n in (low, high))


def bounds(to: Lowering, e: ir.Number) -> tuple[int, int]:
    """The least and the largest value that an integral number may have, or beyond them."""
    low, high = _bounds(to, e)
    if (span := e.span) is not None and span.lsb >= 0:
        low, high = max(low, span.low << span.lsb), min(high, span.high << span.lsb)
    return low, high


def _bounds(to: Lowering, e: ir.Number) -> tuple[int, int]:
    match e:
        case ir.Exact(significand, exponent):
            return significand << exponent, significand << exponent
        case ir.WordNumber(coded, signed):
            width = coded.width
            return (
                (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, word.most(to, coded))
            )
        case ir.Decode(_, use) | ir.Rounded(_, use):
            spans = [f.span for f in formats_of(use)]
            return min(s.low << s.lsb for s in spans), max(s.high << s.lsb for s in spans)
        case ir.BitCount(_, coded):
            return 0, coded.width
        case ir.NumberLocal(name):
            known = to.locals[name].bounds
            assert known is not None
            return known
        case ir.NumberOp(op, left, right):
            return _of_operation(op, bounds(to, left), bounds(to, right))
        case ir.NumberFunction(op, value):
            low, high = bounds(to, value)
            if op == "-":
                return -high, -low
            return (0, max(-low, high)) if op == "abs" else (-1, 1)
        case ir.Scale(value, power):
            low, high = bounds(to, value)
            return (low << power, high << power) if power >= 0 else (low >> -power, high >> -power)
        case ir.Shift(op, value, amount):
            (low, high), by = bounds(to, value), word.most(to, amount)
            if op == "<<":
                return min(low, low << by), max(high, high << by)
            return min(low, low >> by), max(high, high >> by)
        case ir.NumberSelect(_, then, otherwise):
            (low, high), (other_low, other_high) = bounds(to, then), bounds(to, otherwise)
            return min(low, other_low), max(high, other_high)
    raise AssertionError(f"{type(e).__name__} is never integral")


def _of_operation(op: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    (a, b), (c, d) = left, right
    match op:
        case "+":
            return a + c, b + d
        case "-":
            return a - d, b - c
        case "*":
            corners = a * c, a * d, b * c, b * d
            return min(corners), max(corners)
        case "minimum":
            return min(a, c), min(b, d)
    return max(a, c), max(b, d)
