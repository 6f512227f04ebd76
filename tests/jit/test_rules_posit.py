"""The integer rules for posits, against `rvx.number`."""

from __future__ import annotations

import itertools

import pytest
from rule_harness import Native, rounded
from rule_rows import rows

from rvx import number
from rvx.jit.number import fast
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import Posit, Rounding

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
]


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


@pytest.mark.parametrize("format", FORMATS, ids=str)
def test_quotient(format: Posit) -> None:
    def expected(row: tuple[int, ...]) -> tuple[int, int]:
        return format.encode(number.quotient(*map(format.decode, row)), Rounding.RNE)

    rule = fast.fast_quotient(format, format, format, Rounding.RNE, None, False)
    assert rule is not None
    Native(rule, [format.bits] * 2, format.bits, None, expected).check(operands(format))


def test_no_rule_for_bounded_posits_and_mixed_formats() -> None:
    terms = OPERATIONS["a * b"]
    bounded, other = Posit(32, 2, regime=6), Posit(32, 3)
    for formats, target in (((bounded, bounded), bounded), ((other, other), Posit(32, 2))):
        shape = Polynomial(formats, terms)
        assert fast.fast_rule(shape, target, Rounding.RNE, None, False) is None
