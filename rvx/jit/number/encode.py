"""From a number to a code: one rounding, by the rules of the format."""

from __future__ import annotations

from rvx.jit.number.condense import condensed
from rvx.jit.number.digits import Mode
from rvx.jit.number.round_fixed import fixed_digits, quire_code, round_fixed
from rvx.jit.number.round_float import float_digits, round_float
from rvx.jit.number.round_posit import posit_digits, round_posit
from rvx.jit.number.round_power import power_digits, round_power
from rvx.jit.number.special import encode_special, is_not_finite, join
from rvx.jit.number.value import Value
from rvx.jit.text import Function
from rvx.number import Fixed, Float, Format, Posit, Power, Quire

Coded = tuple[str, str]
"""A code (i{bits}) and the flags to accrue (i32)."""


def digits_for(format: Format, top: int | None, mode: Mode) -> int | None:
    """The digits, rounded to odd, that rounding to the format needs; None: all.

    `top` bounds what is rounded by 2**top, None where nothing is known.
    """
    match format:
        case Float():
            return float_digits(format, mode)
        case Posit():
            return posit_digits(format)
        case Fixed():
            return fixed_digits(format, top, mode)
        case Power():
            return power_digits(format, mode)
    return None


def encode(out: Function, format: Format, mode: Mode, value: Value, *, finite: bool) -> Coded:
    """Round a number; where it is known to be `finite` its specials are not looked at."""
    if finite:
        return encode_finite(out, format, mode, value)
    kinds = value.kinds()
    special, number, done = out.label("special"), out.label("number"), out.label("encoded")
    out.branch(is_not_finite(out, kinds), special, number)
    out.begin(special)
    one = encode_special(out, format, kinds, value.flags)
    first = out.block
    out.jump(done)
    out.begin(number)
    other = encode_finite(out, format, mode, Value(value.finite, lambda: kinds, value.flags))
    second = out.block
    out.jump(done)
    out.begin(done)
    code = out.phi(f"i{format.bits}", (one[0], first), (other[0], second))
    return code, out.phi("i32", (one[1], first), (other[1], second))


def encode_finite(out: Function, format: Format, mode: Mode, value: Value) -> Coded:
    """Round a number that is neither infinite nor a NaN."""
    match format:
        case Float():
            number = condensed(out, value.finite, float_digits(format, mode))
            code, flags = round_float(out, format, mode, number, value.kinds)
            return code, join(out, value.flags, flags)
        case Power():
            number = condensed(out, value.finite, power_digits(format, mode))
            code, flags = round_power(out, format, mode, number, value.kinds)
            return code, join(out, value.flags, flags) if format.flags else "0"
        case Posit():
            number = condensed(out, value.finite, posit_digits(format))
            return round_posit(out, format, number), "0"
        case Fixed():
            code, flags = round_fixed(out, format, mode, value.finite)
            return code, join(out, value.flags, flags) if format.flags else "0"
        case Quire():
            return quire_code(out, format, value.finite), "0"
    raise AssertionError(format)
