"""Rounding to powers of a radix: every mode and flag as `Power.encode` has them."""

from __future__ import annotations

from rvx.jit.number.callee import Coded
from rvx.jit.number.digits import (
    Drawn,
    Mode,
    drawn_bits,
    least,
    normalised_nonzero,
    shift_jamming,
)
from rvx.jit.number.round_zero import signed_code, with_zero
from rvx.jit.number.value import Floating, Kinds, signed, storage
from rvx.jit.text import Function
from rvx.number import Power, Rounding
from rvx.number.flags import NV, NX, OF, UF
from rvx.record import record


def power_digits(format: Power, mode: Mode) -> int:
    """The digits, rounded to odd, that rounding to the format needs."""
    return format.step + 3 + drawn_bits(mode)


def round_power(out: Function, format: Power, mode: Mode, number: Floating, kinds: Kinds) -> Coded:
    """Round a finite number; `kinds` decide the sign of a zero. The flags are the rounding's."""
    width = storage(max(number.bits, power_digits(format, mode)))
    significand = out.resize(number.significand, number.width, width)
    is_zero = out.compare("eq", width, significand, "0")

    def nonzero() -> Coded:
        return _Rounding(out, format, mode, width).nonzero(number, significand)

    raised = "0" if format.zero else str(UF | NX)
    return with_zero(out, format, mode, kinds, is_zero, nonzero, raised)


def infinite_power(out: Function, format: Power, negative: str) -> Coded:
    """An infinity in the format: its code and flags."""
    limit, flags = str(format.limit), str(OF | NX)
    if not format.signed:
        code = out.select(negative, f"i{format.bits}", "0", limit)
        return code, out.select(negative, "i32", str(NV), flags)
    return signed_code(out, format, limit, negative), flags


@record()
class _Rounding:
    """Rounding in one function, with magnitudes in an i`width`."""

    out: Function
    format: Power
    mode: Mode
    width: int

    @property
    def unit(self) -> int:
        """The bit of an aligned magnitude that stands for the power at or below it."""
        return self.width - self.format.step

    def nonzero(self, number: Floating, significand: str) -> Coded:
        """Round a number that is not zero."""
        out, format, width, step = self.out, self.format, self.width, self.format.step
        aligned, zeros = normalised_nonzero(out, width, significand)
        place = out.op("sub", 32, number.exponent, zeros)
        place = out.op("add", 32, place, signed(width - 1 - format.least))
        below = out.op("ashr", 32, place, str(step.bit_length() - 1))  # steps are 1, 2 or 4
        digit = out.op("and", 32, place, str(step - 1))
        down = out.op("sub", 32, str(step - 1), digit)
        rest = shift_jamming(out, width, aligned, down)
        rest = out.op("sub", width, rest, str(1 << self.unit))
        inexact = out.compare("ne", width, rest, "0")
        odd = out.op("and", 32, out.op("add", 32, below, str(int(format.zero))), "1")
        up = self._away(rest, format.radix - 1, out.compare("ne", 32, odd, "0"), number.sign)
        up = out.op("and", 1, up, inexact)
        above = out.op("add", 32, below, out.resize(up, 1, 32))
        flags = out.select(inexact, "i32", str(NX), "0")
        code = out.op("add", 32, above, str(int(format.zero)))
        if number.top > format.exponent_of(format.max_code):
            code, flags = self._limited(code, flags, number.sign)
        if number.lsb < format.least:
            code, flags = self._tiny(aligned, place, above, code, flags, number.sign)
        return self._with_sign(out.resize(code, 32, format.bits), flags, number.sign)

    def _away(self, rest: str, gap: int, odd: str, negative: str) -> str:
        """Whether to round a `rest` of a `gap` in units up (i1); of an exact number anything."""
        out, width, mode = self.out, self.width, self.mode
        if isinstance(mode, Drawn):
            # Above the number drawn: rest * 2**bits >= (number + 1) * gap.
            wide = width + mode.bits + self.format.step
            scaled = out.op("shl", wide, out.resize(rest, width, wide), str(mode.bits))
            least_up = out.op("add", wide, out.resize(mode.number, mode.bits, wide), "1")
            bound = out.op("mul", wide, least_up, str(gap << self.unit))
            return out.compare("uge", wide, scaled, bound)
        half = str(gap << self.unit - 1)
        match mode:
            case Rounding.RNE:
                tie = out.op("and", 1, out.compare("eq", width, rest, half), odd)
                return out.op("or", 1, out.compare("ugt", width, rest, half), tie)
            case Rounding.RTZ:
                return "0"
            case Rounding.RDN:
                return negative
            case Rounding.RUP:
                return out.op("xor", 1, negative, "1")
            case Rounding.RMM:
                return out.compare("uge", width, rest, half)
            case Rounding.ODD:
                return out.op("xor", 1, odd, "1")

    def _limited(self, code: str, flags: str, negative: str) -> Coded:
        """What becomes of a code beyond the largest."""
        out, format = self.out, self.format
        beyond = out.compare("sgt", 32, code, str(format.max_code))
        limit, largest = str(format.limit), str(format.max_code)
        match self.mode:
            case Rounding.RTZ | Rounding.ODD:
                instead = largest
            case Rounding.RDN:
                instead = out.select(negative, "i32", limit, largest)
            case Rounding.RUP:
                instead = out.select(negative, "i32", largest, limit)
            case _:
                instead = limit
        code = out.select(beyond, "i32", instead, code)
        return code, out.select(beyond, "i32", str(OF | NX), flags)

    def _tiny(
        self, aligned: str, place: str, above: str, code: str, flags: str, negative: str
    ) -> Coded:
        """What becomes of a number below the least power."""
        out, width = self.out, self.width
        below = out.compare("slt", 32, place, "0")
        instead = "0"
        if self.format.zero:
            # In units of the least power, one bit further down so that nothing is lost twice.
            down = out.op("sub", 32, str(self.format.step - 1), place)
            down = least(out, 32, down, str(width - 1))
            rest = shift_jamming(out, width, aligned, down)
            instead = out.resize(self._away(rest, 1, "0", negative), 1, 32)
        code = out.select(below, "i32", instead, code)
        tiny = out.op("and", 1, below, out.compare("slt", 32, above, "0"))
        tiny_flags = out.select(tiny, "i32", str(UF | NX), str(NX))
        return code, out.select(below, "i32", tiny_flags, flags)

    def _with_sign(self, code: str, flags: str, negative: str) -> Coded:
        out, format, bits = self.out, self.format, self.format.bits
        if format.signed:
            return signed_code(out, format, code, negative), flags
        below = negative
        if format.zero:
            below = out.op("and", 1, negative, out.compare("ne", bits, code, "0"))
        flags = out.select(below, "i32", str(NV), flags)
        return out.select(negative, f"i{bits}", "0", code), flags
