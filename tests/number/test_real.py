"""Exact values: the algebra of monomials, and what closes a polynomial."""

import itertools
from fractions import Fraction

import pytest

from rvx.number import (
    DZ,
    NV,
    QUIET_NAN,
    SIGNALING_NAN,
    Float,
    Real,
    Rounding,
    absolute,
    add,
    compare,
    dyadic,
    exponent,
    from_integer,
    infinity,
    maximum,
    minimum,
    multiply,
    negate,
    quotient,
    resolve,
    root,
    scale,
    subtract,
    truncate,
    zero,
)
from rvx.number.real import (
    LEAST_EXPONENT,
    NAN,
    NEG_INF,
    NEG_ZERO,
    NEGATIVE,
    OPEN_ZERO,
    POS_INF,
    POS_ZERO,
    POSITIVE,
    QUOTIENT_BITS,
)

INF, MINUS_INF = infinity(False), infinity(True)
ZERO, MINUS_ZERO = zero(False), zero(True)
ONE, MINUS_ONE = from_integer(1), from_integer(-1)
OPEN = subtract(ONE, ONE)
OPERANDS = {
    "+inf": INF,
    "-inf": MINUS_INF,
    "+0": ZERO,
    "-0": MINUS_ZERO,
    "+1": ONE,
    "-1": MINUS_ONE,
    "3/2": dyadic(3, -1),
    "qnan": QUIET_NAN,
    "snan": SIGNALING_NAN,
}
FP32 = Float(exponent=8, fraction=23)


def value(a: Real) -> Fraction:
    return a.significand * Fraction(2) ** a.exponent


def meaning(a: Real) -> tuple[object, ...]:
    """What is observable of an exact value: its resolved kind and flags, and its finite part."""
    a = resolve(a)
    return a.kinds, a.flags, value(a)


def monomials(a: Real) -> tuple[object, ...]:
    """What decides the rest of a computation."""
    is_finite = a.kinds < POS_INF
    return a.kinds, a.flags, value(a) if is_finite else None


def pairs_of(values):
    return list(itertools.product(values, repeat=2))


def triples_of(values):
    return list(itertools.product(values, repeat=3))


def test_sums_and_products_do_not_depend_on_the_bracketing():
    sums = [a if b is None else add(a, b) for a in OPERANDS.values()
            for b in (None, ZERO, MINUS_ONE, INF)]  # fmt: skip
    for a, b, c in triples_of(sums):
        assert monomials(add(a, add(b, c))) == monomials(add(add(a, b), c))
        assert monomials(multiply(a, multiply(b, c))) == monomials(multiply(multiply(a, b), c))
        assert monomials(multiply(a, add(b, c))) == monomials(add(multiply(a, b), multiply(a, c)))


def test_sums_and_products_commute():
    for a, b in pairs_of(OPERANDS.values()):
        assert monomials(add(a, b)) == monomials(add(b, a))
        assert monomials(multiply(a, b)) == monomials(multiply(b, a))
        assert monomials(negate(multiply(a, b))) == monomials(multiply(negate(a), b))
        assert monomials(subtract(a, b)) == monomials(add(a, negate(b)))


@pytest.mark.parametrize(
    ("expression", "kind", "flags"),
    [
        (add(add(INF, MINUS_INF), QUIET_NAN), NAN, 0),
        (add(add(INF, QUIET_NAN), MINUS_INF), NAN, 0),
        (add(INF, MINUS_INF), NAN, NV),
        (add(INF, INF), POS_INF, 0),
        (add(MINUS_INF, ONE), NEG_INF, 0),
        (add(QUIET_NAN, ONE), NAN, 0),
        (add(SIGNALING_NAN, ONE), NAN, NV),
        (add(multiply(INF, ZERO), QUIET_NAN), NAN, NV),
        (multiply(multiply(INF, QUIET_NAN), ZERO), NAN, NV),
        (multiply(INF, multiply(QUIET_NAN, ZERO)), NAN, NV),
        (multiply(QUIET_NAN, ZERO), NAN, 0),
        (multiply(INF, OPEN), NAN, NV),
        (multiply(INF, MINUS_ONE), NEG_INF, 0),
        (multiply(ZERO, MINUS_ONE), NEG_ZERO, 0),
        (multiply(MINUS_ZERO, MINUS_ONE), POS_ZERO, 0),
        (add(ZERO, ZERO), POS_ZERO, 0),
        (add(MINUS_ZERO, MINUS_ZERO), NEG_ZERO, 0),
        (add(ZERO, MINUS_ZERO), OPEN_ZERO, 0),
        (add(multiply(ZERO, MINUS_ONE), MINUS_ZERO), NEG_ZERO, 0),
        (subtract(ONE, ONE), OPEN_ZERO, 0),
        (negate(subtract(ONE, ONE)), OPEN_ZERO, 0),
        (add(add(ONE, ONE), from_integer(-2)), OPEN_ZERO, 0),
        (add(ZERO, ONE), POSITIVE, 0),
        (add(ONE, from_integer(-2)), NEGATIVE, 0),
        (from_integer(0), POS_ZERO, 0),
        (negate(ZERO), NEG_ZERO, 0),
        (negate(INF), NEG_INF, 0),
        (negate(QUIET_NAN), NAN, 0),
    ],
)
def test_specials_are_decided_on_monomials(expression, kind, flags):
    assert resolve(expression).kinds == kind
    assert resolve(expression).flags == flags
    assert resolve(resolve(expression)) == resolve(expression)


