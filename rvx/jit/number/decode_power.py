"""Powers of a radix: a code is an exponent."""

from __future__ import annotations

from rvx.jit.number.value import Floating, signed
from rvx.jit.text import Function
from rvx.number import Power

_WIDTH = 32  # of a significand: it has one bit


def power_is_special(out: Function, format: Power, code: str) -> str:
    """Whether the code is the NaN (i1)."""
    if format.canonical_nan is None:
        return "0"
    magnitude = power_magnitude(out, format, code)
    return out.compare("eq", format.bits, magnitude, str(format.canonical_nan))


def power_magnitude(out: Function, format: Power, code: str) -> str:
    """The code without its sign."""
    if not format.signed:
        return code
    return out.op("and", format.bits, code, str((1 << format.bits - 1) - 1))


def power_number(out: Function, format: Power, code: str) -> Floating:
    """The number that a code is, which is no NaN."""
    bits = format.bits
    field = out.resize(power_magnitude(out, format, code), bits, 32)
    steps, significand = field, "1"
    if format.zero:
        nonzero = out.resize(out.compare("ne", 32, field, "0"), 1, 32)
        steps, significand = out.op("sub", 32, field, nonzero), nonzero
    if format.step > 1:
        steps = out.op("mul", 32, steps, str(format.step))
    high = format.exponent_of(format.max_code + format.nan)
    return Floating(
        out.compare("slt", bits, code, "0") if format.signed else "0",
        significand,
        _WIDTH,
        1,
        out.op("add", 32, steps, signed(format.least)),
        format.least,
        high,
        format.least,
        high,
    )
