"""Floats: every code of the narrow formats, and every pair of operands, against other libraries."""

import itertools
from fractions import Fraction

import gfloat
import gfloat.formats
import ml_dtypes
import numpy as np
import pytest
from enumerated import float_value, round_float

from rvx.number import (
    DZ,
    NV,
    NX,
    OF,
    QUIET_NAN,
    UF,
    Float,
    Real,
    Rounding,
    add,
    dyadic,
    infinity,
    multiply,
    quotient,
    zero,
)
from rvx.number.real import INFINITE, NAN, NEG_INF, NEG_ZERO, POS_INF, POS_ZERO

E5M2 = Float(exponent=5, fraction=2)
E4M3 = Float(exponent=4, fraction=3, specials="ocp")
E4M3_IEEE = Float(exponent=4, fraction=3)
E3M4 = Float(exponent=3, fraction=4)
E3M2 = Float(exponent=3, fraction=2, specials="none")
E2M3 = Float(exponent=2, fraction=3, specials="none")
E2M1 = Float(exponent=2, fraction=1, specials="none")
UE4M3 = Float(exponent=4, fraction=3, specials="nan", signed=False)
FP16 = Float(exponent=5, fraction=10)
BF16 = Float(exponent=8, fraction=7)
FP32 = Float(exponent=8, fraction=23)

ML_DTYPES = {
    "e5m2": (E5M2, ml_dtypes.float8_e5m2),
    "e4m3": (E4M3, ml_dtypes.float8_e4m3fn),
    "e4m3_ieee": (E4M3_IEEE, ml_dtypes.float8_e4m3),
    "e3m4": (E3M4, ml_dtypes.float8_e3m4),
    "e3m2": (E3M2, ml_dtypes.float6_e3m2fn),
    "e2m3": (E2M3, ml_dtypes.float6_e2m3fn),
    "e2m1": (E2M1, ml_dtypes.float4_e2m1fn),
    "fp16": (FP16, np.float16),
    "bf16": (BF16, ml_dtypes.bfloat16),
}
GFLOAT = {
    "e5m2": (E5M2, gfloat.formats.format_info_ocp_e5m2),
    "e4m3": (E4M3, gfloat.formats.format_info_ocp_e4m3),
    "e3m2": (E3M2, gfloat.formats.format_info_ocp_e3m2),
    "e2m3": (E2M3, gfloat.formats.format_info_ocp_e2m3),
    "e2m1": (E2M1, gfloat.formats.format_info_ocp_e2m1),
    "fp16": (FP16, gfloat.formats.format_info_binary16),
    "bf16": (BF16, gfloat.formats.format_info_bfloat16),
}
NARROW = [name for name, (format, _) in ML_DTYPES.items() if format.bits <= 8]
MODES = {
    Rounding.RNE: gfloat.RoundMode.TiesToEven,
    Rounding.RTZ: gfloat.RoundMode.TowardZero,
    Rounding.RDN: gfloat.RoundMode.TowardNegative,
    Rounding.RUP: gfloat.RoundMode.TowardPositive,
    Rounding.RMM: gfloat.RoundMode.TiesToAway,
}
OPERATIONS = {
    "add": (add, np.add, lambda a, b: a + b),
    "multiply": (multiply, np.multiply, lambda a, b: a * b),
    "quotient": (quotient, np.divide, lambda a, b: a / b),
}


def as_float(value: Real) -> float:
    if value.kinds == NAN:
        return float("nan")
    if value.kinds & INFINITE:
        return float("inf") if value.kinds == POS_INF else float("-inf")
    if value.kinds == NEG_ZERO:
        return -0.0
    return float(Fraction(value.significand) * Fraction(2) ** value.exponent)


def from_float(value: float) -> Real:
    if np.isnan(value):
        return QUIET_NAN
    if np.isinf(value):
        return infinity(value < 0)
    if value == 0:
        return zero(bool(np.signbit(value)))
    numerator, denominator = value.as_integer_ratio()
    return dyadic(numerator, 1 - denominator.bit_length())


def is_same(a: float, b: float) -> bool:
    return (a == b and np.signbit(a) == np.signbit(b)) or (np.isnan(a) and np.isnan(b))


def is_nan(format: Float, code: int) -> bool:
    return format.decode(code).kinds == NAN


