"""The last rounding of the rules that compute in doubles: an exact or odd double to a float format.

The double is the exact result, or rounded to odd with at least one bit to spare (language note,
part 3.1); then rounding it again gives the value and the flags of the exact result.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule_carrier import BINARY64
from rvx.jit.text import STRICT, Function, Module
from rvx.number import Float, Rounding
from rvx.number.flags import NX, OF, UF
from rvx.record import record

FRACTION: Final = BINARY64.fraction
_MAGNITUDE: Final = BINARY64.sign - 1


# Results are multiples of 2**-_RANGE and below 2**_RANGE: normal doubles.
_RANGE: Final = 900


def is_rounded_to(target: Float) -> bool:
    """Whether `DoubleToFloat` takes the format: one with a fraction, whose last bit is then the
    last of the code, and says what is odd."""
    # Breakpoints of p + 1 bits, and one more for a double that is odd.
    fits = target.precision <= FRACTION - 1 and target.bits <= 64
    high = target.span.high.bit_length() + target.lsb
    has_normal = target.max_code >= 1 << target.fraction
    return (
        target.signed
        and target.fraction > 0
        and fits
        and target.lsb > -_RANGE
        and high < _RANGE
        and has_normal
    )


@record(frozen=True)
class DoubleToFloat:
    """Rounds to a signed format of at most 51 bits of precision."""

    target: Float
    mode: Rounding
    sticky: bool  # NX may be left out

    @property
    def dropped(self) -> int:
        """Bits of the double's fraction that a normal result lacks."""
        return FRACTION - self.target.fraction

    @property
    def normal_range(self) -> tuple[int, int]:
        """The bits of the doubles that are the format's smallest normal and largest number."""
        return self._double(1 << self.target.fraction), self._double(self.target.max_code)

    def emit(self, out: Function, bits: str, give_up: str) -> tuple[str, str]:
        """Code and flags of a finite double (an i64); jumps to `give_up` with a NaN."""
        hard, finite, done = (out.label(name) for name in ("hard", "finite", "done"))
        code, flags = self.emit_normal(out, bits, hard)
        easy = out.block
        out.jump(done)
        out.begin(hard)
        magnitude = out.op("and", 64, bits, str(_MAGNITUDE))
        is_nan = out.compare("ugt", 64, magnitude, str(BINARY64.infinity))
        out.branch(is_nan, give_up, finite, likely=False)
        out.begin(finite)
        hard_code, hard_flags = self._zero_or_slow(out, bits, magnitude)
        finite = out.block
        out.jump(done)
        out.begin(done)
        width = self.target.bits
        found = out.phi(f"i{width}", (code, easy), (hard_code, finite))
        return found, out.phi("i32", (flags, easy), (hard_flags, finite))

    def emit_normal(self, out: Function, bits: str, otherwise: str) -> tuple[str, str]:
        """The same, where the double is in the target's normal range; else jumps away."""
        low, high = self.normal_range
        magnitude, easy = out.op("and", 64, bits, str(_MAGNITUDE)), out.label("easy")
        above = out.op("sub", 64, magnitude, str(low))
        out.branch(out.compare("ule", 64, above, str(high - low)), easy, otherwise, likely=True)
        out.begin(easy)
        return self._normal(out, bits, magnitude)

    def _zero_or_slow(self, out: Function, bits: str, magnitude: str) -> tuple[str, str]:
        """A zero keeps its sign; the rest is for a function of its own."""
        width = self.target.bits
        pair, start = f"{{ i{width}, i32 }}", out.block
        other, done = out.label("nonzero"), out.label("hardest")
        sign = out.op("and", 64, out.op("lshr", 64, bits, str(64 - width)), str(1 << width - 1))
        sign = out.resize(sign, 64, width)
        out.branch(out.compare("eq", 64, magnitude, "0"), done, other)
        out.begin(other)
        both = out.call(pair, self._slow(out.module), ("i64", bits))
        code = out.value(f"extractvalue {pair} {both}, 0")
        flags = out.value(f"extractvalue {pair} {both}, 1")
        out.jump(done)
        out.begin(done)
        found = out.phi(f"i{width}", (sign, start), (code, other))
        return found, out.phi("i32", ("0", start), (flags, other))

    def _double(self, code: int) -> int:
        """The bits of the double that is the number of a code."""
        steps = (code >> self.target.fraction) - 1
        significand = (1 << self.target.fraction) | code & (1 << self.target.fraction) - 1
        exponent = self.target.emin + steps + BINARY64.bias
        return (exponent << FRACTION) + (significand << self.dropped) - (1 << FRACTION)

    def _normal(self, out: Function, bits: str, magnitude: str) -> tuple[str, str]:
        """A result in the normal range, not above the largest number: exact or just inexact."""
        dropped, width = self.dropped, self.target.bits
        rest_mask = (1 << dropped) - 1
        increment = self._increment(out, bits, magnitude)
        # The exponent is rebiased in the same addition.
        rebias = -(BINARY64.bias + self.target.emin - 1 << FRACTION)
        constant, varying = increment
        moved = out.op("add", 64, magnitude, str((rebias + constant) & (1 << 64) - 1))
        if varying:
            moved = out.op("add", 64, moved, varying)
        code = out.op("lshr", 64, moved, str(dropped))
        sign = out.op("lshr", 64, bits, str(64 - width))
        sign = out.op("and", 64, sign, str(1 << width - 1))
        code = out.resize(out.op("or", 64, code, sign), 64, width)
        if self.mode is Rounding.ODD:
            rest = out.op("and", 64, bits, str(rest_mask))
            code = out.op("or", width, code, _truth(out, out.compare("ne", 64, rest, "0"), width))
        if self.sticky:
            return code, "0"
        rest = out.op("and", 64, bits, str(rest_mask))
        return code, _truth(out, out.compare("ne", 64, rest, "0"), 32)

    def _increment(self, out: Function, bits: str, magnitude: str) -> tuple[int, str]:
        """What to add before the rest is dropped: a constant and a value."""
        half, ones = 1 << self.dropped - 1, (1 << self.dropped) - 1
        match self.mode:
            case Rounding.RNE:
                last = out.op("lshr", 64, magnitude, str(self.dropped))
                return half - 1, out.op("and", 64, last, "1")
            case Rounding.RMM:
                return half, ""
            case Rounding.RDN:
                negative = out.op("ashr", 64, bits, "63")
                return 0, out.op("and", 64, negative, str(ones))
            case Rounding.RUP:
                negative = out.op("ashr", 64, bits, "63")
                positive = out.op("xor", 64, negative, str((1 << 64) - 1))
                return 0, out.op("and", 64, positive, str(ones))
        return 0, ""

    # Subnormal results and overflow: a function of its own

    def _slow(self, module: Module) -> str:
        """The name of the function for finite doubles beside the easy ones, zero left out."""
        target = self.target
        settings = f"{target.exponent}.{target.fraction}.{target.emin}.{target.specials}"
        name = f"round.{settings}.{target.overflow or ''}.{self.mode.name.lower()}"
        if name in module:
            return name
        width = target.bits
        pair = f"{{ i{width}, i32 }}"
        out = Function(module, name, pair, ["i64"], f"noinline {STRICT}")
        magnitude = out.op("and", 64, "%p0", str(_MAGNITUDE))
        sign = out.op("lshr", 64, "%p0", "63")
        fraction = out.op("and", 64, magnitude, str((1 << FRACTION) - 1))
        significand = out.op("or", 64, fraction, str(1 << FRACTION))
        # Places below the smallest normal exponent, where the grid stays what it is.
        exponent = out.op("lshr", 64, magnitude, str(FRACTION))
        missing = out.op("sub", 64, str(target.emin + BINARY64.bias), exponent)
        small, large = out.label("small"), out.label("large")
        out.branch(out.compare("sgt", 64, missing, "0"), small, large)
        out.begin(small)
        self._return(out, pair, sign, *self._small(out, significand, missing, sign))
        out.begin(large)
        self._return(out, pair, sign, *self._large(out, significand, missing, sign))
        out.finish()
        return name

    def _return(self, out: Function, pair: str, sign: str, magnitude: str, flags: str) -> None:
        """End the function with a code's magnitude (i64) and flags."""
        target, width = self.target, self.target.bits
        placed = out.op("shl", 64, sign, str(width - 1))
        if target.overflow != "saturate" and target.specials in ("ocp", "nan"):
            is_nan = out.compare("eq", 64, magnitude, str(target.canonical_nan))
            placed = out.select(is_nan, "i64", "0", placed)
        code = out.resize(out.op("or", 64, magnitude, placed), 64, width)
        first = out.value(f"insertvalue {pair} poison, i{width} {code}, 0")
        out.ret(out.value(f"insertvalue {pair} {first}, i32 {flags}, 1"))

    def _large(self, out: Function, significand: str, missing: str, sign: str) -> tuple[str, str]:
        """A number above the largest of the format, if not much: its rounding may be that."""
        kept, inexact = _rounded(out, significand, str(self.dropped), sign, self.mode)
        steps = out.op("shl", 64, missing, str(self.target.fraction))
        code = out.op("sub", 64, kept, steps)
        overflows = out.compare("ugt", 64, code, str(self.target.max_code))
        flags = out.select(inexact, "i32", str(NX), "0")
        flags = out.select(overflows, "i32", str(OF | NX), flags)
        return out.select(overflows, "i64", self._beyond(out, sign), code), flags

    def _small(self, out: Function, significand: str, missing: str, sign: str) -> tuple[str, str]:
        """A number below the smallest normal one."""
        # Two places beyond the significand all that counts is that something is there.
        most = str(FRACTION + 2 - self.dropped)
        far = out.compare("ugt", 64, missing, most)
        grown = out.select(far, "i64", most, missing)
        shift = out.op("add", 64, grown, str(self.dropped))
        code, inexact = _rounded(out, significand, shift, sign, self.mode)
        # Tininess after rounding: with this precision and no limit on the exponent.
        kept, _ = _rounded(out, significand, str(self.dropped), sign, self.mode)
        carries = out.compare("eq", 64, kept, str(2 << self.target.fraction))
        reaches = out.op("and", 1, carries, out.compare("eq", 64, missing, "1"))
        tiny = out.select(reaches, "i32", str(NX), str(NX | UF))
        return code, out.select(inexact, "i32", tiny, "0")

    def _beyond(self, out: Function, sign: str) -> str:
        """The magnitude of the result of an overflow."""
        largest = self.target.max_code
        limit = largest + ((self.target.overflow or "") != "saturate")
        if self.target.specials == "none":
            limit = largest
        is_negative = out.resize(sign, 64, 1)
        match self.mode:
            case Rounding.RNE | Rounding.RMM:
                return str(limit)
            case Rounding.RDN:
                return out.select(is_negative, "i64", str(limit), str(largest))
            case Rounding.RUP:
                return out.select(is_negative, "i64", str(largest), str(limit))
        return str(largest)


