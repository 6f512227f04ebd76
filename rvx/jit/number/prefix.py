"""Numbers by the first bits of their codes: while those stay the same, a code counts in ones.

Sign, regime and exponent are such first bits: below them the number is `(code + offset) *
2**exponent`, of a posit below zero too, whose code is in two's complement; of a float below zero
with the code's complement. Two small tables say the rest.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.number.signed_product import Signed
from rvx.jit.text import Function
from rvx.number import Float, Format, Posit
from rvx.number.real import INFINITE, NAN
from rvx.record import record

_BITS: Final = 64
_ONES: Final = (1 << _BITS) - 1
_PREFIX: Final = 9  # bits; sign and exponent of binary32, and regimes of up to five bits of posit32
_MOST_BITS: Final = 32
_SPECIAL: Final = NAN | INFINITE
OUTSIDE: Final = 1 << 40
"""The exponent of codes that are not given, so large that any sum with it tells."""


@record(frozen=True)
class Prefixes:
    """By prefix: what to add to the code (i64), and the exponent, OUTSIDE where it is not linear.

    `bits`, `low` and `high` are the bounds of those that are, as in `Signed`.
    """

    length: int
    offsets: tuple[int, ...]
    exponents: tuple[int, ...]
    bits: int
    low: int
    high: int


@cache
def prefixes(format: Format) -> Prefixes | None:
    """The tables of a format; None where they serve for less than half of its codes."""
    if not isinstance(format, Float | Posit) or format.bits > _MOST_BITS:
        return None
    length = min(format.bits, _PREFIX)
    rows = [_row(format, prefix, format.bits - length) for prefix in range(1 << length)]
    known = [row for row in rows if row is not None]
    if 2 * len(known) < len(rows):
        return None
    return Prefixes(
        length,
        tuple(0 if row is None else row[0] & _ONES for row in rows),
        tuple(OUTSIDE if row is None else row[1] & _ONES for row in rows),
        max(row[2] for row in known),
        min(row[1] for row in known),
        max(row[1] for row in known),
    )


def number_by_prefix(
    out: Function, format: Format, known: Prefixes, code: str, power: int = 0
) -> Signed:
    """The number of a code times 2**power, with an exponent like OUTSIDE if `known` does not have
    it."""
    wide, size = out.resize(code, format.bits, _BITS), len(known.offsets)
    prefix = out.op("lshr", _BITS, wide, str(format.bits - known.length))
    # One table, so that its address takes one register.
    exponents = tuple(exponent + power & _ONES for exponent in known.exponents)
    table = out.module.table("i64", known.offsets + exponents)
    offset = out.element(table, 2 * size, "i64", prefix, _BITS)
    exponent = out.element(table, 2 * size, "i64", out.op("add", _BITS, prefix, str(size)), _BITS)
    if _has_magnitude(format):
        sign = out.resize(code, format.bits, _BITS, signed=True)
        wide = out.op("xor", _BITS, wide, out.op("ashr", _BITS, sign, str(_BITS - 1)))
    value = out.op("add", _BITS, wide, offset)
    return Signed(value, known.bits, exponent, known.low + power, known.high + power)


def _row(format: Format, prefix: int, rest: int) -> tuple[int, int, int] | None:
    """The offset, the exponent and the bits of the numbers of a prefix, if they are linear.

    Steps between neighbors grow with the magnitude, so that the first step and the last number
    tell; what is no number is at an end.
    """
    first, last = prefix << rest, (prefix + 1 << rest) - 1
    codes = (first, min(first + 1, last), last)
    numbers = [format.decode(code) for code in codes]
    if any(number.kinds & _SPECIAL for number in numbers):
        return None
    unit = min((number.exponent for number in numbers if number.significand), default=0)
    values = [n.significand << n.exponent - unit if n.significand else 0 for n in numbers]
    step = abs(values[1] - values[0]) if rest else 1
    if not step or step & step - 1 or values[0] % step:
        return None
    counts = [~code if _is_complemented(format, code) else code for code in codes]
    offset = values[0] // step - counts[0]
    if any(value != step * (count + offset) for value, count in zip(values, counts, strict=True)):
        return None
    bits = max((abs(value) // step - 1).bit_length() if value else 0 for value in values)
    return offset, unit + step.bit_length() - 1, bits


def _has_magnitude(format: Format) -> bool:
    """Whether a code is a sign and a magnitude, not two's complement."""
    return isinstance(format, Float) and format.signed


def _is_complemented(format: Format, code: int) -> bool:
    return _has_magnitude(format) and code >> format.bits - 1 == 1
