"""From a code to a number: what every format has to offer the rules."""

from __future__ import annotations

from functools import cache

from rvx.jit.number.decode_float import float_is_special, float_number
from rvx.jit.number.decode_posit import posit_number
from rvx.jit.number.decode_power import power_is_special, power_magnitude, power_number
from rvx.jit.number.value import Finite, FixedPoint, signed, storage
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Posit, Power, Quire
from rvx.number.flags import NV
from rvx.number.real import NEG_ZERO, NEGATIVE, POS_ZERO, POSITIVE

_TABLE_BITS = 8  # codes of at most so many bits are decoded by a table
_TABLE_WIDTH = 64


def has_specials(format: Format) -> bool:
    """Whether there are codes that are no numbers."""
    return format.canonical_nan is not None


def is_special(out: Function, format: Format, code: str) -> str:
    """Whether the code is an infinity or a NaN (i1)."""
    match format:
        case Float():
            return float_is_special(out, format, code)
        case Power():
            return power_is_special(out, format, code)
        case Posit() | Quire():
            return out.compare("eq", format.bits, code, str(format.canonical_nan))
    return "0"


def number(out: Function, format: Format, code: str) -> Finite:
    """The finite number that the code is; a special one gives any number within the bounds."""
    match format:
        case Fixed():
            is_signed = format.low < 0
            bound = max(-format.low, format.high)
            return _integer(out, code, format.bits, is_signed, -format.fraction, bound)
        case Quire():
            return _integer(out, code, format.bits, True, format.lsb, format.canonical_nan - 1)
    if format.bits <= _TABLE_BITS and format.span.bits <= _TABLE_WIDTH:
        return _from_table(out, format, code)
    return digits(out, format, code)


def digits(out: Function, format: Format, code: str) -> Finite:
    """The same, with few digits and an exponent where the format has one."""
    match format:
        case Float():
            return float_number(out, format, code)
        case Posit():
            return posit_number(out, format, code)
        case Power():
            return power_number(out, format, code)
    return number(out, format, code)


def sign(out: Function, format: Format, code: str) -> str:
    """Whether the number is below zero, or a zero with a sign (i1)."""
    if isinstance(format, Float):
        return _top(out, format, code) if format.signed else "0"
    return _top(out, format, code) if format.span.low < 0 else "0"


def finite_kinds(out: Function, format: Format, code: str) -> str:
    """The kind (i32) of a code that is no special one."""
    bits, negative = format.bits, sign(out, format, code)
    if isinstance(format, Float):
        magnitude = out.op("and", bits, code, str((1 << format.exponent + format.fraction) - 1))
        zero = out.compare("eq", bits, magnitude, "0")
        kind = out.select(zero, "i32", str(POS_ZERO), str(POSITIVE))
        return out.op("shl", 32, kind, out.resize(negative, 1, 32))
    if isinstance(format, Power):
        kind = str(POSITIVE)
        if format.zero:
            zero = out.compare("eq", bits, power_magnitude(out, format, code), "0")
            kind = out.select(zero, "i32", str(POS_ZERO), kind)
        return out.op("shl", 32, kind, out.resize(negative, 1, 32))
    zero = out.compare("eq", bits, code, "0")
    kind = out.select(negative, "i32", str(NEGATIVE), str(POSITIVE))
    return out.select(zero, "i32", str(POS_ZERO), kind)


def kinds_and_flags(out: Function, format: Format, code: str) -> tuple[str, str]:
    """The kind and the pending flags (both i32) of any code."""
    finite = finite_kinds(out, format, code)
    if not has_specials(format):
        return finite, "0"
    special = is_special(out, format, code)
    if not (isinstance(format, Float) and format.specials == "ieee"):
        return out.select(special, "i32", "64", finite), "0"
    bits, fraction = format.bits, (1 << format.fraction) - 1
    payload = out.op("and", bits, code, str(fraction))
    infinite = out.compare("eq", bits, payload, "0")
    negative = out.resize(sign(out, format, code), 1, 32)
    infinity = out.op("shl", 32, "16", negative)
    kind = out.select(special, "i32", out.select(infinite, "i32", infinity, "64"), finite)
    quiet = str(1 << format.fraction - 1)
    signals = out.compare("eq", bits, out.op("and", bits, payload, quiet), "0")
    signals = out.op("and", 1, signals, out.op("xor", 1, infinite, "1"))
    signals = out.op("and", 1, signals, special)
    return kind, out.select(signals, "i32", str(NV), "0")


assert (POS_ZERO, NEG_ZERO, POSITIVE, NEGATIVE) == (1, 2, 4, 8)  # a sign is a shift


def _top(out: Function, format: Format, code: str) -> str:
    return out.compare("slt", format.bits, code, "0")


def _integer(
    out: Function, code: str, bits: int, is_signed: bool, lsb: int, bound: int
) -> FixedPoint:
    width = storage(bound.bit_length() + 1)
    return FixedPoint(out.resize(code, bits, width, is_signed), width, lsb, bound)


def _from_table(out: Function, format: Format, code: str) -> FixedPoint:
    span = format.span
    width = storage(span.bits)
    values = _values(format)
    table = out.module.table(f"i{width}", values)
    value = out.element(table, len(values), f"i{width}", code, format.bits)
    return FixedPoint(value, width, span.lsb, max(-span.low, span.high))


@cache
def _values(format: Format) -> tuple[int, ...]:
    """The numbers of the codes, in units of the format."""
    width, values = storage(format.span.bits), []
    for each in range(1 << format.bits):
        significand, exponent, *_ = format.decode(each)
        values.append(int(signed(_units(significand, exponent - format.span.lsb), width)))
    return tuple(values)


def _units(significand: int, shift: int) -> int:
    if not significand:
        return 0
    return significand << shift if shift >= 0 else significand >> -shift
