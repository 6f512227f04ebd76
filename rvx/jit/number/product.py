"""Exact products."""

from __future__ import annotations

from rvx.jit.number.value import (
    Finite,
    FixedPoint,
    Floating,
    floating,
    negated,
    scaled,
    storage,
)
from rvx.jit.text import Function, literal

_LIMB = 64
_WIDEST_FIXED = 128  # products of more bits keep exponents apart


def product(out: Function, a: Finite, b: Finite) -> Finite:
    """Multiply exactly."""
    for one, other in ((a, b), (b, a)):
        if (power := _power_of_two(one)) is not None:
            sign, exponent = power
            moved = scaled(out, other, exponent)
            return negated(out, moved) if sign else moved
    if isinstance(a, FixedPoint) and isinstance(b, FixedPoint):
        bound = a.bound * b.bound
        width = storage(bound.bit_length() + 1)
        if max(a.width, b.width) <= _LIMB and width <= _WIDEST_FIXED:
            left = out.resize(a.value, a.width, width, signed=True)
            right = out.resize(b.value, b.width, width, signed=True)
            return FixedPoint(out.op("mul", width, left, right), width, a.lsb + b.lsb, bound)
    return _floating_product(out, floating(out, a), floating(out, b))


def _power_of_two(number: Finite) -> tuple[bool, int] | None:
    """The sign and the exponent, where the number is a constant power of two."""
    if not isinstance(number, FixedPoint) or (value := literal(number.value)) is None:
        return None
    negative = bool(value >> number.width - 1)
    if negative:
        value = (1 << number.width) - value
    if not value or value & value - 1:
        return None
    return negative, number.lsb + value.bit_length() - 1


def _floating_product(out: Function, a: Floating, b: Floating) -> Floating:
    bits = a.bits + b.bits
    width = storage(bits)
    return Floating(
        out.op("xor", 1, a.sign, b.sign),
        multiply(out, a, b, width),
        width,
        bits,
        out.op("add", 32, a.exponent, b.exponent),
        a.low + b.low,
        a.high + b.high,
        a.lsb + b.lsb,
        a.top + b.top,
    )


def multiply(out: Function, a: Floating, b: Floating, width: int) -> str:
    """The product of the significands as an i`width`, by limbs of 64 bits where they are longer."""
    if max(a.bits, b.bits) <= _LIMB or width <= _WIDEST_FIXED:
        left = out.resize(a.significand, a.width, width)
        return out.op("mul", width, left, out.resize(b.significand, b.width, width))
    total = "0"
    for i, left in enumerate(_limbs(out, a)):
        for j, right in enumerate(_limbs(out, b)):
            if _LIMB * (i + j) < width:
                part = out.resize(out.op("mul", 128, left, right), 128, width)
                part = out.op("shl", width, part, str(_LIMB * (i + j)))
                total = out.op("add", width, total, part)
    return total


def _limbs(out: Function, number: Floating) -> list[str]:
    """The significand in pieces of 64 bits, each in an i128."""
    pieces = []
    for low in range(0, number.bits, _LIMB):
        piece = out.op("lshr", number.width, number.significand, str(low))
        pieces.append(out.resize(out.resize(piece, number.width, _LIMB), _LIMB, 128))
    return pieces