@pytest.mark.parametrize("name", ML_DTYPES)
def test_every_code_decodes_as_in_ml_dtypes(name):
    format, dtype = ML_DTYPES[name]
    codes = np.arange(1 << format.bits, dtype=f"u{(format.bits + 7) // 8}")
    with np.errstate(invalid="ignore"):
        expected = codes.view(dtype).astype(np.float64)
    assert len(codes) == 1 << format.bits
    for code, value in zip(codes.tolist(), expected.tolist(), strict=True):
        assert is_same(as_float(format.decode(code)), value), hex(code)


@pytest.mark.parametrize("name", GFLOAT)
def test_every_code_decodes_as_in_gfloat(name):
    format, info = GFLOAT[name]
    for code in range(0, 1 << format.bits, 1 if format.bits <= 8 else 7):
        assert is_same(as_float(format.decode(code)), gfloat.decode_float(info, code).fval)


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("name", [*ML_DTYPES, "ue4m3"])
def test_every_code_survives_and_every_nan_becomes_canonical(name, mode):
    format = UE4M3 if name == "ue4m3" else ML_DTYPES[name][0]
    for code in range(1 << format.bits):
        value = format.decode(code)
        is_signaling = value.kinds == NAN and value.flags == NV
        if value.kinds == NAN:
            assert format.encode(value, mode) == (format.canonical_nan, NV if is_signaling else 0)
        else:
            assert format.encode(value, mode) == (code, 0)


@pytest.mark.parametrize(
    ("format", "canonical", "signaling"),
    [(FP32, 0x7FC00000, 0x7F800001), (FP16, 0x7E00, 0x7DFF), (BF16, 0x7FC0, 0xFF81),
     (E5M2, 0x7E, 0x7D), (E4M3_IEEE, 0x7C, 0x79), (E4M3, 0x7F, None), (UE4M3, 0x7F, None)],
)  # fmt: skip
def test_nans(format, canonical, signaling):
    assert format.canonical_nan == canonical
    assert format.decode(canonical) == QUIET_NAN
    assert format.decode((1 << format.bits) - 1) == QUIET_NAN
    if signaling is not None:
        assert format.decode(signaling).kinds == NAN
        assert format.decode(signaling).flags == NV


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", NARROW)
def test_every_pair_rounds_to_nearest_as_in_ml_dtypes(name, operation):
    format, dtype = ML_DTYPES[name]
    ours, theirs, _ = OPERATIONS[operation]
    codes = np.arange(1 << format.bits, dtype=np.uint8)
    with np.errstate(all="ignore"):
        result = theirs(codes.view(dtype)[:, None], codes.view(dtype)[None, :])
    assert result.dtype == dtype
    expected = result.view(np.uint8).tolist()
    values = [format.decode(code) for code in codes.tolist()]
    for a, b in itertools.product(codes.tolist(), repeat=2):
        code, flags = format.encode(ours(values[a], values[b]), Rounding.RNE)
        if format.canonical_nan is None and flags & (NV | DZ):
            continue  # ml_dtypes turns a NaN into -0 here, and IEEE 754 does not say
        if format.canonical_nan is not None and is_nan(format, expected[a][b]):
            assert code == format.canonical_nan
        else:
            assert code == expected[a][b], (hex(a), hex(b))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", GFLOAT)
def test_binary64_numbers_round_as_in_gfloat(name, mode):
    """Values, midpoints and their neighbours; overflow too, up to infinity."""
    format, info = GFLOAT[name]
    saturates = format.specials == "none"
    step = 1 if format.bits <= 8 else 509
    sample = [as_float(format.decode(code)) for code in range(0, format.max_code + 1, step)]
    sample += [sample[-1] * factor for factor in (1.01, 1.1, 1.25, 2.0, 1e6)]
    sample += [(a + b) / 2 for a, b in itertools.pairwise(sample)]
    sample += [x * (1 + nudge) for x in sample for nudge in (2.0**-30, -(2.0**-30))]
    sample += [-x for x in sample] + [float("inf"), float("-inf")]
    for number in sample:
        if saturates and np.isinf(number):
            continue  # gfloat refuses
        rounded = gfloat.round_float(info, number, MODES[mode], sat=saturates)
        code, _ = format.encode(from_float(number), mode)
        assert is_same(as_float(format.decode(code)), rounded), number


