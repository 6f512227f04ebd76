"""Quires: widths, NaR, and that a sum of products is exact in any order."""

import random

import pytest

from rvx.number import (
    QUIET_NAN,
    Float,
    Posit,
    Quire,
    Rounding,
    add,
    dyadic,
    from_integer,
    infinity,
    multiply,
    negate,
    zero,
)
from rvx.number.real import NAN

POSIT8 = Posit(bits=8, es=2)


@pytest.mark.parametrize(
    ("format", "carry", "bits", "lsb"),
    [
        (Posit(bits=8, es=2), 31, 128, -48),
        (Posit(bits=16, es=2), 31, 256, -112),
        (Posit(bits=32, es=2), 31, 512, -240),
        (Posit(bits=64, es=2), 31, 1024, -496),
        # The exact span of products of bounded posits is 768 + 2(n - 12) bits: 776, 808, 872.
        (Posit(bits=16, es=5, regime=6), 31, 776 + 32, -392),
        (Posit(bits=32, es=5, regime=6), 31, 840, -424),
        (Posit(bits=64, es=5, regime=6), 31, 872 + 32, -488),
        (Posit(bits=32, es=5, regime=6), 0, 809, -424),
        (Float(exponent=2, fraction=1, specials="none"), 4, 1 + 4 + 8, -2),
        (Float(exponent=5, fraction=10), 31, 1 + 31 + 80, -48),
    ],
    ids=str,
)
def test_widths(format, carry, bits, lsb):
    quire = Quire(format, carry)
    assert (quire.bits, quire.lsb) == (bits, lsb)
    assert quire.canonical_nan == 1 << bits - 1
    assert quire.is_exact
    assert quire.mode is None
    assert not quire.raises_flags


@pytest.mark.parametrize("carry", [0, 1, 4, 31])
def test_as_many_products_as_promised_fit(carry):
    quire = Quire(POSIT8, carry)
    largest = multiply(POSIT8.decode(POSIT8.max_code), POSIT8.decode(POSIT8.max_code))
    terms = max((1 << carry) - 1, 0)
    total = multiply(largest, from_integer(terms))
    for value in (total, negate(total)):
        code, flags = quire.encode(value, Rounding.RNE)
        assert flags == 0
        back = quire.decode(code)
        assert add(back, negate(value)).significand == 0
        assert back.kinds != NAN


def test_every_product_of_posit8_is_exact():
    quire = Quire(POSIT8)
    numbers = [POSIT8.decode(code) for code in range(256) if code != 0x80]
    for a in numbers:
        for b in numbers[::5]:
            product = multiply(a, b)
            code, _ = quire.encode(product, Rounding.RNE)
            assert add(quire.decode(code), negate(product)).significand == 0


def test_order_does_not_matter():
    quire = Quire(POSIT8)
    generator = random.Random(8)
    products = [
        multiply(POSIT8.decode(a), POSIT8.decode(b))
        for a, b in ((generator.randrange(128), generator.randrange(129, 256)) for _ in range(200))
    ]
    results = set()
    for _ in range(5):
        generator.shuffle(products)
        code = 0
        for product in products:
            code, _ = quire.encode(add(quire.decode(code), product), Rounding.RNE)
        results.add(code)
    assert len(results) == 1
    assert results != {0}


def test_nar_is_one_followed_by_zeros_and_stays():
    quire = Quire(POSIT8)
    nar = 1 << 127
    assert quire.decode(nar) == QUIET_NAN
    assert quire.encode(QUIET_NAN, Rounding.RNE) == (nar, 0)
    assert quire.encode(infinity(False), Rounding.RNE) == (nar, 0)
    assert quire.encode(add(quire.decode(nar), from_integer(1)), Rounding.RNE) == (nar, 0)
    assert quire.encode(add(from_integer(1), POSIT8.decode(0x80)), Rounding.RNE) == (nar, 0)


def test_a_sum_beyond_the_width_is_nar():
    """Posit Standard (2022): a quire that overflows is NaR."""
    quire = Quire(POSIT8)
    largest, unit = (1 << 127) - 1, dyadic(1, quire.lsb)
    top, bottom = quire.decode(largest), quire.decode((1 << 127) + 1)
    assert quire.encode(top, Rounding.RNE) == (largest, 0)
    assert quire.encode(bottom, Rounding.RNE) == ((1 << 127) + 1, 0)
    assert quire.encode(add(top, unit), Rounding.RNE) == (1 << 127, 0)
    assert quire.encode(add(top, from_integer(3)), Rounding.RNE) == (1 << 127, 0)
    assert quire.encode(add(bottom, negate(unit)), Rounding.RNE) == (1 << 127, 0)
    assert quire.encode(add(bottom, from_integer(-3)), Rounding.RNE) == (1 << 127, 0)


def test_a_sum_beyond_the_width_may_wrap_or_saturate():
    wrapping, saturating = Quire(POSIT8, overflow="wrap"), Quire(POSIT8, overflow="saturate")
    largest, unit = (1 << 127) - 1, dyadic(1, wrapping.lsb)
    above = add(add(wrapping.decode(largest), unit), unit)
    assert wrapping.encode(above, Rounding.RNE) == ((1 << 127) + 1, 0)
    assert saturating.encode(above, Rounding.RNE) == (largest, 0)
    assert saturating.encode(negate(above), Rounding.RNE) == ((1 << 127) + 1, 0)


def test_a_quire_of_fewer_fraction_bits_drops_those_below_its_unit():
    """Of a bounded posit of 32 bits the 800 bits of arXiv 2603.01615."""
    posit = Posit(bits=32, es=5, regime=6)
    quire, smallest = Quire(posit, fraction=384), posit.decode(1)
    assert (quire.bits, quire.lsb, quire.is_exact, quire.mode) == (800, -384, False, Rounding.RDN)
    square = multiply(smallest, smallest)
    assert 1 < square.significand * 2.0 ** (square.exponent + 384) < 1.001
    assert quire.encode(square, Rounding.RDN) == (1, 0)
    assert quire.encode(negate(square), Rounding.RDN) == ((1 << 800) - 2, 0)
    exact = Quire(posit)
    assert exact.is_exact
    assert exact.decode(exact.encode(square, Rounding.RDN)[0]).significand == square.significand


def test_codes_are_twos_complement():
    quire = Quire(POSIT8)
    assert quire.encode(zero(True), Rounding.RDN) == (0, 0)
    assert quire.encode(from_integer(1), Rounding.RNE) == (1 << 48, 0)
    assert quire.encode(from_integer(-1), Rounding.RNE) == ((1 << 128) - (1 << 48), 0)
    assert quire.decode((1 << 128) - 1).significand == -1


def test_a_quire_never_rounds():
    with pytest.raises(AssertionError, match="never rounds"):
        Quire(POSIT8).encode(dyadic(1, -49), Rounding.RNE)
