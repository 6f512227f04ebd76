"""Words: bits of a known width, modular."""

from __future__ import annotations

import pytest

from rvx.description import DescriptionError

from .one import one, rd, run

ONES = 0xFFFF_FFFF
XX = "rd: x, rs1: x, rs2: x"


def value(body: str, a: int = 0, b: int = 0, signature: str = XX) -> int:
    """What rd holds after the body, with a in rs1 and b in rs2."""
    return rd(run(one(signature, body), x={1: a, 2: b}, rd=3, rs1=1, rs2=2))


@pytest.mark.parametrize(
    ("expression", "a", "b", "expected"),
    [
        ("rs1 + rs2", ONES, 2, 1),
        ("rs1 - rs2", 0, 1, ONES),
        ("-rs1", 1, 0, ONES),
        ("rs1 * rs2", 0x10001, 0x10001, 0x20001),
        ("rs1 / rs2", ONES, 2, 0x7FFF_FFFF),
        ("rs1 % rs2", ONES, 16, 15),
        ("rs1 / rs2", 5, 0, ONES),  # division by zero gives ones and the dividend, as divu, remu
        ("rs1 % rs2", 5, 0, 5),
        ("rs1 & rs2 | rs1 ^ rs2", 0b1100, 0b1010, 0b1110),
        ("~rs1", 0x0F0F_0F0F, 0, 0xF0F0_F0F0),
        ("rs1 << rs2", 1, 31, 1 << 31),
        ("rs1 << rs2", 1, 32, 0),  # not the amount modulo the width
        ("rs1 >> rs2", 1 << 31, 33, 0),
        ("rs1 << rs2[4:0]", 1, 32, 1),
        ("signed(rs1) >> rs2[4:0]", 0x8000_0000, 4, 0xF800_0000),
        ("rs1 << 3 + 1", 1, 0, 16),  # + binds tighter than <<
        ("rs1 & 3 == 2 ? 1 : 0", 6, 0, 1),  # & binds tighter than ==
        ("unsigned(rs1 - rs2 >> 1)", 10, 4, 3),
    ],
)
def test_operators(expression: str, a: int, b: int, expected: int) -> None:
    assert value(f"rd = {expression};", a, b) == expected


@pytest.mark.parametrize(
    ("condition", "a", "b", "expected"),
    [
        ("rs1 < rs2", 1, ONES, True),  # bits are compared as unsigned
        ("signed(rs1) < signed(rs2)", 1, ONES, False),
        ("rs1 == -1", ONES, 0, True),
        ("rs1 in [1, 5, rs2]", 9, 9, True),
        ("rs1 in [1, 5, rs2]", 8, 9, False),
        ("rs1[0] == rs2[0] and not rs1[1]", 1, 1, True),
        ("rs1[0] or rs2[0]", 0, 1, True),
        ("rs1 == popcount(rs2)", 3, 0b111, True),  # an integer that is never negative
        ("signed(rs1) < unsigned(rs2)", ONES, 0, True),  # exact integers of any sign
        ("signed(rs1) == -1", ONES, 0, True),
        ("(rs1 == 0) == (rs2 == 0)", 4, 7, True),
    ],
)
def test_conditions(condition: str, a: int, b: int, expected: bool) -> None:
    assert value(f"rd = {condition};", a, b) == expected


@pytest.mark.parametrize(
    ("count", "word", "expected"),
    [
        ("clz", 0, 32),
        ("clz", 1, 31),
        ("ctz", 0, 32),
        ("ctz", 8, 3),
        ("popcount", ONES, 32),
    ],
)
def test_counts(count: str, word: int, expected: int) -> None:
    assert value(f"rd = {count}(rs1);", word) == expected


def test_a_count_of_a_slice_counts_its_width() -> None:
    assert value("rd = clz(rs1[7:0]);", 0xFF00) == 8


def test_concatenation_puts_the_most_significant_part_first() -> None:
    assert value("rd = {rs1[7:0], rs2[7:0], zero(12), ones(3), 1};", 0xAB, 0xCD) == 0xABCD_000F


def test_a_comparison_is_one_bit_in_a_concatenation() -> None:
    assert value("rd = {zero(30), rs1 == rs2, rs1 < rs2};", 1, 2) == 1


def test_slices_of_slices() -> None:
    assert value("rd = unsigned(rs1[23:8][15:12]);", 0x00A0_0000) == 0xA


def test_one_bit_by_a_constant_and_by_an_index_known_at_run_time() -> None:
    assert value("rd = {zero(30), rs1[4], rs1[rs2[4:0]]};", 1 << 31, 31) == 1


def test_an_exact_integer_can_be_sliced() -> None:
    product = 0xFFFF_FFFF * 0xFFFF_FFFF
    assert value("rd = (unsigned(rs1) * unsigned(rs2))[63:32];", ONES, ONES) == product >> 32


def test_a_slice_of_a_negative_integer_is_of_its_twos_complement() -> None:
    assert value("rd = (signed(rs1) * signed(rs2))[63:32];", ONES, 1) == ONES


def test_an_exact_integer_that_fits_becomes_bits_by_itself() -> None:
    assert value("rd = signed(rs1[15:0]) * signed(rs2[15:0]);", 0x8000, 0x8000) == 0x4000_0000


def test_signed_and_unsigned_extend() -> None:
    assert value("rd = signed(rs1[7:0]);", 0x80) == 0xFFFF_FF80
    assert value("rd = unsigned(rs1[7:0]);", 0x80) == 0x80


def test_a_truth_is_one_or_zero() -> None:
    assert value("rd = rs1 + (rs1 == rs2);", 5, 5) == 6
    assert value("rd = -(rs1 == rs2);", 5, 5) == ONES


def test_a_selection_evaluates_the_side_that_it_takes() -> None:
    # The other side would load from address 4, where there is no memory.
    assert value("rd = rs1 == 0 ? rs2 : memory[rs2, 4];", 0, 4) == 4


def test_a_large_constant_can_be_a_table() -> None:
    squares = sum(i * i << 8 * i for i in range(8))
    assert value(f"rd = unsigned((({squares})[63:0] >> {{rs1[2:0], zero(3)}})[7:0]);", 7) == 49


def test_bits_may_be_wider_than_a_register() -> None:
    body = "let w = {rs1, rs2, rs1} + ones(96); rd = w[95:64];"
    assert value(body, 7, 0) == 7


def test_an_integer_literal_takes_the_width_of_what_it_meets() -> None:
    assert value("rd = unsigned(rs1[7:0] + 0xFF);", 1) == 0
    with pytest.raises(DescriptionError, match="300 does not fit 8 bits"):
        one(XX, "rd = unsigned(rs1[7:0] + 300);")


def test_literals() -> None:
    assert value("rd = 0b1010_0000 + 0xF_F + 1_000;") == 0xA0 + 0xFF + 1000
