"""Every format that ships and has at most eight bits, code by code, on both engines; of integers
and fixed point every pair, against fractions."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import floor

import pytest
from number_harness import MODES, Native, add, decode, encode

from rvx.description.load import extension_declarations, load_machine
from rvx.model import ir
from rvx.model.expression import Named
from rvx.number import Fixed, Format, Rounding
from rvx.verify import exact


def shipped() -> dict[str, Format]:
    """By name, those of equal declarations once."""
    found: dict[Format, str] = {}
    for extension in extension_declarations():
        machine = load_machine(f"rv32i_{extension.name.id.lower()}")
        for name, use in machine.formats.items():
            if isinstance(use, Named) and use.format.bits <= 8:
                found.setdefault(use.format, name)
    return {name: format for format, name in found.items()}


NARROW = shipped()
FIXED = {name: f for name, f in NARROW.items() if isinstance(f, Fixed) and f.overflow != "none"}


def test_which_they_are() -> None:
    known = {"e5m2", "e4m3", "fp8alt", "e2m1", "e8m0", "ue4m3", "posit8", "bposit8", "mxint8"}
    assert known | {"r4even", "r4odd", "luq4", "i4", "u8", "pact4", "vsqu6", "w8"} <= set(NARROW)


@pytest.mark.parametrize("name", NARROW)
def test_every_code(name: str) -> None:
    """Read, and written in every mode: it is the same code, or the NaN that arithmetic gives."""
    format = NARROW[name]
    rows = [(code,) for code in range(1 << format.bits)]
    for mode in {format.mode or mode: None for mode in MODES}:
        native = Native(encode(decode(0, format), format, mode), [format.bits], mode)
        for (code,), (found, flags) in zip(rows, native.results(rows), strict=True):
            value = format.decode(code)
            assert format.encode(value, mode) == (found, flags)
            if value.kinds & 64:
                assert found == format.canonical_nan
            elif not value.kinds & 48:
                assert (found, flags) == (code, 0)
                units = Fraction(value.significand) * Fraction(2) ** value.exponent
                assert exact.decode(format, code).total == units


# Pairs of integers and of fixed point -------------------------------------------------------------


def rounded(value: Fraction, mode: Rounding) -> int:
    """To an integer."""
    low = floor(value)
    rest = value - low
    if not rest:
        return low
    up = {
        Rounding.RNE: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1),
        Rounding.RTZ: value < 0,
        Rounding.RDN: False,
        Rounding.RUP: True,
        Rounding.RMM: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and value > 0),
        Rounding.ODD: low % 2 == 0,
    }[mode]
    return low + up


def expected(format: Fixed, op: str, a: int, b: int, mode: Rounding) -> int:
    """The code of the result of two codes."""
    unit = Fraction(1, 1 << format.fraction)
    half = 1 << format.bits - 1
    x, y = ((c - 2 * half if format.signed and c >= half else c) * unit for c in (a, b))
    if op == "/" and not y:
        positive, negative = (half - 1, half) if format.signed else (2 * half - 1, 0)
        nan = {"maximum": positive, "minimum": negative, "zero": 0}[format.nan]
        return nan if not x or format.overflow == "wrap" else positive if x > 0 else negative
    units = rounded({"+": x + y, "*": x * y, "/": x / y if y else x}[op] / unit, mode)
    if format.overflow == "saturate":
        low, high = (-half, half - 1) if format.signed else (0, 2 * half - 1)
        units = min(max(units, low), high)
    return units % (2 * half)


@cache
def pairs(bits: int) -> list[tuple[int, int]]:
    return list(product(range(1 << bits), repeat=2))


def check_pairs(format: Fixed, op: str, mode: Rounding) -> None:
    one, other = decode(0, format), decode(1, format)
    e = ir.Quotient(one, other) if op == "/" else add(one, other, op)
    native = Native(encode(e, format, mode), [format.bits] * 2, mode, fast=True)
    for (a, b), (code, _) in zip(
        pairs(format.bits), native.results(pairs(format.bits)), strict=True
    ):
        assert code == expected(format, op, a, b, mode), (op, mode, a, b)
    native.check(pairs(format.bits))


IN_SWEEP = [
    pytest.param(n, marks=[pytest.mark.sweep] if f.bits > 4 else []) for n, f in FIXED.items()
]


@pytest.mark.parametrize("op", ["+", "*", "/"])
@pytest.mark.parametrize("name", IN_SWEEP)
def test_pairs_of_fixed_point(name: str, op: str) -> None:
    format = FIXED[name]
    modes = MODES if format.fraction or op == "/" else MODES[:1]  # else nothing is rounded
    for mode in {format.mode or mode: None for mode in modes}:
        check_pairs(format, op, mode)
