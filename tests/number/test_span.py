"""Spans: the arithmetic of bounds, checked on every value of small spans."""

import itertools

import pytest

from rvx.number import Fixed, Float, Posit, Quire, Span

SPANS = [Span(0, -3, 5), Span(-1, 0, 7), Span(2, -2, -1), Span(-2, 4, 4), Span.constant(0)]


def values(span):
    """Every value of a span, in units of 2**-6."""
    return [number << span.lsb + 6 for number in range(span.low, span.high + 1)]


@pytest.mark.parametrize(("a", "b"), list(itertools.product(SPANS, repeat=2)))
def test_sums_differences_products_and_unions_cover_every_value(a, b):
    pairs = list(itertools.product(values(a), values(b)))
    unit = 1 << 6
    for result, exact in (
        (a.add(b), [x + y for x, y in pairs]),
        (a.subtract(b), [x - y for x, y in pairs]),
        (a.multiply(b), [x * y // unit for x, y in pairs]),
        (a.union(b), values(a) + values(b)),
    ):
        covered = values(result)
        assert set(exact) <= set(covered)
        assert (min(exact), max(exact)) == (covered[0], covered[-1])


@pytest.mark.parametrize("a", SPANS)
def test_negation_and_shift(a):
    assert values(a.negate()) == [-x for x in reversed(values(a))]
    assert values(a.shift(3)) == [8 * x for x in values(a)]
    assert a.shift(3).shift(-3) == a


@pytest.mark.parametrize(
    ("span", "bits"),
    [(Span(0, 0, 0), 1), (Span(0, -1, 0), 1), (Span(0, 0, 1), 2), (Span(0, -128, 127), 8),
     (Span(0, -129, 0), 9), (Span(0, 0, 128), 9), (Span(-240, 0, 1), 2), (Span(0, 5, 7), 4),
     (Span(0, -8, -5), 4)],
)  # fmt: skip
def test_bits(span, bits):
    assert span.bits == bits
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    assert low <= span.low
    assert span.high <= high


def test_constants_lie_on_the_coarsest_grid():
    assert Span.constant(24) == Span(3, 3, 3)
    assert Span.constant(-24) == Span(3, -3, -3)
    assert Span.constant(1) == Span(0, 1, 1)
    assert Span.constant(0) == Span(0, 0, 0)


@pytest.mark.parametrize(
    ("span", "is_integer"),
    [(Span(0, -1, 1), True), (Span(4, 0, 9), True), (Span(-1, 0, 4), False),
     (Span(-1, 4, 4), True), (Span(-1, 5, 5), False), (Span(-9, 0, 0), True)],
)  # fmt: skip
def test_is_integer(span, is_integer):
    assert span.is_integer == is_integer


@pytest.mark.parametrize(
    ("span", "bits", "signed", "fits"),
    [
        (Span(0, -128, 127), 8, True, True),
        (Span(0, -128, 128), 8, True, False),
        (Span(0, -129, 127), 8, True, False),
        (Span(0, 0, 255), 8, False, True),
        (Span(0, -1, 255), 8, False, False),
        (Span(0, 0, 256), 8, False, False),
        (Span(4, -8, 7), 8, True, True),
        (Span(5, 0, 8), 8, False, False),
        (Span(-1, 0, 2), 8, False, False),
        (Span(-3, 16, 16), 3, False, True),
    ],
)
def test_fits(span, bits, signed, fits):
    assert span.fits(bits, signed) == fits


def test_a_quire_contains_its_products_and_a_sum_of_many():
    posit = Posit(bits=16, es=2)
    quire = Quire(posit, carry=31).span
    product = posit.span.multiply(posit.span)
    assert quire.contains(product)
    assert quire.contains(product.multiply(Span.constant((1 << 31) - 1)))
    assert not quire.contains(product.multiply(Span.constant(1 << 31)))
    assert not quire.contains(product.shift(-1))
    assert quire.contains(Span(-10_000, 0, 0))


def test_containment():
    assert Span(0, -4, 4).contains(Span(1, -2, 2))
    assert not Span(0, -4, 4).contains(Span(1, -2, 3))
    assert not Span(1, -2, 2).contains(Span(0, -4, 4))
    assert Span(1, -2, 2).contains(Span(0, 4, 4))
    assert not Span(1, -2, 2).contains(Span(0, 3, 3))


@pytest.mark.parametrize(
    ("format", "lsb", "width"),
    [  # width: bits of the magnitude of the largest number in units of the smallest
        (Float(exponent=8, fraction=23), -149, 277),
        (Float(exponent=5, fraction=10), -24, 40),
        (Float(exponent=5, fraction=2), -16, 32),
        (Float(exponent=4, fraction=3, specials="ocp"), -9, 18),
        (Float(exponent=2, fraction=1, specials="none"), -1, 4),
        (Posit(bits=32, es=2), -120, 241),
        (Posit(bits=32, es=5, regime=6), -212, 404),
        (Fixed(bits=8, fraction=6), -6, 8),
    ],
    ids=str,
)
def test_spans_of_formats(format, lsb, width):
    span = format.span
    assert (span.lsb, max(-span.low, span.high).bit_length()) == (lsb, width)
    assert span.bits == 8 if isinstance(format, Fixed) else width + 1


def test_spans_of_dot_products():
    # Two e4m3 products and an fp16: 42 bits; two e5m2 products and an fp16: 65.
    fp16 = Float(exponent=5, fraction=10)
    for narrow, bits in ((Float(4, 3), 42), (Float(5, 2), 65)):
        product = narrow.span.multiply(narrow.span)
        assert product.add(product).add(fp16.span).bits - 1 == bits
