"""Formats of at most eight bits, every code and every pair: natively, against ml_dtypes, gfloat
and an exact model.

The model lists the values of a format and chooses between the two neighbours of the exact result.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import cache

import gfloat
import gfloat.formats as known
import ml_dtypes
import numpy as np
import pytest
from number_harness import MODES, Native, add, decode, encode

from rvx.model import ir
from rvx.number import Float, Format, Power, Real, Rounding

FLOATS = {
    "e5m2": Float(5, 2),
    "fp8alt": Float(4, 3),
    "e4m3": Float(4, 3, "ocp"),
    "mxe5m2": Float(5, 2, overflow="saturate"),
    "mxe4m3": Float(4, 3, "ocp", overflow="saturate"),
    "e3m2": Float(3, 2, "none"),
    "e2m3": Float(2, 3, "none"),
    "e2m1": Float(2, 1, "none"),
    "e3m0": Float(3, 0, "none"),
    "ue4m3": Float(4, 3, "nan", False, overflow="saturate"),
}
POWERS = {
    "r4even": Power(4, -6, 4, True, True),
    "r4odd": Power(4, -5, 4, True, True),
    "luq4": Power(4, -3, 2, True, True),
    "e8m0": Power(8, -127, nan=True),
}
FORMATS: dict[str, Format] = {**FLOATS, **POWERS}
THEIRS = {
    "e5m2": ml_dtypes.float8_e5m2,
    "fp8alt": ml_dtypes.float8_e4m3,
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e3m2": ml_dtypes.float6_e3m2fn,
    "e2m3": ml_dtypes.float6_e2m3fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
    "e8m0": ml_dtypes.float8_e8m0fnu,
}
GFLOAT = {
    "e5m2": known.format_info_ocp_e5m2,
    "e4m3": known.format_info_ocp_e4m3,
    "e3m2": known.format_info_ocp_e3m2,
    "e2m3": known.format_info_ocp_e2m3,
    "e2m1": known.format_info_ocp_e2m1,
    "e8m0": known.format_info_ocp_e8m0,
}
GFLOAT_MODES = {
    Rounding.RNE: gfloat.RoundMode.TiesToEven,
    Rounding.RTZ: gfloat.RoundMode.TowardZero,
    Rounding.RDN: gfloat.RoundMode.TowardNegative,
    Rounding.RUP: gfloat.RoundMode.TowardPositive,
    Rounding.RMM: gfloat.RoundMode.TiesToAway,
}


def number(value: Real) -> float:
    """The value as a double; all of these formats are exact in it."""
    if value.kinds & 64:
        return float("nan")
    if value.kinds & 48:
        return float("inf") if value.kinds & 16 else float("-inf")
    zero = -0.0 if value.kinds == 2 else 0.0
    return float(Fraction(value.significand) * Fraction(2) ** value.exponent) or zero


def numbers(format: Format) -> np.ndarray:
    return np.array([number(format.decode(code)) for code in range(1 << format.bits)])


@pytest.mark.parametrize("name", THEIRS)
def test_every_code_is_that_of_ml_dtypes(name: str) -> None:
    format = FORMATS[name]
    codes = np.arange(1 << format.bits, dtype=np.uint8)
    theirs = codes.view(THEIRS[name]).astype(np.float64)
    ours = numbers(format)
    assert np.array_equal(ours, theirs, equal_nan=True)
    assert np.array_equal(np.signbit(ours), np.signbit(theirs) & ~np.isnan(theirs))


@pytest.mark.parametrize("name", GFLOAT)
def test_every_code_is_that_of_gfloat(name: str) -> None:
    format = FORMATS[name]
    for code, ours in enumerate(numbers(format)):
        theirs = gfloat.decode_float(GFLOAT[name], code).fval
        assert ours == theirs or (np.isnan(ours) and np.isnan(theirs))
        if not np.isnan(ours):
            assert gfloat.encode_float(GFLOAT[name], ours) == code


@pytest.mark.parametrize("name", FORMATS)
def test_every_code_goes_out_and_back(name: str) -> None:
    format = FORMATS[name]
    native = Native(encode(decode(0, format), format), [format.bits])
    for code, (found, flags) in enumerate(native.results([(c,) for c in range(1 << format.bits)])):
        value = format.decode(code)
        if value.kinds & 48 and getattr(format, "overflow", None) == "saturate":
            continue  # it becomes the largest number
        canonical = format.canonical_nan if value.kinds & 64 else code
        assert (found, flags & ~16) == (canonical, 0)


# Pairs --------------------------------------------------------------------------------------------


@cache
def grid(format: Format) -> tuple[Fraction, ...]:
    """The magnitudes in the order of their codes, and what would follow them."""
    top = format.max_code  # type: ignore[attr-defined]
    values = [Fraction(number(format.decode(code))) for code in range(top + 1)]
    if isinstance(format, Power):
        return (*values, values[-1] * format.radix, values[-1] * format.radix**2)
    step = values[-1] - values[-2]
    return (*values, values[-1] + step, 2 * (values[-1] + step))


def rounded(format: Format, value: Fraction, mode: Rounding) -> int:
    """The code of a result that is not zero."""
    values, negative = grid(format), value < 0
    top, magnitude = format.max_code, abs(value)  # type: ignore[attr-defined]
    sign = negative << format.bits - 1
    toward = {Rounding.RTZ: True, Rounding.ODD: True, Rounding.RDN: not negative}
    toward[Rounding.RUP] = negative
    saturates = getattr(format, "overflow", None) == "saturate" or format.canonical_nan is None
    limit = top if saturates or toward.get(mode, False) else top + 1
    code = bisect_right(values, magnitude) - 1
    if code >= top + 1:
        code = limit
    elif code < 0:
        code = 0  # below the least power of a format without a zero
    elif values[code] != magnitude:
        middle = (values[code] + values[code + 1]) / 2
        # Numbers of one digit are all odd: the larger one then (IEEE 754-2019, 4.3.1).
        is_odd = code > 0 if getattr(format, "fraction", 1) == 0 else code % 2 == 1
        nearest = code + (magnitude > middle or (magnitude == middle and is_odd))
        code = {
            Rounding.RNE: nearest,
            Rounding.RMM: code + (magnitude >= middle),
            Rounding.RTZ: code,
            Rounding.RDN: code + negative,
            Rounding.RUP: code + (not negative),
            Rounding.ODD: code + (not is_odd),
        }[mode]
        code = limit if code > top else code
    if negative and not getattr(format, "signed", True):
        return 0
    return code if code == format.canonical_nan else sign | code


def exact(op: str, a: Fraction, b: Fraction) -> Fraction:
    return {"+": a + b, "*": a * b, "/": a / b if b else Fraction(0)}[op]


def pairs_of(format: Format) -> list[tuple[int, int]]:
    codes = range(1 << format.bits)
    return [(a, b) for a in codes for b in codes]


def natively(format: Format, op: str, mode: Rounding, with_reference: bool = False) -> np.ndarray:
    one, other = decode(0, format), decode(1, format)
    e = ir.Quotient(one, other) if op == "/" else add(one, other, op)
    native = Native(encode(e, format, mode), [format.bits] * 2, mode, fast=True)
    if with_reference:
        native.check(pairs_of(format))
    return np.array([code for code, _ in native.results(pairs_of(format))])


def check_pairs(name: str, op: str, mode: Rounding, with_reference: bool = False) -> None:
    format = FORMATS[name]
    found = natively(format, op, mode, with_reference)
    values = numbers(format)
    table: dict[Fraction, int] = {}
    finite = [Fraction(v) if np.isfinite(v) else None for v in values]
    for (a, b), code in zip(pairs_of(format), found, strict=True):
        one, other = finite[a], finite[b]
        if one is None or other is None or (op == "/" and not other):
            continue
        result = exact(op, one, other)
        if not result:
            assert int(code) & ~(1 << format.bits - 1) == 0
            continue
        if result not in table:
            table[result] = rounded(format, result, mode)
        assert code == table[result], (name, op, mode, a, b)


@pytest.mark.parametrize("op", ["+", "*", "/"])
@pytest.mark.parametrize("name", FORMATS)
def test_all_pairs_in_one_mode(name: str, op: str) -> None:
    modes = [mode for mode in MODES if mode is not Rounding.RNE]
    check_pairs(name, op, modes[sum(map(ord, name + op)) % len(modes)])


IN_SWEEP = [pytest.param(n, marks=[pytest.mark.sweep] if n != "e3m0" else []) for n in FORMATS]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("op", ["+", "*", "/"])
@pytest.mark.parametrize("name", IN_SWEEP)
def test_all_pairs_in_every_mode(name: str, op: str, mode: Rounding) -> None:
    """By both engines: the reference has the same codes, and flags."""
    check_pairs(name, op, mode, with_reference=True)


@pytest.mark.parametrize("op", ["+", "*", "/"])
@pytest.mark.parametrize("name", ["e5m2", "fp8alt", "e4m3", "e3m2", "e2m3", "e2m1"])
def test_all_pairs_to_nearest_are_those_of_ml_dtypes(name: str, op: str) -> None:
    """In single precision first, as ml_dtypes computes: with 24 bits that does no harm."""
    format, kind = FORMATS[name], THEIRS[name]
    codes = np.arange(1 << format.bits, dtype=np.uint8)
    both = np.meshgrid(codes, codes, indexing="ij")
    a, b = (x.ravel().view(kind).astype(np.float32) for x in both)
    with np.errstate(all="ignore"):
        single = {"+": np.add, "*": np.multiply, "/": np.divide}[op](a, b)
        if format.canonical_nan is None:
            most = number(format.decode(format.max_code))  # type: ignore[attr-defined]
            single = np.clip(np.where(np.isnan(single), most, single), -most, most)
        theirs = single.astype(kind).view(np.uint8).astype(int)
    if format.canonical_nan is not None:
        is_nan = np.isnan(theirs.astype(np.uint8).view(kind).astype(np.float32))
        theirs = np.where(is_nan, format.canonical_nan, theirs)
    assert np.array_equal(natively(format, op, Rounding.RNE), theirs)


@pytest.mark.parametrize("mode", GFLOAT_MODES)
@pytest.mark.parametrize("name", ["e5m2", "e4m3", "e2m3"])
def test_sums_are_those_of_gfloat(name: str, mode: Rounding) -> None:
    format, values = FORMATS[name], numbers(FORMATS[name])
    found = natively(format, "+", mode).reshape(len(values), len(values))
    rows = range(1, len(values), 7)
    for a in rows:
        with np.errstate(invalid="ignore"):
            sums = values[a] + values
        good = np.isfinite(sums) & (sums != 0)
        if name == "e4m3":
            good &= np.abs(sums) <= 448
        direction, saturates = GFLOAT_MODES[mode], name == "e2m3"
        theirs = gfloat.round_ndarray(GFLOAT[name], sums[good], direction, sat=saturates)
        codes = gfloat.encode_ndarray(GFLOAT[name], theirs)
        assert np.array_equal(found[a][good], codes)
