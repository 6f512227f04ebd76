"""Quires: fixed-point accumulators so wide that sums of products are exact (Posit Standard)."""

from functools import cached_property
from typing import Annotated, ClassVar

from rvx.number.format import Format, Range
from rvx.number.real import POS_INF, QUIET_NAN, Real, dyadic
from rvx.number.rounding import Mode, Rounding
from rvx.number.span import Span
from rvx.record import record


@record(frozen=True)
class Quire:
    """A two's complement accumulator of products of two numbers of `format`.

    Its unit is the square of the format's; a sign and `carry` bits stand above the largest product,
    so that 2**carry - 1 products never overflow. For posits of n bits with es = 2 these are the 16n
    bits of the standard. A sum beyond the width wraps, as the adder of PERCIVAL does. NaR is
    one followed by zeros, and stands for infinities too.
    """

    format: Format
    carry: Annotated[int, Range(0, 1024)] = 31

    mode: ClassVar[Rounding | None] = None
    is_exact: ClassVar[bool] = True
    raises_flags: ClassVar[bool] = False

    @cached_property
    def lsb(self) -> int:
        """The exponent of the unit."""
        return 2 * self.format.span.lsb

    @cached_property
    def bits(self) -> int:
        factor = self.format.span
        product = factor.multiply(factor)
        largest = max(-product.low, product.high)
        return 1 + self.carry + (largest - 1).bit_length()

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
        if shift < 0 and units << -shift != significand:
            raise AssertionError(f"a value below the unit of {self}: a quire never rounds")
        return units & (1 << self.bits) - 1, 0
