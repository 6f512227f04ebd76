"""Rounding to a float: every mode, format and flag as `Float.encode` has them."""

from __future__ import annotations

from rvx.jit.number.callee import Coded
from rvx.jit.number.digits import (
    Mode,
    drawn_bits,
    least,
    normalised_nonzero,
    rounds_up,
    shift_jamming,
)
from rvx.jit.number.round_zero import signed_code, with_zero
from rvx.jit.number.value import Floating, Kinds, signed, storage
from rvx.jit.text import Function
from rvx.number import Float, Rounding
from rvx.number.flags import NV, NX, OF, UF
from rvx.record import record


def round_float(out: Function, format: Float, mode: Mode, number: Floating, kinds: Kinds) -> Coded:
    """Round a finite number; `kinds` decide the sign of a zero. The flags are the rounding's."""
    width = storage(max(number.bits, float_digits(format, mode)))
    significand = out.resize(number.significand, number.width, width)
    is_zero = out.compare("eq", width, significand, "0")

    def nonzero() -> Coded:
        return _Rounding(out, format, mode, width).nonzero(number, significand)

    return with_zero(out, format, mode, kinds, is_zero, nonzero)


def float_digits(format: Float, mode: Mode) -> int:
    """The digits, rounded to odd, that rounding to the format needs."""
    return format.precision + 2 + drawn_bits(mode)


@record()
class _Rounding:
    """Rounding in one function, with magnitudes in an i`width`."""

    out: Function
    format: Float
    mode: Mode
    width: int

    def nonzero(self, number: Floating, significand: str) -> Coded:
        """Round a number that is not zero."""
        out, format, width = self.out, self.format, self.width
        aligned, zeros = normalised_nonzero(out, width, significand)
        power = out.op("sub", 32, number.exponent, zeros)
        above = out.op(
            "add", 32, power, signed(width - 1 - format.emin)
        )  # the normal numbers' least
        small = "0"
        if number.lsb < format.emin:
            aligned, above, small = self._subnormal(aligned, above, number.sign)
        kept = out.op("lshr", width, aligned, str(width - format.precision))
        up, inexact = self._up(aligned, kept, number.sign)
        to = storage(format.exponent + format.fraction + 2)
        code = out.op("add", to, out.resize(kept, width, to), out.resize(up, 1, to))
        most = str((1 << format.exponent) + 1)
        if number.top - format.emin > 1 << format.exponent:
            above = least(out, 32, above, most)
        field = out.op("shl", to, out.resize(above, 32, to), str(format.fraction))
        code = out.op("add", to, code, field)
        tiny = out.select(small, "i32", str(UF | NX), str(NX))
        flags = out.select(inexact, "i32", tiny, "0")
        if (1 << max(number.top - format.lsb, 0)) > format.span.high:
            code, flags = self._limited(to, code, flags, number.sign)
        return self._with_sign(out.resize(code, to, format.bits), flags, number.sign)

    def _up(self, aligned: str, kept: str, negative: str) -> tuple[str, str]:
        out, width = self.out, self.width
        bits = width - self.format.precision
        rest = out.op("and", width, aligned, str((1 << bits) - 1))
        return rounds_up(out, width, kept, rest, bits, self.mode, negative)

    def _subnormal(self, aligned: str, above: str, negative: str) -> tuple[str, str, str]:
        """Shift the numbers below the normal ones to the place of their last bit.

        Gives what is to be rounded, the steps above the least exponent, and whether the number is
        tiny if it is inexact: unless it would, with no limit on the exponent, be rounded up to the
        smallest normal number (IEEE 754-2019, section 7.5 a).
        """
        out, width, start = self.out, self.width, self.out.block
        below, join = out.label("subnormal"), out.label("aligned")
        is_below = out.compare("slt", 32, above, "0")
        out.branch(is_below, below, join, likely=False)
        out.begin(below)
        kept = out.op("lshr", width, aligned, str(width - self.format.precision))
        up, _ = self._up(aligned, kept, negative)
        full = out.compare("eq", width, kept, str((1 << self.format.precision) - 1))
        carry = out.resize(out.op("and", 1, up, full), 1, 32)
        tiny = out.compare("slt", 32, out.op("add", 32, above, carry), "0")
        shifted = shift_jamming(out, width, aligned, out.op("sub", 32, "0", above))
        out.jump(join)
        out.begin(join)
        found = out.phi(f"i{width}", (aligned, start), (shifted, below))
        steps = out.phi("i32", (above, start), ("0", below))
        return found, steps, out.phi("i1", ("0", start), (tiny, below))

    def _limited(self, width: int, code: str, flags: str, negative: str) -> Coded:
        """What becomes of a code beyond the largest (IEEE 754-2019, section 7.4)."""
        out, format = self.out, self.format
        beyond = out.compare("ugt", width, code, str(format.max_code))
        limit, largest = str(limit_of(format)), str(format.max_code)
        match self.mode:
            case Rounding.RTZ | Rounding.ODD:
                instead = largest
            case Rounding.RDN:
                instead = out.select(negative, f"i{width}", limit, largest)
            case Rounding.RUP:
                instead = out.select(negative, f"i{width}", largest, limit)
            case _:
                instead = limit
        code = out.select(beyond, f"i{width}", instead, code)
        return code, out.select(beyond, "i32", str(OF | NX), flags)

    def _with_sign(self, code: str, flags: str, negative: str) -> Coded:
        out, format, bits = self.out, self.format, self.format.bits
        if not format.signed:
            below = out.op("and", 1, negative, out.compare("ne", bits, code, "0"))
            flags = out.select(below, "i32", str(NV), flags)
            return out.select(negative, f"i{bits}", "0", code), flags
        if overflow_of(format) == "nan":  # which has no sign
            is_number = out.compare("ne", bits, code, str(format.canonical_nan))
            negative = out.op("and", 1, negative, is_number)
        return signed_code(out, format, code, negative), flags


def overflow_of(format: Float) -> str:
    """What a number beyond the largest becomes: `infinity`, `nan` or `saturate`."""
    if format.overflow is not None:
        return format.overflow
    return {"ieee": "infinity", "none": "saturate"}.get(format.specials, "nan")


def limit_of(format: Float) -> int:
    """The magnitude's code of what is too large."""
    return format.max_code + (overflow_of(format) != "saturate")


def infinite_float(out: Function, format: Float, negative: str) -> Coded:
    """An infinity in the format: its code and flags."""
    limit = limit_of(format)
    flags = str(0 if overflow_of(format) == "infinity" else OF | NX)
    if not format.signed:
        code = out.select(negative, f"i{format.bits}", "0", str(limit))
        return code, out.select(negative, "i32", str(NV), flags)
    if limit == format.canonical_nan:
        return str(limit), flags
    return signed_code(out, format, str(limit), negative), flags
