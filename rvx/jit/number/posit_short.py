"""Posits of few bits, taken apart and put together by tables."""

from __future__ import annotations

from functools import cache
from typing import Final

from rvx.jit.number.posit_fields import Unpacked, least, negated_where
from rvx.jit.text import Function
from rvx.number import Posit, Rounding, dyadic

MOST_BITS: Final = 8


def unpack_short(out: Function, magnitude: str, format: Posit) -> Unpacked:
    """Take apart the code of a positive posit."""
    exponents, significands = _unpacked(format)
    # One table, so that its address takes one register.
    table, size = out.module.table("i64", exponents + significands), len(exponents)
    index = out.resize(magnitude, format.bits, 64)
    exponent = out.element(table, 2 * size, "i64", index, 64)
    index = out.op("add", 64, index, str(size))
    return Unpacked(exponent, out.element(table, 2 * size, "i64", index, 64))


@cache
def _unpacked(format: Posit) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The exponents and the significands of all magnitudes; zero and NaR have any."""
    exponents, significands = [], []
    for code in range(format.canonical_nan + 1):
        value = format.decode(code)
        length = max(value.significand.bit_length(), 1)
        exponents.append(value.exponent + length - 1 & (1 << 64) - 1)
        significands.append(value.significand << 64 - length)
    return tuple(exponents), tuple(significands)


def pack_short(out: Function, number: Unpacked, sign: str, format: Posit) -> str:
    """By the exponent, the digits that ties have, and whether there are more."""
    digits, limit = _tie_digits(format), _limit(format)
    cells = _packed(format)
    exponent = out.op("add", 64, number.exponent, str(limit))
    negative = out.compare("slt", 64, exponent, "0")
    exponent = out.select(negative, "i64", "0", exponent)
    exponent = least(out, 64, exponent, str(2 * limit))
    # The leading one adds one to the exponent.
    top = out.op("lshr", 64, number.significand, str(63 - digits))
    index = out.op("add", 64, out.op("shl", 64, exponent, str(digits)), top)
    rest = out.op("shl", 64, number.significand, str(digits + 1))
    some = out.resize(out.compare("ne", 64, rest, "0"), 1, 64)
    index = out.op("or", 64, out.op("shl", 64, index, "1"), some)
    magnitude = out.element(out.module.table("i8", cells), len(cells), "i8", index, 64)
    magnitude = out.resize(magnitude, 8, format.bits)
    return negated_where(out, format.bits, magnitude, sign)


def _tie_digits(format: Posit) -> int:
    """Of the numbers halfway between two codes, behind the leading one."""
    return max(format.bits - 3 - format.es, 0) + 1


def _limit(format: Posit) -> int:
    """A number with this exponent is above all codes, one with its negative below."""
    return (format.longest + 1) << format.es


@cache
def _packed(format: Posit) -> tuple[int, ...]:
    """The magnitudes; the first exponent's place is left out by the leading one of the next."""
    digits, limit = _tie_digits(format), _limit(format)
    cells = [0] * (2 << digits)
    for exponent in range(-limit, limit + 1):
        for significand in range(2 << digits, 4 << digits):
            number = dyadic(significand, exponent - digits - 1)
            cells.append(format.encode(number, Rounding.RNE)[0])
    return tuple(cells)
