"""Rules: a product, a sum, both fused, and a quotient of posits of up to 32 bits, in 64 bits.

No branches but for zero and NaR; none at all where all lanes of a vector are computed at once.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.each_lane import EachLane
from rvx.jit.number.posit_code import pack, unpack
from rvx.jit.number.posit_fields import Held, Unpacked, sign_and_magnitude
from rvx.jit.number.posit_sum import added, added_to_larger, packed_sum
from rvx.jit.number.rule import Cold, Rule
from rvx.jit.number.shape import Polynomial
from rvx.jit.text import Arithmetic, Function
from rvx.number import Format, Posit, Rounding
from rvx.record import record

_MOST_BITS: Final = 32


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
        a, b = self._operands(out, codes)
        special, ordinary, done = out.label("special"), out.label("finite"), out.label("done")
        held = Held(self.format, self.format.bits, 64)
        out.branch(self._is_special(out, a, b, held), special, ordinary, likely=False)
        out.begin(special)
        found = self._special(out, a, b, held)
        out.jump(done)
        out.begin(ordinary)
        match self.op:
            case "*":
                code = self._product(out, a, b, held)
            case "/":
                code = self._quotient(out, a, b, held)
            case _:
                code = self._sum(out, a, b, held)
        out.jump(done)
        out.begin(done)
        return out.phi(f"i{self.format.bits}", (found, special), (code, ordinary)), "0"

    def of_lanes(self, out: EachLane, codes: list[str], size: int) -> str:
        """The codes of all lanes, in integers of `size` bits; no quotients."""
        held = Held(self.format, size, size)
        a, b = (held.extended(out, code) for code in self._operands(out, codes))
        code = self._sum(out, a, b, held) if self.op == "+" else self._product(out, a, b, held)
        special = self._special(out, a, b, held)
        code = out.select(self._is_special(out, a, b, held), f"i{size}", special, code)
        return out.resize(code, size, self.format.bits)

    def _operands(self, out: Arithmetic, codes: list[str]) -> tuple[str, str]:
        a, b = (codes[place] for place in self.places)
        if self.negated[0]:
            a = out.op("sub", self.format.bits, "0", a)
        if self.negated[1]:
            b = out.op("sub", self.format.bits, "0", b)
        return a, b

    def _is_special(self, out: Arithmetic, a: str, b: str, held: Held) -> str:
        """Whether one is zero or NaR, or the sum zero."""
        found = held.any_zero(out, a, b)
        if self.op == "+":
            found = out.op("or", 1, found, held.is_zero(out, out.op("add", held.width, a, b)))
        return out.op("or", 1, found, held.any_nan(out, a, b))

    def _special(self, out: Arithmetic, a: str, b: str, held: Held) -> str:
        any_nan = held.any_nan(out, a, b)
        if self.op == "/":
            any_nan = out.op("or", 1, any_nan, held.is_zero(out, b))
        # A zero gives zero, but in a sum the other operand.
        finite = out.op("add", held.width, a, b) if self.op == "+" else "0"
        return out.select(any_nan, f"i{held.width}", held.nan, finite)

    def _product(self, out: Arithmetic, a: str, b: str, held: Held) -> str:
        sign, one, other = self._unpacked(out, a, b, held)
        return pack(out, multiplied(out, one, other, held.size), sign, held)

    def _quotient(self, out: Arithmetic, a: str, b: str, held: Held) -> str:
        sign, one, other = self._unpacked(out, a, b, held)
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
        return pack(out, Unpacked(exponent, significand), sign, held)

    def _unpacked(
        self, out: Arithmetic, a: str, b: str, held: Held
    ) -> tuple[str, Unpacked, Unpacked]:
        """The sign of product or quotient, and the operands."""
        sign_a, size_a = sign_and_magnitude(out, a, held.width)
        sign_b, size_b = sign_and_magnitude(out, b, held.width)
        sign = out.op("xor", held.width, sign_a, sign_b)
        return sign, unpack(out, size_a, held), unpack(out, size_b, held)

    def _sum(self, out: Arithmetic, a: str, b: str, held: Held) -> str:
        width, type = held.width, f"i{held.width}"
        sign_a, size_a = sign_and_magnitude(out, a, width)
        sign_b, size_b = sign_and_magnitude(out, b, width)
        # Magnitudes are ordered as the numbers are.
        swaps = out.compare("ult", width, size_a, size_b)
        sign = out.select(swaps, type, sign_b, sign_a)
        one = unpack(out, out.select(swaps, type, size_b, size_a), held)
        other = unpack(out, out.select(swaps, type, size_a, size_b), held)
        differ = out.op("xor", width, sign_a, sign_b)
        return packed_sum(
            out, added_to_larger(out, one, other, sign, differ, held), held, is_ordered=True
        )


@record(frozen=True)
class PositFused:
    """`±a * b ± c`, rounded once; the places are those of a, b and c."""

    format: Posit
    negated: tuple[bool, bool]
    places: tuple[int, int, int]

    sets_host_flags = False
    leaves_specials = False

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        a, b, c = self._operands(out, codes)
        special, ordinary, done = out.label("special"), out.label("finite"), out.label("done")
        held = Held(self.format, self.format.bits, 64)
        is_special, found = self._special(out, a, b, c, held)
        out.branch(is_special, special, ordinary, likely=False)
        out.begin(special)
        out.jump(done)
        out.begin(ordinary)
        code = self._fused(out, a, b, c, held)
        out.jump(done)
        out.begin(done)
        return out.phi(f"i{self.format.bits}", (found, special), (code, ordinary)), "0"

    def of_lanes(self, out: EachLane, codes: list[str], size: int) -> str:
        """The codes of all lanes, in integers of `size` bits."""
        held = Held(self.format, size, size)
        a, b, c = (held.extended(out, code) for code in self._operands(out, codes))
        code = self._fused(out, a, b, c, held)
        is_special, special = self._special(out, a, b, c, held)
        return out.resize(out.select(is_special, f"i{size}", special, code), size, self.format.bits)

    def _operands(self, out: Arithmetic, codes: list[str]) -> tuple[str, str, str]:
        a, b, c = (codes[place] for place in self.places)
        if self.negated[0]:
            a = out.op("sub", self.format.bits, "0", a)
        if self.negated[1]:
            c = out.op("sub", self.format.bits, "0", c)
        return a, b, c

    @staticmethod
    def _special(out: Arithmetic, a: str, b: str, c: str, held: Held) -> tuple[str, str]:
        """Whether a factor is zero or an operand NaR, and what the result is then."""
        any_nan, any_zero = held.any_nan(out, a, b, c), held.any_zero(out, a, b)
        found = out.select(any_nan, f"i{held.width}", held.nan, c)
        return out.op("or", 1, any_zero, any_nan), found

    @staticmethod
    def _fused(out: Arithmetic, a: str, b: str, c: str, held: Held) -> str:
        width, size, kind = held.width, held.size, f"i{held.size}"
        sign_a, size_a = sign_and_magnitude(out, a, width)
        sign_b, size_b = sign_and_magnitude(out, b, width)
        sign_c, size_c = sign_and_magnitude(out, c, width)
        sign_p = out.op("xor", width, sign_a, sign_b)
        one, other = unpack(out, size_a, held), unpack(out, size_b, held)
        product, addend = multiplied(out, one, other, size), unpack(out, size_c, held)
        # A zero has no digits and lies below everything.
        is_zero, lowest = held.is_zero(out, c), str(3 << size - 2)
        significand = out.select(is_zero, kind, "0", addend.significand)
        addend = Unpacked(out.select(is_zero, kind, lowest, addend.exponent), significand)
        differ = out.op("xor", width, sign_p, sign_c)
        return packed_sum(out, added(out, (product, sign_p), (addend, sign_c), differ, held), held)


def multiplied(out: Arithmetic, one: Unpacked, other: Unpacked, size: int) -> Unpacked:
    """The product: of posits of 32 bits it has 60 digits at most, fewer by two for each of es."""
    high = [out.op("lshr", size, each.significand, str(size // 2)) for each in (one, other)]
    product = out.op("mul", size, *high)
    carry = out.op("lshr", size, product, str(size - 1))
    product = out.op("shl", size, product, out.op("xor", size, carry, "1"))
    exponent = out.op("add", size, out.op("add", size, one.exponent, other.exponent), carry)
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
