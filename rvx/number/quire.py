"""Quires: fixed-point accumulators so wide that sums of products are exact (Posit Standard)."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from rvx.number.format import Format, Range
from rvx.number.real import POS_INF, QUIET_NAN, Real, dyadic
from rvx.number.rounding import Mode, Rounding
from rvx.number.span import Span
from rvx.record import record


@record(frozen=True)
class Quire:
    """A two's complement accumulator of products of two numbers of `format`.

    A sign and `carry` bits stand above the largest product, so that 2**carry - 1 products never
    overflow; the unit is the square of the format's. For posits of n bits with es = 2 these are
    the 16n bits of the standard. With `fraction` the unit is 2**-fraction: where products have
    bits below it the quire is no longer exact, and drops them as two's complement does, toward
    minus infinity.

    NaR is one followed by zeros, and stands for infinities too. A sum beyond the width is NaR, as
    the Posit Standard (2022) has it; as other choices it wraps or saturates.
    """

    format: Format
    carry: Annotated[int, Range(0, 1024)] = 31
    fraction: Annotated[int, Range(0, 2048)] | None = None
    overflow: Literal["nar", "wrap", "saturate"] = "nar"

    raises_flags: ClassVar[bool] = False

    @cached_property
    def lsb(self) -> int:
        """The exponent of the unit."""
        return 2 * self.format.span.lsb if self.fraction is None else -self.fraction

    @cached_property
    def is_exact(self) -> bool:
        """Whether no product has bits below the unit."""
        return self.lsb <= 2 * self.format.span.lsb

    @cached_property
    def mode(self) -> Rounding | None:
        return None if self.is_exact else Rounding.RDN

    @cached_property
    def bits(self) -> int:
        factor = self.format.span
        product = factor.multiply(factor)
        # From the first integer bit of the largest product down to the unit.
        top = product.lsb + (max(-product.low, product.high) - 1).bit_length()
        return 1 + self.carry + max(top - self.lsb, 1)

    @cached_property
    def canonical_nan(self) -> int:
        """NaR, not a real."""
        return 1 << self.bits - 1

    @cached_property
    def span(self) -> Span:
        return Span(self.lsb, 1 - self.canonical_nan, self.canonical_nan - 1)

    def decode(self, code: int) -> Real:
        if code == self.canonical_nan:
            return QUIET_NAN
        return dyadic(code - (1 << self.bits) if code > self.canonical_nan else code, self.lsb)

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        significand, exponent, kinds, _ = value
        if kinds >= POS_INF:
            return self.canonical_nan, 0
        shift = exponent - self.lsb
        units = significand << shift if shift >= 0 else significand >> -shift
        if self.is_exact and shift < 0 and units << -shift != significand:
            raise AssertionError(f"a value below the unit of {self}: a quire never rounds")
        return self._bounded(units) & (1 << self.bits) - 1, 0

    def _bounded(self, units: int) -> int:
        largest = self.canonical_nan - 1
        if self.overflow == "wrap" or -largest <= units <= largest:
            return units
        if self.overflow == "nar":
            return self.canonical_nan
        return largest if units > 0 else -largest
