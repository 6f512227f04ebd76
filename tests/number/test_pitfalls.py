"""Cases that plausible implementations get wrong, one row each."""

import pytest

from rvx.number import (
    NV,
    NX,
    OF,
    QUIET_NAN,
    SIGNALING_NAN,
    UF,
    Float,
    Posit,
    Rounding,
    add,
    dyadic,
    from_integer,
    infinity,
    multiply,
    quotient,
    scale,
    subtract,
    zero,
)

E5M2 = Float(exponent=5, fraction=2)
FP16 = Float(exponent=5, fraction=10)
BF16 = Float(exponent=8, fraction=7)
FP32 = Float(exponent=8, fraction=23)
INF, MINUS_INF = infinity(False), infinity(True)


def dot(acc, *pairs):
    """The sum of an fp16 and of e5m2 products, in the order of the text."""
    total = FP16.decode(acc)
    for a, b in pairs:
        total = add(total, multiply(E5M2.decode(a), E5M2.decode(b)))
    return total


def test_products_that_cancel_leave_the_accumulator():
    # In double, (acc + p) + q loses the last bit of the accumulator: 0x0350.
    total = dot(0x034F, (0x79, 0x79), (0x79, 0xF9))
    assert FP16.encode(total, Rounding.RNE) == (0x034F, 0)


@pytest.mark.parametrize(
    ("format", "half_ulp", "tiny", "expected"),
    [(FP16, -11, -40, 0x3C01), (BF16, -8, -40, 0x3F81), (FP32, -24, -60, 0x3F800001)],
)
def test_a_sum_just_above_a_tie_rounds_once(format, half_ulp, tiny, expected):
    total = add(add(from_integer(1), dyadic(1, half_ulp)), dyadic(1, tiny))
    assert format.encode(total, Rounding.RNE) == (expected, NX)
    tie = add(from_integer(1), dyadic(1, half_ulp))
    assert format.encode(tie, Rounding.RNE) == (expected - 1, NX)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [  # fmul.s: both give the smallest normal number, one of them is tiny after rounding
        (0x3F7FFFFF, 0x00800000, (0x00800000, UF | NX)),
        (0x3F7FF800, 0x00800400, (0x00800000, NX)),
    ],
)
def test_tininess_is_detected_after_rounding(a, b, expected):
    assert FP32.encode(multiply(FP32.decode(a), FP32.decode(b)), Rounding.RNE) == expected


@pytest.mark.parametrize("mode", Rounding)
def test_an_exact_subnormal_does_not_underflow(mode):
    half = multiply(FP32.decode(0x00800000), dyadic(1, -1))
    assert FP32.encode(half, mode) == (0x00400000, 0)


@pytest.mark.parametrize(
    ("total", "flags"),
    [
        (add(multiply(INF, zero(False)), QUIET_NAN), NV),  # the fma of x86 does not raise it
        (add(add(INF, MINUS_INF), QUIET_NAN), 0),
        (add(add(INF, QUIET_NAN), MINUS_INF), 0),
        (add(QUIET_NAN, add(INF, MINUS_INF)), 0),
        (add(INF, MINUS_INF), NV),
        (add(add(INF, MINUS_INF), SIGNALING_NAN), NV),
    ],
)
def test_nan_results(total, flags):
    assert FP32.encode(total, Rounding.RNE) == (0x7FC00000, flags)


@pytest.mark.parametrize(
    ("total", "signs"),
    [  # signs of the zero in RDN and in the other modes
        (subtract(dyadic(3, -7), dyadic(3, -7)), (1, 0)),
        (add(zero(True), zero(True)), (1, 1)),
        (add(multiply(zero(False), from_integer(-1)), zero(True)), (1, 1)),
        (add(multiply(zero(False), from_integer(-1)), zero(False)), (1, 0)),
        (multiply(zero(False), scale(from_integer(-1), 90)), (1, 1)),
        (add(add(from_integer(5), from_integer(-2)), from_integer(-3)), (1, 0)),
        (multiply(subtract(from_integer(1), from_integer(1)), from_integer(-1)), (1, 0)),
    ],
)
def test_signs_of_exact_zeros(total, signs):
    for mode in Rounding:
        sign = signs[0] if mode is Rounding.RDN else signs[1]
        assert FP32.encode(total, mode) == (sign << 31, 0)


@pytest.mark.parametrize(
    ("mode", "code"), [(Rounding.RNE, 0x7C00), (Rounding.RMM, 0x7C00), (Rounding.RTZ, 0x7BFF)]
)
def test_largest_and_half_an_ulp(mode, code):
    total = add(FP16.decode(0x7BFF), dyadic(1, 4))
    flags = NX if mode is Rounding.RTZ else OF | NX
    assert FP16.encode(total, mode) == (code, flags)


@pytest.mark.parametrize("payload", [0x7F800001, 0x7FA55555, 0xFFC12345, 0xFF80FFFF, 0x7FFFFFFF])
def test_payloads_and_signs_of_nans_do_not_come_out(payload):
    signals = NV if not payload >> 22 & 1 else 0
    nan, one = FP32.decode(payload), from_integer(1)
    for result in (add(nan, one), multiply(one, nan), quotient(nan, one), subtract(one, nan)):
        assert FP32.encode(result, Rounding.RNE) == (0x7FC00000, signals)


@pytest.mark.parametrize(
    ("a", "b", "once", "twice"),
    [
        (0x40000003, 0x46AAAAAB, 0x46AAAAB1, 0x46AAAAB0),
        (0x40000005, 0x40CCCCCD, 0x40CCCCD3, 0x40CCCCD2),
        (0x40000009, 0x431C71C7, 0x431C71D3, 0x431C71D4),
    ],
)
def test_a_posit_product_by_way_of_binary64_rounds_twice(a, b, once, twice):
    posit, fp64 = Posit(bits=32, es=2), Float(exponent=11, fraction=52)
    product = multiply(posit.decode(a), posit.decode(b))
    assert posit.encode(product, Rounding.RNE) == (once, 0)
    between = fp64.decode(fp64.encode(product, Rounding.RNE)[0])
    assert posit.encode(between, Rounding.RNE) == (twice, 0)
