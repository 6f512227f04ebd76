"""Zfhmin, Zfh, Zfbfmin: encodings against LLVM's assembler, results against numpy, ml_dtypes."""

from __future__ import annotations

from random import Random

import ml_dtypes
import numpy as np
import pytest

from rvx.description import load_machine

from .assembler import assemble
from .sampling import sample_fields
from .text import instruction_text
from .vectored import Vectored

ISA = "rv32imfd_zfh_zfbfmin"
MACHINE = load_machine(ISA)
OURS = [i for i in MACHINE.instructions.values() if i.extension in ("Zfhmin", "Zfh", "Zfbfmin")]


def test_an_assembler_makes_the_same_words(tmp_path):
    random, lines, ours = Random(1), [], []
    for instruction in OURS:
        for fields in sample_fields(MACHINE, instruction, random, 40):
            lines.append(instruction_text(instruction, fields))
            ours.append(instruction.encode(**fields))
    words = assemble(lines, "generic_rv32+m+a+d+zfh+zfbfmin+zicsr", tmp_path)
    wrong = [
        (line, hex(word), hex(theirs))
        for line, word, theirs in zip(lines, ours, words, strict=True)
        if word != theirs
    ]
    assert not wrong
    assert len(OURS) == 32


def boxed(codes: np.ndarray) -> np.ndarray:
    return codes.astype(np.uint64) | np.uint64(0xFFFF_FFFF_FFFF_0000)


def canonical(values: np.ndarray, kind: type) -> np.ndarray:
    """Codes, with the one NaN that arithmetic gives."""
    nan = 0x7E00 if kind is np.float16 else 0x7FC0
    codes = values.astype(kind).view(np.uint16)
    return np.where(np.isnan(values.astype(np.float64)), nan, codes).astype(np.uint64)


@pytest.mark.parametrize(
    ("name", "operation"),
    [("fadd.h", np.add), ("fsub.h", np.subtract), ("fmul.h", np.multiply), ("fdiv.h", np.divide)],
)
def test_arithmetic_of_halves(name, operation):
    """In double, the results of two halves round to a half as the exact ones do."""
    random = np.random.default_rng(7)
    a, b = random.integers(0, 1 << 16, (2, 200_000)).astype(np.uint16)
    corners = [0, 1, 0x3FF, 0x400, 0x7BFF, 0x7C00, 0x7E00, 0x8000, 0xFC00]
    b[:2000] = random.choice(corners, 2000)
    found, _ = Vectored(ISA, name)(rs1=boxed(a), rs2=boxed(b))
    with np.errstate(all="ignore"):
        exact = operation(*(x.view(np.float16).astype(np.float64) for x in (a, b)))
        expected = canonical(exact, np.float16)
    assert np.array_equal(found, boxed(expected))


@pytest.mark.parametrize(
    ("name", "kind"), [("fcvt.h.s", np.float16), ("fcvt.bf16.s", ml_dtypes.bfloat16)]
)
def test_narrowing(name, kind):
    values = np.random.default_rng(5).integers(0, 1 << 32, 300_000).astype(np.uint32)
    values[:100_000] &= 0x87FF_FFFF | 0x3800_0000  # near one and below
    found, _ = Vectored(ISA, name)(rs1=values.astype(np.uint64) | np.uint64(0xFFFF_FFFF_0000_0000))
    with np.errstate(all="ignore"):
        assert np.array_equal(found, boxed(canonical(values.view(np.float32), kind)))


@pytest.mark.parametrize(
    ("name", "kind"), [("fcvt.s.h", np.float16), ("fcvt.s.bf16", ml_dtypes.bfloat16)]
)
def test_widening(name, kind):
    codes = np.arange(1 << 16, dtype=np.uint16)
    found, _ = Vectored(ISA, name)(rs1=boxed(codes))
    with np.errstate(all="ignore"):
        wide = codes.view(kind).astype(np.float32)
    expected = np.where(np.isnan(wide), np.uint32(0x7FC0_0000), wide.view(np.uint32))
    assert np.array_equal(found, expected.astype(np.uint64) | np.uint64(0xFFFF_FFFF_0000_0000))


def test_a_half_that_is_not_boxed_is_a_nan():
    found, _ = Vectored("rv32imf_zfh", "fadd.h")(
        rs1=np.array([0x3C00, 0xFFFF_3C00]), rs2=np.array([0xFFFF_3C00] * 2)
    )
    assert [hex(x) for x in found] == ["0xffff7e00", "0xffff4000"]
