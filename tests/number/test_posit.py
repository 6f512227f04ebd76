"""Posits against Stillwater's Universal and against a model that lists every posit."""

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
import universal_dtypes
from enumerated import posit_grid, round_posit

from rvx.number import (
    NV,
    Posit,
    Real,
    Rounding,
    add,
    dyadic,
    infinity,
    multiply,
    quotient,
    root,
    subtract,
)
from rvx.number.real import NAN

UNIVERSAL = {
    "posit8": (Posit(bits=8, es=2), universal_dtypes.posit8, np.uint8),
    "posit8e0": (Posit(bits=8, es=0), universal_dtypes.posit8e0, np.uint8),
    "posit8e1": (Posit(bits=8, es=1), universal_dtypes.posit8e1, np.uint8),
    "posit16": (Posit(bits=16, es=2), universal_dtypes.posit16, np.uint16),
    "posit16e1": (Posit(bits=16, es=1), universal_dtypes.posit16e1, np.uint16),
    "posit32": (Posit(bits=32, es=2), universal_dtypes.posit32, np.uint32),
}
NARROW = [name for name, (format, _, _) in UNIVERSAL.items() if format.bits == 8]
HALF = [name for name, (format, _, _) in UNIVERSAL.items() if format.bits == 16]
ENUMERATED = [
    Posit(bits=8, es=2),
    Posit(bits=8, es=0),
    Posit(bits=6, es=3),
    Posit(bits=4, es=2),
    Posit(bits=8, es=5, regime=6),
    Posit(bits=8, es=1, regime=3),
    Posit(bits=9, es=2, regime=2),
    Posit(bits=10, es=2, regime=9),
    Posit(bits=13, es=5, regime=6),
]
MODES = list(Rounding)
OPERATIONS = {
    "add": (add, np.add),
    "subtract": (subtract, np.subtract),
    "multiply": (multiply, np.multiply),
    "quotient": (quotient, np.divide),
}


def as_fraction(value: Real) -> Fraction:
    return value.significand * Fraction(2) ** value.exponent


@pytest.mark.parametrize("name", NARROW + HALF)
def test_every_code_decodes_as_in_universal(name):
    format, dtype, word = UNIVERSAL[name]
    codes = np.arange(1 << format.bits).astype(word)
    for code, expected in enumerate(codes.view(dtype).astype(np.float64).tolist()):
        value = format.decode(code)
        if np.isnan(expected):
            assert value.kinds == NAN
            assert code == format.canonical_nan
        else:
            assert as_fraction(value) == Fraction(expected)


@pytest.mark.parametrize("format", [*ENUMERATED, UNIVERSAL["posit16"][0]], ids=str)
def test_every_code_survives_in_every_mode(format):
    for code in range(1 << format.bits):
        mode = MODES[code % len(MODES)]
        assert format.encode(format.decode(code), mode) == (code, 0)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", NARROW)
def test_every_pair_rounds_as_in_universal(name, operation):
    format, dtype, word = UNIVERSAL[name]
    ours, theirs = OPERATIONS[operation]
    codes = np.arange(1 << format.bits).astype(word)
    with np.errstate(all="ignore"):
        result = theirs(codes.view(dtype)[:, None], codes.view(dtype)[None, :])
    assert result.dtype == dtype
    expected = result.view(word).tolist()
    values = [format.decode(code) for code in codes.tolist()]
    for a, b in itertools.product(range(1 << format.bits), repeat=2):
        assert format.encode(ours(values[a], values[b]), Rounding.RNE) == (expected[a][b], 0)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", ["posit16", "posit16e1", "posit32"])
def test_random_pairs_round_as_in_universal(name, operation):
    format, dtype, word = UNIVERSAL[name]
    ours, theirs = OPERATIONS[operation]
    generator = np.random.default_rng(6)
    codes = generator.integers(0, 1 << format.bits, size=(2, 20_000), dtype=np.uint64).astype(word)
    codes[0, :100] = format.canonical_nan
    codes[0, 100:200] = format.max_code
    codes[1, 50:150] = 1
    with np.errstate(all="ignore"):
        result = theirs(codes[0].view(dtype), codes[1].view(dtype))
    for a, b, expected in zip(*codes.tolist(), result.view(word).tolist(), strict=True):
        value = ours(format.decode(a), format.decode(b))
        assert format.encode(value, Rounding.RNE) == (expected, 0), (hex(a), hex(b))


@pytest.mark.parametrize("name", NARROW + HALF)
def test_every_root_rounds_as_in_universal(name):
    format, dtype, word = UNIVERSAL[name]
    with np.errstate(all="ignore"):
        result = np.sqrt(np.arange(1 << format.bits).astype(word).view(dtype))
    for code, expected in enumerate(result.view(word).tolist()):
        assert format.encode(root(format.decode(code)), Rounding.RNE) == (expected, 0), hex(code)


