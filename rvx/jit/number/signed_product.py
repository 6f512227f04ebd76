"""Products with a sign in 64 bits: what quires add up.

A standard posit needs no absolute value: with the fields of its code as they stand, s the sign, it
is ((1 - 3s) + f) * 2**((1 - 2s) * (2**es * r + e + s)) (Posit Standard 2022, section 3.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rvx.jit.number import decode
from rvx.jit.number.decode_posit import significant_bits
from rvx.jit.number.value import Finite, fixed_constant, floating, with_sign
from rvx.jit.text import Arithmetic, Function
from rvx.model import ir
from rvx.number import Format, Posit
from rvx.record import record

_BITS: Final = 64
_ONES: Final = (1 << _BITS) - 1
_MOST_POSIT: Final = 32  # the sign is in the upper half of the register, the fraction below


@record(frozen=True)
class Signed:
    """`value * 2**exponent`, both i64; |value| <= 2**bits, the exponent from `low` to `high`."""

    value: str
    bits: int
    exponent: str
    low: int
    high: int

    @property
    def fits(self) -> bool:
        """Whether the value is in the register."""
        return self.bits < _BITS - 1


def skips_zero(format: Format) -> bool:
    """Whether `signed_number` must not be given the code of zero."""
    return isinstance(format, Posit) and format.regime is None and 3 <= format.bits <= _MOST_POSIT


def signed_number(out: Function, format: Format, code: str) -> Signed:
    """The number of a code that is finite."""
    if isinstance(format, Posit) and skips_zero(format):
        value, exponent = posit_parts(out, format, code, _BITS)
        largest, digits = (format.bits - 2 << format.es) + (1 << format.es), fraction_bits(format)
        return moved(out, Signed(value, digits + 1, exponent, -largest, largest - 1), -digits)
    return _signed(out, decode.digits(out, format, code))


def multiplied(out: Function, a: Signed, b: Signed) -> Signed:
    """The product, which may not fit."""
    return Signed(
        out.op("mul", _BITS, a.value, b.value),
        a.bits + b.bits,
        out.op("add", _BITS, a.exponent, b.exponent),
        a.low + b.low,
        a.high + b.high,
    )


def negative(out: Function, number: Signed) -> Signed:
    value = out.op("sub", _BITS, "0", number.value)
    return Signed(value, number.bits, number.exponent, number.low, number.high)


def moved(out: Function, number: Signed, power: int) -> Signed:
    """Times a power of two."""
    exponent = out.op("add", _BITS, number.exponent, str(power & _ONES))
    low, high = number.low + power, number.high + power
    return Signed(number.value, number.bits, exponent, low, high)


def product_of(
    out: Function, e: ir.Number, leaf: Callable[[ir.Number], Signed | None]
) -> Signed | None:
    """The product of leaves and constants that an expression is; None: it does not fit."""
    match e:
        case ir.Exact(significand, exponent):
            found: Signed | None = _signed(out, fixed_constant(significand, exponent))
        case ir.Scale(value, power):
            of = product_of(out, value, leaf)
            return None if of is None else moved(out, of, power)
        case ir.NumberOp(_, left, right):
            one, other = product_of(out, left, leaf), product_of(out, right, leaf)
            if one is None or other is None:
                return None
            found = multiplied(out, one, other)
        case _:
            found = leaf(e)
    return found if found is not None and found.fits else None


def _signed(out: Function, number: Finite) -> Signed:
    found = floating(out, number)
    # A longer one does not fit, which `bits` says: what is left of it does not matter.
    magnitude = out.resize(found.significand, found.width, _BITS)
    value = with_sign(out, _BITS, magnitude, found.sign)
    exponent = out.resize(found.exponent, 32, _BITS, signed=True)
    return Signed(value, found.bits, exponent, found.low, found.high)


def fraction_bits(format: Posit) -> int:
    """The most bits of a fraction."""
    return significant_bits(format) - 1


def posit_parts(out: Arithmetic, format: Posit, code: str, size: int) -> tuple[str, str]:
    """Value and exponent of a code that `skips_zero` is about, of so many bits each: the number is
    value * 2**(exponent - fraction_bits). Of zero and NaR it is any number."""
    width, es, ones = format.bits, format.es, (1 << size) - 1
    digits = fraction_bits(format)
    wide = out.resize(code, width, size)
    sign = out.op("ashr", size, out.op("shl", size, wide, str(size - width)), str(size - 1))
    # The regime at the top; beyond the last bit of the posit all is zero.
    body = out.op("shl", size, wide, str(size + 1 - width))
    first = out.op("ashr", size, body, str(size - 1))
    # A bit below the code's last ends every run.
    run = out.unary("ctlz", size, out.op("or", size, out.op("xor", size, body, first), "1"))
    tail = out.op("shl", size, body, run)  # from the terminating bit on
    # A run of r ones is the regime r - 1, of r zeros -r, which is ~(r - 1).
    zeros = out.op("xor", size, first, str(ones))
    regime = out.op("xor", size, out.op("add", size, run, str(ones)), zeros)
    exponent = out.op("shl", size, regime, str(es))
    if es:
        field = out.op("lshr", size, tail, str(size - 1 - es))
        field = out.op("and", size, field, str((1 << es) - 1))
        exponent = out.op("or", size, exponent, field)
    exponent = out.op("xor", size, exponent, sign)
    fraction = out.op("lshr", size, tail, str(size - 1 - es - digits))
    fraction = out.op("and", size, fraction, str((1 << digits) - 1))
    # 1, or -2 where the sign is set, before the point.
    whole = out.op("and", size, sign, str((-3 << digits) & ones))
    whole = out.op("add", size, whole, str(1 << digits))
    return out.op("add", size, whole, fraction), exponent
