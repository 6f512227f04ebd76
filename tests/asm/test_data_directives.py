"""Data that the comparison with other assemblers leaves out."""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rvx.asm import AssemblyError, Executable, assemble, link
from rvx.asm.floating import encode

Data = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("16777217", 0x4B800000),  # a tie: to even
        ("16777219", 0x4B800002),
        ("16777217.0000000000000000000000000001", 0x4B800001),  # a tie for a double, no tie
        ("16777216.9999999999999999999999999999", 0x4B800000),
        ("7.006492321624085e-46", 0x00000000),  # half of the least subnormal: to even
        ("7.006492321624086e-46", 0x00000001),
        ("3.40282356779733661637539395458142568447e38", 0x7F7FFFFF),  # below the tie with infinity
        ("-0.0", 0x80000000),
        ("-inf", 0xFF800000),
        ("nan", 0x7FC00000),
        ("0x1.000001p0", 0x3F800000),
        ("0x1.00000100000000000000000000001p0", 0x3F800001),
        ("0x.8p1", 0x3F800000),
        ("1e-999999999", 0),
        (".5", 0x3F000000),
        ("5.", 0x40A00000),
    ],
)
def test_a_float_is_rounded_once(text: str, bits: int) -> None:
    assert encode(text, 4) == struct.pack("<I", bits)


@given(st.integers(1, (1 << 24) - 1), st.integers(-149, 100), st.integers(-30, 30))
@example(1, -149, 1)
def test_a_decimal_beside_a_tie_goes_the_right_way(
    significand: int, exponent: int, tail: int
) -> None:
    tie = (Fraction(significand) + Fraction(1, 2)) * Fraction(2) ** exponent
    number = tie * (1 + Fraction(tail, 10**40))
    text = str(Decimal(number.numerator)) + "e0"
    if number.denominator != 1:
        digits = 400
        text = f"{number.numerator * 10**digits // number.denominator}e-{digits}"
    below = significand if exponent == -149 or significand >= 1 << 23 else None
    found = Fraction(float(np.frombuffer(encode(text, 4), "<f4")[0]))
    exact = Fraction(text)
    other = abs(found - exact)
    for neighbor in (np.nextafter(np.float32(found), np.float32(s)) for s in (-np.inf, np.inf)):
        assert other <= abs(Fraction(float(neighbor)) - exact)
    assert below is None or found >= Fraction(below) * Fraction(2) ** exponent


def test_a_double_is_rounded_once() -> None:
    assert encode("0.1", 8) == struct.pack("<d", 0.1)
    assert encode("1e308", 8) == struct.pack("<d", 1e308)


def test_text_outside_ascii_is_utf_8(data: Data) -> None:
    assert data('.ascii "é"') == "é".encode()


def test_a_number_may_be_signed_or_unsigned(data: Data) -> None:
    assert data(".byte 255, -1\n.half 0xffff, -0x8000") == b"\xff\xff\xff\xff\x00\x80"


def test_data_in_code_is_padded_with_instructions(build: Callable[[str], Executable]) -> None:
    (text,) = build("_start: .byte 1\n.balign 16\nnop").sections
    nop = bytes.fromhex("13000000")
    assert text.contents == b"\x01\0\0\0" + 4 * nop


def test_the_dot_can_be_moved_on(data: Data) -> None:
    assert data(".byte 1\n. = . + 3\n.byte 2") == b"\x01\0\0\0\x02"


def test_a_file_can_be_included_as_bytes(tmp_path, machine) -> None:
    (tmp_path / "raw.bin").write_bytes(bytes(range(10)))
    text = '_start: nop\n.data\n.incbin "raw.bin", 2, 3\n.incbin "raw.bin", 8'
    executable = link([assemble(text, machine, file=str(tmp_path / "a.S"))])
    assert executable.sections[1].contents == bytes([2, 3, 4, 8, 9])


@given(st.lists(st.integers(-(1 << 31), (1 << 32) - 1), min_size=1, max_size=5), st.booleans())
def test_a_table_of_integers_is_the_same_as_one_by_one(
    data: Data, values: list[int], is_hexadecimal: bool
) -> None:
    texts = [hex(value) if is_hexadecimal else str(value) for value in values]
    assert data(f".word {', '.join(texts)}") == data("\n".join(f".word ({t})" for t in texts))


def test_digits_without_end_are_an_error(data: Data) -> None:
    for text in (".word " + "9" * 10000, ".float 16777217." + "0" * 10000 + "1"):
        with pytest.raises(AssemblyError, match="has more than"):
            data(text)
