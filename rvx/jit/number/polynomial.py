"""Polynomials with an infinity or a NaN among their operands: only kinds matter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rvx.jit.number import decode
from rvx.jit.number.site import Shape
from rvx.jit.number.special import any_product, join, negated_kinds
from rvx.jit.text import Function
from rvx.model import ir
from rvx.number import Fixed, Format
from rvx.number.real import NEGATIVE, POS_ZERO, POSITIVE


def is_polynomial(e: ir.Number) -> bool:
    """Whether the canonical expression is a sum of products of codes."""
    match e:
        case ir.Exact() | ir.Decode() | ir.WordNumber() | ir.NumberLocal():
            return True
        case ir.Scale(value) | ir.NumberFunction("-", value):
            return is_polynomial(value)
        case ir.NumberOp("+" | "-" | "*", left, right):
            return is_polynomial(left) and is_polynomial(right)
    return False


def polynomial_kinds(
    out: Function, shape: Shape, e: ir.Number, parameters: Sequence[str]
) -> tuple[str, str]:
    """The kinds and the pending flags (both i32) of a polynomial."""
    match e:
        case ir.Exact(significand):
            kind = POSITIVE if significand > 0 else NEGATIVE if significand else POS_ZERO
            return str(kind), "0"
        case ir.Scale(value):
            return polynomial_kinds(out, shape, value, parameters)
        case ir.NumberFunction("-", value):
            kinds, flags = polynomial_kinds(out, shape, value, parameters)
            return negated_kinds(out, kinds), flags
        case ir.NumberOp(op, left, right):
            one, flags = polynomial_kinds(out, shape, left, parameters)
            other, more = polynomial_kinds(out, shape, right, parameters)
            flags = join(out, flags, more)
            if op == "*":
                kinds, invalid = any_product(out, one, other)
                return kinds, join(out, flags, invalid)
            return join(out, one, negated_kinds(out, other) if op == "-" else other), flags
    code, format, pending = leaf(shape, e, parameters)
    kinds, flags = kinds_of(out, format, code)
    return kinds, join(out, flags, pending)


def leaf(shape: Shape, e: ir.Number, parameters: Sequence[str]) -> tuple[str, Format, str]:
    """The code, the format and the pending flags of a leaf."""
    match e:
        case ir.Decode(ir.WordLocal(name), ir.Named(_, format)):
            return parameters[int(name)], format, "0"
        case ir.WordNumber(ir.WordLocal(name, width), signed):
            return parameters[int(name)], Fixed(bits=width, signed=signed), "0"
        case ir.NumberLocal(name):
            local = shape.locals[int(name)]
            return parameters[local.code], local.format, parameters[local.flags]
    raise AssertionError(e)


def factors(shape: Shape, e: ir.Number, parameters: Sequence[str]) -> list[tuple[str, Format]]:
    """The codes in a product, each with its format."""
    match e:
        case ir.Exact():
            return []
        case ir.Scale(value):
            return factors(shape, value, parameters)
        case ir.NumberOp(_, left, right):
            return factors(shape, left, parameters) + factors(shape, right, parameters)
    return [leaf(shape, e, parameters)[:2]]


def kinds_of(out: Function, format: Format, code: str) -> tuple[str, str]:
    """As `decode.kinds_and_flags`, by a function that all expressions share."""
    if not decode.has_specials(format):
        return decode.kinds_and_flags(out, format, code)
    name = "number.kinds." + re.sub(r"\W+", "_", repr(format))
    if name not in out.module:
        its = Function(
            out.module, name, "i32", (f"i{format.bits}",), "strictfp nounwind noinline cold"
        )
        kinds, flags = decode.kinds_and_flags(its, format, "%p0")
        its.ret(its.op("or", 32, kinds, its.op("shl", 32, flags, "16")))
        its.finish()
    both = out.call("i32", name, (f"i{format.bits}", code))
    return out.op("and", 32, both, "65535"), out.op("lshr", 32, both, "16")


def terms_of(e: ir.Number, power: int, minus: bool) -> list[tuple[ir.Number, int, bool]]:
    """The terms of a sum, each with a power of two and whether it is taken away."""
    match e:
        case ir.NumberOp("+" | "-" as op, left, right):
            subtracts = minus != (op == "-")
            return [*terms_of(left, power, minus), *terms_of(right, power, subtracts)]
        case ir.NumberFunction("-", value):
            return terms_of(value, power, not minus)
        case ir.Scale(value, by):
            return terms_of(value, power + by, minus)
    return [(e, power, minus)]
