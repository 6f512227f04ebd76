"""The exact evaluation: against listed values of small formats, and what it does not know."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from rvx.description import load_machine
from rvx.model import ir
from rvx.number import Draw, Float, Posit, Power, Quire, Rounding, real
from rvx.verify.exact import NotCovered, decode, encode, number, numeric
from rvx.verify.exact.number import NAN, Number, is_infinite, multiply, negate, rational
from rvx.verify.instruction.verifier import Settings, Verifier

sys.path.insert(0, str(Path(__file__).parent.parent / "number"))
from enumerated import posit_value, round_float, round_posit

SMALL = (Float(3, 2), Float(4, 3), Float(5, 2), Float(2, 1, "none"))
LIMITS = {"ieee": "infinity", "none": "saturate"}


@pytest.mark.parametrize("format", SMALL, ids=str)
def test_products_of_small_floats(format: Float) -> None:
    codes = range(0, 1 << format.bits, 1 if format.bits < 7 else 3)
    for a, b in product(codes, repeat=2):
        total = multiply(decode(format, a), decode(format, b))
        if not isinstance(total.total, Fraction) or not total.total:
            continue
        for mode in Rounding:
            expected = round_float(
                total.total,
                mode.name,
                format.exponent,
                format.fraction,
                format.max_code,
                LIMITS[format.specials],
            )
            assert encode(format, total, mode) == expected, (a, b, mode)


@pytest.mark.parametrize("format", [Posit(8, 2), Posit(6, 1), Posit(8, 1, 3)], ids=str)
def test_sums_of_small_posits(format: Posit) -> None:
    bits, longest = format.bits, format.regime or format.bits - 1
    for code in range(1, 1 << bits - 1):
        found = decode(format, code).total
        assert found == posit_value(code, bits, format.es, longest)
        for nudge in (Fraction(1, 3), 1, Fraction(9, 7), Fraction(3, 2), Fraction(7, 4), 5):
            value = rational(found * nudge)
            expected = round_posit(value.total, bits, format.es, longest)
            assert encode(format, value, Rounding.RTZ) == (expected, 0)


def test_specials_and_quires() -> None:
    fp16, quire = Float(5, 10), Quire(Posit(8, 2))
    assert decode(fp16, 0x7C01).flags == 16
    assert decode(fp16, 0x7E00).kinds == NAN
    assert is_infinite(decode(fp16, 0xFC00))
    assert encode(fp16, negate(rational(0)), Rounding.RNE) == (0x8000, 0)
    one = encode(quire, rational(1), Rounding.RNE)[0]
    assert decode(quire, one) == rational(1)
    assert encode(quire, Number(NAN), Rounding.RNE)[0] == 1 << quire.bits - 1


def test_what_it_does_not_know_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(numeric.NODES, ir.Quotient)  # type: ignore[arg-type]
    verdict = Verifier(load_machine("rv32if"), Settings(cases=200)).verify("fdiv.s")
    assert verdict.fault is None
    assert verdict.tally.not_covered == "Quotient"
    assert not verdict.tally.exact
    assert verdict.tally.native

    class Family(Float):
        pass

    with pytest.raises(NotCovered, match="family Family"):
        decode(Family(4, 3), 1)


def test_an_engine_that_breaks_down_has_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no such instruction selection")

    monkeypatch.setattr("rvx.jit.single.compile_object", broken)
    fault = Verifier(load_machine("rv32i"), Settings(cases=20)).verify("add").fault
    assert fault is not None
    assert "no such instruction selection" in str(fault.got)


POWERS = [
    Power(4, -3, signed=True, zero=True, flags=True),
    Power(4, -6, radix=4, signed=True, zero=True, overflow="saturate", flags=True),
    Power(4, -5, radix=16, nan=True, flags=True),
    Power(3, 0, nan=True, overflow="saturate", flags=True),
    Power(4, -2, zero=True, flags=True),
]


@pytest.mark.parametrize("format", POWERS, ids=str)
def test_powers_against_their_definition_and_the_reference(format: Power) -> None:
    modes = [*Rounding, *(Draw(n, 3) for n in (0, 3, 4, 6, 7))]
    largest = format.least + 20 * format.step
    places = [Fraction(2) ** e for e in range(format.least - 6, largest)]
    for place, eighths, sign in product(places, range(8, 16), (1, -1)):
        value = sign * place * Fraction(eighths, 8)
        dyadic = real.dyadic(value.numerator, 1 - value.denominator.bit_length())
        for mode in modes:
            found = encode(format, rational(value), mode)
            assert found == format.encode(dyadic, mode), (value, mode)
    for code in range(1 << format.bits):
        held = decode(format, code)
        assert encode(format, held, Rounding.RTZ)[0] == code or held.kinds == NAN
    specials = {
        real.SIGNALING_NAN: number.nan(16),
        **{real.zero(negative): number.zero(negative) for negative in (True, False)},
        **{real.infinity(negative): number.infinity(negative) for negative in (True, False)},
    }
    for special, mode in product(specials, modes):
        assert encode(format, specials[special], mode) == format.encode(special, mode)


def test_stochastic_rounding_counts_what_is_cut_off() -> None:
    """Of 8 numbers drawn, as many round away as there are eighths of the gap."""
    fp8 = Float(4, 3)
    for eighths in range(8):
        value = rational(1 + Fraction(eighths, 64))
        codes = [encode(fp8, value, Draw(n, 3))[0] for n in range(8)]
        assert sum(codes) - 8 * 0x38 == eighths