def check_against_enumeration(format, mode, pairs, operation):
    """Compare codes and flags with the model that lists all values."""
    ours, _, exact = OPERATIONS[operation]
    overflow = {"ieee": "infinity", "ocp": "nan", "none": "saturate"}[format.specials]
    sign = 1 << format.exponent + format.fraction
    checked = 0
    for a, b in pairs:
        if a % sign > format.max_code or b % sign > format.max_code:
            continue
        x, y = (
            float_value(code % sign, format.exponent, format.fraction) * (-1 if code & sign else 1)
            for code in (a, b)
        )
        if operation == "quotient" and not y:
            continue
        value = exact(x, y)
        if not value:
            continue
        expected = round_float(
            value, mode.name, format.exponent, format.fraction, format.max_code, overflow
        )
        assert format.encode(ours(format.decode(a), format.decode(b)), mode) == expected
        checked += 1
    return checked


ENUMERATED = {name: ML_DTYPES[name][0] for name in ("e5m2", "e4m3", "e4m3_ieee", "e2m3", "e2m1")}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("name", ENUMERATED)
def test_pairs_round_as_enumerated(name, mode, operation):
    format = ENUMERATED[name]
    step = 211 if format.bits == 8 else 1 if format.bits == 4 else 31
    pairs = list(itertools.product(range(1 << format.bits), repeat=2))[::step]
    assert check_against_enumeration(format, mode, pairs, operation) > len(pairs) // 2


@pytest.mark.sweep
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("name", ENUMERATED)
def test_all_pairs_round_as_enumerated(name, mode, operation):
    format = ENUMERATED[name]
    pairs = list(itertools.product(range(1 << format.bits), repeat=2))
    assert check_against_enumeration(format, mode, pairs, operation) > len(pairs) // 2


@pytest.mark.parametrize(
    ("mode", "positive", "negative"),
    [
        (Rounding.RNE, 0x7F800000, 0xFF800000),
        (Rounding.RTZ, 0x7F7FFFFF, 0xFF7FFFFF),
        (Rounding.RDN, 0x7F7FFFFF, 0xFF800000),
        (Rounding.RUP, 0x7F800000, 0xFF7FFFFF),
        (Rounding.RMM, 0x7F800000, 0xFF800000),
        (Rounding.ODD, 0x7F7FFFFF, 0xFF7FFFFF),
    ],
)
def test_overflow_in_each_mode(mode, positive, negative):
    assert FP32.encode(dyadic(1, 128), mode) == (positive, OF | NX)
    assert FP32.encode(dyadic(-1, 128), mode) == (negative, OF | NX)
    assert FP32.encode(dyadic(1, 100_000), mode) == (positive, OF | NX)


def test_overflow_begins_half_an_ulp_beyond_the_largest_number():
    largest, half_ulp = FP32.decode(0x7F7FFFFF), dyadic(1, 103)
    below = add(largest, dyadic(2**60 - 1, 103 - 60))
    assert FP32.encode(below, Rounding.RNE) == (0x7F7FFFFF, NX)
    assert FP32.encode(add(largest, half_ulp), Rounding.RNE) == (0x7F800000, OF | NX)
    assert FP32.encode(add(largest, half_ulp), Rounding.RMM) == (0x7F800000, OF | NX)
    assert FP32.encode(add(largest, half_ulp), Rounding.RDN) == (0x7F7FFFFF, NX)
    assert FP32.encode(add(largest, half_ulp), Rounding.ODD) == (0x7F7FFFFF, NX)


@pytest.mark.parametrize(
    ("mode", "positive", "negative"),
    [(Rounding.RNE, 0, 0), (Rounding.RTZ, 0, 0), (Rounding.RDN, 0, 1), (Rounding.RUP, 1, 0),
     (Rounding.RMM, 1, 1), (Rounding.ODD, 1, 1)],
)  # fmt: skip
@pytest.mark.parametrize("format", [FP32, FP16, BF16, E5M2, E4M3, E4M3_IEEE, E3M2, E2M3, E2M1])
def test_half_the_smallest_subnormal(format, mode, positive, negative):
    sign = 1 << format.bits - 1
    assert format.encode(dyadic(1, format.lsb - 1), mode) == (positive, UF | NX)
    assert format.encode(dyadic(-1, format.lsb - 1), mode) == (sign | negative, UF | NX)


