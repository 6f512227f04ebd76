"""Lanes: several numbers in one register."""

from __future__ import annotations

import pytest

from .one import one, rd, run

PAIR = {"rd": 3, "rs1": 1, "rs2": 2}


def pack(width: int, *lanes: int) -> int:
    """Lane 0 in the lowest bits."""
    return sum((lane & (1 << width) - 1) << width * i for i, lane in enumerate(lanes))


def test_a_star_takes_as_many_lanes_as_the_register_holds() -> None:
    machine = one("rd: x, rs1: x<* x i4>", "rd = lanes(rs1);")
    assert rd(run(machine, **{"rd": 3, "rs1": 1})) == 8


def test_lanes_wrap_each_by_itself() -> None:
    machine = one(
        "rd: x<* x i8>, rs1: x<* x i8>, rs2: x<* x i8>",
        "for i in rd { rd[i] = rs1[i] + rs2[i]; }",
    )
    a, b = pack(8, 127, -1, 5, -128), pack(8, 1, 1, 6, -1)
    assert rd(run(machine, x={1: a, 2: b}, **PAIR)) == pack(8, -128, 0, 11, 127)


def test_lanes_that_are_not_assigned_keep_their_value() -> None:
    machine = one("rd: x<* x i8>, rs1: x", "rd[2] = 7;")
    assert rd(run(machine, x={3: 0x1122_3344}, rd=3, rs1=1)) == 0x1107_3344


def test_bits_above_the_lanes_of_an_unboxed_register_become_zero_with_the_last_lane() -> None:
    machine = one("rd: x<2 x i8>, rs1: x", "rd[0] = 1; rd[1] = 2;")
    assert rd(run(machine, x={3: 0xFFFF_FFFF}, rd=3, rs1=1)) == 0x0000_0201
    first = one("rd: x<2 x i8>, rs1: x", "rd[0] = 1;")
    assert rd(run(first, x={3: 0xFFFF_FFFF}, rd=3, rs1=1)) == 0xFFFF_FF01


def test_bits_above_the_lanes_of_a_boxed_register_become_ones() -> None:
    machine = one("rd: f<flen/16 x e5m2>, rs1: f<* x e5m2>", "for i in rd { rd[i] = rs1[i]; }")
    assert rd(run(machine, f={1: 0x4142_4344}, rd=3, rs1=1), "f") == 0xFFFF_4344


def test_a_single_narrow_number_is_boxed_and_unboxed() -> None:
    machine = one("rd: f<fp16>, rs1: f<fp16>", "rd = -rs1;")
    assert rd(run(machine, f={1: 0xFFFF_3C00}, rd=3, rs1=1), "f") == 0xFFFF_BC00
    assert rd(run(machine, f={1: 0x0000_3C00}, rd=3, rs1=1), "f") == 0xFFFF_7E00


def test_bits_of_an_operand_are_checked_for_boxing_those_of_a_plain_one_are_not() -> None:
    machine = one("rd: x, rs1: f<fp16>, rs2: f", "rd = {bits(rs1), rs2[15:0]};")
    hart = run(machine, f={1: 0x1234_5678, 2: 0x1234_5678}, **PAIR)
    assert rd(hart) == 0x7E00_5678


def test_bits_of_all_lanes_is_the_register() -> None:
    machine = one("rd: x<* x i8>, rs1: x<* x i8>", "bits(rd) = ~bits(rs1);")
    assert rd(run(machine, x={1: 0x0F0F_0F0F}, rd=3, rs1=1)) == 0xF0F0_F0F0


def test_bits_of_one_lane() -> None:
    machine = one("rd: x<* x i8>, rs1: x<* x i8>", "bits(rd[3]) = ~bits(rs1[0]);")
    assert rd(run(machine, x={1: 0x0F}, rd=3, rs1=1)) == 0xF000_0000


@pytest.mark.parametrize("index", range(4))
def test_an_index_known_at_run_time(index: int) -> None:
    machine = one("rd: x, rs1: x<* x u8>, rs2: x", "rd = rs1[rs2[1:0]];")
    assert rd(run(machine, x={1: 0x4433_2211, 2: index}, **PAIR)) == 0x11 * (index + 1)


@pytest.mark.parametrize("index", range(5))
def test_an_index_that_is_an_integer_with_a_bound(index: int) -> None:
    machine = one("rd: x, rs1: x<5 x u6>, rs2: x", "rd = rs1[popcount(rs2[3:0])];", before=U6)
    lanes = pack(6, 10, 20, 30, 40, 50)
    assert rd(run(machine, x={1: lanes, 2: (1 << index) - 1}, **PAIR)) == 10 * (index + 1)


U6 = "format u6 = integer(bits: 6, signed: no, overflow: wrap);\n"


@pytest.mark.parametrize("index", range(4))
def test_an_index_on_the_left_known_at_run_time(index: int) -> None:
    machine = one("rd: x<* x i8>, rs1: x<i8>, rs2: x", "rd[rs2[1:0]] = rs1 + 1;")
    hart = run(machine, x={1: 6, 2: index, 3: 0}, **PAIR)
    assert rd(hart) == 7 << 8 * index


def test_lanes_of_three_bits() -> None:
    machine = one(
        "rd: x<* x i3>, rs1: x<* x i3>, rs2: x<* x i3>",
        "for i in rd { rd[i] = rs1[i] * rs2[i]; }",
        before="format i3 = integer(bits: 3, overflow: saturate);\n",
    )
    a = pack(3, 3, -4, 1, -1, 2, 0, 3, -4, -4, 1)
    b = pack(3, 3, -4, -1, -1, 1, 3, -2, 1, 2, 1)
    expected = pack(3, 3, 3, -1, 1, 2, 0, -4, -4, -4, 1)
    assert rd(run(machine, x={1: a, 2: b, 3: 0xFFFF_FFFF}, **PAIR)) == expected


def test_five_lanes_of_six_bits() -> None:
    machine = one("rd: x<* x u6>, rs1: x<* x u6>", "for i in rd { rd[i] = rs1[4 - i]; }", before=U6)
    assert rd(run(machine, x={1: pack(6, 1, 2, 3, 4, 5)}, rd=3, rs1=1)) == pack(6, 5, 4, 3, 2, 1)


def test_a_destination_that_is_a_source_is_read_before_it_is_written() -> None:
    machine = one("rd: x<* x i8>, rs1: x<* x i8>", "for i in rd { rd[i] = rs1[3 - i]; }")
    assert rd(run(machine, x={3: 0x4433_2211}, rd=3, rs1=3)) == 0x1122_3344


def test_a_wide_lane_sums_pairs_of_narrow_ones() -> None:
    machine = one(
        "rd: x<* x i16>, rs1: x<* x i8>, rs2: x<* x i8>",
        "for i in rd { rd[i] = rd[i] + rs1[2*i] * rs2[2*i] + rs1[2*i + 1] * rs2[2*i + 1]; }",
    )
    a, b, c = pack(8, 1, 2, 3, -4), pack(8, 5, 6, -7, 8), pack(16, 100, -100)
    assert rd(run(machine, x={1: a, 2: b, 3: c}, **PAIR)) == pack(16, 117, -153)


def test_the_zero_register_takes_no_lane() -> None:
    machine = one("rd: x<* x i8>, rs1: x", "rd[0] = 7;")
    assert run(machine, rd=0, rs1=1).registers["x"][0] == 0
