"""Sums of products with an infinity or a NaN among their operands: only the classes of codes count.

Each product is classed from its factors' classes by a small table, the sum from those of its
products by another, whose cells are what the format itself makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, TypeAlias

from rvx.jit.number.polynomial import leaf
from rvx.jit.number.site import Shape
from rvx.jit.text import STRICT, Function, Module
from rvx.model import ir
from rvx.number import Fixed, Float, Format, Rounding
from rvx.number.flags import NV
from rvx.number.real import INFINITE, NAN, NEG_INF, NEG_ZERO, NEGATIVE, OPEN_ZERO, POS_INF, Real
from rvx.record import record

Coded: TypeAlias = tuple[str, str]

# What a code is: a mask of these, none for a positive number.
_INFINITY: Final = 1
_ZERO: Final = 2
_NAN: Final = 4
_SIGNALING: Final = 8  # beside _NAN
_SIGN: Final = 16
CLASSES: Final = 32  # masks
# What a product is: a mask of these, none where it is finite; and a sum of several.
_POSITIVE: Final = 1
_NEGATIVE: Final = 2
_NOT: Final = 4  # a number
_INVALID: Final = 8
_OUTCOMES: Final = 16

_MOST_TERMS: Final = 64
_TABLE_BITS: Final = 8


@record(frozen=True)
class Monomial:
    """A product: its leaves, and the class of what is constant in it."""

    constant: int
    leaves: tuple[ir.Number, ...]


def monomials(e: ir.Number) -> list[Monomial] | None:
    """The products that a polynomial is the sum of, or None: they are too many."""
    match e:
        case ir.Exact(significand):
            sign = _SIGN if significand < 0 else 0
            return [Monomial(sign if significand else _ZERO, ())]
        case ir.Scale(value):
            return monomials(value)
        case ir.NumberFunction("-", value):
            found = monomials(value)
            return None if found is None else [_negated(each) for each in found]
        case ir.NumberOp(op, left, right):
            one, other = monomials(left), monomials(right)
            if one is None or other is None:
                return None
            if op == "*":
                fits = len(one) * len(other) <= _MOST_TERMS
                return [_product(a, b) for a in one for b in other] if fits else None
            return one + ([_negated(each) for each in other] if op == "-" else other)
    return [Monomial(0, (e,))]


def _negated(m: Monomial) -> Monomial:
    return Monomial(m.constant ^ _SIGN, m.leaves)


def _product(a: Monomial, b: Monomial) -> Monomial:
    zero = (a.constant | b.constant) & _ZERO
    sign = (a.constant ^ b.constant) & _SIGN
    return Monomial(zero | sign, a.leaves + b.leaves)


def special_sum(
    out: Function,
    shape: Shape,
    terms: Sequence[Monomial],
    parameters: Sequence[str],
    format: Format,
    mode: Rounding,
) -> Coded:
    """The code and flags of a sum in which an infinity or a NaN is."""
    outcomes = out.module.table("i8", [_outcome(index) for index in range(CLASSES)])
    found, flags = "0", "0"
    for term in terms:
        leaves = [leaf(shape, each, parameters) for each in term.leaves]
        for _, _, pending in leaves:
            flags = out.op("or", 32, flags, pending)
        if not any(its.canonical_nan is not None for _, its, _ in leaves):
            continue
        classes = [class_of(out, its, code) for code, its, _ in leaves]
        index = out.op("xor", 32, _class_of_product(out, classes), str(term.constant & _SIGN))
        index = out.op("or", 32, index, str(term.constant & _ZERO))
        cell = out.element(outcomes, CLASSES, "i8", index, 32)
        found = out.op("or", 32, found, out.resize(cell, 8, 32))
    results = [_result(outcome, format, mode) for outcome in range(_OUTCOMES)]
    word = f"i{format.bits}"
    codes = out.module.table(word, [code for code, _ in results])
    raised = out.module.table("i8", [flag for _, flag in results])
    code = out.element(codes, _OUTCOMES, word, found, 32)
    if not format.raises_flags:
        return code, "0"
    more = out.resize(out.element(raised, _OUTCOMES, "i8", found, 32), 8, 32)
    return code, out.op("or", 32, flags, more)


def _class_of_product(out: Function, classes: list[str]) -> str:
    """All classes of the factors, but for the sign, which is that of the product."""
    any_, sign = classes[0], classes[0]
    for each in classes[1:]:
        any_, sign = out.op("or", 32, any_, each), out.op("xor", 32, sign, each)
    if len(classes) == 1:
        return any_
    any_ = out.op("and", 32, any_, str(_SIGN - 1))
    return out.op("or", 32, any_, out.op("and", 32, sign, str(_SIGN)))


def _outcome(index: int) -> int:
    """What a product of this class is: inf * 0 is invalid also beside a NaN."""
    if not ~index & (_INFINITY | _ZERO) or index & _SIGNALING:
        return _NOT | _INVALID
    if index & _NAN:
        return _NOT
    if index & _INFINITY:
        return _NEGATIVE if index & _SIGN else _POSITIVE
    return 0


def _result(outcome: int, format: Format, mode: Rounding) -> tuple[int, int]:
    """What the format makes of such a sum."""
    kinds = POS_INF * (outcome & _POSITIVE) | NEG_INF * (outcome // _NEGATIVE & 1)
    kinds |= NAN * (outcome // _NOT & 1)
    flags = NV * (outcome // _INVALID & 1)
    return format.encode(Real(0, 0, kinds or OPEN_ZERO, flags), mode)


# Classes ------------------------------------------------------------------------------------------


def class_of(out: Function, format: Format, code: str) -> str:
    """The class (i32) of a code, by a table or by a function that all expressions share."""
    bits = format.bits
    if bits <= _TABLE_BITS:
        cells = _classes(format)
        table = out.module.table("i8", cells)
        return out.resize(out.element(table, len(cells), "i8", code, bits), 8, 32)
    name = "number.class." + re.sub(r"\W+", "_", repr(format))
    if name not in out.module:
        _define(out.module, name, format)
    return out.call("i32", name, (f"i{bits}", code))


@cache
def _classes(format: Format) -> tuple[int, ...]:
    """The classes of all codes."""
    return tuple(class_of_value(format.decode(each)) for each in range(1 << format.bits))


def class_of_value(value: Real) -> int:
    """The class of what a code stands for."""
    found = _SIGNALING if value.flags else 0
    found |= _NAN if value.kinds & NAN else 0
    found |= _INFINITY if value.kinds & INFINITE else 0
    found |= _ZERO if value.kinds & OPEN_ZERO else 0
    return found | (_SIGN if value.kinds & (NEG_ZERO | NEGATIVE | NEG_INF) else 0)


def _define(module: Module, name: str, format: Format) -> None:
    """The class of a wide code, from its fields."""
    bits = format.bits
    out = Function(module, name, "i32", (f"i{bits}",), STRICT)
    magnitude, sign = "%p0", "0"
    is_signed = format.signed if isinstance(format, Float | Fixed) else True
    if is_signed:
        sign = out.resize(out.op("lshr", bits, "%p0", str(bits - 1)), bits, 32)
    if isinstance(format, Float) and is_signed:
        magnitude = out.op("and", bits, "%p0", str((1 << bits - 1) - 1))
    zero = out.compare("eq", bits, magnitude, "0")
    found = out.select(zero, "i32", str(_ZERO), "0")
    if isinstance(format, Float) and format.canonical_nan is not None:
        found = _of_special(out, format, magnitude, found)
    elif not isinstance(format, Fixed):  # a posit or a quire has NaR
        is_nan = out.compare("eq", bits, "%p0", str(format.canonical_nan))
        found = out.select(is_nan, "i32", str(_NAN), found)
    out.ret(out.op("or", 32, found, out.op("shl", 32, sign, str(_SIGN.bit_length() - 1))))
    out.finish()


def _of_special(out: Function, format: Float, magnitude: str, otherwise: str) -> str:
    bits, above = format.bits, format.max_code + 1
    is_special = out.compare("uge", bits, magnitude, str(above))
    found = str(_NAN)
    if format.specials == "ieee":
        if format.fraction:
            quiet = out.op("and", bits, magnitude, str(1 << format.fraction - 1))
            signals = out.compare("eq", bits, quiet, "0")
            found = out.select(signals, "i32", str(_NAN | _SIGNALING), found)
        is_infinite = out.compare("eq", bits, magnitude, str(above))
        found = out.select(is_infinite, "i32", str(_INFINITY), found)
    return out.select(is_special, "i32", found, otherwise)
