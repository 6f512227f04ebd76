"""Powers of a radix without a fraction: scales such as E8M0 (OCP MX 1.0), radix-4 FP4 (1-3-0)."""

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from rvx.number.flags import NV, NX, OF, UF
from rvx.number.format import FormatError, Range
from rvx.number.real import (
    INFINITE,
    NAN,
    NEG_INF,
    NEG_ZERO,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    POSITIVE,
    QUIET_NAN,
    Real,
    resolve,
    zero,
)
from rvx.number.rounding import Mode, Rounding, rounds_away
from rvx.number.span import Span
from rvx.record import record

_RADICES = (2, 4, 16)


@record(frozen=True)
class Power:
    """`radix**k * 2**least` for k = 0, 1, 2, ...: each code is one power.

    With `zero` the first code is zero, with `signed` a sign stands above, with `nan` all ones
    below the sign are a NaN. Rounding chooses between neighbours by value: to nearest the cut is
    the middle, 2.5 * 4**k in radix 4. What is below the least power of a format without a zero
    becomes the least power; that is an underflow, and so is a zero. `overflow` is as in `float`.
    Only with `flags` does rounding raise any.
    """

    bits: Annotated[int, Range(2, 8)]
    least: Annotated[int, Range(-1024, 1024)]
    radix: Annotated[int, Range(2, 16)] = 2
    signed: bool = False
    zero: bool = False
    nan: bool = False
    overflow: Literal["nan", "saturate"] | None = None
    flags: bool = False

    mode: ClassVar[Rounding | None] = None
    is_exact: ClassVar[bool] = False

    @property
    def raises_flags(self) -> bool:
        return self.flags

    def __post_init__(self) -> None:
        if self.radix not in _RADICES:
            raise FormatError(f"'radix' is {self.radix}; it may be 2, 4 or 16", "radix")
        if self.overflow == "nan" and not self.nan:
            raise FormatError("'overflow' is 'nan', which needs 'nan: yes'", "overflow")
        if self.max_code < self.zero:
            raise FormatError("no code is left for a power: take more bits", "bits")

    @cached_property
    def step(self) -> int:
        """The bits of a digit: from one power to the next."""
        return self.radix.bit_length() - 1

    @cached_property
    def max_code(self) -> int:
        """The code of the largest power."""
        return (1 << self.bits - self.signed) - 1 - self.nan

    @cached_property
    def limit(self) -> int:
        """The magnitude's code of what is too large: the NaN or the largest power."""
        return self.max_code + (self.nan and self.overflow != "saturate")

    @cached_property
    def canonical_nan(self) -> int | None:
        return self.max_code + 1 if self.nan else None

    @cached_property
    def span(self) -> Span:
        high = 1 << self.step * (self.max_code - self.zero)
        low = -high if self.signed else 0 if self.zero else 1
        return Span(self.least, low, high)

    @cached_property
    def _sign(self) -> int:
        """The sign bit, or where it would be."""
        return 1 << self.bits - self.signed

    def exponent_of(self, code: int) -> int:
        """The exponent of two of the power with this code, which has no sign."""
        return self.least + self.step * (code - self.zero)

    def decode(self, code: int) -> Real:
        magnitude = code & self._sign - 1
        negative = code != magnitude
        if magnitude > self.max_code:
            return QUIET_NAN
        if magnitude < self.zero:
            return zero(negative)
        significand, kind = (-1, NEGATIVE) if negative else (1, POSITIVE)
        return Real(significand, self.exponent_of(magnitude), kind)

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        significand, exponent, kinds, pending = value
        if not significand or kinds >= POS_INF:
            code, flags = self._encode_special(resolve(value), mode)
        else:
            negative = significand < 0
            code, raised = self._nearest(abs(significand), exponent, mode, negative)
            code, flags = self._with_sign(code, negative, pending | raised, pending)
        return code, flags if self.flags else 0

    def _nearest(
        self, magnitude: int, exponent: int, mode: Mode, negative: bool
    ) -> tuple[int, int]:
        """The code of the magnitude `magnitude * 2**exponent`, and the flags of the rounding."""
        place = magnitude.bit_length() - 1 + exponent - self.least
        below = place // self.step  # the power at or below, counted from the least
        shift = self.least + self.step * below - exponent  # a unit of it in the magnitude's units
        unit = 1 << max(shift, 0)
        rest = (magnitude << max(-shift, 0)) - unit
        if rest:
            is_odd = (below + self.zero) % 2 == 1
            above = below + rounds_away(rest, unit * (self.radix - 1), is_odd, mode, negative)
        else:
            above = below
        if above > self.max_code - self.zero:
            return self._beyond(mode, negative), OF | NX
        flags = NX if rest else 0
        if below >= 0:
            return above + self.zero, flags
        # Tiny, unless it would be rounded up to the least power with no limit on the exponent.
        flags = UF | NX if above < 0 else NX
        if not self.zero:
            return 0, flags
        least = self.least - exponent
        up = rounds_away(magnitude << max(-least, 0), 1 << max(least, 0), False, mode, negative)
        return int(up), flags

    def _beyond(self, mode: Mode, negative: bool) -> int:
        """The magnitude of the result of an overflow, as in `Float`."""
        match mode:
            case Rounding.RTZ | Rounding.ODD:
                away = False
            case Rounding.RDN:
                away = negative
            case Rounding.RUP:
                away = not negative
            case _:
                away = True
        return self.limit if away else self.max_code

    def _encode_special(self, value: Real, mode: Mode) -> tuple[int, int]:
        """Encode a resolved zero, infinity or NaN."""
        match value.kinds:
            case kinds if kinds == NAN:
                if self.canonical_nan is None:
                    return self.max_code, value.flags | NV
                return self.canonical_nan, value.flags
            case kinds if kinds & INFINITE:
                flags = value.flags | OF | NX
                return self._with_sign(self.limit, kinds == NEG_INF, flags, value.flags)
            case kinds:
                negative = mode is Rounding.RDN if kinds == OPEN_ZERO else kinds == NEG_ZERO
                flags = value.flags if self.zero else value.flags | UF | NX
                return self._with_sign(0, negative and self.signed, flags, value.flags)

    def _with_sign(
        self, magnitude: int, negative: bool, flags: int, pending: int
    ) -> tuple[int, int]:
        if not negative:
            return magnitude, flags
        if not self.signed:
            return (0, flags) if self.zero and not magnitude else (0, pending | NV)
        return magnitude if magnitude == self.canonical_nan else magnitude | self._sign, flags
