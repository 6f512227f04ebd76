"""Sums and products: windows, fixed point, and every special value with every other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from number_formats import (
    BF16,
    E4M3,
    E5M2,
    FORMATS,
    FP8ALT,
    FP16,
    FP32,
    FP64,
    POSIT16,
    POSIT32,
)
from number_harness import MODES, Native, add, decode, encode, rows

from rvx.model import ir
from rvx.number import Float, Format, Posit, Rounding


def dot(wide: Format, narrow: Format, op: str = "+") -> ir.Number:
    """w0 +- w1 * w2 +- w3 * w4."""
    one = add(decode(1, narrow), decode(2, narrow), "*")
    other = add(decode(3, narrow), decode(4, narrow), "*")
    return add(add(decode(0, wide), one, op), other, op)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", [FP32, FP64, FP16], ids=str)
@pytest.mark.parametrize("shape", ["a + b", "a * b", "a * b + c", "-(a * b) - c"])
def test_float_arithmetic(shape: str, format: Float, mode: Rounding) -> None:
    a, b, c = (decode(i, format) for i in range(3))
    expressions: dict[str, Callable[[], ir.Number]] = {
        "a + b": lambda: add(a, b),
        "a * b": lambda: add(a, b, "*"),
        "a * b + c": lambda: add(add(a, b, "*"), c),
        "-(a * b) - c": lambda: add(ir.NumberFunction("-", add(a, b, "*"), None, False), c, "-"),
    }
    size = 3 if shape.endswith("c") else 2
    native = Native(encode(expressions[shape](), format), [format.bits] * size, mode)
    native.check(rows([format] * size, 1500, seed=len(shape)))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("wide", "narrow"), [(FP16, E5M2), (BF16, FP8ALT), (FP32, FP16), (FP32, BF16)], ids=str
)
def test_expanding_dot_products(wide: Float, narrow: Float, mode: Rounding) -> None:
    formats = [wide, *[narrow] * 4]
    native = Native(encode(dot(wide, narrow, "-"), wide), [f.bits for f in formats], mode)
    native.check(rows(formats, 1500))


def test_a_cancelling_sum_keeps_what_is_small() -> None:
    native = Native(encode(dot(FP16, E5M2), FP16), [16, 8, 8, 8, 8])
    assert native.results([(0x034F, 0x79, 0x79, 0x79, 0xF9)]) == [(0x034F, 0)]


@pytest.mark.parametrize("format", [POSIT16, POSIT32, Posit(64, 2), Posit(32, 5, 6)], ids=str)
@pytest.mark.parametrize("op", ["+", "-", "*"])
def test_posit_arithmetic(op: str, format: Posit) -> None:
    native = Native(
        encode(add(decode(0, format), decode(1, format), op), format), [format.bits] * 2
    )
    native.check(rows([format] * 2, 3000))


MIXED = [
    ("fp64", "posit32", "fp32"),
    ("bounded", "fp16", "posit16"),
    ("fixed", "bf16", "fp64"),
    ("ue4m3", "scale", "fp32"),
    ("i8", "fp32", "wrapping"),
    ("posit64", "u64", "unsigned"),
    ("none34", "biased", "none21"),
    ("all_tiny", "all_large", "saturating"),
]


@pytest.mark.parametrize("names", MIXED, ids=str)
def test_mixed_formats(names: tuple[str, str, str]) -> None:
    first, second, target = (FORMATS[name] for name in names)
    formats = [first, second, first]
    a, b, c = (decode(i, format) for i, format in enumerate(formats))
    constant = ir.Exact(-5, -3)
    for e in (
        add(add(a, b, "*"), c, "-"),
        add(a, add(b, c), "*"),
        add(add(a, add(b, constant, "*")), ir.Scale(c, -2, None, False)),
        add(add(a, b), add(c, constant), "-"),
    ):
        native = Native(encode(e, target), [f.bits for f in formats], Rounding.RUP)
        native.check(rows(formats, 400))


def test_a_block_with_a_shared_scale() -> None:
    formats: list[Format] = [FP32, *[E4M3] * 8, FORMATS["scale"]]
    products = [add(decode(i, E4M3), decode(i + 1, E4M3), "*") for i in range(1, 9, 2)]
    block = products[0]
    for term in products[1:]:
        block = add(block, term)
    e = add(decode(0, FP32), add(decode(9, FORMATS["scale"]), block, "*"))
    Native(encode(e, FP32), [f.bits for f in formats]).check(rows(formats, 1500))
