"""Square roots, rounded to odd."""

from __future__ import annotations

from rvx.jit.number.digits import normalised
from rvx.jit.number.value import Floating, storage
from rvx.jit.text import Function
from rvx.number.real import QUOTIENT_BITS


def root(out: Function, a: Floating, digits: int) -> Floating:
    """The root of the magnitude, with at least `digits` significant bits.

    With QUOTIENT_BITS the digits are exactly the reference's, which are one more where the radicand
    has an odd number of bits above its point.
    """
    digits = min(digits, QUOTIENT_BITS)
    longest = digits == QUOTIENT_BITS
    digits += longest
    width = storage(max(digits + 2, a.bits + 1))
    radicand, zeros = normalised(out, width, out.resize(a.significand, a.width, width))
    # Read as a fraction with two bits before the point, at an even exponent.
    exponent = out.op("add", 32, a.exponent, str(width - 2))
    exponent = out.op("sub", 32, exponent, zeros)
    # An odd exponent is made even by halving the fraction: the register's last bit is free for it.
    odd = out.resize(exponent, 32, 1)
    radicand = out.select(odd, f"i{width}", out.op("lshr", width, radicand, "1"), radicand)
    half = out.op("ashr", 32, out.op("add", 32, exponent, "1"), "1")
    found, inexact = _digits(out, radicand, width, digits)
    found = out.op("or", width, found, out.resize(inexact, 1, width))
    if longest:
        found = out.select(odd, f"i{width}", found, _one_less(out, width, found))
    low = (a.low - 4) // 2 - digits
    high = (a.high + a.bits + 4) // 2
    return Floating(
        "0",
        found,
        width,
        digits,
        out.op("sub", 32, half, str(digits - 1)),
        low,
        high,
        low,
        high + 1,
    )


def _one_less(out: Function, width: int, found: str) -> str:
    """Without the last digit, which makes the one before odd."""
    last = out.op("and", width, found, "1")
    kept = out.op("sub", width, found, last)
    return out.op("or", width, kept, out.op("shl", width, last, "1"))


def _digits(out: Function, radicand: str, width: int, digits: int) -> tuple[str, str]:
    """Digit by digit, two bits of the radicand each: the root, and whether it is inexact."""
    names = [out.variable(f"i{width}") for _ in range(3)]
    rest, found, source = names
    count = out.variable("i32")
    for name, value in ((rest, "0"), (found, "0"), (source, radicand)):
        out.store(f"i{width}", value, name)
    out.store("i32", str(digits), count)
    loop, done = out.label("digit"), out.label("rooted")
    out.jump(loop)
    out.begin(loop)
    bits = out.load(f"i{width}", source)
    out.store(f"i{width}", out.op("shl", width, bits, "2"), source)
    left = out.op("shl", width, out.load(f"i{width}", rest), "2")
    left = out.op("or", width, left, out.op("lshr", width, bits, str(width - 2)))
    so_far = out.load(f"i{width}", found)
    trial = out.op("or", width, out.op("shl", width, so_far, "2"), "1")
    fits = out.compare("uge", width, left, trial)
    left = out.op("sub", width, left, out.select(fits, f"i{width}", trial, "0"))
    so_far = out.op("shl", width, so_far, "1")
    so_far = out.op("or", width, so_far, out.resize(fits, 1, width))
    out.store(f"i{width}", left, rest)
    out.store(f"i{width}", so_far, found)
    remaining = out.op("sub", 32, out.load("i32", count), "1")
    out.store("i32", remaining, count)
    out.branch(out.compare("eq", 32, remaining, "0"), done, loop)
    out.begin(done)
    inexact = out.op("or", width, left, out.op("shl", width, bits, "2"))
    return so_far, out.compare("ne", width, inexact, "0")
