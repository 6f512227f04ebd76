"""A number at run time, as the values of a function: its finite part, its kinds, its flags.

The finite part is exact, or rounded to odd with as many significant bits as its consumer needs. It
is either a fixed-point integer, whose unit is known when the code is made, or a significand with an
exponent. Widths are those of registers, so that LLVM does not have to mask: the bits that count are
known beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from rvx.jit.text import Function
from rvx.record import record

Kinds: TypeAlias = Callable[[], str]
"""Emits the kinds of the monomials (i32, the constants of `rvx.number.real`) where it is called."""


@record(frozen=True)
class FixedPoint:
    """`value * 2**lsb`: two's complement in an i`width`; |value| <= bound."""

    value: str
    width: int
    lsb: int
    bound: int

    @property
    def top(self) -> int:
        """|number| <= 2**top."""
        return self.lsb + (self.bound - 1).bit_length() if self.bound else self.lsb


@record(frozen=True)
class Floating:
    """`(-1)**sign * significand * 2**exponent`, in no normal form.

    The significand is an i`width` below 2**bits, the exponent an i32 from `low` to `high`. Every
    number is a multiple of 2**lsb and at most 2**top: bounds that may be tighter than those. The
    zeros of a `plain` one have the least exponent.
    """

    sign: str
    significand: str
    width: int
    bits: int
    exponent: str
    low: int
    high: int
    lsb: int
    top: int
    plain: bool = False


Finite: TypeAlias = FixedPoint | Floating


@record(frozen=True)
class Value:
    """A number; `flags` (i32) are pending: they accrue where it is assigned."""

    finite: Finite
    kinds: Kinds
    flags: str = "0"


def storage(bits: int) -> int:
    """The width of the register that holds so many bits."""
    for width in (32, 64):
        if bits <= width:
            return width
    return (bits + 63) // 64 * 64


def signed(value: int, width: int = 32) -> str:
    """An integer as a literal: two's complement."""
    return str(value & (1 << width) - 1)


def known(kinds: int) -> Kinds:
    """Kinds that are constant."""
    return lambda: str(kinds)


def fixed_constant(significand: int, exponent: int) -> FixedPoint:
    """`significand * 2**exponent`, exactly."""
    width = storage(significand.bit_length() + 1)
    return FixedPoint(signed(significand, width), width, exponent, abs(significand))


def magnitude(out: Function, width: int, value: str) -> tuple[str, str]:
    """The sign (i1) and the magnitude of a two's complement integer."""
    negative = out.compare("slt", width, value, "0")
    return negative, out.select(negative, f"i{width}", out.op("sub", width, "0", value), value)


def with_sign(out: Function, width: int, value: str, negative: str) -> str:
    """The magnitude, negated where `negative` holds."""
    return out.select(negative, f"i{width}", out.op("sub", width, "0", value), value)


def floating(out: Function, number: Finite) -> Floating:
    """The number with a sign, a significand and an exponent."""
    if isinstance(number, Floating):
        return number
    sign, absolute = magnitude(out, number.width, number.value)
    bits = number.bound.bit_length()
    width, lsb = storage(bits), number.lsb
    absolute = out.resize(absolute, number.width, width)
    return Floating(sign, absolute, width, bits, signed(lsb), lsb, lsb, lsb, number.top)


def fixed_point(out: Function, number: Finite) -> FixedPoint:
    """The number on the grid of its least unit: as wide as its range."""
    if isinstance(number, FixedPoint):
        return number
    bound = 1 << max(number.top - number.lsb, 0)
    below = max(number.lsb - number.low, 0)  # bits that are always zero
    base = number.lsb - below
    width = storage(max(bound.bit_length() + 1, number.bits) + below)
    shifted = out.resize(number.significand, number.width, width)
    amount = out.op("sub", 32, number.exponent, signed(base))
    shifted = out.op("shl", width, shifted, out.resize(amount, 32, width))
    shifted = out.op("lshr", width, shifted, str(below))
    value = with_sign(out, width, shifted, number.sign)
    return FixedPoint(value, width, number.lsb, bound)


def on_grid(out: Function, number: FixedPoint, lsb: int, width: int) -> str:
    """Its value in units of 2**lsb (not above its own) as an i`width`."""
    wide = out.resize(number.value, number.width, width, signed=True)
    return out.op("shl", width, wide, str(number.lsb - lsb))


def negated(out: Function, number: Finite) -> Finite:
    """The number with the other sign."""
    if isinstance(number, FixedPoint):
        return replace(number, value=out.op("sub", number.width, "0", number.value))
    return replace(number, sign=out.op("xor", 1, number.sign, "1"))


def scaled(out: Function, number: Finite, power: int) -> Finite:
    """The number times `2**power`."""
    if isinstance(number, FixedPoint):
        return replace(number, lsb=number.lsb + power)
    return replace(
        number,
        exponent=out.op("add", 32, number.exponent, signed(power)),
        low=number.low + power,
        high=number.high + power,
        lsb=number.lsb + power,
        top=number.top + power,
    )


def bits_of(number: Finite) -> int:
    """The length of the magnitude, in the number's units."""
    return number.bits if isinstance(number, Floating) else number.bound.bit_length()


def is_zero(out: Function, number: Finite) -> str:
    """Whether the finite part is zero (i1)."""
    if isinstance(number, FixedPoint):
        return out.compare("eq", number.width, number.value, "0")
    return out.compare("eq", number.width, number.significand, "0")


def is_negative(out: Function, number: Finite) -> str:
    """Whether the finite part, not zero, is below zero (i1)."""
    if isinstance(number, FixedPoint):
        return out.compare("slt", number.width, number.value, "0")
    return number.sign
