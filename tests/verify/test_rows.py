"""Operands of verification: what is special about a format meets what is special about another."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from rvx.description import load_machine
from rvx.number import Power
from rvx.number.real import INFINITE, NAN
from rvx.verify.instruction.case import Seen
from rvx.verify.instruction.rows import Rows
from rvx.verify.instruction.special import Codes, special_codes
from rvx.verify.instruction.variant import Variants

E8M0 = Power(8, -127, nan=True)
ODD = Power(5, -9, 4, signed=True, zero=True)


def test_special_powers() -> None:
    codes = special_codes(E8M0, 8)
    assert {0, 1, 126, 127, 128, 253, 254, 255} <= set(codes)
    one = 9 // 2 + 1  # the nearest power below it: 2**-9 * 4**4 is a half
    assert {0, 1, one, 15, 16, 16 | one, 31} <= set(special_codes(ODD, 5))
    assert all(code < 32 for code in special_codes(ODD, 5))


@pytest.mark.parametrize("format", [E8M0, ODD], ids=str)
def test_drawn_powers_lie_everywhere(format: Power) -> None:
    codes, seen = Codes(Random(1)), set()
    for _ in range(12_000):
        codes.begin_row()
        seen.add(codes.draw(format, format.bits))
    assert seen == set(range(1 << format.bits))


@pytest.mark.parametrize("mnemonic", ["mxdot.s.e5m2", "mxdotp.s.e4m3", "mxdotp.ah.e2m1"])
def test_special_scales_meet_special_elements(mnemonic: str) -> None:
    """Of as many cases as an instruction has: products at both ends of the range of scales, of
    numbers alone; each scale a NaN beside numbers; blocks of zeros with the largest scale."""
    machine = load_machine("rv32ifd_xmx")
    instruction = machine.instructions[mnemonic]
    variant = next(iter(Variants(machine, instruction, Random(1)).all()))
    seen = Seen(machine, instruction, variant.fields)
    found = set()
    for row in Rows(seen.footprint, seen.widths, Random(1)).some(3000):
        scales, blocks, numbers = [], {}, True
        for piece in seen.footprint.pieces:
            code = row[piece.source] >> piece.low & (1 << piece.width) - 1
            format = piece.use.format
            if isinstance(format, Power):
                scales.append(code)
                continue
            number = format.decode(code)
            numbers = numbers and not number.kinds & (NAN | INFINITE)
            if piece.source.name in ("rs1", "rs2"):
                blocks.setdefault(piece.source, []).append(number.significand)
        if numbers:
            found.add(tuple(scales))
            if not all(map(any, blocks.values())):
                found.add(("zeros", max(scales)))
    ends = product((0, 254), repeat=2)
    assert found >= {*ends, ("zeros", 254), ("zeros", 255)}
    assert any(255 in pair and pair != (255, 255) for pair in found if pair[0] != "zeros")
