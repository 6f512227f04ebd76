"""Exact values: what an expression is worth before it is rounded. Arithmetic here never rounds.

A `Real` is a polynomial of operands, summarized. Its finite part is one dyadic number; infinities,
NaNs and the sign of an exact zero are decided on the *kinds* of its monomials, never on the
bracketing: with operands +inf, -inf and a quiet NaN no order of summation raises NV.

`quotient`, `root`, `minimum`, `maximum`, `absolute`, `truncate` and `resolve` close a polynomial:
their result is a single monomial.
"""

from functools import cache
from math import isqrt
from typing import Final, NamedTuple

from rvx.number.flags import DZ, NV

# The kinds of a monomial; a polynomial has a set of them. A negative kind is the positive one << 1.
POS_ZERO: Final = 1
NEG_ZERO: Final = 2
POSITIVE: Final = 4
NEGATIVE: Final = 8
POS_INF: Final = 16
NEG_INF: Final = 32
NAN: Final = 64
# A NaN that a zero or an infinity multiplies (always beside NAN): the other one may still come,
# and inf * 0 in a monomial is invalid wherever the NaN stands in it.
ZERO_NAN: Final = 128
INF_NAN: Final = 256

OPEN_ZERO: Final = POS_ZERO | NEG_ZERO  # an exact zero whose sign the rounding mode chooses
INFINITE: Final = POS_INF | NEG_INF
_NEGATIVES: Final = NEG_ZERO | NEGATIVE | NEG_INF
_HAS_ZERO: Final = OPEN_ZERO | ZERO_NAN
_HAS_INF: Final = INFINITE | INF_NAN
_SIGNED: Final = POS_ZERO | POSITIVE | POS_INF

QUOTIENT_BITS: Final = 256
"""Significant bits of an inexact quotient or root, which is rounded to odd.

Rounding it again is the same as rounding the exact value, flags included, if every breakpoint of
that rounding (a value, a tie, a limit of overflow or tininess) has at most 254 significant bits:
an odd last bit keeps the number strictly on its side of all of them. A float of precision p has
breakpoints of p + 1 bits.
"""

LEAST_EXPONENT: Final = -(1 << 20)
"""What `exponent` gives for zero, infinities and NaNs: less than for any other number."""


class Real(NamedTuple):
    """An exact value; the finite part is `significand * 2**exponent`, kept in no normal form."""

    significand: int
    exponent: int
    kinds: int
    """The kinds of monomials present, a mask of the constants above."""
    flags: int = 0
    """Pending flags, which travel with the value and accrue when it is assigned."""


QUIET_NAN: Final = Real(0, 0, NAN)
SIGNALING_NAN: Final = Real(0, 0, NAN, NV)


def zero(negative: bool) -> Real:
    return Real(0, 0, POS_ZERO << negative)


def infinity(negative: bool) -> Real:
    return Real(0, 0, POS_INF << negative)


def dyadic(significand: int, exponent: int) -> Real:
    """Make `significand * 2**exponent`; zero is positive."""
    if not significand:
        return Real(0, 0, POS_ZERO)
    return Real(significand, exponent, POSITIVE if significand > 0 else NEGATIVE)


def from_integer(value: int) -> Real:
    return dyadic(value, 0)


def add(a: Real, b: Real) -> Real:
    shift = a.exponent - b.exponent
    if shift >= 0:
        total, exponent = (a.significand << shift) + b.significand, b.exponent
    else:
        total, exponent = a.significand + (b.significand << -shift), a.exponent
    return Real(total, exponent, a.kinds | b.kinds, a.flags | b.flags)


def negate(a: Real) -> Real:
    kinds = a.kinds
    swapped = (kinds & _SIGNED) << 1 | (kinds & _NEGATIVES) >> 1 | kinds & -NAN
    return Real(-a.significand, a.exponent, swapped, a.flags)


def subtract(a: Real, b: Real) -> Real:
    return add(a, negate(b))


def multiply(a: Real, b: Real) -> Real:
    kinds, invalid = _product_kinds(a.kinds, b.kinds)
    return Real(
        a.significand * b.significand, a.exponent + b.exponent, kinds, a.flags | b.flags | invalid
    )


@cache
def _product_kinds(a: int, b: int) -> tuple[int, int]:
    """Multiply every kind in `a` by every kind in `b`: the kinds of the products, and NV or 0."""
    kinds = flags = 0
    for x in _members(a):
        for y in _members(b):
            both = x | y
            has_zero, has_inf = both & _HAS_ZERO, both & _HAS_INF
            if has_zero and has_inf:  # IEEE 754-2019, section 7.2 b)
                flags = NV
            if both >= NAN or (has_zero and has_inf):
                kinds |= NAN | (ZERO_NAN if has_zero else 0) | (INF_NAN if has_inf else 0)
            else:
                positive = POS_INF if has_inf else POS_ZERO if has_zero else POSITIVE
                kinds |= positive << (bool(x & _NEGATIVES) != bool(y & _NEGATIVES))
    return kinds, flags


def _members(kinds: int) -> list[int]:
    return [1 << bit for bit in range(kinds.bit_length()) if kinds >> bit & 1]


def resolve(a: Real) -> Real:
    """Close a polynomial: decide what it is, IEEE 754-2019, sections 6.1 to 6.3 and 7.2 d).

    The result has one kind, or `OPEN_ZERO`: a sum that is exactly zero and not a sum of zeros of
    one sign. Opposite infinities are invalid unless a NaN is present.
    """
    significand, exponent, kinds, flags = a
    if kinds >= NAN:
        return Real(0, 0, NAN, flags)
    if kinds >= POS_INF:
        infinities = kinds & INFINITE
        if infinities == INFINITE:
            return Real(0, 0, NAN, flags | NV)
        return Real(0, 0, infinities, flags)
    if significand:
        return Real(significand, exponent, POSITIVE if significand > 0 else NEGATIVE, flags)
    return Real(0, 0, kinds if kinds in (POS_ZERO, NEG_ZERO) else OPEN_ZERO, flags)


