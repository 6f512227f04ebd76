"""Roots and conversions: every code of 8 and 16 bits, many of 32, on both engines."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from lane_formats import (
    ALL,
    BOUNDED,
    BOUNDED8,
    BOUNDED16,
    BOUNDED32,
    POSIT8,
    POSIT16,
    POSIT32,
    STANDARD,
    Lanes,
    every,
    some,
)
from lane_program import ENGINES, WIDE, lanes

PAIRS = [
    *((POSIT8, POSIT16), (POSIT8, POSIT32), (POSIT16, POSIT32)),
    *((BOUNDED8, BOUNDED16), (BOUNDED8, BOUNDED32), (BOUNDED16, BOUNDED32)),
]
ISAS = ["rv32imf_zicsr_xpositvec", WIDE]


def codes_of(of: Lanes, engine: str, size: int = 10_000) -> np.ndarray:
    """All codes by the JIT, where there are no more than 65,536; some by the reference."""
    if engine == "reference":
        return some(of, 1000, 1)[0]
    return every(of) if of.model.bits <= 16 else some(of, size, 1)[0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_roots(of: Lanes, engine: str) -> None:
    codes = codes_of(of, engine)
    found = lanes(of.name("sqrt"), codes, engine=engine)
    if of.oracle is not None:
        with np.errstate(all="ignore"):
            wanted = np.sqrt(codes.view(of.oracle)).view(of.word)
    else:
        wanted = np.array([of.model.sqrt(code) for code in codes.tolist()], of.word)
    assert (found == wanted).all()


def test_the_model_has_the_roots_of_universal() -> None:
    for of in STANDARD:
        codes = some(of, 1000, 1)[0]
        with np.errstate(all="ignore"):
            wanted = np.sqrt(codes.view(of.oracle)).view(of.word).tolist()
        assert [of.model.sqrt(code) for code in codes.tolist()] == wanted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("of", ALL, ids=str)
def test_to_and_from_integers(of: Lanes, signed: bool, engine: str) -> None:
    codes, suffix = codes_of(of, engine, 4000), "x" if signed else "xu"
    if of is BOUNDED16:
        codes = some(of, 8000, 1)[0]  # the model takes its time
    found = lanes(f"{of.prefix}cvt.{suffix}.{of.suffix}", codes, engine=engine)
    wanted = [of.model.integer(code, signed) for code in codes.tolist()]
    assert found.tolist() == wanted
    words = codes if of.model.bits <= 16 else np.concatenate([codes, found])
    found = lanes(f"{of.prefix}cvt.{of.suffix}.{suffix}", words, engine=engine)
    assert found.tolist() == [of.model.from_integer(word, signed) for word in words.tolist()]


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("narrow", "wide"), PAIRS, ids=str)
def test_widening_and_narrowing(narrow: Lanes, wide: Lanes, engine: str, isa: str) -> None:
    ratio, prefix = wide.model.bits // narrow.model.bits, narrow.prefix
    count = (64 if isa == WIDE else 32) // wide.model.bits  # wide lanes in a register
    codes = codes_of(narrow, engine)
    codes = codes[:: 1 if isa != WIDE and narrow is not BOUNDED16 else 16]
    codes = codes[: len(codes) // 8 * 8]
    parts = codes.reshape(-1, ratio, count)
    for part in range(ratio):
        name = f"{prefix}cvt{part}.{wide.suffix}.{narrow.suffix}"
        found = lanes(name, codes, engine=engine, isa=isa).view(wide.word)
        numbers = [narrow.model.value(code) for code in parts[:, part].ravel().tolist()]
        assert found.tolist() == [wide.model.rounded(number) for number in numbers]
    codes = some(wide, 2000, 1)[0]
    kept = some(narrow, 2000 * ratio, 1, seed=1)[0]
    for part in range(ratio):
        name = f"{prefix}cvt{part}.{narrow.suffix}.{wide.suffix}"
        found = lanes(name, codes, None, kept, engine=engine, isa=isa).view(narrow.word)
        wanted = kept.copy().reshape(-1, ratio, count)
        rounded = [narrow.model.rounded(wide.model.value(code)) for code in codes.tolist()]
        wanted[:, part] = np.array(rounded, narrow.word).reshape(-1, count)
        assert (found == wanted.ravel()).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("of", "other"), list(zip(STANDARD, BOUNDED, strict=True)), ids=str)
def test_between_posits_and_bounded_posits(of: Lanes, other: Lanes, engine: str) -> None:
    for source, target, infix in ((other, of, "bp"), (of, other, "p")):
        codes = codes_of(source, engine)
        if len(codes) == 1 << 16 and source is BOUNDED16:
            codes = codes[::8]
        found = lanes(f"{target.prefix}cvt{infix}.{of.suffix}", codes, engine=engine)
        numbers = [source.model.value(code) for code in codes.tolist()]
        assert found.tolist() == [target.model.rounded(number) for number in numbers]


def as_float(number: Fraction | None) -> float:
    """All these posits are exact in binary64."""
    return float("nan") if number is None else float(number)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_to_single_precision(of: Lanes, engine: str) -> None:
    codes, ratio = codes_of(of, engine), 32 // of.model.bits
    for part in range(ratio):
        name = f"{of.prefix}cvt{part}.f.{of.suffix}"
        flags = None if of.prefix == "vbp" or of is POSIT32 else 0
        found = lanes(name, codes, engine=engine, flags=flags).view(np.float32)
        chosen = codes.reshape(-1, ratio)[:, part].tolist()
        with np.errstate(all="ignore"):
            wanted = np.array([as_float(of.model.value(code)) for code in chosen])
            wanted = wanted.astype(np.float32)
        wanted[np.isnan(wanted)] = np.nan
        assert (found.view(np.uint32) == wanted.view(np.uint32)).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_from_single_precision(of: Lanes, engine: str) -> None:
    draw = np.random.default_rng(of.model.bits)
    words = draw.integers(0, 1 << 32, 4000, np.uint64).astype(np.uint32)
    words[:8] = [0, 1 << 31, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 1, 0x807FFFFF]
    with np.errstate(all="ignore"):  # near the posits' own numbers, and halfway between them
        near = [as_float(of.model.value(code)) for code in some(of, 1000, 1)[0].tolist()]
        near32 = np.array(near, np.float32)
        words[1000:2000] = near32.view(np.uint32)
        words[2000:3000] = words[1000:2000] + draw.integers(0, 3, 1000, np.uint64).astype(np.uint32)
    numbers = [
        Fraction(float(x)) if np.isfinite(x) else None for x in words.view(np.float32).tolist()
    ]
    wanted = [of.model.rounded(number) for number in numbers]
    ratio = 32 // of.model.bits
    for part in range(ratio):
        kept = np.full(len(words) * ratio, 0x5A, of.word)
        name = f"{of.prefix}cvt{part}.{of.suffix}.f"
        found = lanes(name, words, None, kept, engine=engine).view(of.word).reshape(-1, ratio)
        assert found[:, part].tolist() == wanted
        assert (np.delete(found, part, 1) == 0x5A).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("of", ALL, ids=str)
def test_logarithmic_division_is_within_its_bound(of: Lanes, engine: str) -> None:
    """Mitchell's: a quotient at most an eighth too large, exact where fractions are equal."""
    a, b = some(of, 4000, seed=7)
    found = lanes(of.name("div"), a, b, engine=engine, lane_division="logarithmic").tolist()
    exact = 0
    for x, y, code in zip(a.tolist(), b.tolist(), found, strict=True):
        p, q = of.model.value(x), of.model.value(y)
        if p is None or not q:
            assert code == of.model.nar
            continue
        wanted = approximate(p, q)
        assert code == of.model.rounded(wanted)
        exact += wanted == p / q
        assert not p or 0 <= wanted / (p / q) - 1 <= Fraction(1, 8)
    assert exact > 50


def approximate(p: Fraction, q: Fraction) -> Fraction:
    """The quotient by piecewise linear logarithms, of base two."""
    if not p:
        return p
    difference = linear_log(abs(p)) - linear_log(abs(q))
    whole = difference.numerator // difference.denominator
    return (1 if (p < 0) == (q < 0) else -1) * Fraction(2) ** whole * (1 + difference - whole)


def linear_log(number: Fraction) -> Fraction:
    scale = number.numerator.bit_length() - number.denominator.bit_length()
    if number < Fraction(2) ** scale:
        scale -= 1
    return scale + number / Fraction(2) ** scale - 1
