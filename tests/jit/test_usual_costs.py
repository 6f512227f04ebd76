"""Costs that a core's text has for most operands: in better code the others go a way of their
own."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from assembled import EXIT, share
from test_engine import agree

# Zero, subnormal, powers of two, three, roots of few bits; the greatest, infinite, NaN, negative.
EDGES = (0, 1, 0x7FFFFF, 0x800000, 0x800001, 0x3F800000, 0x40400000, 0x45FFF000, 0x45FFF800)
FAR = (0x7F7FFFFF, 0x7F800000, 0x7FC00000, 0xBF800000, 0x80000000, 0x7E967699, 0x3FAAAAAB)


def operands() -> list[int]:
    """Bits of floats: the special ones, squares of small integers, and any."""
    source = np.random.default_rng(6)
    squares = [struct.unpack("<I", struct.pack("<f", n * n))[0] for n in range(2, 12)]
    return [*EDGES, *FAR, *squares, *source.integers(0, 1 << 32, 12, np.uint64).tolist()]


@pytest.mark.parametrize("mode", ["rne", "rtz"])
def test_divisions_and_roots_of_all_kinds_cost_the_same(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written whole, first code too differs by what is usual."""
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
    values = operands()
    text = f"""
        la s0, table
        li s1, {len(values)}
outer:  la s2, table
        li s3, {len(values)}
        flw fa0, 0(s0)
inner:  flw fa1, 0(s2)
        fdiv.s fa2, fa0, fa1, {mode}
        fadd.s fa3, fa2, fa1
        fsqrt.s fa4, fa2, {mode}
        fdiv.s fa5, fa4, fa0
        add s7, s7, s3
        fsqrt.s fa6, fa1
        feq.s s4, fa6, fa5
        add s5, s5, s4
        addi s2, s2, 4
        addi s3, s3, -1
        bnez s3, inner
        addi s0, s0, 4
        addi s1, s1, -1
        bnez s1, outer
        {EXIT}
        .data
        .p2align 2
table:  .word {", ".join(map(str, values))}
"""
    core = "cv32e40p,FPU_ADDMUL_LAT=1,FPU_OTHERS_LAT=2"
    assert share(agree(text, isa="rv32imf_zicsr", core=core)) > 0.9
