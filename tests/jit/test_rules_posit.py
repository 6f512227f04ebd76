"""The integer rules for posits, against `rvx.number`."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from rule_harness import Native, rounded
from rule_rows import rows

from rvx import number
from rvx.jit.number import fast
from rvx.jit.number.rule_posit import PositFused
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import Posit, Rounding
from rvx.number.real import NAN

OPERATIONS = {
    "a * b": (Term(1, 0, (0, 1)),),
    "-(a * b)": (Term(-1, 0, (0, 1)),),
    "a + b": (Term(1, 0, (0,)), Term(1, 0, (1,))),
    "a - b": (Term(1, 0, (0,)), Term(-1, 0, (1,))),
    "-a - b": (Term(-1, 0, (0,)), Term(-1, 0, (1,))),
}
FORMATS = [
    *(Posit(32, 2), Posit(16, 2), Posit(16, 1), Posit(8, 2), Posit(8, 0), Posit(32, 3)),
    *(Posit(5, 1), Posit(24, 8), Posit(3, 0), Posit(4, 2), Posit(31, 0), Posit(32, 8)),
    *(Posit(32, 5, regime=6), Posit(16, 5, regime=6), Posit(8, 5, regime=6), Posit(8, 2, regime=3)),
    *(Posit(32, 2, regime=30), Posit(32, 0, regime=2), Posit(12, 1, regime=4)),
    Posit(32, 8, regime=12),
]
FUSED = {
    "c + a * b": (Term(1, 0, (0,)), Term(1, 0, (1, 2))),
    "c - a * b": (Term(1, 0, (0,)), Term(-1, 0, (1, 2))),
    "a * b - c": (Term(1, 0, (1, 2)), Term(-1, 0, (0,))),
}


def operands(format: Posit) -> list[tuple[int, ...]]:
    if format.bits <= 8:
        return list(itertools.product(range(1 << format.bits), repeat=2))
    return rows(Polynomial((format, format), OPERATIONS["a - b"]), 3000)


@pytest.mark.parametrize("text", OPERATIONS)
@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_product_and_sum(format: Posit, text: str) -> None:
    polynomial = Polynomial((format, format), OPERATIONS[text])
    rule = fast.fast_rule(polynomial, format, Rounding.RTZ, None, False)
    assert rule is not None
    expected = rounded(polynomial, format, Rounding.RTZ)
    Native(rule, [format.bits] * 2, format.bits, None, expected).check(operands(format))


@pytest.mark.sweep
@pytest.mark.parametrize("text", OPERATIONS)
@pytest.mark.parametrize("regime", [None, 3])
@pytest.mark.parametrize("es", range(4))
def test_all_pairs_without_tables(es: int, regime: int | None, text: str) -> None:
    """Of the shortest posits that are taken apart by their bits; bounded ones by their regimes."""
    format = Posit(9, es, regime=regime)
    polynomial = Polynomial((format, format), OPERATIONS[text])
    rule = fast.fast_rule(polynomial, format, Rounding.RNE, None, False)
    assert rule is not None
    expected = rounded(polynomial, format, Rounding.RNE)
    rows_of_two = list(itertools.product(range(1 << format.bits), repeat=2))
    Native(rule, [format.bits] * 2, format.bits, None, expected).check(rows_of_two)


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_quotient(format: Posit) -> None:
    def expected(row: tuple[int, ...]) -> tuple[int, int]:
        return format.encode(number.quotient(*map(format.decode, row)), Rounding.RNE)

    rule = fast.fast_quotient(format, format, format, Rounding.RNE, None, False)
    assert rule is not None
    Native(rule, [format.bits] * 2, format.bits, None, expected).check(operands(format))


@pytest.mark.parametrize("text", FUSED)
@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_fused(format: Posit, text: str) -> None:
    polynomial = Polynomial((format,) * 3, FUSED[text])
    rule = fast.fast_rule(polynomial, format, Rounding.RNE, None, False)
    assert isinstance(rule, PositFused)
    expected = rounded(polynomial, format, Rounding.RNE)
    tested = Native(rule, [format.bits] * 3, format.bits, None, expected)
    tested.check([*rows(polynomial, 1500), *beside_ties(format, 1500)])
    assert not tested.cold_calls


def beside_ties(format: Posit, count: int) -> list[tuple[int, ...]]:
    """A product of posits around one, and an accumulator that it moves by about half a unit, or
    that cancels it but for the last digits."""
    random, found = Random(format.bits), []
    for _ in range(count):
        a, b, c = (random.getrandbits(format.bits) for _ in range(3))
        product = number.multiply(format.decode(a), format.decode(b))
        if product.kinds & NAN or not product.significand:
            continue
        if random.random() < 0.5:
            c, _ = format.encode(number.negate(product), Rounding.RNE)
            c = (c + random.randint(-2, 2)) % (1 << format.bits)
        else:
            move = random.choice((-1, 0, 1)) + random.randint(0, format.bits)
            near = number.dyadic(product.significand, product.exponent + move)
            c, _ = format.encode(near, Rounding.RNE)
        found.append((c, a, b))
    return found


def test_no_rule_for_mixed_formats() -> None:
    terms = OPERATIONS["a * b"]
    bounded, other = Posit(32, 2, regime=6), Posit(32, 3)
    for formats, target in (((bounded, bounded), other), ((other, other), Posit(32, 2))):
        shape = Polynomial(formats, terms)
        assert fast.fast_rule(shape, target, Rounding.RNE, None, False) is None
