"""Floats: the fields of a code, taken apart. Subnormal numbers need no special care."""

from __future__ import annotations

from rvx.jit.number.value import Floating, signed, storage
from rvx.jit.text import Function
from rvx.number import Float


def float_is_special(out: Function, format: Float, code: str) -> str:
    """Whether the code is an infinity or a NaN (i1)."""
    if format.canonical_nan is None:
        return "0"
    magnitude = _magnitude(out, format, code)
    return out.compare("ugt", format.bits, magnitude, str(format.max_code))


def float_number(out: Function, format: Float, code: str) -> Floating:
    """The number that a code is, which is neither infinite nor a NaN."""
    bits, fraction = format.bits, format.fraction
    field = out.op("lshr", bits, _magnitude(out, format, code), str(fraction))
    field = out.resize(field, bits, 32) if bits != 32 else field
    normal = out.compare("ne", 32, field, "0")
    width = storage(format.precision)
    significand = out.resize(code, bits, width)
    significand = out.op("and", width, significand, str((1 << fraction) - 1))
    leading = out.op("shl", width, out.resize(normal, 1, width), str(fraction))
    significand = out.op("or", width, significand, leading)
    steps = out.op("sub", 32, field, out.resize(normal, 1, 32))
    exponent = out.op("add", 32, steps, signed(format.lsb))
    # The largest field is that of the specials in IEEE formats: within the bounds all the same.
    high = format.lsb + max((1 << format.exponent) - 2, 0)
    top = format.lsb + format.span.high.bit_length()
    top += high > format.lsb + (format.max_code >> fraction) - 1
    sign = out.compare("slt", bits, code, "0") if format.signed else "0"
    return Floating(
        sign,
        significand,
        width,
        format.precision,
        exponent,
        format.lsb,
        high,
        format.lsb,
        top,
        True,
    )


def _magnitude(out: Function, format: Float, code: str) -> str:
    if not format.signed:
        return code
    return out.op("and", format.bits, code, str((1 << format.bits - 1) - 1))