@pytest.mark.parametrize(
    ("a", "b", "kind", "flags"),
    [
        (ZERO, ZERO, NAN, NV),
        (INF, MINUS_INF, NAN, NV),
        (OPEN, MINUS_ZERO, NAN, NV),
        (ONE, ZERO, POS_INF, DZ),
        (ONE, MINUS_ZERO, NEG_INF, DZ),
        (MINUS_ONE, OPEN, NEG_INF, DZ),
        (INF, ZERO, POS_INF, 0),
        (INF, MINUS_ONE, NEG_INF, 0),
        (ONE, MINUS_INF, NEG_ZERO, 0),
        (MINUS_ZERO, MINUS_ONE, POS_ZERO, 0),
        (OPEN, MINUS_ONE, OPEN_ZERO, 0),
        (QUIET_NAN, ZERO, NAN, 0),
        (ONE, SIGNALING_NAN, NAN, NV),
        (MINUS_ONE, from_integer(3), NEGATIVE, 0),
        (add(INF, MINUS_INF), ONE, NAN, NV),
    ],
)
def test_special_quotients(a, b, kind, flags):
    assert quotient(a, b).kinds == kind
    assert quotient(a, b).flags == flags


@pytest.mark.parametrize(
    ("a", "kind", "flags"),
    [
        (MINUS_ONE, NAN, NV),
        (MINUS_INF, NAN, NV),
        (INF, POS_INF, 0),
        (ZERO, POS_ZERO, 0),
        (MINUS_ZERO, NEG_ZERO, 0),
        (OPEN, OPEN_ZERO, 0),
        (QUIET_NAN, NAN, 0),
        (SIGNALING_NAN, NAN, NV),
        (quotient(ONE, ZERO), POS_INF, DZ),
        (from_integer(2), POSITIVE, 0),
    ],
)
def test_special_roots(a, kind, flags):
    assert root(a).kinds == kind
    assert root(a).flags == flags


