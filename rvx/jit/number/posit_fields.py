"""What the rules for posits of up to 32 bits have in common: their numbers taken apart in integers.

The integers have 64 bits, or 32 for lanes of short posits: `size`. A significand is kept with its
leading one in the top bit; digits that are shifted out leave a one in the last place (they are
below every tie).
"""

from __future__ import annotations

from functools import reduce

from rvx.jit.each_lane import EachLane
from rvx.jit.text import Arithmetic
from rvx.number import Posit
from rvx.record import record


@record(frozen=True)
class Held:
    """Codes of a format in integers of `width` bits, extended by their signs, and numbers that are
    taken apart in integers of `size` bits."""

    format: Posit
    width: int
    size: int

    @property
    def nan(self) -> str:
        """NaR."""
        return str((1 << self.width) - (1 << self.format.bits - 1))

    def extended(self, out: Arithmetic, code: str) -> str:
        """A code of the format's own bits."""
        return out.resize(code, self.format.bits, self.width, signed=True)

    def is_nan(self, out: Arithmetic, code: str) -> str:
        """Whether it is NaR."""
        return out.compare("eq", self.width, code, self.nan)

    def is_zero(self, out: Arithmetic, code: str) -> str:
        """Whether it is zero."""
        return out.compare("eq", self.width, code, "0")

    def any_nan(self, out: Arithmetic, *codes: str) -> str:
        """Whether one of them is NaR."""
        if isinstance(out, EachLane):  # whose comparisons cost more than all else
            sizes = [sign_and_magnitude(out, code, self.width)[1] for code in codes]
            largest = reduce(lambda a, b: most(out, self.width, a, b), sizes)
            return out.compare("eq", self.width, largest, str(1 << self.format.bits - 1))
        return reduce(lambda a, b: out.op("or", 1, a, b), (self.is_nan(out, c) for c in codes))

    def any_zero(self, out: Arithmetic, *codes: str) -> str:
        """Whether one of them is zero."""
        if isinstance(out, EachLane):
            sizes = [sign_and_magnitude(out, code, self.width)[1] for code in codes]
            return self.is_zero(out, reduce(lambda a, b: least(out, self.width, a, b), sizes))
        return reduce(lambda a, b: out.op("or", 1, a, b), (self.is_zero(out, c) for c in codes))


@record(frozen=True)
class Unpacked:
    """`2**exponent * significand / 2**(size - 1)`, both of `size` bits."""

    exponent: str
    significand: str


def sign_and_magnitude(out: Arithmetic, code: str, width: int) -> tuple[str, str]:
    """The sign as 0 or all ones, and the code of the absolute value."""
    sign = out.op("ashr", width, code, str(width - 1))
    return sign, negated_where(out, width, code, sign)


def negated_where(out: Arithmetic, size: int, value: str, ones: str) -> str:
    """The value where `ones` is 0, its negative where it is all ones."""
    return out.op("sub", size, out.op("xor", size, value, ones), ones)


def room(format: Posit) -> int:
    """How many bits of a significand are to be zeros at the end of it before `packed_sum` adds."""
    return format.es + (format.longest + 1 if is_bounded(format) and is_roomy(format) else 3)


def is_roomy(format: Posit) -> bool:
    """Whether products too have the zeros that the longest regime shifts out of a code."""
    return format.longest <= format.es + 3


def is_bounded(format: Posit) -> bool:
    """Whether its longest regime leaves bits for others."""
    return format.longest < format.bits - 1


def least(out: Arithmetic, size: int, value: str, limit: str) -> str:
    """The smaller of two unsigned integers."""
    return out.select(out.compare("ult", size, value, limit), f"i{size}", value, limit)


def most(out: Arithmetic, size: int, value: str, limit: str) -> str:
    """The larger of two unsigned integers."""
    return out.select(out.compare("ugt", size, value, limit), f"i{size}", value, limit)
