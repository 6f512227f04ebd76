"""Stochastic rounding and powers of a radix, natively, beside the reference."""

from __future__ import annotations

import random

import pytest
from number_formats import BF16, E5M2, FORMATS, FP8ALT, FP16, FP32, W32
from number_harness import MODES, Native, add, decode, encode, rows

from rvx.model import ir
from rvx.number import Fixed, Format, Power, Rounding

POWERS = [name for name, format in FORMATS.items() if isinstance(format, Power)]
INTO = ["fp16", "bf16", "e5m2", "ue4m3", "none21", "all_tiny", "saturating", "w32", "wrapping",
        "u64", *POWERS]  # fmt: skip


def stochastic(e: ir.Number, format: Format, draw: int, bits: int) -> ir.Encode:
    mode = ir.Stochastic(ir.WordLocal(f"w{draw}", bits))
    return ir.Encode(e, ir.Named("", format), mode, format.bits)


@pytest.mark.parametrize("bits", [1, 12, 32])
@pytest.mark.parametrize("name", INTO)
def test_stochastic(name: str, bits: int) -> None:
    target, draw = FORMATS[name], Fixed(bits, 0, False)
    formats = [FP32, FP32, draw]
    product = add(decode(0, FP32), decode(1, FP32), "*")
    native = Native(stochastic(product, target, 2, bits), [32, 32, bits])
    native.check(rows(formats, 800, seed=bits))
    near = Native(stochastic(decode(0, FP16), target, 1, bits), [16, bits])
    near.check(rows([FP16, draw], 800, seed=bits))


def test_stochastic_sum_of_four() -> None:
    formats = [E5M2, E5M2, FP8ALT, FP8ALT, FP16, Fixed(12, 0, False)]
    one = add(decode(0, E5M2), decode(1, E5M2), "*")
    other = add(decode(2, FP8ALT), decode(3, FP8ALT), "*")
    e = add(add(one, other), decode(4, FP16))
    native = Native(stochastic(e, FP16, 5, 12), [f.bits for f in formats])
    native.check(rows(formats, 3000))


def test_stochastic_within_an_expression() -> None:
    """Rounded on the way, and as a local that is set before."""
    mode = ir.Stochastic(ir.WordLocal("w2", 7))
    e = ir.Rounded(
        add(decode(0, FP32), decode(1, FP32)), ir.Named("", BF16), mode, BF16.span, False
    )
    formats = [FP32, FP32, Fixed(7, 0, False)]
    Native(encode(add(e, decode(0, FP32)), FP32), [32, 32, 7]).check(rows(formats, 1500))
    local = ir.NumberLocal("a", None, False)
    body = [ir.SetLocal("a", add(e, decode(1, FP32), "*"))]
    Native(encode(add(local, decode(0, FP32)), FP32), [32, 32, 7], body=body).check(
        rows(formats, 1500)
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", POWERS)
def test_powers_in_every_mode(name: str, mode: Rounding) -> None:
    target = FORMATS[name]
    Native(encode(decode(0, FP32), target), [32], mode).check(rows([FP32], 500, seed=2))
    e = add(decode(0, FP16), decode(1, target), "*")
    Native(encode(e, target), [16, target.bits], mode).check(rows([FP16, target], 800, seed=2))


@pytest.mark.parametrize("name", POWERS)
def test_every_power(name: str) -> None:
    source = FORMATS[name]
    codes = [(i,) for i in range(1 << source.bits)]
    for target in (FP32, W32, source, BF16):
        Native(encode(decode(0, source), target), [source.bits]).check(codes)


def test_scaled_sum() -> None:
    """Two block scales, a sum of products and an accumulator: one rounding."""
    e8m0, chance = FORMATS["e8m0"], random.Random(1)
    total = add(decode(2, E5M2), decode(3, E5M2), "*")
    total = add(total, add(decode(4, E5M2), decode(5, E5M2), "*"))
    total = add(total, add(decode(0, e8m0), decode(1, e8m0), "*"), "*")
    formats = [e8m0, e8m0, *[E5M2] * 4, FP32]
    native = Native(encode(add(decode(6, FP32), total), FP32), [f.bits for f in formats])
    near = [
        (120 + chance.randrange(14), 120 + chance.randrange(14), *row[2:])
        for row in rows(formats, 1500)
    ]
    native.check([*rows(formats, 1500), *near])
