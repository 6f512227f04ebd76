"""The rules for sums of products of narrow numbers, against `rvx.number`: values and flags."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from rule_harness import Native, rounded
from rule_rows import rows

from rvx import number
from rvx.jit.host import this_host
from rvx.jit.number import fast
from rvx.jit.number.rule_sum import DoubleSum, double_sum, guarded_sum
from rvx.jit.number.rule_window import IntegerSum
from rvx.jit.number.shape import Polynomial, Term
from rvx.number import NX, Fixed, Float, Format, Posit, Rounding

needs_host = pytest.mark.skipif(not this_host().has_arithmetic, reason="the host has no rules")

FP16, BF16, FP32 = Float(5, 10), Float(8, 7), Float(8, 23)
E5M2, E4M3, OCP = Float(5, 2), Float(4, 3), Float(4, 3, "ocp")
E3M2, E2M1 = Float(3, 2, "none"), Float(2, 1, "none")
SCALE = Float(8, 0, "nan", signed=False)
SMALL_SCALE = Float(4, 2, "nan", signed=False)
POSIT8 = Posit(8, 0)
SATURATING = Fixed(16, 8, overflow="saturate", flags=True)


def dot(narrow: Format, wide: Format, sign: int = 1) -> Polynomial:
    """`wide ± a * b ± c * d`."""
    terms = Term(1, 0, (0,)), Term(sign, 0, (1, 2)), Term(sign, 0, (3, 4))
    return Polynomial((wide, *[narrow] * 4), terms)


def fused(narrow: Format, wide: Format) -> Polynomial:
    return Polynomial((wide, narrow, narrow), (Term(1, 0, (0,)), Term(1, 0, (1, 2))))


def three(narrow: Format, wide: Format, sign: int = 1) -> Polynomial:
    terms = tuple(Term(s, 0, (i,)) for i, s in enumerate((1, sign, sign)))
    return Polynomial((wide, narrow, narrow), terms)


def one(format: Format) -> Polynomial:
    return Polynomial((format,), (Term(1, 0, (0,)),))


def scaled(narrow: Format, scale: Format, wide: Format, pairs: int) -> Polynomial:
    """`wide + s * t * (a * b + ...)`, multiplied out."""
    products = tuple(Term(1, 0, (1, 2, 3 + 2 * i, 4 + 2 * i)) for i in range(pairs))
    return Polynomial((wide, scale, scale, *[narrow] * 2 * pairs), (Term(1, 0, (0,)), *products))


def native(
    polynomial: Polynomial,
    target: Format,
    mode: Rounding,
    host: Rounding | None = Rounding.RNE,
    sticky: bool = True,
) -> Native:
    given = polynomial, target, mode, host, sticky
    if host is None:
        rule = fast.fast_rule(*given)
        assert isinstance(rule, IntegerSum)
    else:  # a faster rule may take it before
        rule = double_sum(*given) or guarded_sum(*given)
        assert isinstance(rule, DoubleSum)
    widths = [format.bits for format in polynomial.formats]
    return Native(rule, widths, target.bits, host, rounded(polynomial, target, mode))


@needs_host
@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize(
    ("polynomial", "target"),
    [
        (dot(E5M2, BF16), BF16),
        (dot(E4M3, BF16, -1), BF16),
        (dot(FP16, FP32), FP32),
        (dot(BF16, FP32), FP32),
        (three(BF16, BF16), BF16),
        (three(FP16, FP32, -1), FP32),
        (fused(FP16, FP16), FP16),
        (fused(BF16, BF16), BF16),
        (fused(FP32, FP32), FP32),
        (scaled(E4M3, SCALE, FP32, 2), FP32),
        (scaled(E2M1, SMALL_SCALE, FP32, 4), FP32),
        (scaled(E4M3, E3M2, FP32, 2), FP32),
        (scaled(Fixed(8), SMALL_SCALE, FP32, 2), FP32),
    ],
)
def test_sums_that_may_need_rounding_to_odd(
    polynomial: Polynomial, target: Float, mode: Rounding
) -> None:
    if mode is Rounding.RNE and polynomial == fused(FP32, FP32):
        pytest.skip("the host's own fused multiply-add")
    # Spurious NX of the auxiliary operations is what sticky permits.
    native(polynomial, target, mode).check(rows(polynomial, 400), ignored=NX)


@needs_host
@pytest.mark.parametrize(
    ("mode", "host"),
    [
        *((mode, Rounding.RNE) for mode in Rounding),
        *((Rounding.RNE, Rounding.RDN), (Rounding.RDN, Rounding.RDN)),
    ],
)
@pytest.mark.parametrize(
    ("polynomial", "target"),
    [
        (dot(E5M2, FP16), FP16),
        (dot(E4M3, FP16, -1), FP16),
        (dot(OCP, OCP), OCP),
        (dot(E3M2, E3M2), E3M2),
        (dot(E4M3, E4M3), Float(4, 3, overflow="saturate")),
        (three(FP16, FP16), FP16),
        (three(E5M2, E5M2, -1), E5M2),
        (dot(POSIT8, FP16), FP16),
        (one(FP32), FP16),
        (one(FP32), BF16),
        (one(FP32), E5M2),
        (one(FP16), E4M3),
        (one(Fixed(32)), FP16),
        (one(Fixed(8, 3)), E5M2),
        (one(POSIT8), BF16),
    ],
)
def test_exact_sums_raise_no_spurious_flag(
    polynomial: Polynomial, target: Float, mode: Rounding, host: Rounding
) -> None:
    native(polynomial, target, mode, host, sticky=False).check(rows(polynomial, 300))


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize(
    ("polynomial", "target"),
    [
        (dot(E4M3, FP16), FP16),
        (dot(E3M2, E3M2), E3M2),
        (dot(OCP, OCP, -1), OCP),
        (three(FP16, FP16), FP16),
        (dot(POSIT8, FP16), FP16),
        (dot(Fixed(8, 5), Fixed(16, 8)), FP16),
        (one(FP16), Fixed(32, overflow="saturate", flags=True)),
        (one(FP16), Fixed(8, overflow="wrap", flags=True)),
        (one(FP16), Fixed(8, 3, signed=False, overflow="saturate", flags=True)),
        (dot(Fixed(8, 5), Fixed(16, 8)), SATURATING),
        (dot(E4M3, SATURATING), SATURATING),
        (dot(Fixed(8), Fixed(32)), Fixed(32, overflow="saturate", flags=True)),
        (fused(Fixed(16, 15), Fixed(16, 15)), Fixed(16, 15, overflow="saturate")),
        (three(Fixed(8, 2), Fixed(12, 9)), Fixed(10, 4, overflow="wrap", flags=True)),
        (three(Fixed(8), Fixed(8)), Fixed(20, 6, overflow="saturate", flags=True)),
    ],
)
def test_integer_windows_need_no_host(
    polynomial: Polynomial, target: Format, mode: Rounding
) -> None:
    native(polynomial, target, mode, None, sticky=False).check(rows(polynomial, 300))


@needs_host
@pytest.mark.parametrize("mode", [Rounding.RNE, Rounding.RMM, Rounding.RDN])
@pytest.mark.parametrize("format", [FP16, BF16])
def test_sums_around_ties_and_with_cancellation(format: Float, mode: Rounding) -> None:
    """An accumulator and a product that make a tie, or nearly nothing, and a second product of any
    size beside: double rounding or lost digits would show."""
    random, found = Random(mode.value), []

    def power(exponent: int) -> tuple[int, int]:
        """Two factors with that product, or with one that the format has."""
        one = max(min(exponent // 2, 1 - format.emin), format.lsb)
        codes = (format.encode(number.dyadic(1, e), Rounding.RNE)[0] for e in (one, exponent - one))
        first, second = codes
        return first | random.getrandbits(1) << 15, second

    for _ in range(3000):
        exponent = random.randrange(-40, 24)
        significand = random.getrandbits(23) | 1 << 23
        total, _ = FP32.encode(number.dyadic(significand, exponent - 23), Rounding.RNE)
        total |= random.getrandbits(1) << 31
        first = power(random.choice((exponent - 24, exponent - 24, exponent, exponent + 1)))
        if random.random() < 0.3:  # what cancels the first product but for its last digits
            a, b = random.getrandbits(16), random.getrandbits(16)
            product = number.multiply(format.decode(a), format.decode(b))
            total, _ = FP32.encode(number.negate(product), random.choice((Rounding.RTZ, mode)))
            first = a, b
        c, d = power(random.randrange(-48, 30))
        digits = random.choice((0, (1 << format.fraction) - 1))
        c, d = (code | random.getrandbits(format.fraction) & digits for code in (c, d))
        found.append((total, *first, c, d))
    native(dot(format, FP32), FP32, mode).check(found, ignored=NX)


@needs_host
@pytest.mark.parametrize("format", [E5M2, E4M3, OCP])
def test_all_pairs_of_bytes(format: Float) -> None:
    """Each product of two bytes onto accumulators that it nearly cancels, or none."""
    random, rest = Random(5), 0x80
    found = []
    for a, b in itertools.product(range(256), repeat=2):
        product = number.multiply(format.decode(a), format.decode(b))
        near, _ = FP16.encode(number.negate(product), Rounding.RTZ)
        found.append((random.choice((0, near, random.getrandbits(16))), a, b, rest, a))
    native(dot(format, FP16), FP16, Rounding.RNE, sticky=False).check(found)


@needs_host
@pytest.mark.parametrize(
    ("polynomial", "target", "row", "code"),
    [
        # In the order of the text, the accumulator first, this would be 0x0350.
        (dot(E5M2, FP16), FP16, (0x034F, 0x79, 0x79, 0x79, 0xF9), 0x034F),
        # Through a narrower step all of these would be one.
        (dot(E5M2, FP16), FP16, (0x3C00, 0x10, 0x3C, 0x01, 0x01), 0x3C01),
        (dot(E5M2, FP16), FP16, (0x3C00, 0x10, 0x3C, 0x01, 0x00), 0x3C00),
        (three(FP16, FP32), BF16, (0x3F810000, 0x0000, 0x0001), 0x3F81),
        (dot(FP16, FP32), FP32, (0x3F800000, 0x0C00, 0x0C00, 0x0001, 0x0001), 0x3F800001),
        (dot(FP16, FP32), FP32, (0x3F800000, 0x0C00, 0x0C00, 0x0000, 0x0001), 0x3F800000),
        (three(BF16, BF16), BF16, (0x3F80, 0x3B80, 0x2B80), 0x3F81),
        (three(BF16, BF16), BF16, (0x3F80, 0x3B80, 0x0001), 0x3F81),
        (three(BF16, BF16), BF16, (0x3F80, 0x3B80, 0x8001), 0x3F80),
        (three(BF16, BF16), BF16, (0x3F80, 0x3B80, 0x0000), 0x3F80),
        # Infinities of both signs and a quiet NaN.
        (three(FP16, FP16), FP16, (0x7C00, 0xFC00, 0x7E01), 0x7E00),
    ],
)
def test_pitfalls(polynomial: Polynomial, target: Float, row: tuple[int, ...], code: int) -> None:
    tested = native(polynomial, target, Rounding.RNE)
    assert tested.results([row])[0][0] == code
    tested.check([row], ignored=NX)


@needs_host
@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("formats", [(FP16, FP16), (BF16, FP32), (E5M2, E5M2), (FP16,), (BF16,)])
def test_quotients_and_roots_in_doubles(formats: tuple[Float, ...], mode: Rounding) -> None:
    target, host = formats[0], Rounding.RNE

    def expected(row: tuple[int, ...]) -> tuple[int, int]:
        values = [format.decode(code) for format, code in zip(formats, row, strict=True)]
        exact = number.quotient(*values) if len(values) == 2 else number.root(values[0])
        return target.encode(exact, mode)

    if len(formats) == 2:
        rule = fast.fast_quotient(formats[0], formats[1], target, mode, host, True)
    else:
        rule = fast.fast_root(formats[0], target, mode, host, True)
    assert rule is not None
    tested = Native(rule, [f.bits for f in formats], target.bits, host, expected)
    polynomial = Polynomial(formats, (Term(1, 0, tuple(range(len(formats)))),))
    tested.check(rows(polynomial, 2000), ignored=NX)


@needs_host
@pytest.mark.parametrize(
    ("mode", "host"),
    [
        *((mode, Rounding.RNE) for mode in Rounding),
        *((Rounding.RNE, Rounding.RTZ), (Rounding.RDN, Rounding.RDN)),
    ],
)
@pytest.mark.parametrize(
    ("polynomial", "target"),
    [
        (dot(FP16, FP32), FP32),
        (dot(BF16, FP32, -1), FP32),
        (dot(E5M2, BF16), BF16),
        (three(FP16, FP32, -1), FP32),
        (scaled(E4M3, SCALE, FP32, 2), FP32),
    ],
)
def test_auxiliary_operations_never_show(
    polynomial: Polynomial, target: Float, mode: Rounding, host: Rounding
) -> None:
    """While NX is clear, terms too far apart are not added in doubles; the others are, and zeros
    are near everything."""
    tested = native(polynomial, target, mode, host, sticky=False)
    tested.check(rows(polynomial, 500))
    near, before = Random(4), tested.cold_calls
    exponents = [
        (1 << format.exponent - 1) - 1 if isinstance(format, Float) else 0
        for format in polynomial.formats
    ]
    close = [
        tuple(
            0
            if near.random() < 0.1
            else (exponent + near.randrange(-1, 2) << format.fraction)
            | near.getrandbits(format.fraction)
            | (format.signed and near.getrandbits(1)) << format.bits - 1
            for format, exponent in zip(polynomial.formats, exponents, strict=True)
            if isinstance(format, Float)
        )
        for _ in range(500)
    ]
    tested.check(close)
    assert tested.cold_calls == before


def test_no_rule_without_the_host() -> None:
    wide = dot(FP16, FP32)
    assert fast.fast_rule(wide, FP32, Rounding.RNE, None, True) is None
