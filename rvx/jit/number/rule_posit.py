"""Rules: a product, a sum, both fused, and a quotient of posits of up to 32 bits, in 64 bits.

No branches but for zero and NaR.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.number.posit_fields import Unpacked, pack, room, sign_and_magnitude, unpack
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Function
from rvx.number import Format, Posit, Rounding
from rvx.record import record

_MOST_BITS: Final = 32
_FAR: Final = 1 << 32  # exponents are far smaller
_ONES: Final = (1 << 64) - 1


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
        return pack(out, multiplied(out, one, other), sign, self.format)

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
        differ = out.op("xor", width, sign_a, sign_b)
        return packed_sum(out, one, other, sign, differ, self.format, is_sum=True)


def packed_sum(
    out: Function,
    one: Unpacked,
    other: Unpacked,
    sign: str,
    differ: str,
    format: Posit,
    *,
    is_sum: bool = False,
) -> str:
    """The code of a sum or, where `differ` is all ones, a difference of magnitudes, the larger one
    first. Their lowest `room(format)` bits must be zero. `is_sum`: both are posits of the format.
    """
    distance = out.op("sub", 64, one.exponent, other.exponent)
    # Room for a carry, and for the zeros that `pack` wants below.
    zeros = room(format)
    large = out.op("lshr", 64, one.significand, str(zeros))
    small = out.op("lshr", 64, other.significand, str(zeros))
    differ = out.resize(differ, format.bits, 64, signed=True)
    small = out.op("sub", 64, out.op("xor", 64, small, differ), differ)
    # Shifted to the floor: what is lost is positive, whatever the sign. It has less than 63 bits.
    far = out.compare("ugt", 64, distance, "63")
    distance = out.select(far, "i64", "63", distance)
    total = out.op("add", 64, large, out.op("ashr", 64, small, distance))
    shift = out.unary("ctlz", 64, total)  # of a zero too large: what is made of it is not chosen
    significand = out.op("shl", 64, total, shift)
    # Digits are lost only where the numbers differ so much that none but two cancel: a bit in the
    # place of the sum's last digit or below it stands for them.
    kept = out.op("shl", 64, str(_ONES), distance)
    lost = out.op("and", 64, small, out.op("xor", 64, kept, str(_ONES)))
    some = out.compare("ne", 64, lost, "0")
    digit = out.op("shl", 64, out.resize(some, 1, 64), str(zeros - 1))
    significand = out.op("or", 64, significand, digit)
    exponent = out.op("sub", 64, out.op("add", 64, one.exponent, str(zeros)), shift)
    code = pack(out, Unpacked(exponent, significand), sign, format, is_sum=is_sum)
    return out.select(out.compare("eq", 64, total, "0"), f"i{format.bits}", "0", code)


@record(frozen=True)
class PositFused:
    """`±a * b ± c`, rounded once; the places are those of a, b and c."""

    format: Posit
    negated: tuple[bool, bool]
    places: tuple[int, int, int]

    sets_host_flags = False
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        width, nan = self.format.bits, str(self.format.canonical_nan)
        a, b, c = (codes[place] for place in self.places)
        a, c = (
            out.op("sub", width, "0", code) if flip else code
            for code, flip in zip((a, c), self.negated, strict=True)
        )
        special, ordinary, done = out.label("special"), out.label("finite"), out.label("done")
        shown = [out.op("shl", width, code, "1") for code in (a, b)]  # zero for zero and NaR
        tests = [out.compare("eq", width, each, "0") for each in shown]
        no_real = [out.compare("eq", width, code, nan) for code in (a, b, c)]
        is_special = out.op("or", 1, out.op("or", 1, *tests), no_real[2])
        out.branch(is_special, special, ordinary, likely=False)
        out.begin(special)
        any_nan = out.op("or", 1, out.op("or", 1, no_real[0], no_real[1]), no_real[2])
        found = out.select(any_nan, f"i{width}", nan, c)
        out.jump(done)
        out.begin(ordinary)
        code = self._fused(out, a, b, c)
        out.jump(done)
        out.begin(done)
        return out.phi(f"i{width}", (found, special), (code, ordinary)), "0"

    def _fused(self, out: Function, a: str, b: str, c: str) -> str:
        width, type = self.format.bits, f"i{self.format.bits}"
        sign_a, size_a = sign_and_magnitude(out, a, width)
        sign_b, size_b = sign_and_magnitude(out, b, width)
        sign_c, size_c = sign_and_magnitude(out, c, width)
        sign_p = out.op("xor", width, sign_a, sign_b)
        pair = unpack(out, size_a, self.format), unpack(out, size_b, self.format)
        product, addend = multiplied(out, *pair), unpack(out, size_c, self.format)
        # A zero has no digits and lies below everything.
        is_zero = out.compare("eq", width, c, "0")
        significand = out.select(is_zero, "i64", "0", addend.significand)
        lowest = str(-_FAR & _ONES)
        addend = Unpacked(out.select(is_zero, "i64", lowest, addend.exponent), significand)
        below = out.compare("slt", 64, product.exponent, addend.exponent)
        same = out.compare("eq", 64, product.exponent, addend.exponent)
        smaller = out.compare("ult", 64, product.significand, addend.significand)
        swaps = out.op("or", 1, below, out.op("and", 1, same, smaller))
        one, other = (
            Unpacked(
                out.select(swaps, "i64", x.exponent, y.exponent),
                out.select(swaps, "i64", x.significand, y.significand),
            )
            for x, y in ((addend, product), (product, addend))
        )
        sign = out.select(swaps, type, sign_c, sign_p)
        differ = out.op("xor", width, sign_p, sign_c)
        return packed_sum(out, one, other, sign, differ, self.format)


def multiplied(out: Function, one: Unpacked, other: Unpacked) -> Unpacked:
    """The product: of posits of 32 bits it has 60 digits at most, fewer by two for each of es."""
    high = [out.op("lshr", 64, each.significand, "32") for each in (one, other)]
    product = out.op("mul", 64, *high)
    carry = out.op("lshr", 64, product, "63")
    product = out.op("shl", 64, product, out.op("xor", 64, carry, "1"))
    exponent = out.op("add", 64, out.op("add", 64, one.exponent, other.exponent), carry)
    return Unpacked(exponent, product)


def _is_served(format: Format, target: Format) -> bool:
    """A posit whose significands, also multiplied, fit 64 bits."""
    return isinstance(format, Posit) and format == target and format.bits <= _MOST_BITS


def posit_polynomial(
    shape: Polynomial, target: Format, mode: Rounding, host_mode: Rounding | None, sticky: bool
) -> Rule | None:
    """The rule for a product of two posits, their sum or difference, or both fused."""
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
        case [(k,), (i, j)]:
            negated = shape.terms[1].factor < 0, shape.terms[0].factor < 0
            return PositFused(target, negated, (i, j, k))
        case [(i, j), (k,)]:
            negated = shape.terms[0].factor < 0, shape.terms[1].factor < 0
            return PositFused(target, negated, (i, j, k))
    return None


def posit_quotient(dividend: Format, divisor: Format, target: Format) -> Rule | None:
    """The rule for a quotient of two posits of the target's format."""
    if not isinstance(target, Posit):
        return None
    if not all(_is_served(format, target) for format in (dividend, divisor)):
        return None
    return PositOperation(target, "/", (False, False), (0, 1))
