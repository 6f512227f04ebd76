"""A quotient of two integers cut toward zero: the host's division, made not to trap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rvx.jit import integer
from rvx.jit.bounds import bounds, legal, needed
from rvx.model import ir
from rvx.number import Fixed, Rounding

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering


def is_integer(to: Lowering, e: ir.Number, format: Fixed, mode: ir.Mode) -> bool:
    """Whether it is such a quotient on its way into an integer format without flags."""
    return (
        isinstance(e, ir.Quotient)
        and e.left.integral
        and e.right.integral
        and not (format.flags or format.fraction)
        and (format.rounding or mode or to.mode) is Rounding.RTZ
    )


def bounds_of(to: Lowering, e: ir.Number) -> tuple[int, int]:
    """The bounds of an integer, or of such a quotient by anything but 0."""
    if not isinstance(e, ir.Quotient):
        return bounds(to, e)
    (low, high), (divisor, _) = bounds(to, e.left), bounds(to, e.right)
    largest = max(-low, high)
    return (0 if low >= 0 and divisor >= 0 else -largest), largest


def cut(to: Lowering, e: ir.Quotient, width: int) -> str:
    """The quotient modulo 2**width, as an i{width}; by 0 anything."""
    out = to.out
    (low, high), (least, most) = bounds(to, e.left), bounds(to, e.right)
    if low >= 0 and least >= 0:
        size = legal(max(high.bit_length(), most.bit_length(), 1))
        left, right = integer.bits(to, e.left, size), integer.bits(to, e.right, size)
        unsafe = out.compare("eq", size, right, "0")
        divisor = out.select(unsafe, f"i{size}", "1", right)
        return out.resize(out.op("udiv", size, left, divisor), size, width)
    size = legal(max(needed(low, high), needed(least, most)))
    lowest = -(1 << size - 1)
    if low == lowest and width > size:
        size = legal(size + 1)
        lowest = -(1 << size - 1)
    left, right = integer.bits(to, e.left, size), integer.bits(to, e.right, size)
    unsafe = out.compare("eq", size, right, "0")
    if low == lowest and least < 0:
        # The one quotient that does not fit: it wraps to the dividend, which is what / 1 gives.
        is_lowest = out.compare("eq", size, left, str(1 << size - 1))
        is_minus_one = out.compare("eq", size, right, str((1 << size) - 1))
        unsafe = out.op("or", 1, unsafe, out.op("and", 1, is_lowest, is_minus_one))
    divisor = out.select(unsafe, f"i{size}", "1", right)
    return out.resize(out.op("sdiv", size, left, divisor), size, width, signed=True)


def by_zero(to: Lowering, e: ir.Quotient, code: str, format: Fixed) -> str:
    """The code, or what the format has for an infinity or a NaN where the divisor is 0."""
    if e.right in to.nonzero:
        return code
    out, type, mask = to.out, f"i{format.bits}", (1 << format.bits) - 1
    low, high = str(format.low & mask), str(format.high & mask)
    special = {"maximum": high, "minimum": low, "zero": "0"}[format.nan]
    if format.overflow == "saturate":
        size = legal(needed(*bounds(to, e.left)))
        left = integer.bits(to, e.left, size)
        negative = out.compare("slt", size, left, "0")
        infinity = out.select(negative, type, low, high)
        special = out.select(out.compare("eq", size, left, "0"), type, special, infinity)
    is_zero = integer.compare(to, "==", e.right, ir.Exact(0, 0))
    return out.select(is_zero, type, special, code)


@contextmanager
def assuming(to: Lowering, condition: ir.Truth, holds: bool) -> Iterator[None]:
    """Lower what matters only where the condition holds, or does not: a divisor that has been
    compared with 0 is none."""
    match condition:
        case ir.CompareNumbers("==" | "!=" as op, number, ir.Exact(0, _)) if (op == "!=") is holds:
            to.nonzero.append(number)
            try:
                yield
            finally:
                to.nonzero.pop()
        case _:
            yield
