"""Codes to 64-bit integers, in units of their format: the operands of sums in fixed point."""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.number.rule_summand import width
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Posit, Power
from rvx.number.real import POS_INF

_BITS: Final = 64
_TABLE_BITS: Final = 8
SPECIAL: Final = 1 << 63
"""The cell of a special code."""
_ONES: Final = (1 << 64) - 1


def units_of(out: Function, code: str, format: Format, give_up: str) -> str:
    """The value of a code in units of the format's LSB; jumps to `give_up` with a special one."""
    if isinstance(format, Fixed):
        return out.resize(code, format.bits, _BITS, format.signed)
    if format.bits <= _TABLE_BITS:
        return _from_table(out, code, format, give_up)
    assert isinstance(format, Float)
    return _from_fields(out, code, format, give_up)


def _from_table(out: Function, code: str, format: Format, give_up: str) -> str:
    cells = table_of_units(format)
    table = out.module.table("i64", cells)
    units = out.element(table, len(cells), "i64", code, format.bits)
    if SPECIAL in cells:
        ordinary = out.label("finite")
        is_special = out.compare("eq", _BITS, units, str(SPECIAL))
        out.branch(is_special, give_up, ordinary, likely=False)
        out.begin(ordinary)
    return units


@cache
def table_of_units(format: Format) -> tuple[int, ...]:
    """The values of the codes in units of the LSB, SPECIAL for the special ones."""
    cells, lsb = [], format.span.lsb
    for each in range(1 << format.bits):
        value = format.decode(each)
        if value.kinds >= POS_INF:
            cells.append(SPECIAL)
        else:
            cells.append(_scaled(value.significand, value.exponent - lsb) & _ONES)
    return tuple(cells)


def _scaled(significand: int, places: int) -> int:
    return significand << places if places >= 0 else significand >> -places


def _from_fields(out: Function, code: str, format: Float, give_up: str) -> str:
    size, fraction = format.bits, format.fraction
    magnitude = out.op("and", size, code, str((1 << size - 1) - 1))
    if format.canonical_nan is not None:
        ordinary = out.label("finite")
        is_special = out.compare("ugt", size, magnitude, str(format.max_code))
        out.branch(is_special, give_up, ordinary, likely=False)
        out.begin(ordinary)
    wide = out.resize(magnitude, size, _BITS)
    exponent = out.op("lshr", _BITS, wide, str(fraction))
    digits = out.op("and", _BITS, wide, str((1 << fraction) - 1))
    is_normal = out.resize(out.compare("ne", _BITS, exponent, "0"), 1, _BITS)
    digits = out.op("or", _BITS, digits, out.op("shl", _BITS, is_normal, str(fraction)))
    units = out.op("shl", _BITS, digits, out.op("sub", _BITS, exponent, is_normal))
    sign = out.resize(out.op("ashr", size, code, str(size - 1)), size, _BITS, signed=True)
    return out.op("sub", _BITS, out.op("xor", _BITS, units, sign), sign)


def is_decodable(format: Format) -> bool:
    """Whether `units_of` takes the format."""
    match format:
        case Fixed():
            return format.bits <= _BITS - 2
        case Float() if format.bits > _TABLE_BITS:
            return format.signed and format.specials == "ieee" and _fits(format)
        case Float() | Posit() | Power():
            return format.bits <= _TABLE_BITS and _fits(format)
    return False


def _fits(format: Format) -> bool:
    return width(format.span) <= _BITS - 2
