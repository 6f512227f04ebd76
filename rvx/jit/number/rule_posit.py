"""Rules: a product, a sum, both fused, and a quotient of posits of up to 32 bits, in 64 bits.

No branches but for zero and NaR; none at all where all lanes of a vector are computed at once.
"""

from __future__ import annotations

from typing import Final

from rvx.jit.each_lane import EachLane
from rvx.jit.number.posit_code import pack, unpack
from rvx.jit.number.posit_fields import Held, Unpacked, negated_where, room, sign_and_magnitude
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
        return packed_sum(out, added(out, one, other, sign, differ, held), held, is_ordered=True)


@record(frozen=True)
class Aligned:
    """A sum of numbers that were shifted to the exponent of one of them, `room(format)` zeros below
    their digits: `±total * 2**exponent / 2**(size - 1)`, the sign being that of this one. What was
    `lost` of the other is positive, whatever its sign: not zero where digits were."""

    total: str
    exponent: str
    sign: str
    lost: str


def added(
    out: Arithmetic, one: Unpacked, other: Unpacked, sign: str, differ: str, held: Held
) -> Aligned:
    """The sum or, where `differ` is all ones, the difference of magnitudes. The first has the sign,
    and no smaller exponent. Their lowest `room(format)` bits must be zero."""
    size, zeros = held.size, room(held.format)
    distance = out.op("sub", size, one.exponent, other.exponent)
    differ = out.resize(differ, held.width, size, signed=True)
    # Room for a carry, and for the zeros that `pack` wants below.
    large = out.op("lshr", size, one.significand, str(zeros))
    small = negated_where(out, size, out.op("lshr", size, other.significand, str(zeros)), differ)
    total, lost = _shifted_and_added(out, size, large, small, distance)
    return Aligned(total, one.exponent, sign, lost)


def added_both_ways(
    out: EachLane,
    one: tuple[Unpacked, str],
    other: tuple[Unpacked, str],
    differ: str,
    held: Held,
) -> Aligned:
    """As `added`, of numbers and their signs: whichever exponent is the larger, so that nothing
    waits for the comparison."""
    size, type = held.size, f"i{held.size}"
    (a, sign_a), (b, sign_b) = one, other
    swaps = out.compare("slt", size, a.exponent, b.exponent)
    ways = added(out, b, a, sign_b, differ, held), added(out, a, b, sign_a, differ, held)
    return Aligned(
        *(
            out.select(swaps, type, *pair)
            for pair in zip(*((w.total, w.exponent, w.sign, w.lost) for w in ways), strict=True)
        )
    )


def _shifted_and_added(
    out: Arithmetic, size: int, large: str, small: str, distance: str
) -> tuple[str, str]:
    """The sum with the second shifted to the floor, and what is lost of it. It is short of the
    size."""
    top = str(size - 1)
    far = out.compare("ugt", size, distance, top)
    distance = out.select(far, f"i{size}", top, distance)
    total = out.op("add", size, large, out.op("ashr", size, small, distance))
    kept = out.op("shl", size, str((1 << size) - 1), distance)
    return total, out.op("and", size, small, out.op("xor", size, kept, str((1 << size) - 1)))


def packed_sum(out: Arithmetic, sum: Aligned, held: Held, *, is_ordered: bool = False) -> str:
    """The code of a sum. `is_ordered`: of two posits of the format, the larger one first, and not
    equal with unequal signs."""
    width, size = held.width, held.size
    zeros, total, sign = room(held.format), sum.total, sum.sign
    if not is_ordered:
        negative = out.op("ashr", size, total, str(size - 1))
        total = negated_where(out, size, total, negative)
        sign = out.op("xor", width, sign, out.resize(negative, size, width))
    shift = out.unary("ctlz", size, total)  # of a zero too large: what is made of it is not chosen
    significand = out.op("shl", size, total, shift)
    # Digits are lost only where the numbers differ so much that none but two cancel: a bit in the
    # place of the sum's last digit or below it stands for them.
    some = out.compare("ne", size, sum.lost, "0")
    digit = out.op("shl", size, out.resize(some, 1, size), str(zeros - 1))
    significand = out.op("or", size, significand, digit)
    exponent = out.op("sub", size, out.op("add", size, sum.exponent, str(zeros)), shift)
    code = pack(out, Unpacked(exponent, significand), sign, held, is_sum=is_ordered)
    if is_ordered:
        return code
    return out.select(out.compare("eq", size, total, "0"), f"i{width}", "0", code)


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
        if isinstance(out, EachLane):
            aligned = added_both_ways(out, (product, sign_p), (addend, sign_c), differ, held)
            return packed_sum(out, aligned, held)
        # With equal exponents the difference may be negative.
        swaps = out.compare("slt", size, product.exponent, addend.exponent)
        one, other = (
            Unpacked(
                out.select(swaps, kind, x.exponent, y.exponent),
                out.select(swaps, kind, x.significand, y.significand),
            )
            for x, y in ((addend, product), (product, addend))
        )
        sign = out.select(swaps, f"i{width}", sign_c, sign_p)
        return packed_sum(out, added(out, one, other, sign, differ, held), held)


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
