"""Rules: a product, a sum and a quotient of standard posits of up to 32 bits, in 64-bit integers.

No branches but for zero and NaR. A significand is kept with its leading one in bit 63; digits that
are shifted out leave a one in the last place (they are below every tie: 32 bits suffice).
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Format, Posit, Rounding
from rvx.record import record

_MOST_BITS: Final = 32
_ONES: Final = (1 << 64) - 1


@record(frozen=True)
class Unpacked:
    """`2**exponent * significand / 2**63`, as i64."""

    exponent: str
    significand: str


def sign_and_magnitude(out: Function, code: str, width: int) -> tuple[str, str]:
    """The sign as 0 or all ones, and the code of the absolute value."""
    sign = out.op("ashr", width, code, str(width - 1))
    return sign, out.op("sub", width, out.op("xor", width, code, sign), sign)


def unpack(out: Function, magnitude: str, format: Posit) -> Unpacked:
    """Take apart the code of a positive posit."""
    width, es = format.bits, format.es
    # The regime at the top; beyond the last bit of the posit all is zero.
    body = out.op("shl", 64, out.resize(magnitude, width, 64), str(65 - width))
    ones = out.op("ashr", 64, body, "63")
    run = out.unary("ctlz", 64, out.op("xor", 64, body, ones))
    # A run of r ones is the regime r - 1, of r zeros -r, which is ~(r - 1).
    zeros = out.op("xor", 64, ones, str(_ONES))
    regime = out.op("xor", 64, out.op("add", 64, run, str(_ONES)), zeros)
    tail = out.op("shl", 64, body, run)  # from the terminating bit on
    exponent = out.op("shl", 64, regime, str(es))
    if es:
        low = out.op("lshr", 64, tail, str(63 - es))
        low = out.op("and", 64, low, str((1 << es) - 1))
        exponent = out.op("add", 64, exponent, low)
    fraction = out.op("shl", 64, tail, str(es))
    return Unpacked(exponent, out.op("or", 64, fraction, str(1 << 63)))


def pack(out: Function, number: Unpacked, sign: str, format: Posit) -> str:
    """Round to the nearest posit, ties to even as a bit string; the code.

    The lowest 2 + es bits of the significand must be zero.
    """
    width, es = format.bits, format.es
    regime = out.op("ashr", 64, number.exponent, str(es))
    below = out.op("ashr", 64, regime, "63")
    # Two bits of the regime and its terminator, 110 or 001, then exponent and fraction. What the
    # regime has beyond that comes in from the left: copies of the first bit, which no carry of
    # the rounding changes.
    above = out.op("xor", 64, below, str(_ONES))
    start = out.op("xor", 64, out.op("and", 64, above, str(0b111 << 61)), str(0b001 << 61))
    fraction = out.op("and", 64, number.significand, str((1 << 63) - 1))
    string = out.op("or", 64, start, out.op("lshr", 64, fraction, str(2 + es)))
    if es:
        low = out.op("and", 64, number.exponent, str((1 << es) - 1))
        string = out.op("or", 64, string, out.op("shl", 64, low, str(61 - es)))
    more = out.op("xor", 64, regime, below)
    longest = width - 2  # of which beyond it is maxpos or below minpos
    too_long = out.compare("ugt", 64, more, str(longest))
    more = out.select(too_long, "i64", str(longest), more)
    dropped = 63 - width  # without the regime's first bit, and less what `more` adds
    last = out.op("lshr", 64, string, out.op("add", 64, more, str(dropped + 1)))
    half = out.op("shl", 64, str(1 << dropped), more)
    ties = out.op("sub", 64, half, out.op("xor", 64, out.op("and", 64, last, "1"), "1"))
    rounded = out.op("add", 64, string, ties)
    moved = out.op("ashr", 64, rounded, out.op("add", 64, more, str(dropped + 1)))
    magnitude = out.op("and", width, out.resize(moved, 64, width), str(format.max_code))
    is_zero = out.compare("eq", width, magnitude, "0")
    magnitude = out.op("add", width, magnitude, out.resize(is_zero, 1, width))
    return out.op("sub", width, out.op("xor", width, magnitude, sign), sign)


@record(frozen=True)
class PositOperation:
    """Unpack, compute, pack; `negated` says which operands count with the other sign."""

    format: Posit
    op: str  # * + /
    negated: tuple[bool, bool]
    places: tuple[int, int]

    sets_host_flags = False
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        width, nan = self.format.bits, str(self.format.canonical_nan)
        a, b = (codes[place] for place in self.places)
        if self.op == "+" or self.negated[0]:
            a, b = (
                out.op("sub", width, "0", code) if flip else code
                for code, flip in zip((a, b), self.negated, strict=True)
            )
        special, ordinary, done = out.label("special"), out.label("finite"), out.label("done")
        tests = []
        for code in (a, b):
            shown = out.op("shl", width, code, "1")  # zero for zero and NaR
            tests.append(out.compare("eq", width, shown, "0"))
        out.branch(out.op("or", 1, *tests), special, ordinary, likely=False)
        out.begin(special)
        found = self._special(out, a, b, width, nan)
        out.jump(done)
        out.begin(ordinary)
        match self.op:
            case "*":
                code = self._product(out, a, b)
            case "/":
                code = self._quotient(out, a, b)
            case _:
                code = self._sum(out, a, b)
        out.jump(done)
        out.begin(done)
        return out.phi(f"i{width}", (found, special), (code, ordinary)), "0"

    def _special(self, out: Function, a: str, b: str, width: int, nan: str) -> str:
        invalid = [out.compare("eq", width, a, nan), out.compare("eq", width, b, nan)]
        if self.op == "/":
            invalid.append(out.compare("eq", width, b, "0"))
        any_nan = invalid[0]
        for each in invalid[1:]:
            any_nan = out.op("or", 1, any_nan, each)
        # A zero gives zero, but in a sum the other operand.
        finite = out.op("or", width, a, b) if self.op == "+" else "0"
        return out.select(any_nan, f"i{width}", nan, finite)

    def _product(self, out: Function, a: str, b: str) -> str:
        sign, (one, other) = self._unpacked(out, a, b)
        high = [out.op("lshr", 64, each.significand, "32") for each in (one, other)]
        product = out.op("mul", 64, *high)
        carry = out.op("lshr", 64, product, "63")
        product = out.op("shl", 64, product, out.op("xor", 64, carry, "1"))
        exponent = out.op("add", 64, out.op("add", 64, one.exponent, other.exponent), carry)
        return pack(out, Unpacked(exponent, product), sign, self.format)

    def _quotient(self, out: Function, a: str, b: str) -> str:
        sign, (one, other) = self._unpacked(out, a, b)
        divisor = out.op("lshr", 64, other.significand, "32")
        dividend = out.op("lshr", 64, one.significand, "1")
        digits = out.op("udiv", 64, dividend, divisor)
        rest = out.op("sub", 64, dividend, out.op("mul", 64, digits, divisor))
        some = out.resize(out.compare("ne", 64, rest, "0"), 1, 64)
        # 2**30 < digits < 2**32: the leading one to bit 63.
        borrow = out.op("xor", 64, out.op("lshr", 64, digits, "31"), "1")
        digits = out.op("or", 64, out.op("shl", 64, digits, "1"), some)
        significand = out.op("shl", 64, digits, out.op("add", 64, borrow, "31"))
        exponent = out.op("sub", 64, out.op("sub", 64, one.exponent, other.exponent), borrow)
        return pack(out, Unpacked(exponent, significand), sign, self.format)

    def _unpacked(self, out: Function, a: str, b: str) -> tuple[str, tuple[Unpacked, Unpacked]]:
        """The sign of product or quotient, and the operands."""
        width = self.format.bits
        sign_a, size_a = sign_and_magnitude(out, a, width)
        sign_b, size_b = sign_and_magnitude(out, b, width)
        pair = unpack(out, size_a, self.format), unpack(out, size_b, self.format)
        return out.op("xor", width, sign_a, sign_b), pair

    def _sum(self, out: Function, a: str, b: str) -> str:
        width, type = self.format.bits, f"i{self.format.bits}"
        sign_a, size_a = sign_and_magnitude(out, a, width)
        sign_b, size_b = sign_and_magnitude(out, b, width)
        # Magnitudes are ordered as the numbers are.
        swaps = out.compare("ult", width, size_a, size_b)
        sign = out.select(swaps, type, sign_b, sign_a)
        one = unpack(out, out.select(swaps, type, size_b, size_a), self.format)
        other = unpack(out, out.select(swaps, type, size_a, size_b), self.format)
        distance = out.op("sub", 64, one.exponent, other.exponent)
        far = out.compare("ugt", 64, distance, "63")
        distance = out.select(far, "i64", "63", distance)
        # Room for a carry, and for the zeros that `pack` wants below.
        room = 3 + self.format.es
        large = out.op("lshr", 64, one.significand, str(room))
        small = out.op("lshr", 64, other.significand, str(room))
        ones = out.op("shl", 64, str(_ONES), distance)
        lost = out.op("and", 64, small, out.op("xor", 64, ones, str(_ONES)))
        some = out.resize(out.compare("ne", 64, lost, "0"), 1, 64)
        small = out.op("or", 64, out.op("lshr", 64, small, distance), some)
        differ = out.resize(out.op("xor", width, sign_a, sign_b), width, 64, signed=True)
        small = out.op("sub", 64, out.op("xor", 64, small, differ), differ)
        total = out.op("add", 64, large, small)
        is_zero = out.compare("eq", 64, total, "0")
        shift = out.op("and", 64, out.unary("ctlz", 64, total), "63")
        significand = out.op("shl", 64, total, shift)
        exponent = out.op("sub", 64, out.op("add", 64, one.exponent, str(room)), shift)
        code = pack(out, Unpacked(exponent, significand), sign, self.format)
        return out.select(is_zero, type, "0", code)


def _is_served(format: Format, target: Format) -> bool:
    """A standard posit whose regimes, added or subtracted, fit the shifts of `pack`."""
    is_standard = isinstance(format, Posit) and format.longest == format.bits - 1
    return is_standard and format == target and format.bits <= _MOST_BITS


def posit_polynomial(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule for a product of two posits, or their sum or difference."""
    if not all(_is_served(format, target) for format in shape.formats):
        return None
    if not isinstance(target, Posit) or any(abs(t.factor) != 1 or t.power for t in shape.terms):
        return None
    match [term.parameters for term in shape.terms]:
        case [(i, j)]:
            return PositOperation(target, "*", (shape.terms[0].factor < 0, False), (i, j))
        case [(i,), (j,)]:
            negated = shape.terms[0].factor < 0, shape.terms[1].factor < 0
            return PositOperation(target, "+", negated, (i, j))
    return None


def posit_quotient(dividend: Format, divisor: Format, target: Format) -> Rule | None:
    """The rule for a quotient of two posits of the target's format."""
    if not isinstance(target, Posit):
        return None
    if not all(_is_served(format, target) for format in (dividend, divisor)):
        return None
    return PositOperation(target, "/", (False, False), (0, 1))
