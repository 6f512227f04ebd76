"""Sums of numbers that are cut at one place: aligned in a word, or not, but always exact."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from number_formats import FORMATS, FP16, FP32
from number_harness import MODES, Native, Row, add, decode, encode, rows

from rvx.jit.number.truncate import are_aligned
from rvx.model import ir
from rvx.number import Fixed, Format, Rounding

E4M3 = FORMATS["e4m3"]
WINDOW = Fixed(6, signed=False)
PLACE = Fixed(9)


def cut(e: ir.Number, least: ir.Number) -> ir.Number:
    """`truncate(e, least)`."""
    return ir.Truncate(e, least, e.span)


def leading(e: ir.Number) -> ir.Number:
    """`exponent(e)`."""
    return ir.NumberFunction("exponent", e, None, False)


def largest(a: ir.Number, b: ir.Number, c: ir.Number, d: ir.Number) -> ir.Number:
    """As Xacc has it: the exponent of the largest term less a window."""
    top = add(leading(a), leading(add(b, c, "*")), "maximum")
    return add(top, d, "-")


def given(a: ir.Number, b: ir.Number, c: ir.Number, d: ir.Number) -> ir.Number:
    """A place that may be far from the terms."""
    return d


Maker = Callable[[ir.Number, ir.Number, ir.Number, ir.Number], ir.Number]


def expression(factor: Format, place: Maker, last: Format, op: str) -> ir.Number:
    a, b, c, d = decode(0, FP32), decode(1, factor), decode(2, factor), decode(3, last)
    least = place(a, b, c, d)
    return add(cut(a, least), cut(add(b, c, "*"), least), op)


def close(formats: list[Format], count: int, seed: int) -> list[Row]:
    """Terms of like magnitudes, zeros among them."""
    random, found = Random(seed), list[Row]()
    for _ in range(count):
        row = [random.getrandbits(format.bits) for format in formats]
        row[0] = random.getrandbits(24) | random.randint(100, 140) << 23 | row[0] & 1 << 31
        for place in random.sample(range(3), random.choice((0, 0, 0, 1, 2, 3))):
            row[place] &= 1 << formats[place].bits - 1
        found.append(tuple(row))
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("op", ["+", "-"])
@pytest.mark.parametrize(("place", "last"), [(largest, WINDOW), (given, PLACE)])
@pytest.mark.parametrize("factor", [FP16, E4M3], ids=["fp16", "e4m3"])
def test_aligned_sums(factor: Format, place: Maker, last: Format, op: str, mode: Rounding) -> None:
    formats = [FP32, factor, factor, last]
    native = Native(
        encode(expression(factor, place, last, op), FP32),
        [format.bits for format in formats],
        mode,
    )
    native.check([*rows(formats, 300), *close(formats, 2000, 5)])


def test_which_are_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is cut at one place, has room in a word and would not have it anyway."""
    taken = list[bool]()

    def noted(*arguments: object) -> bool:
        taken.append(are_aligned(*arguments))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr("rvx.jit.number.evaluate.are_aligned", noted)
    a, b, c, d = decode(0, FP32), decode(1, FP16), decode(2, FP16), decode(3, PLACE)
    double = FORMATS["fp64"]
    for e, target, wanted in (
        (add(cut(a, d), cut(add(b, c, "*"), d)), FP32, [True]),
        (add(cut(a, d), cut(b, add(d, d))), FP32, []),
        (add(cut(a, d), b), FP32, []),
        (add(cut(b, d), cut(c, d)), FP32, [False]),
        (add(cut(decode(4, double), d), cut(decode(5, double), d)), double, [True]),
        (add(cut(add(decode(4, double), b, "*"), d), cut(a, d)), double, [False]),
    ):
        taken.clear()
        Native(encode(e, target), [32, 16, 16, 9, 64, 64])
        assert taken[:1] == wanted
