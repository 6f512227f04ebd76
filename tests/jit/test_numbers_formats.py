"""Rounding any format into any other, in every mode."""

from __future__ import annotations

import random

import pytest
from number_formats import BF16, E4M3, E5M2, FORMATS, FP8ALT, FP16, FP32, POSIT8, W32
from number_harness import MODES, Native, add, decode, encode, rows

from rvx.jit.number.numbers import Numbers
from rvx.model import ir
from rvx.number import Float, Format, Posit, Rounding


@pytest.mark.parametrize("name", FORMATS)
def test_conversions_into_a_format(name: str) -> None:
    target, chance = FORMATS[name], random.Random(name)
    for source in chance.sample(list(FORMATS.values()), 5):
        mode = chance.choice(MODES)
        Native(encode(decode(0, source), target), [source.bits], mode).check(rows([source], 300))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("target", [FP16, BF16, E5M2, E4M3, W32], ids=str)
def test_every_mode(target: Format, mode: Rounding) -> None:
    native = Native(encode(decode(0, FP32), target), [32], mode)
    native.check(rows([FP32], 2000, seed=4))


def test_tininess_is_detected_after_rounding() -> None:
    product = add(decode(0, FP32), decode(1, FP32), "*")
    native = Native(encode(product, FP32), [32, 32])
    pairs = [(0x3F7FFFFF, 0x00800000), (0x3F7FF800, 0x00800400)]
    assert native.results(pairs) == [(0x00800000, 3), (0x00800000, 1)]


@pytest.mark.parametrize(
    ("format", "target"), [(E5M2, E5M2), (FP8ALT, FP16), (E4M3, E4M3), (POSIT8, POSIT8)], ids=str
)
@pytest.mark.parametrize("op", ["+", "*", "/", "minimum"])
def test_all_pairs_of_eight_bits(format: Format, target: Format, op: str) -> None:
    a, b = decode(0, format), decode(1, format)
    e = ir.Quotient(a, b) if op == "/" else add(a, b, op)
    mode = {"+": Rounding.RDN, "*": Rounding.RUP}.get(op, Rounding.RNE)
    native = Native(encode(e, target), [8, 8], target.mode or mode)
    step = 3 if op in "+*" else 5  # all of one operand, some of the other
    native.check([(i, j) for i in range(256) for j in range(0, 256, step)])


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if isinstance(f, Float | Posit)])
def test_classes(name: str) -> None:
    format = FORMATS[name]
    word = ir.Classify(ir.WordLocal("w0", format.bits), ir.Named(name, format))
    Native(word, [format.bits]).check(rows([format], 200))


def test_code_without_optimisation_is_the_same() -> None:
    product = add(add(decode(0, FP32), decode(1, FP32), "*"), decode(2, FP32))
    Native(encode(product, FP32), [32] * 3, level=0).check(rows([FP32] * 3, 2000))


def test_equal_shapes_share_a_function() -> None:
    e = add(encode_as_number(0), encode_as_number(1))
    native = Native(encode(e, FP32), [32] * 4)
    assert native.text.count("define internal { i32, i32 } @number.0(") == 1
    assert isinstance(native._numbers, Numbers)


def encode_as_number(i: int) -> ir.Number:
    """Two words' sum, rounded to an integer format and read as an integer."""
    e = add(decode(2 * i, FP32), decode(2 * i + 1, FP32))
    return ir.Rounded(e, ir.Named("w32", W32), Rounding.RNE, W32.span, True)
