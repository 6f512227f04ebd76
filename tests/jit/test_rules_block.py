"""The rule for sums of many products of short codes, in integers, against `rvx.number`."""

from __future__ import annotations

from random import Random

import pytest
from rule_harness import Native, Row, rounded, value
from rule_rows import rows

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.number import fast
from rvx.jit.number.rule_block import is_block
from rvx.jit.number.rule_sum import DoubleSum
from rvx.jit.number.rule_window import IntegerSum
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import NX, Fixed, Float, Format, Power, Rounding

needs_host = pytest.mark.skipif(not this_host().has_arithmetic, reason="the host has no rules")

FP32, FP16, BF16 = Float(8, 23), Float(5, 10), Float(8, 7)
E5M2, E4M3, E3M2 = Float(5, 2), Float(4, 3, "ocp"), Float(3, 2, "none")
E2M1, INT8, INT4 = Float(2, 1, "none"), Fixed(8, 6), Fixed(4)
E8M0 = Power(8, -127, nan=True)
UE4M3 = Float(4, 3, "nan", signed=False)
RADIX4 = Power(4, -6, radix=4, signed=True, zero=True)
RADIX2 = Power(4, -3, signed=True, zero=True)


def scaled(narrow: Format, scale: Format, wide: Format, pairs: int) -> Polynomial:
    """`wide + s * t * (a * b + ...)`, multiplied out."""
    products = tuple(Term(1, 0, (1, 2, 3 + 2 * i, 4 + 2 * i)) for i in range(pairs))
    return Polynomial((wide, scale, scale, *[narrow] * 2 * pairs), (Term(1, 0, (0,)), *products))


def plain(one: Format, other: Format, wide: Format, pairs: int, factor: int = 1) -> Polynomial:
    """`wide + factor * a * b + ...`."""
    products = tuple(Term(factor, 0, (1 + 2 * i, 2 + 2 * i)) for i in range(pairs))
    return Polynomial((wide, *[one, other] * pairs), (Term(1, 0, (0,)), *products))


def native(polynomial: Polynomial, target: Float, mode: Rounding, sticky: bool = True) -> Native:
    rule = fast.fast_rule(polynomial, target, mode, Rounding.RNE, sticky)
    assert isinstance(rule, DoubleSum)
    assert any(is_block(each, polynomial.formats) for each in rule.summands)
    assert rule.leaves_specials == (not rule.wide)
    widths = [format.bits for format in polynomial.formats]
    return Native(rule, widths, target.bits, Rounding.RNE, rounded(polynomial, target, mode))


def moderate(polynomial: Polynomial, count: int, seed: int = 7) -> list[Row]:
    """Scales near one, so that the accumulator counts; many that cancel or nearly make a tie."""
    random, found = Random(seed), []
    formats, rest = polynomial.formats, Polynomial(polynomial.formats, polynomial.terms[1:])
    for _ in range(count):
        row = [random.getrandbits(format.bits) for format in formats]
        row = [
            127 + random.randint(-12, 12) if format == E8M0 else code
            for code, format in zip(row, formats, strict=True)
        ]
        exact = value(rest, tuple(row))
        if exact.significand:
            top = exact.significand.bit_length() + exact.exponent
            match random.randrange(4):
                case 0:  # it cancels all but the last digits
                    row[0], _ = formats[0].encode(number.negate(exact), Rounding.RTZ)
                case 1:  # far above or below, so that a tie may be made
                    power = top + random.randint(-30, 30)
                    near = number.dyadic(random.choice((1, -1, 3, 5)), power)
                    row[0], _ = formats[0].encode(near, Rounding.RNE)
                case 2:
                    half = number.dyadic(exact.significand, exact.exponent + random.randint(-2, 2))
                    row[0], _ = formats[0].encode(half, Rounding.RNE)
        found.append(tuple(row))
    return found


