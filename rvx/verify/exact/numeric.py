"""Numbers: exact, with the flags that travel with them (docs/language.md, rounding and flags)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rvx.model import ir
from rvx.verify.exact import codec, finite, function, number, truth, word
from rvx.verify.exact.codec import NotCovered
from rvx.verify.exact.finite import Root
from rvx.verify.exact.number import Number, integer, rational

if TYPE_CHECKING:
    from rvx.verify.exact.body import Body

__all__ = ["Root", "value"]


def value(body: Body, e: ir.Number) -> Number:
    """The number. Raises NotCovered."""
    found = NODES.get(type(e))
    if found is None:
        raise NotCovered(type(e).__name__)
    number = found(body, e)
    # An integer has no sign of zero: that of -0 is lost where one is made.
    return rational(0) if e.integral and not number.total else number


def _word_number(body: Body, e: ir.WordNumber) -> Number:
    bits = word.value(body, e.word)
    is_below = e.signed and bits >> e.word.width - 1
    return rational(bits - 2**e.word.width if is_below else bits)


def _decode(body: Body, e: ir.Decode) -> Number:
    return codec.decode(word.format_of(body, e.format), word.value(body, e.word))


def _count(body: Body, e: ir.BitCount) -> Number:
    text = f"{word.value(body, e.word):0{e.word.width}b}"
    match e.op:
        case "clz":
            return rational(len(text) - len(text.lstrip("0")))
        case "ctz":
            return rational(len(text) - len(text.rstrip("0")))
        case "popcount":
            return rational(text.count("1"))
    raise NotCovered(f"the primitive {e.op}")


def _operation(body: Body, e: ir.NumberOp) -> Number:
    left, right = value(body, e.left), value(body, e.right)
    match e.op:
        case "+":
            return number.add(left, right)
        case "-":
            return number.add(left, number.negate(right))
        case op if op in function.OPERATIONS:
            return function.OPERATIONS[op](left, right)
    raise NotCovered(f"the operator {e.op}")


def _function(body: Body, e: ir.NumberFunction) -> Number:
    if e.op not in function.FUNCTIONS:
        raise NotCovered(f"the primitive {e.op}")
    return function.FUNCTIONS[e.op](value(body, e.value))


def _shift(body: Body, e: ir.Shift) -> Number:
    base, by = integer(value(body, e.value)), word.value(body, e.amount)
    return rational(base * 2**by if e.op == "<<" else base // 2**by)


def _truncate(body: Body, e: ir.Truncate) -> Number:
    of, least = value(body, e.value), number.decided(value(body, e.exponent)).total
    assert isinstance(least, Fraction)
    return function.truncated(of, least.numerator // least.denominator)


def _rounded(body: Body, e: ir.Rounded) -> Number:
    """A number again; the flags of its rounding travel with it, and accrue no earlier."""
    format = word.format_of(body, e.format)
    code, flags = codec.encode(format, value(body, e.number), word.rounding_of(body, e.mode))
    found = codec.decode(format, code)
    if e.integral:  # an integer has no flags to carry: they accrue
        body.effects.flags |= flags
        return found
    return replace(found, flags=found.flags | flags)


def _select(body: Body, e: ir.NumberSelect) -> Number:
    return value(body, e.then if truth.decide(body, e.condition) else e.otherwise)


def _local(body: Body, e: ir.NumberLocal) -> Number:
    found = body.locals[e.name]
    assert isinstance(found, Number)
    return found


NODES: Mapping[type, Callable[[Body, Any], Number]] = {
    ir.Exact: lambda body, e: rational(e.significand * finite.power_of_two(e.exponent)),
    ir.Decode: _decode,
    ir.WordNumber: _word_number,
    ir.BitCount: _count,
    ir.NumberLocal: _local,
    ir.NumberOp: _operation,
    ir.NumberFunction: _function,
    ir.Quotient: lambda body, e: function.quotient(value(body, e.left), value(body, e.right)),
    ir.Scale: lambda body, e: number.scale(value(body, e.value), e.power),
    ir.Shift: _shift,
    ir.Truncate: _truncate,
    ir.Rounded: _rounded,
    ir.NumberSelect: _select,
}
