"""Integers and fixed point, two's complement or unsigned: a format says how it narrows.

With `flags: yes` and `overflow: saturate` the rules are those of FCVT.W.S and its kin (RISC-V
unprivileged manual, F extension): out of range after rounding is NV and nothing else.
"""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from rvx.number.flags import NV, NX
from rvx.number.format import Range
from rvx.number.real import NAN, NEG_INF, POS_INF, Real, dyadic, resolve
from rvx.number.rounding import Mode, Rounding, round_magnitude
from rvx.number.span import Span
from rvx.record import record


@record(frozen=True)
class Fixed:
    """A number in units of `2**-fraction`; with no fraction bits an integer.

    `overflow` says what becomes of a rounded value out of range: `wrap` keeps the low bits,
    `saturate` takes the nearest bound, and with `none` there must be no such value: who uses the
    format proves it. `nan` is what a NaN becomes, and an infinity that wraps.
    """

    bits: Annotated[int, Range(1, 1024)]
    fraction: Annotated[int, Range(0, 1024)] = 0
    signed: bool = True
    overflow: Literal["wrap", "saturate", "none"] = "none"
    nan: Literal["maximum", "minimum", "zero"] = "maximum"
    rounding: Rounding | None = None
    flags: bool = False

    is_exact: ClassVar[bool] = False
    canonical_nan: ClassVar[int | None] = None

    @property
    def mode(self) -> Rounding | None:
        return self.rounding

    @property
    def raises_flags(self) -> bool:
        return self.flags

    @cached_property
    def low(self) -> int:
        """The smallest value, in units."""
        return -(1 << self.bits - 1) if self.signed else 0

    @cached_property
    def high(self) -> int:
        """The largest value, in units."""
        return (1 << self.bits - self.signed) - 1

    @cached_property
    def span(self) -> Span:
        return Span(-self.fraction, self.low, self.high)

    def decode(self, code: int) -> Real:
        return dyadic(code - (1 << self.bits) if code > self.high else code, -self.fraction)

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        significand, exponent, kinds, flags = value
        if kinds >= POS_INF:
            units, flags = self._special(resolve(value))
        else:
            negative = significand < 0
            units, inexact = round_magnitude(
                abs(significand), -self.fraction - exponent, self.rounding or mode, negative
            )
            if negative:
                units = -units
            if not self.low <= units <= self.high:
                units, flags = self._narrowed(units), flags | NV
            elif inexact:
                flags |= NX
        return units & (1 << self.bits) - 1, flags if self.flags else 0

    def _narrowed(self, units: int) -> int:
        match self.overflow:
            case "wrap":
                return units
            case "saturate":
                return self.high if units > 0 else self.low
            case "none":
                raise AssertionError(f"{units} * 2**-{self.fraction} is out of the range of {self}")

    def _special(self, value: Real) -> tuple[int, int]:
        """Give the units and flags of a resolved infinity or NaN."""
        if self.overflow == "none":
            raise AssertionError(f"an infinity or a NaN is out of the range of {self}")
        if value.kinds == NAN or self.overflow == "wrap":
            bounds = {"maximum": self.high, "minimum": self.low, "zero": 0}
            return bounds[self.nan], value.flags | NV
        return self.low if value.kinds == NEG_INF else self.high, value.flags | NV
