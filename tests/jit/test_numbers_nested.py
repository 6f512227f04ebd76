"""Roundings within an expression: computed one by one where their flags are the whole's too."""

from __future__ import annotations

import pytest
from number_formats import FORMATS, FP16, FP32
from number_harness import MODES, Native, add, decode, encode, rows

from rvx.jit.host import this_host
from rvx.jit.number.nested import apart
from rvx.jit.number.site import Tree
from rvx.model import ir
from rvx.number import Format, Rounding

E4M3, POSIT8 = FORMATS["e4m3"], FORMATS["posit8"]


def rounded(e: ir.Number, format: Format, mode: Rounding | None = None) -> ir.Number:
    return ir.Rounded(e, ir.Named("", format), mode, format.span, False)


def products(format: Format, wide: Format, mode: Rounding | None) -> ir.Number:
    """a + wide(b * c) - wide(wide(-b + c) * c), half of it."""
    a, b, c = decode(0, wide), decode(1, format), decode(2, format)
    minus = ir.NumberFunction("-", b, b.span, False)
    inner = rounded(add(minus, c), wide, mode)
    total = add(add(a, rounded(add(b, c, "*"), wide)), rounded(add(inner, c, "*"), wide), "-")
    return ir.Scale(total, -1, total.span, False)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("inner", [None, Rounding.RTZ, Rounding.ODD])
@pytest.mark.parametrize(
    ("format", "wide"),
    [(E4M3, FP32), (E4M3, FP16), (FP16, FP32), (FP16, FP16), (POSIT8, FP32)],
    ids=str,
)
def test_by_the_fast_rules(
    format: Format, wide: Format, inner: Rounding | None, mode: Rounding
) -> None:
    number = encode(products(format, wide, inner), wide)
    widths = [wide.bits, format.bits, format.bits]
    host = mode if this_host().rounds_in(mode) else None
    native = Native(number, widths, mode, host_mode=host, fast=True)
    native.check(rows([wide, format, format], 400))


def test_what_is_taken_apart() -> None:
    """Not what a choice may leave out, nor what a format without flags rounds."""
    seen = list[ir.Rounded]()

    def compute(e: ir.Rounded) -> Tree | None:
        seen.append(e)
        return None

    a, b = decode(0, FP16), decode(1, FP16)
    one = rounded(add(a, b, "*"), FP16)
    assert apart(add(one, b), compute) == (add(one, b), {})
    assert seen == [one]
    seen.clear()
    chosen = ir.NumberSelect(ir.TruthLocal("w2"), one, b, None, False)
    assert apart(chosen, compute)[0] is chosen
    assert apart(add(one, b, "maximum"), compute)[1] == {}
    assert not seen