def _is_negative(a: Real) -> bool:
    """Tell the sign of a resolved value; an open zero counts as positive."""
    return a.kinds in (NEG_ZERO, NEGATIVE, NEG_INF)


def quotient(a: Real, b: Real) -> Real:
    """Divide, exactly or rounded to odd; NV and DZ as in IEEE 754-2019, sections 7.2 and 7.3.

    An open zero divides as a positive one; divided, it stays open.
    """
    a, b = resolve(a), resolve(b)
    flags = a.flags | b.flags
    negative = _is_negative(a) != _is_negative(b)
    if (a.kinds | b.kinds) & NAN:
        return Real(0, 0, NAN, flags)
    if (a.kinds & INFINITE and b.kinds & INFINITE) or (a.kinds & OPEN_ZERO and b.kinds & OPEN_ZERO):
        return Real(0, 0, NAN, flags | NV)
    if a.kinds & INFINITE:
        return Real(0, 0, POS_INF << negative, flags)
    if b.kinds & OPEN_ZERO:
        return Real(0, 0, POS_INF << negative, flags | DZ)
    if a.kinds & OPEN_ZERO or b.kinds & INFINITE:
        return Real(0, 0, a.kinds if a.kinds == OPEN_ZERO else POS_ZERO << negative, flags)
    dividend, divisor = abs(a.significand), abs(b.significand)
    shift = max(0, QUOTIENT_BITS - dividend.bit_length() + divisor.bit_length())
    digits, rest = divmod(dividend << shift, divisor)
    digits |= rest > 0
    exponent = a.exponent - b.exponent - shift
    return Real(-digits if negative else digits, exponent, POSITIVE << negative, flags)


def root(a: Real) -> Real:
    """Take the square root, exactly or rounded to odd; IEEE 754-2019, sections 5.4.1 and 7.2 g)."""
    a = resolve(a)
    if a.kinds in (NEGATIVE, NEG_INF):
        return Real(0, 0, NAN, a.flags | NV)
    if a.kinds != POSITIVE:
        return a
    shift = max(0, 2 * QUOTIENT_BITS - a.significand.bit_length())
    shift += (a.exponent - shift) % 2
    square = a.significand << shift
    digits = isqrt(square)
    digits |= digits * digits != square
    return Real(digits, (a.exponent - shift) // 2, POSITIVE, a.flags)


def compare(a: Real, b: Real) -> int | None:
    """Order two values: -1, 0 or 1; `None` if one is a NaN. Zeros are equal whatever their sign.

    The flags of an operand are those of `resolve(operand)`; whether an unordered result is invalid
    depends on the predicate (IEEE 754-2019, section 5.11) and is for the caller to say.
    """
    a, b = resolve(a), resolve(b)
    if (a.kinds | b.kinds) & NAN:
        return None
    if (a.kinds | b.kinds) & INFINITE:
        difference = _infinite_sign(a) - _infinite_sign(b)
    else:
        difference = subtract(a, b).significand
    return (difference > 0) - (difference < 0)


def _infinite_sign(a: Real) -> int:
    return (a.kinds == POS_INF) - (a.kinds == NEG_INF)


def minimum(a: Real, b: Real) -> Real:
    """Choose the smaller value: `minimumNumber` of IEEE 754-2019, section 9.6, as in FMIN.

    -0 is less than +0, and a NaN gives the other operand; the flags of both travel, so that a
    signaling NaN raises NV even when it is not chosen.
    """
    a, b = resolve(a), resolve(b)
    order = compare(a, b)
    if order is None:
        chosen = b if a.kinds == NAN else a
    else:
        chosen = a if (order or _zero_sign(a) - _zero_sign(b)) <= 0 else b
    return chosen._replace(flags=a.flags | b.flags)


def maximum(a: Real, b: Real) -> Real:
    """Choose the larger value, as `minimum` does the smaller."""
    return negate(minimum(negate(a), negate(b)))


def _zero_sign(a: Real) -> int:
    return (a.kinds == POS_ZERO) - (a.kinds == NEG_ZERO)


def absolute(a: Real) -> Real:
    """Drop the sign; that of an open zero too."""
    a = resolve(a)
    if a.kinds == OPEN_ZERO:
        return a._replace(kinds=POS_ZERO)
    return negate(a) if _is_negative(a) else a


def scale(a: Real, n: int) -> Real:
    """Multiply by `2**n`."""
    return a._replace(exponent=a.exponent + n)


def truncate(a: Real, exponent: int) -> Real:
    """Drop the bits below `2**exponent`, toward zero, keeping the sign; raises no flag."""
    a = resolve(a)
    if not a.significand or a.exponent >= exponent:
        return a
    negative = a.significand < 0
    kept = abs(a.significand) >> exponent - a.exponent
    if not kept:
        return Real(0, 0, POS_ZERO << negative, a.flags)
    return Real(-kept if negative else kept, exponent, a.kinds, a.flags)


def exponent(a: Real) -> int:
    """Give the floor of log2 |a|, or `LEAST_EXPONENT` if `a` is zero, an infinity or a NaN."""
    a = resolve(a)
    return a.significand.bit_length() - 1 + a.exponent if a.significand else LEAST_EXPONENT
