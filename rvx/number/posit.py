"""Posits: the Posit Standard (2022) and bounded posits (Jonnalagadda et al., arXiv 2603.01615).

A posit is rounded to nearest, ties to even, as a bit string: regime, exponent and fraction are
written out and cut at the width. It saturates, never rounds a number to zero or NaR, and raises
no flags.
"""

from functools import cached_property
from typing import Annotated, ClassVar

from rvx.number.format import FormatError, Range
from rvx.number.real import POS_INF, QUIET_NAN, Real, dyadic
from rvx.number.rounding import Mode, Rounding, round_magnitude
from rvx.number.span import Span
from rvx.record import record


@record(frozen=True)
class Posit:
    """A posit with `es` exponent bits; the regime of a bounded one has at most `regime` bits.

    A regime of the full length ends without a terminating bit. In a standard posit the full length
    is the rest of the word, so that the standard posit is the bounded one with regime bits - 1.
    """

    bits: Annotated[int, Range(3, 64)]
    es: Annotated[int, Range(0, 8)]
    regime: Annotated[int, Range(2, 63)] | None = None

    mode: ClassVar[Rounding | None] = Rounding.RNE
    is_exact: ClassVar[bool] = False
    raises_flags: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.regime is not None and self.regime >= self.bits:
            raise FormatError(
                f"a regime of {self.regime} bits does not fit beside the sign in "
                f"{self.bits} bits; 'regime' may be 2 to {self.bits - 1}",
                "regime",
            )

    @cached_property
    def longest(self) -> int:
        """The longest run of equal regime bits."""
        return self.bits - 1 if self.regime is None else self.regime

    @cached_property
    def canonical_nan(self) -> int:
        """NaR, not a real."""
        return 1 << self.bits - 1

    @cached_property
    def max_code(self) -> int:
        """The code of maxpos."""
        return self.canonical_nan - 1

    @cached_property
    def span(self) -> Span:
        lsb = self._magnitude(1)[1]
        significand, exponent = self._magnitude(self.max_code)
        high = significand << exponent - lsb
        return Span(lsb, -high, high)

    def decode(self, code: int) -> Real:
        if code == self.canonical_nan:
            return QUIET_NAN
        if code > self.canonical_nan:
            significand, exponent = self._magnitude((1 << self.bits) - code)
            return dyadic(-significand, exponent)
        return dyadic(*self._magnitude(code)) if code else dyadic(0, 0)

    def _magnitude(self, code: int) -> tuple[int, int]:
        """Give significand and exponent of the code of a positive number."""
        bits = self.bits - 1
        ones = code >> bits - 1
        run = min(bits - (code ^ -ones & self.max_code).bit_length(), self.longest)
        rest = bits - run - (run < self.longest)
        tail = code & (1 << rest) - 1
        fraction_bits = max(rest - self.es, 0)
        power = (tail >> fraction_bits) << self.es - rest + fraction_bits
        regime = run - 1 if ones else -run
        significand = tail & (1 << fraction_bits) - 1 | 1 << fraction_bits
        return significand, (regime << self.es) + power - fraction_bits

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        significand, exponent, kinds, _ = value
        if kinds >= POS_INF:
            return self.canonical_nan, 0
        if not significand:
            return 0, 0
        code = self._nearest(abs(significand), exponent)
        return (code if significand > 0 else (1 << self.bits) - code), 0

    def _nearest(self, magnitude: int, exponent: int) -> int:
        """Write regime, exponent and fraction as one bit string, and round it to the width."""
        fraction_bits = magnitude.bit_length() - 1
        power = exponent + fraction_bits
        regime = power >> self.es
        if regime >= self.longest:
            return self.max_code
        if regime < -self.longest:
            return 1
        if regime >= 0:
            run = regime + 1
            string = (1 << run) - 1 << (run < self.longest)
        else:
            run = -regime
            string = int(run < self.longest)
        string = string << self.es | power & (1 << self.es) - 1
        string = string << fraction_bits | magnitude ^ 1 << fraction_bits
        length = run + (run < self.longest) + self.es + fraction_bits
        code, _ = round_magnitude(string, length - self.bits + 1, Rounding.RNE, negative=False)
        return min(max(code, 1), self.max_code)
