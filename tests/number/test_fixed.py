"""Integers and fixed point: how they narrow, and RISC-V's conversion rules."""

from fractions import Fraction

import pytest

from rvx.number import (
    NV,
    NX,
    QUIET_NAN,
    SIGNALING_NAN,
    Fixed,
    Rounding,
    Span,
    dyadic,
    from_integer,
    infinity,
    zero,
)

W32 = Fixed(bits=32, overflow="saturate", flags=True)
WU32 = Fixed(bits=32, signed=False, overflow="saturate", flags=True)
INF, MINUS_INF = infinity(False), infinity(True)


@pytest.mark.parametrize(
    ("format", "value", "mode", "expected"),
    [
        # Unprivileged manual, table "Domains of float-to-integer conversions": NV without NX.
        (W32, dyadic(1, 31), Rounding.RTZ, (0x7FFFFFFF, NV)),
        (W32, dyadic((1 << 33) - 3, -2), Rounding.RTZ, (0x7FFFFFFF, NX)),
        (W32, dyadic((1 << 33) - 1, -2), Rounding.RNE, (0x7FFFFFFF, NV)),
        (W32, dyadic(-1, 31), Rounding.RTZ, (0x80000000, 0)),
        (W32, dyadic(-(1 << 33) - 3, -2), Rounding.RTZ, (0x80000000, NX)),
        (W32, dyadic(-(1 << 33) - 3, -2), Rounding.RDN, (0x80000000, NV)),
        (W32, dyadic(-1, 1000), Rounding.RTZ, (0x80000000, NV)),
        (W32, INF, Rounding.RTZ, (0x7FFFFFFF, NV)),
        (W32, MINUS_INF, Rounding.RTZ, (0x80000000, NV)),
        (W32, QUIET_NAN, Rounding.RTZ, (0x7FFFFFFF, NV)),
        (W32, SIGNALING_NAN, Rounding.RTZ, (0x7FFFFFFF, NV)),
        (W32, zero(True), Rounding.RDN, (0, 0)),
        (W32, dyadic(-1, -1), Rounding.RDN, (0xFFFFFFFF, NX)),
        (WU32, dyadic(-1, -1), Rounding.RTZ, (0, NX)),
        (WU32, dyadic(-1, -1), Rounding.RNE, (0, NX)),
        (WU32, dyadic(-1, -1), Rounding.RDN, (0, NV)),
        (WU32, from_integer(-1), Rounding.RTZ, (0, NV)),
        (WU32, dyadic(-255, -8), Rounding.RTZ, (0, NX)),
        (WU32, from_integer((1 << 32) - 1), Rounding.RTZ, (0xFFFFFFFF, 0)),
        (WU32, dyadic(1, 32), Rounding.RTZ, (0xFFFFFFFF, NV)),
        (WU32, MINUS_INF, Rounding.RTZ, (0, NV)),
        (WU32, QUIET_NAN, Rounding.RTZ, (0xFFFFFFFF, NV)),
        # Without flags, wrapping, or with a rounding of its own.
        (Fixed(bits=8, overflow="saturate"), from_integer(300), Rounding.RNE, (0x7F, 0)),
        (Fixed(bits=8, overflow="saturate"), from_integer(-300), Rounding.RNE, (0x80, 0)),
        (Fixed(bits=8, overflow="wrap"), from_integer(300), Rounding.RNE, (300 - 256, 0)),
        (Fixed(bits=8, overflow="wrap"), from_integer(-129), Rounding.RNE, (0x7F, 0)),
        (Fixed(bits=8, overflow="wrap", nan="zero"), INF, Rounding.RNE, (0, 0)),
        (Fixed(bits=8, overflow="saturate", nan="minimum"), QUIET_NAN, Rounding.RNE, (0x80, 0)),
        (Fixed(bits=8, overflow="saturate", nan="zero"), QUIET_NAN, Rounding.RNE, (0, 0)),
        (Fixed(bits=8, rounding=Rounding.RTZ), dyadic(7, -2), Rounding.RUP, (1, 0)),
        (Fixed(bits=8, rounding=Rounding.RNE), dyadic(7, -2), Rounding.RTZ, (2, 0)),
        (Fixed(bits=1, signed=False), from_integer(1), Rounding.RNE, (1, 0)),
        # FCVTMOD.W.D (Zfa): modulo 2**32, toward zero, NV where FCVT.W.D would raise it.
        (Fixed(32, overflow="wrap", nan="zero", rounding=Rounding.RTZ, flags=True),
         dyadic((1 << 34) + 5, -1), Rounding.RUP, (2, NV)),
        (Fixed(32, overflow="wrap", nan="zero", rounding=Rounding.RTZ, flags=True),
         MINUS_INF, Rounding.RUP, (0, NV)),
        # Fixed point: units of 2**-fraction.
        (Fixed(bits=8, fraction=6), dyadic(-1, 0), Rounding.RNE, (0xC0, 0)),
        (Fixed(bits=8, fraction=6), dyadic(127, -6), Rounding.RNE, (0x7F, 0)),
        (Fixed(bits=8, fraction=7, overflow="saturate"), dyadic(1, 0), Rounding.RNE, (0x7F, 0)),
        (Fixed(bits=8, fraction=7, flags=True), dyadic(3, -9), Rounding.RNE, (1, NX)),
        (Fixed(bits=8, fraction=7, flags=True), dyadic(1, -8), Rounding.RNE, (0, NX)),
    ],
)  # fmt: skip
def test_encode(format, value, mode, expected):
    assert format.encode(value, mode) == expected


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize(
    "format",
    [Fixed(bits=8), Fixed(bits=8, signed=False), Fixed(bits=7, fraction=3),
     Fixed(bits=5, fraction=9, signed=False)],
    ids=str,
)  # fmt: skip
def test_every_code_survives(format, mode):
    for code in range(1 << format.bits):
        value = format.decode(code)
        units = code - (1 << format.bits) if format.signed and code >> format.bits - 1 else code
        assert value.significand * Fraction(2) ** value.exponent == Fraction(
            units, 1 << format.fraction
        )
        assert format.encode(value, mode) == (code, 0)


@pytest.mark.parametrize("value", [from_integer(128), from_integer(-129), INF, QUIET_NAN])
def test_a_format_without_overflow_must_not_meet_it(value):
    with pytest.raises(AssertionError, match="out of the range of Fixed"):
        Fixed(bits=8).encode(value, Rounding.RNE)


def test_pending_flags_are_reported_if_flags_are():
    value = from_integer(3)._replace(flags=NV)
    assert W32.encode(value, Rounding.RNE) == (3, NV)
    assert Fixed(bits=32).encode(value, Rounding.RNE) == (3, 0)


def test_declared_properties():
    assert W32.span == Span(0, -(1 << 31), (1 << 31) - 1)
    assert WU32.span == Span(0, 0, (1 << 32) - 1)
    assert Fixed(bits=8, fraction=6).span == Span(-6, -128, 127)
    assert (W32.mode, W32.raises_flags, W32.canonical_nan, W32.is_exact) == (
        None,
        True,
        None,
        False,
    )
    assert Fixed(bits=8, rounding=Rounding.RTZ).mode is Rounding.RTZ
    assert not Fixed(bits=8).raises_flags