def some(polynomial: Polynomial, count: int) -> list[Row]:
    """Rows of both kinds; of those of special codes a few, as the reference takes its time."""
    found = rows(polynomial, count // 4)
    return [*found[: -count // 2 : 20], *found[-count // 2 :], *moderate(polynomial, count)]


SHAPES = [
    (scaled(E4M3, E8M0, FP32, 8), FP32),
    (scaled(E5M2, E8M0, FP32, 8), FP32),
    (scaled(E5M2, E8M0, FP32, 4), FP32),
    (scaled(E5M2, E8M0, BF16, 4), BF16),
    (scaled(E3M2, E8M0, FP32, 8), FP32),
    (scaled(E2M1, E8M0, FP32, 16), FP32),
    (scaled(INT8, E8M0, FP32, 8), FP32),
    (scaled(E2M1, UE4M3, FP32, 16), FP32),
    (scaled(E4M3, UE4M3, FP32, 4), FP32),
    (plain(RADIX4, INT4, FP32, 16), FP32),
    (plain(RADIX4, INT4, FP32, 8, -3), FP32),
    (plain(RADIX2, Fixed(4, signed=False), FP32, 8), FP32),
    (plain(E4M3, E5M2, FP32, 4), FP32),
]


@needs_host
@pytest.mark.parametrize("mode", [Rounding.RNE, Rounding.RMM])
@pytest.mark.parametrize(("polynomial", "target"), SHAPES)
def test_blocks_to_nearest(polynomial: Polynomial, target: Float, mode: Rounding) -> None:
    # Spurious NX of the auxiliary operations is what sticky permits.
    tested = native(polynomial, target, mode)
    tested.check(some(polynomial, 500), ignored=NX)


@needs_host
@pytest.mark.parametrize("mode", [Rounding.RTZ, Rounding.RDN, Rounding.RUP, Rounding.ODD])
@pytest.mark.parametrize(
    ("polynomial", "target"),
    [(polynomial, target) for polynomial, target in SHAPES if E5M2 not in polynomial.formats],
)
def test_exact_blocks_in_the_other_modes(
    polynomial: Polynomial, target: Float, mode: Rounding
) -> None:
    tested = native(polynomial, target, mode)
    tested.check(some(polynomial, 150), ignored=NX)


@needs_host
@pytest.mark.parametrize("mode", Rounding)
def test_exact_sums_raise_no_spurious_flag(mode: Rounding) -> None:
    polynomial = plain(RADIX4, INT4, FP16, 8)
    tested = native(polynomial, FP16, mode, sticky=False)
    tested.check(some(polynomial, 300))


@needs_host
@pytest.mark.parametrize("mode", [Rounding.RNE, Rounding.RMM])
@pytest.mark.parametrize(("polynomial", "target"), SHAPES)
def test_one_addition_raises_no_spurious_flag(
    polynomial: Polynomial, target: Float, mode: Rounding
) -> None:
    tested = native(polynomial, target, mode, sticky=False)
    tested.check(some(polynomial, 250))


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("one", [RADIX4, RADIX2])
def test_powers_in_integer_windows(one: Power, mode: Rounding) -> None:
    polynomial = plain(one, INT4, FP16, 8)
    rule = fast.fast_rule(polynomial, FP16, mode, None, False)
    assert isinstance(rule, IntegerSum)
    widths = [format.bits for format in polynomial.formats]
    tested = Native(rule, widths, 16, None, rounded(polynomial, FP16, mode))
    tested.check(some(polynomial, 300))


@needs_host
def test_a_wide_sum_that_its_nearest_double_would_round_twice() -> None:
    """57344**2 - 57344**2 + the least product, and beside it an accumulator at a tie."""
    polynomial = scaled(E5M2, E8M0, FP32, 4)
    big, small, one = 0x7B, 0x01, 0x3C
    tested = native(polynomial, FP32, Rounding.RNE)
    rest: Row = (0, 0)
    for total in (0x3F80_0000, 0x3F80_0001, 0xBF80_0000, 0xBF80_0001, 0, 0x8000_0000):
        for sign in (0, 0x80):
            tested.check(
                [
                    (total, 127, 127, big, big, big | 0x80, big, small, small | sign, *rest),
                    (total, 127, 103, big, big, one, one, small, small | sign, *rest),
                    (total, 127, 103, one, one, small, small | sign, small, small, *rest),
                    (total, 127, 255, one, one, small, small | sign, small, small, *rest),
                ],
                ignored=NX,
            )
