"""Binary floating point: IEEE 754 formats of any width, and the formats of OCP OFP8 and MX.

The open choices are RISC-V's (unprivileged manual, F extension): tininess is detected after
rounding, and the result of an invalid operation is the canonical NaN.
"""

from functools import cached_property
from typing import Annotated, ClassVar, Final, Literal

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
    SIGNALING_NAN,
    Real,
    infinity,
    resolve,
    zero,
)
from rvx.number.rounding import Mode, Rounding, round_magnitude
from rvx.number.span import Span
from rvx.record import record

_OVERFLOW: Final[dict[str, Literal["infinity", "nan", "saturate"]]] = {
    "ieee": "infinity",
    "ocp": "nan",
    "nan": "nan",
    "none": "saturate",
}


@record(frozen=True)
class Float:
    """A sign, a biased exponent and a fraction, with subnormal numbers.

    `specials` says what the largest exponent means: in `ieee` infinities and NaNs; in `ocp`
    (OCP OFP8, E4M3) numbers but for all ones, a quiet NaN; `nan` is the same rule under the
    name that suits an unsigned scale (UE4M3); in `none` (MX FP6 and FP4) numbers only. `finite`
    is another name for `none`.

    `overflow` says what a number beyond the largest becomes, by default what the format has:
    `infinity` or `nan` (but the largest number in the modes in which IEEE 754-2019, section 7.4,
    has it so), or always the largest number, `saturate`. An infinity that the format lacks, or that
    saturates, is an overflow too. Invalid (NV), as in a conversion to an integer, are a NaN where
    the format has none, which becomes the largest number, and a number that rounds to one below
    zero where there is no sign, which becomes zero.
    """

    exponent: Annotated[int, Range(1, 15)]
    fraction: Annotated[int, Range(0, 112)]
    specials: Literal["ieee", "ocp", "nan", "finite", "none"] = "ieee"
    signed: bool = True
    bias: Annotated[int, Range(-32768, 32768)] | None = None
    overflow: Literal["infinity", "nan", "saturate"] | None = None

    mode: ClassVar[Rounding | None] = None
    is_exact: ClassVar[bool] = False
    raises_flags: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.specials == "finite":
            object.__setattr__(self, "specials", "none")
        if self.specials == "ieee" and self.fraction == 0:
            raise FormatError(
                "without a fraction a NaN is no different from an infinity; "
                "'specials: ieee' needs a fraction of at least 1",
                "fraction",
            )
        if self.overflow not in (None, "saturate", special := _OVERFLOW[self.specials]):
            allowed = "saturate" if special == "saturate" else f"{special} or saturate"
            raise FormatError(
                f"'overflow' is '{self.overflow}'; "
                f"with 'specials: {self.specials}' it may be {allowed}",
                "overflow",
            )

    @cached_property
    def bits(self) -> int:
        return self.signed + self.exponent + self.fraction

    @cached_property
    def precision(self) -> int:
        """The significant bits of a normal number."""
        return self.fraction + 1

    @cached_property
    def emin(self) -> int:
        """The exponent of the smallest normal number (IEEE 754-2019, section 3.3)."""
        return 1 - ((1 << self.exponent - 1) - 1 if self.bias is None else self.bias)

    @cached_property
    def lsb(self) -> int:
        """The exponent of the smallest subnormal number."""
        return self.emin - self.fraction

    @cached_property
    def max_code(self) -> int:
        """The code of the largest number."""
        match self.specials:
            case "ieee":
                return ((1 << self.exponent) - 1 << self.fraction) - 1
            case "ocp" | "nan":
                return (1 << self.exponent + self.fraction) - 2
            case "none" | "finite":
                return (1 << self.exponent + self.fraction) - 1

    @cached_property
    def canonical_nan(self) -> int | None:
        match self.specials:
            case "ieee":
                return self.max_code + 1 | 1 << self.fraction - 1
            case "ocp" | "nan":
                return self.max_code + 1
            case "none" | "finite":
                return None

    @cached_property
    def span(self) -> Span:
        significand, exponent = self._number(self.max_code)
        high = significand << exponent - self.lsb
        return Span(self.lsb, -high if self.signed else 0, high)

    def decode(self, code: int) -> Real:
        magnitude = code & self._sign - 1
        negative = code != magnitude
        if magnitude > self.max_code:
            return self._decode_special(magnitude, negative)
        if not magnitude:
            return zero(negative)
        significand, exponent = self._number(magnitude)
        if negative:
            return Real(-significand, exponent, NEGATIVE)
        return Real(significand, exponent, POSITIVE)

    @cached_property
    def _sign(self) -> int:
        """The sign bit, or where it would be."""
        return 1 << self.exponent + self.fraction

    def _number(self, magnitude: int) -> tuple[int, int]:
        """Give significand and exponent of the code of a number without its sign."""
        steps = (magnitude >> self.fraction) - 1  # above the smallest normal exponent
        if steps <= 0:
            return magnitude, self.lsb
        return magnitude - (steps << self.fraction), self.lsb + steps

    def _decode_special(self, magnitude: int, negative: bool) -> Real:
        if self.specials != "ieee":
            return QUIET_NAN
        if magnitude == self.max_code + 1:
            return infinity(negative)
        is_quiet = magnitude >> self.fraction - 1 & 1
        return QUIET_NAN if is_quiet else SIGNALING_NAN

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        significand, exponent, kinds, flags = value
        if not significand or kinds >= POS_INF:
            return self._encode_special(resolve(value), mode)
        negative = significand < 0
        magnitude = -significand if negative else significand
        lsb = max(magnitude.bit_length() + exponent - self.precision, self.lsb)
        rounded, inexact = round_magnitude(magnitude, lsb - exponent, mode, negative)
        # The leading one of a normal number adds one to the exponent field, as does a carry.
        code = (lsb - self.lsb << self.fraction) + rounded
        if code > self.max_code:
            code = self._beyond(mode, negative)
            flags |= OF | NX
        elif inexact:
            flags |= UF | NX if self._is_tiny(code, magnitude, exponent, mode, negative) else NX
        return self._with_sign(code, negative, flags, value.flags)

    def _is_tiny(
        self, code: int, magnitude: int, exponent: int, mode: Mode, negative: bool
    ) -> bool:
        """Detect tininess after rounding (IEEE 754-2019, section 7.5 a).

        Only a number that rounds to the smallest normal one needs a second look: it is tiny if
        it would stay below with this precision and no limit on the exponent.
        """
        smallest_normal = 1 << self.fraction
        if code != smallest_normal:
            return code < smallest_normal
        shift = magnitude.bit_length() - self.precision
        rounded, _ = round_magnitude(magnitude, shift, mode, negative)
        return rounded.bit_length() + shift + exponent <= self.emin

    def _beyond(self, mode: Mode, negative: bool) -> int:
        """The magnitude of the result of an overflow (IEEE 754-2019, section 7.4)."""
        match mode:
            case Rounding.RTZ | Rounding.ODD:
                away = False
            case Rounding.RDN:
                away = negative
            case Rounding.RUP:
                away = not negative
            case _:  # to nearest; or drawn: what lies beyond the largest number was rounded away
                away = True
        return self._limit if away else self.max_code

    @cached_property
    def _limit(self) -> int:
        """The magnitude of what is too large: infinity, the NaN or the largest number.

        Infinity and the NaN of a format without infinities both follow the largest number.
        """
        return self.max_code + (self._overflow != "saturate")

    @cached_property
    def _overflow(self) -> str:
        return self.overflow or _OVERFLOW[self.specials]

    def _encode_special(self, value: Real, mode: Mode) -> tuple[int, int]:
        """Encode a resolved zero, infinity or NaN."""
        match value.kinds:
            case kinds if kinds == NAN:
                if self.canonical_nan is None:
                    return self.max_code, value.flags | NV
                return self.canonical_nan, value.flags
            case kinds if kinds & INFINITE:
                flags = value.flags | (0 if self._overflow == "infinity" else OF | NX)
                return self._with_sign(self._limit, kinds == NEG_INF, flags, value.flags)
            case kinds:
                negative = mode is Rounding.RDN if kinds == OPEN_ZERO else kinds == NEG_ZERO
                return self._with_sign(0, negative, value.flags, value.flags)

    def _with_sign(
        self, magnitude: int, negative: bool, flags: int, pending: int
    ) -> tuple[int, int]:
        if not negative:
            return magnitude, flags
        if not self.signed:
            return (0, pending | NV) if magnitude else (0, flags)
        return magnitude if magnitude == self.canonical_nan else magnitude | self._sign, flags
