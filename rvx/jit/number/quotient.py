"""Quotients, rounded to odd."""

from __future__ import annotations

from rvx.jit.number.digits import normalised
from rvx.jit.number.value import Floating, storage
from rvx.jit.text import Function

_DIVIDER = 64  # the width of the host's integer division


def quotient(out: Function, a: Floating, b: Floating, digits: int) -> Floating:
    """Divide, with at least `digits` significant bits. The divisor must not be zero."""
    bits = max(a.bits, b.bits)
    width = storage(bits + 1)
    dividend, zeros = _at_top(out, a, width)
    divisor, others = _at_top(out, b, width)
    # Both now have their leading one at the same place: the quotient is in (1/2, 2).
    exponent = out.op("sub", 32, a.exponent, b.exponent)
    exponent = out.op("sub", 32, exponent, zeros)
    exponent = out.op("add", 32, exponent, others)
    digits += 1  # the first may be zero
    if bits + digits <= _DIVIDER:
        found = _divide(out, dividend, divisor, width, bits, digits)
        found_width = _DIVIDER
    else:
        found_width = storage(digits)
        found = _divide_by_digits(out, dividend, divisor, width, bits, digits, found_width)
    low = a.low - b.high - b.bits - digits
    high = a.high - b.low + a.bits
    return Floating(
        out.op("xor", 1, a.sign, b.sign),
        found,
        found_width,
        digits,
        out.op("sub", 32, exponent, str(digits - 1)),
        low,
        high,
        low,
        high + 1,
    )


def _at_top(out: Function, x: Floating, width: int) -> tuple[str, str]:
    """The significand with its leading one at the top of the register, and by how much it moved."""
    return normalised(out, width, out.resize(x.significand, x.width, width))


def _divide(out: Function, dividend: str, divisor: str, width: int, bits: int, digits: int) -> str:
    """By the host's division of 64 bits."""
    one, other = (
        out.resize(out.op("lshr", width, x, str(width - bits)), width, _DIVIDER)
        for x in (dividend, divisor)
    )
    one = out.op("shl", _DIVIDER, one, str(digits - 1))
    found = out.op("udiv", _DIVIDER, one, other)
    rest = out.op("sub", _DIVIDER, one, out.op("mul", _DIVIDER, found, other))
    return _jammed(out, _DIVIDER, found, out.compare("ne", _DIVIDER, rest, "0"))


def _divide_by_digits(
    out: Function, dividend: str, divisor: str, width: int, bits: int, digits: int, to: int
) -> str:
    """By subtraction, a digit at a time."""
    room = str(width - bits)  # at least one: the rest is below twice the divisor
    one, other = (out.op("lshr", width, x, room) for x in (dividend, divisor))
    rest, found, count = out.variable(f"i{width}"), out.variable(f"i{to}"), out.variable("i32")
    out.store(f"i{width}", one, rest)
    out.store(f"i{to}", "0", found)
    out.store("i32", str(digits), count)
    loop, done = out.label("digit"), out.label("divided")
    out.jump(loop)
    out.begin(loop)
    left = out.load(f"i{width}", rest)
    fits = out.compare("uge", width, left, other)
    left = out.op("sub", width, left, out.select(fits, f"i{width}", other, "0"))
    so_far = out.op("shl", to, out.load(f"i{to}", found), "1")
    so_far = out.op("or", to, so_far, out.resize(fits, 1, to))
    out.store(f"i{width}", out.op("shl", width, left, "1"), rest)
    out.store(f"i{to}", so_far, found)
    remaining = out.op("sub", 32, out.load("i32", count), "1")
    out.store("i32", remaining, count)
    out.branch(out.compare("eq", 32, remaining, "0"), done, loop)
    out.begin(done)
    return _jammed(out, to, so_far, out.compare("ne", width, left, "0"))


def _jammed(out: Function, width: int, value: str, inexact: str) -> str:
    return out.op("or", width, value, out.resize(inexact, 1, width))
