"""Exact integers, in two's complement: no wider than what is asked of them.

Sums and products of which only the low bits are asked are computed in these bits. Where all of a
number is needed, its bounds say how wide it is: 32, 64, 128 or a multiple of 64 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rvx.jit import narrow, quotient, truth, word
from rvx.jit.bounds import bounds, legal, needed
from rvx.jit.text import literal
from rvx.model import ir
from rvx.number import Fixed

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

__all__ = ["bits", "bits_from", "bounds", "compare", "lower"]

_RING = {"+": "add", "-": "sub", "*": "mul"}


def lower(to: Lowering, e: ir.Number) -> tuple[str, int]:
    """All of the number: its value and width."""
    width = legal(needed(*bounds(to, e)))
    return bits(to, e, width), width


def bits_from(to: Lowering, e: ir.Number, low: int, width: int) -> str:
    """Bits [low + width - 1 : low], as an i{width}."""
    out, whole = to.out, legal(low + width)
    value = out.op("lshr", whole, bits(to, e, whole), str(low))
    return out.resize(value, whole, width)


def bits(to: Lowering, e: ir.Number, width: int) -> str:
    """The number modulo 2**width, as an i{width}."""
    out = to.out
    match e:
        case ir.WordNumber(coded, signed):
            if not signed and coded.width < width:
                return word.placed(to, coded, 0, width)
            return out.resize(to.word(coded), coded.width, width, signed)
        case ir.Decode(coded, format):
            return _decoded(to, coded, format, width)
        case ir.Exact(significand, exponent):
            return str((significand << exponent) & (1 << width) - 1)
        case ir.NumberOp(op, left, right) if op in _RING:
            return out.op(_RING[op], width, bits(to, left, width), bits(to, right, width))
        case ir.Shift(op, value, amount):
            return _shifted(to, op, value, amount, width)
        case ir.NumberLocal(name):
            local = to.locals[name]
            return out.resize(local.value, local.width, width, signed=True)
        case ir.NumberSelect(condition, then, otherwise):
            return to.either(
                to.truth(condition),
                f"i{width}",
                lambda: _assuming(to, condition, True, then, width),
                lambda: _assuming(to, condition, False, otherwise, width),
                heavy=to.is_heavy(then) or to.is_heavy(otherwise),
            )
        case ir.Scale(value, power):
            if power >= width:
                return "0"
            if power >= 0:
                return out.op("shl", width, bits(to, value, width), str(power))
            return _shifted(to, ">>", value, ir.Constant(-power, 32), width)
        case ir.BitCount(op, coded):
            return out.resize(_counted(to, op, coded), coded.width, width)
        case ir.NumberOp("minimum" | "maximum" as op, left, right):
            return _extreme(to, op, left, right, width)
        case ir.NumberFunction(op, value):
            return _function(to, op, value, width)
        case ir.Rounded():
            return _rounded(to, e, width)
    raise AssertionError(f"{type(e).__name__} is never integral")


def _assuming(to: Lowering, condition: ir.Truth, holds: bool, e: ir.Number, width: int) -> str:
    with quotient.assuming(to, condition, holds):
        return bits(to, e, width)


def _decoded(to: Lowering, coded: ir.Word, use: ir.FormatUse, width: int) -> str:
    out, found = to.out, to.word(coded)
    if (format := to.choose(use)) is not None:
        return out.resize(found, coded.width, width, format.span.low < 0)
    assert isinstance(use, ir.Choice)
    selected, value = to.word(use.selector), "0"
    for number, format in enumerate(use.formats):
        one = out.resize(found, coded.width, width, format.span.low < 0)
        is_it = out.compare("eq", use.selector.width, selected, str(number))
        value = out.select(is_it, f"i{width}", one, value)
    return value


def _shifted(to: Lowering, op: str, value: ir.Number, amount: ir.Word, width: int) -> str:
    """`<<` modulo 2**width; `>>` is a floor, of which the low bits need not all of the value."""
    if op == "<<":
        return word.shift(to, "shl", width, bits(to, value, width), amount)
    whole = legal(needed(*bounds(to, value)))
    if isinstance(amount, ir.Constant):
        whole = min(whole, legal(width + amount.value))
    shifted = word.shift(to, "ashr", whole, bits(to, value, whole), amount)
    return to.out.resize(shifted, whole, width, signed=True)


def _counted(to: Lowering, op: str, coded: ir.Word) -> str:
    """At the word's own width, in which all counts fit."""
    intrinsic = {"clz": "ctlz", "ctz": "cttz", "popcount": "ctpop"}[op]
    value, width = to.word(coded), coded.width
    if (known := literal(value)) is None:
        return to.out.unary(intrinsic, width, value)
    match op:
        case "clz":
            return str(width - known.bit_length())
        case "ctz":
            return str((known & -known).bit_length() - 1 if known else width)
    return str(known.bit_count())


def _extreme(to: Lowering, op: str, left: ir.Number, right: ir.Number, width: int) -> str:
    out = to.out
    whole = legal(max(needed(*bounds(to, left)), needed(*bounds(to, right))))
    one, other = bits(to, left, whole), bits(to, right, whole)
    first = out.compare("slt" if op == "minimum" else "sgt", whole, one, other)
    chosen = out.select(first, f"i{whole}", one, other)
    return out.resize(chosen, whole, width, signed=True)


def _function(to: Lowering, op: str, value: ir.Number, width: int) -> str:
    out = to.out
    if op == "-":
        return out.op("sub", width, "0", bits(to, value, width))
    low, high = bounds(to, value)
    whole = legal(needed(min(low, -high), max(high, -low)))
    found = bits(to, value, whole)
    negative = out.compare("slt", whole, found, "0")
    match op:
        case "abs":
            opposite = out.op("sub", whole, "0", found)
            found = out.select(negative, f"i{whole}", opposite, found)
            return out.resize(found, whole, width, signed=True)
        case "sign":
            positive = out.resize(out.compare("sgt", whole, found, "0"), 1, width)
            return out.op("sub", width, positive, out.resize(negative, 1, width))
    raise AssertionError(f"{op} of an integer is no integer")


def _rounded(to: Lowering, e: ir.Rounded, width: int) -> str:
    format = to.choose(e.format)
    if isinstance(format, Fixed):
        code = narrow.narrowed(to, e.number, format, e)
        if code is not None:
            return to.out.resize(code, format.bits, width, format.signed)
    found, its_width = to.numbers.integral_rounded(to, e)
    return to.out.resize(found, its_width, width, signed=True)


def compare(to: Lowering, op: str, left: ir.Number, right: ir.Number) -> str:
    """An i1; unsigned where neither can be negative."""
    (low, high), (other_low, other_high) = bounds(to, left), bounds(to, right)
    most, least = max(high, other_high), min(low, other_low)
    signed = legal(needed(least, most))
    unsigned = legal(max(most.bit_length(), 1))
    if least >= 0 and unsigned < signed:
        one, other = bits(to, left, unsigned), bits(to, right, unsigned)
        return to.out.compare(truth.UNSIGNED[op], unsigned, one, other)
    one, other = bits(to, left, signed), bits(to, right, signed)
    return to.out.compare(truth.SIGNED[op], signed, one, other)