@pytest.mark.parametrize("format", ENUMERATED, ids=str)
def test_values_and_cuts_are_those_of_the_definition(format):
    """Each posit, each cut between two posits, and both sides of the cut."""
    values, cuts = posit_grid(format.bits, format.es, format.longest)
    assert values == sorted(set(values))
    for code, value in enumerate(values, start=1):
        assert as_fraction(format.decode(code)) == value
        assert as_fraction(format.decode((1 << format.bits) - code)) == -value
    for cut in cuts:
        for value in (cut, cut * (1 - Fraction(1, 1 << 70)), cut * (1 + Fraction(1, 1 << 70))):
            exponent = 70 + max(value.denominator.bit_length() - 1, 0)
            exact = dyadic(int(value * (1 << exponent)), -exponent)
            for number, real in ((value, exact), (-value, exact._replace(
                significand=-exact.significand))):  # fmt: skip
                expected = round_posit(number, format.bits, format.es, format.longest)
                assert format.encode(real, Rounding.RUP) == (expected, 0)


def check_against_enumeration(format, pairs):
    checked = 0
    for a, b in pairs:
        x, y = format.decode(a), format.decode(b)
        if NAN in (x.kinds, y.kinds):
            continue
        p, q = as_fraction(x), as_fraction(y)
        results = [(add(x, y), p + q), (multiply(x, y), p * q)]
        if q:
            results.append((quotient(x, y), p / q))
        for real, value in results:
            expected = round_posit(value, format.bits, format.es, format.longest) if value else 0
            assert format.encode(real, Rounding.RNE) == (expected, 0), (hex(a), hex(b))
            checked += 1
    return checked


@pytest.mark.parametrize("format", ENUMERATED, ids=str)
def test_pairs_round_as_enumerated(format):
    every = range(1 << 2 * format.bits)
    sample = random.Random(7).sample(every, min(len(every), 1500))
    pairs = [divmod(number, 1 << format.bits) for number in sample]
    assert check_against_enumeration(format, pairs) > 2 * len(pairs)


@pytest.mark.sweep
@pytest.mark.parametrize("format", [f for f in ENUMERATED if f.bits <= 9], ids=str)
def test_all_pairs_round_as_enumerated(format):
    pairs = list(itertools.product(range(1 << format.bits), repeat=2))
    assert check_against_enumeration(format, pairs) > 2 * len(pairs)


@pytest.mark.parametrize("format", [*ENUMERATED, *(f for f, _, _ in UNIVERSAL.values())], ids=str)
def test_never_to_zero_and_never_to_nar(format):
    for significand in (1, 3):
        assert format.encode(dyadic(significand, -100_000), Rounding.RTZ) == (1, 0)
        assert format.encode(dyadic(-significand, -100_000), Rounding.RTZ) == (
            (1 << format.bits) - 1,
            0,
        )
        assert format.encode(dyadic(significand, 100_000), Rounding.RNE) == (format.max_code, 0)
        assert format.encode(dyadic(-significand, 100_000), Rounding.RNE) == (
            format.canonical_nan + 1,
            0,
        )


def test_nar_stands_for_infinities_and_raises_nothing():
    posit = Posit(bits=16, es=2)
    assert posit.encode(infinity(True), Rounding.RNE) == (0x8000, 0)
    assert posit.encode(Real(0, 0, NAN, NV), Rounding.RNE) == (0x8000, 0)
    assert posit.encode(quotient(posit.decode(0x4000), posit.decode(0)), Rounding.RNE) == (
        0x8000,
        0,
    )


@pytest.mark.parametrize(
    ("bits", "scale"),
    [(8, 24), (16, 56), (32, 120), (64, 248)],
)
def test_range_of_the_standard(bits, scale):
    # Posit Standard (2022): maxpos is 2**(4n - 8), minpos its inverse.
    posit = Posit(bits=bits, es=2)
    assert as_fraction(posit.decode(posit.max_code)) == Fraction(2) ** scale
    assert as_fraction(posit.decode(1)) == Fraction(2) ** -scale
    assert posit.span.lsb == -scale
    assert posit.span.high == 1 << 2 * scale


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_range_of_bounded_posits(bits):
    # arXiv 2603.01615: beyond 2**-192 and below 2**192 whatever the width.
    posit = Posit(bits=bits, es=5, regime=6)
    ulp = Fraction(1, 1 << bits - 12)
    assert as_fraction(posit.decode(1)) == (1 + ulp) / 2**192
    assert as_fraction(posit.decode(posit.max_code)) == (2 - ulp) * 2**191
    assert posit.span.lsb == -192 - (bits - 12)


@pytest.mark.parametrize(
    ("operation", "a", "b", "result"),
    [  # PERCIVAL's posit_testsuite_llvm.c
        (add, 0x7F939D17, 0x7F6EC2BF, 0x7F99756F),
        (subtract, 0x7F939D17, 0x7F6EC2BF, 0x7F8B897E),
        (subtract, 0x7F6EC2BF, 0x7F939D17, 0x80747682),
        (multiply, 0x6F10A532, 0x7B9B7665, 0x7EDAD7ED),
    ],
)
def test_percival_vectors(operation, a, b, result):
    posit = Posit(bits=32, es=2)
    value = operation(posit.decode(a), posit.decode(b))
    assert posit.encode(value, Rounding.RNE) == (result, 0)