@pytest.mark.parametrize(
    ("format", "value", "mode", "expected"),
    [
        # OCP OFP8: E4M3 overflows to NaN, saturating to 448; 464 is the tie.
        (E4M3, dyadic(464, 0), Rounding.RNE, (0x7E, NX)),
        (E4M3, dyadic(465, 0), Rounding.RNE, (0x7F, OF | NX)),
        (E4M3, dyadic(480, 0), Rounding.RTZ, (0x7E, OF | NX)),
        (E4M3, dyadic(-480, 0), Rounding.RUP, (0xFE, OF | NX)),
        (E4M3, dyadic(-480, 0), Rounding.RDN, (0x7F, OF | NX)),
        (E4M3, infinity(True), Rounding.RNE, (0x7F, OF | NX)),
        (Float(4, 3, "ocp", overflow="saturate"), dyadic(480, 0), Rounding.RNE, (0x7E, OF | NX)),
        (Float(4, 3, "ocp", overflow="saturate"), infinity(True), Rounding.RNE, (0xFE, OF | NX)),
        (Float(4, 3, "ocp", overflow="saturate"), QUIET_NAN, Rounding.RNE, (0x7F, 0)),
        (Float(5, 2, overflow="saturate"), dyadic(-1, 16), Rounding.RNE, (0xFB, OF | NX)),
        (Float(5, 2, overflow="saturate"), infinity(False), Rounding.RNE, (0x7B, OF | NX)),
        # MX FP6 and FP4 have numbers only.
        (E2M1, dyadic(7, 0), Rounding.RNE, (0x7, OF | NX)),
        (E2M1, dyadic(5, 0), Rounding.RNE, (0x6, NX)),
        (E2M1, infinity(True), Rounding.RTZ, (0xF, OF | NX)),
        (E2M1, QUIET_NAN, Rounding.RNE, (0x7, NV)),
        (E2M1, zero(True), Rounding.RNE, (0x8, 0)),
        # No sign: below zero is invalid unless it rounds to zero.
        (UE4M3, dyadic(-1, 0), Rounding.RNE, (0, NV)),
        (UE4M3, dyadic(-1, -30), Rounding.RNE, (0, UF | NX)),
        (UE4M3, dyadic(-1, -30), Rounding.RDN, (0, NV)),
        (UE4M3, infinity(True), Rounding.RNE, (0, NV)),
        (UE4M3, zero(True), Rounding.RNE, (0, 0)),
        (UE4M3, dyadic(448, 0), Rounding.RNE, (0x7E, 0)),
        (UE4M3, dyadic(1, 9), Rounding.RNE, (0x7F, OF | NX)),
        (UE4M3, QUIET_NAN, Rounding.RNE, (0x7F, 0)),
        # A bias of one's own, and no fraction: powers of two.
        (Float(4, 3, bias=8), dyadic(1, 0), Rounding.RNE, (0x40, 0)),
        (Float(3, 0, "none"), dyadic(3, 0), Rounding.RNE, (0x5, NX)),
        (Float(3, 0, "none"), dyadic(3, -1), Rounding.RTZ, (0x3, NX)),
        (Float(3, 0, "none"), dyadic(1, -9), Rounding.RUP, (0x1, UF | NX)),
    ],
)
def test_choices_of_a_format(format, value, mode, expected):
    assert format.encode(value, mode) == expected


def test_widths_and_ranges():
    assert [f.bits for f in (FP32, FP16, E4M3, E3M2, E2M1, UE4M3)] == [32, 16, 8, 6, 4, 7]
    assert as_float(E4M3.decode(E4M3.max_code)) == 448
    assert as_float(E4M3_IEEE.decode(E4M3_IEEE.max_code)) == 240
    assert as_float(E5M2.decode(E5M2.max_code)) == 57344
    assert as_float(E3M2.decode(E3M2.max_code)) == 28
    assert as_float(E2M3.decode(E2M3.max_code)) == 7.5
    assert [as_float(E2M1.decode(code)) for code in range(8)] == [0, 0.5, 1, 1.5, 2, 3, 4, 6]


def test_infinities_and_zeros_have_signs():
    assert FP16.decode(0x7C00).kinds == POS_INF
    assert FP16.decode(0xFC00).kinds == NEG_INF
    assert FP16.decode(0x0000).kinds == POS_ZERO
    assert FP16.decode(0x8000).kinds == NEG_ZERO
    assert FP16.encode(infinity(True), Rounding.RTZ) == (0xFC00, 0)