def is_to_odd(a: Real, is_exact: bool) -> bool:
    return is_exact or (a.significand % 2 == 1 and abs(a.significand) >> QUOTIENT_BITS - 1 != 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_quotients_are_exact_or_to_odd(sign):
    for p, q in itertools.product([1, 2, 3, 7, 96, 2**40 + 1, 3**400], [1, 3, 10, 3**300]):
        result = quotient(dyadic(sign * p, -7), dyadic(q, 90))
        exact = Fraction(sign * p, q) / 2**97
        ulp = Fraction(2) ** result.exponent
        is_exact = value(result) == exact
        assert is_exact == (exact.denominator & exact.denominator - 1 == 0)
        assert is_to_odd(result, is_exact)
        assert abs(value(result) - exact) < ulp


def test_roots_are_exact_or_to_odd():
    for p, power in itertools.product([1, 2, 9, 10, 2**31 - 1, 3**500, 3**501], [-101, -2, 0, 7]):
        result = root(dyadic(p, power))
        exact = p * Fraction(2) ** power
        ulp = Fraction(2) ** result.exponent
        is_exact = value(result) ** 2 == exact
        assert is_to_odd(result, is_exact)
        assert (value(result) - ulp) ** 2 < exact < (value(result) + ulp) ** 2
    assert value(root(dyadic(9, -2))) == Fraction(3, 2)


def test_an_inexact_quotient_of_any_size_is_inexact_when_rounded():
    third = quotient(ONE, from_integer(3))
    assert FP32.encode(third, Rounding.RNE) == (0x3EAAAAAB, 1)
    assert FP32.encode(quotient(from_integer(3), ONE), Rounding.RNE) == (0x40400000, 0)


ORDERED = [MINUS_INF, from_integer(-2), dyadic(-3, -1), MINUS_ONE, ZERO, dyadic(1, -200), ONE,
           dyadic(3, -1), dyadic(1, 200), INF]  # fmt: skip


def test_comparisons():
    for (i, a), (j, b) in pairs_of(enumerate(ORDERED)):
        assert compare(a, b) == (i > j) - (i < j)
    for a, b in pairs_of([ZERO, MINUS_ZERO, OPEN]):
        assert compare(a, b) == 0
    for a in ORDERED:
        assert compare(a, QUIET_NAN) is None
        assert compare(SIGNALING_NAN, a) is None
        assert compare(add(INF, MINUS_INF), a) is None


def test_minimum_and_maximum_choose_by_order():
    for (i, a), (j, b) in pairs_of(enumerate(ORDERED)):
        assert meaning(minimum(a, b)) == meaning(ORDERED[min(i, j)])
        assert meaning(maximum(a, b)) == meaning(ORDERED[max(i, j)])


@pytest.mark.parametrize(
    ("a", "b", "least", "greatest"),
    [
        (ZERO, MINUS_ZERO, MINUS_ZERO, ZERO),
        (OPEN, MINUS_ZERO, MINUS_ZERO, OPEN),
        (OPEN, ZERO, OPEN, ZERO),
        (QUIET_NAN, ONE, ONE, ONE),
        (SIGNALING_NAN, ONE, ONE._replace(flags=NV), ONE._replace(flags=NV)),
        (SIGNALING_NAN, QUIET_NAN, SIGNALING_NAN, SIGNALING_NAN),
        (QUIET_NAN, QUIET_NAN, QUIET_NAN, QUIET_NAN),
        (multiply(INF, ZERO), MINUS_ONE, MINUS_ONE._replace(flags=NV),
         MINUS_ONE._replace(flags=NV)),
        (add(INF, ONE), quotient(ONE, ZERO), INF._replace(flags=DZ), INF._replace(flags=DZ)),
    ],
)  # fmt: skip
def test_minimum_and_maximum_of_specials(a, b, least, greatest):
    for x, y in ((a, b), (b, a)):
        assert meaning(minimum(x, y)) == meaning(least)
        assert meaning(maximum(x, y)) == meaning(greatest)


@pytest.mark.parametrize(
    ("a", "expected"),
    [(MINUS_ONE, ONE), (ONE, ONE), (MINUS_ZERO, ZERO), (OPEN, ZERO), (MINUS_INF, INF),
     (SIGNALING_NAN, SIGNALING_NAN), (subtract(ONE, from_integer(3)), from_integer(2))],
)  # fmt: skip
def test_absolute(a, expected):
    assert meaning(absolute(a)) == meaning(expected)


@pytest.mark.parametrize(
    ("a", "power", "expected"),
    [
        (dyadic(0b10111, -3), -1, dyadic(0b101, -1)),
        (dyadic(-0b10111, -3), 0, dyadic(-0b10, 0)),
        (dyadic(7, -3), 0, ZERO),
        (dyadic(-7, -3), 0, MINUS_ZERO),
        (from_integer(5), -9, from_integer(5)),
        (add(INF, ONE), 100, INF),
        (SIGNALING_NAN, 3, SIGNALING_NAN),
        (OPEN, 3, OPEN),
        (dyadic(1, -5)._replace(flags=DZ), 0, ZERO._replace(flags=DZ)),
    ],
)
def test_truncate(a, power, expected):
    assert meaning(truncate(a, power)) == meaning(expected)


@pytest.mark.parametrize(
    ("a", "expected"),
    [(ONE, 0), (dyadic(-7, 0), 2), (dyadic(8, -5), -2), (ZERO, LEAST_EXPONENT),
     (OPEN, LEAST_EXPONENT), (INF, LEAST_EXPONENT), (QUIET_NAN, LEAST_EXPONENT)],
)  # fmt: skip
def test_exponent(a, expected):
    assert exponent(a) == expected


def test_scale():
    assert value(scale(dyadic(3, -1), 10)) == 1536
    assert value(scale(dyadic(-3, -1), -10)) == Fraction(-3, 2048)
    assert scale(SIGNALING_NAN, 4).flags == NV


def test_pending_flags_travel():
    inner = ONE._replace(flags=DZ)
    for operation in (add, subtract, multiply, quotient, minimum, maximum):
        assert operation(inner, SIGNALING_NAN).flags == DZ | NV
        assert operation(SIGNALING_NAN, inner).flags == DZ | NV
    for closing in (negate, absolute, root, resolve):
        assert closing(inner).flags == DZ


@pytest.mark.parametrize(("mode", "sign"), [(mode, int(mode is Rounding.RDN)) for mode in Rounding])
def test_the_mode_chooses_the_sign_of_an_open_zero(mode, sign):
    assert FP32.encode(OPEN, mode) == (sign << 31, 0)
    assert FP32.encode(add(ZERO, MINUS_ZERO), mode) == (sign << 31, 0)
    assert FP32.encode(add(MINUS_ZERO, MINUS_ZERO), mode) == (1 << 31, 0)
    assert FP32.encode(add(ZERO, ZERO), mode) == (0, 0)