def _rounded(
    out: Function, significand: str, shift: str, sign: str, mode: Rounding
) -> tuple[str, str]:
    """`significand >> shift` (1 to 63) rounded, and whether it is inexact."""
    kept = out.op("lshr", 64, significand, shift)
    rest = out.op("sub", 64, significand, out.op("shl", 64, kept, shift))
    inexact = out.compare("ne", 64, rest, "0")
    half = out.op("shl", 64, "1", out.op("sub", 64, shift, "1"))
    is_odd = out.resize(kept, 64, 1)
    match mode:
        case Rounding.RNE:
            tie = out.op("and", 1, out.compare("eq", 64, rest, half), is_odd)
            up = out.op("or", 1, out.compare("ugt", 64, rest, half), tie)
        case Rounding.RTZ:
            up = "0"
        case Rounding.RDN:
            up = out.op("and", 1, inexact, out.resize(sign, 64, 1))
        case Rounding.RUP:
            up = out.op("and", 1, inexact, out.op("xor", 1, out.resize(sign, 64, 1), "1"))
        case Rounding.RMM:
            up = out.compare("uge", 64, rest, half)
        case Rounding.ODD:
            up = out.op("and", 1, inexact, out.op("xor", 1, is_odd, "1"))
    return out.op("add", 64, kept, _truth(out, up, 64)), inexact


def _truth(out: Function, truth: str, width: int) -> str:
    return out.resize(truth, 1, width)
