"""Codes to doubles, exactly: the operands of the rules that compute in doubles.

Three ways: a table of all codes, where NaNs and infinities become a quiet NaN, so that the result
betrays them and nothing is raised on the way; conversions of the host; and shifts, for what lies on
a dependent chain. The last two leave to `give_up` on a special value, before any arithmetic.
"""

from __future__ import annotations

import struct
from functools import cache

from rvx.jit.number.rule_carrier import BINARY32, BINARY64, is_ieee
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Posit, Power
from rvx.number.real import POS_INF, POS_ZERO

_TABLE_BITS = 8
_FRACTION = BINARY64.fraction


def is_decodable(format: Format) -> bool:
    """Whether `double_of` takes the format."""
    match format:
        case Fixed():
            return format.bits <= _FRACTION
        case Float() if format.bits > _TABLE_BITS:
            is_ieee_like = format.specials == "ieee" and format.signed
            fits = format.exponent <= 9 and format.fraction <= _FRACTION - 4
            return is_ieee_like and fits and abs(format.emin) <= 900 and format.bits <= 64
        case Float() | Posit():
            return format.bits <= _TABLE_BITS
        case Power():
            return format.least >= -900 and format.exponent_of(format.max_code) <= 900
    return False


def significant_bits(format: Format) -> int:
    """The most bits of a significand."""
    match format:
        case Float():
            return format.precision
        case Posit():
            return max(1, format.bits - 2 - format.es)
        case Power():
            return 1
    return format.bits


def double_of(out: Function, code: str, format: Format, give_up: str, chained: bool) -> str:
    """The value of a code as a double; `chained`: the code may be a result just made."""
    if isinstance(format, Fixed):
        integer = BINARY64.from_integer(out, code, format.bits, format.signed)
        if not format.fraction:
            return integer
        return BINARY64.op(out, "fmul", integer, BINARY64.constant(2.0**-format.fraction))
    if format.bits <= _TABLE_BITS:
        return double_table(out, code, format)
    assert isinstance(format, Float)
    is_host = is_ieee(format, 8, 23) or is_ieee(format, 8, 7) or is_ieee(format, 5, 10)
    if is_host and not (chained and is_ieee(format, 5, 10)):
        return _converted(out, code, format, give_up)
    return _shifted(out, code, format, give_up)


def double_table(out: Function, code: str, format: Format) -> str:
    """The value of a short code, which a table has."""
    cells = _doubles(format)
    table = out.module.table("i64", cells)
    return BINARY64.from_code(out, out.element(table, len(cells), "i64", code, format.bits))


@cache
def _doubles(format: Format) -> tuple[int, ...]:
    """The doubles that the codes stand for."""
    cells = []
    for each in range(1 << format.bits):
        value = format.decode(each)
        if value.kinds >= POS_INF:
            cells.append(BINARY64.quiet_nan)
        elif value.significand:
            (bits,) = struct.unpack(
                "<Q", struct.pack("<d", value.significand * 2.0**value.exponent)
            )
            cells.append(bits)
        else:
            cells.append(0 if value.kinds == POS_ZERO else BINARY64.sign)
    return tuple(cells)


def marked_double(out: Function, code: str, format: Format, mark: int) -> str | None:
    """The same of a short code; of a special value the quiet NaN `mark`, which arithmetic hands on
    without a flag. None of a longer code."""
    if format.bits > _TABLE_BITS:
        return None
    cells = [mark if _is_special(cell) else cell for cell in _doubles(format)]
    table = out.module.table("i64", cells)
    return BINARY64.from_code(out, out.element(table, len(cells), "i64", code, format.bits))


def _is_special(double: int) -> bool:
    return double & BINARY64.infinity == BINARY64.infinity


def _converted(out: Function, code: str, format: Float, give_up: str) -> str:
    """By the host's conversions of half and single precision."""
    width, ordinary = format.bits, out.label("finite")
    infinity = str(format.max_code + 1)
    is_special = out.compare("eq", width, out.op("and", width, code, infinity), infinity)
    out.branch(is_special, give_up, ordinary, likely=False)
    out.begin(ordinary)
    if is_ieee(format, 5, 10):
        half = out.value(f"bitcast i16 {code} to half")
        single = BINARY32.widen(out, half, "half", 16)
    elif width == 16:
        wide = out.op("shl", 32, out.resize(code, 16, 32), "16")
        single = BINARY32.from_code(out, wide)
    else:
        single = BINARY32.from_code(out, code)
    return BINARY64.widen(out, single, "float", 32)


def _shifted(out: Function, code: str, format: Float, give_up: str) -> str:
    """By moving the fields and rebiasing the exponent; zeros and subnormals take a side path."""
    width, fields = format.bits, (1 << format.bits - 1) - 1
    magnitude = out.op("and", width, code, str(fields))
    smallest = 1 << format.fraction
    above = out.op("sub", width, magnitude, str(smallest))
    side, subnormal = out.label("side"), out.label("subnormal")
    normal, done = out.label("normal"), out.label("done")
    is_normal = out.compare("ult", width, above, str(format.max_code + 1 - smallest))
    out.branch(is_normal, normal, side, likely=True)
    out.begin(side)
    is_special = out.compare("ugt", width, magnitude, str(format.max_code))
    out.branch(is_special, give_up, subnormal, likely=False)
    out.begin(subnormal)
    small = BINARY64.from_integer(out, magnitude, width, signed=width == 64)
    small = BINARY64.op(out, "fmul", small, BINARY64.constant(2.0**format.lsb))
    small_bits = BINARY64.to_code(out, small)
    sign = out.op("shl", 64, out.resize(code, width, 64), str(64 - width))
    sign = out.op("and", 64, sign, str(BINARY64.sign))
    small_bits = out.op("or", 64, small_bits, sign)
    out.jump(done)
    out.begin(normal)
    # The exponent to its place, copies of the sign above it, of which one stays.
    drop = _FRACTION - format.fraction
    top = out.op("shl", 64, out.resize(code, width, 64), str(64 - width))
    placed = out.op("ashr", 64, top, str(64 - width - drop))
    placed = out.op("and", 64, placed, str(BINARY64.sign | fields << drop))
    rebias = BINARY64.bias - (1 - format.emin) << _FRACTION
    bits = out.op("add", 64, placed, str(rebias & (1 << 64) - 1))
    out.jump(done)
    out.begin(done)
    return BINARY64.from_code(out, out.phi("i64", (bits, normal), (small_bits, subnormal)))
