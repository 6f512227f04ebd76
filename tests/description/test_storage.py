"""States, CSRs, register files and options."""

from __future__ import annotations

import pytest

from rvx.reference.storage import TrapRaised

from .one import DATA, machine, one, rd, run

XX = "rd: x, rs1: x, rs2: x"
FIELDS = {"rd": 3, "rs1": 1, "rs2": 2}


def test_a_state_starts_at_its_reset_value() -> None:
    states = machine(
        "extension Xt { state a: bits(8); state b: bits(8) = 5; state c[3]: bits(4) = -1;\n"
        "state d: fp16 = 3 / 2; state e: i8 = -2; state g: posit8 = 0x40[7:0] as posit8; }"
    ).states
    assert [states[name].reset for name in "abcdeg"] == [
        (0,),
        (5,),
        (15, 15, 15),
        (0x3E00,),
        (0xFE,),
        (0x40,),
    ]


@pytest.mark.parametrize("index", [0, 1, 200, 255])
def test_a_table_read_and_written_by_an_index_known_at_run_time(index: int) -> None:
    body = "rd = unsigned(table[rs1[7:0]]); table[rs1[7:0]] = rs2[7:0];"
    of = one(XX, body, members="state table[256]: bits(8);")
    table = [n * 7 & 0xFF for n in range(256)]
    hart = run(of, x={1: index, 2: 0xAB}, states={"table": list(table)}, **FIELDS)
    assert rd(hart) == table[index]
    table[index] = 0xAB
    assert hart.states["table"] == table


def test_an_element_by_a_constant() -> None:
    of = one(XX, "rd = t[3]; t[0] = rs1;", members="state t[4]: bits(32);")
    hart = run(of, x={1: 9}, states={"t": [1, 2, 3, 4]}, **FIELDS)
    assert (rd(hart), hart.states["t"]) == (4, [9, 2, 3, 4])


def test_some_bits_of_an_element() -> None:
    of = one(XX, "t[rs1[0]][7:4] = rs2[3:0]; t[1][0] = 1;", members="state t[2]: bits(8);")
    hart = run(of, x={1: 0, 2: 0xA}, states={"t": [0x55, 0x54]}, **FIELDS)
    assert hart.states["t"] == [0xA5, 0x55]


def test_an_array_of_numbers() -> None:
    of = one("rs1: x<i16>, rs2: x", "acc[rs2[1:0]] = acc[rs2[1:0]] + rs1;", members=ACCS)
    hart = run(of, x={1: 30000, 2: 2}, states={"acc": [1, 2, 3000, 4]}, rs1=1, rs2=2)
    assert hart.states["acc"] == [1, 2, 33000, 4]


ACCS = "format i20 = integer(bits: 20, overflow: saturate); state acc[4]: i20;"


def test_an_accumulator_of_64_bits() -> None:
    wide = "format i64 = integer(bits: 64, overflow: wrap); state acc: i64;"
    of = one("rs1: x<i32>, rs2: x<i32>", "acc = acc + rs1 * rs2;", members=wide)
    hart = run(of, x={1: 0x8000_0000, 2: 0x7FFF_FFFF}, states={"acc": 5}, rs1=1, rs2=2)
    assert hart.states["acc"] == [-(2**31) * (2**31 - 1) + 5 & (1 << 64) - 1]


def test_a_state_of_100_bits() -> None:
    of = one(
        XX,
        "wide = {wide[67:0], rs1}; rd = unsigned(wide[99:96]);",
        members="state wide: bits(100);",
    )
    hart = run(of, x={1: 0x1234}, states={"wide": 0xA << 96 | 7}, **FIELDS)
    assert (rd(hart), hart.states["wide"]) == (0xA, [7 << 32 | 0x1234])


def test_the_encoding_of_a_state_that_is_a_number() -> None:
    of = one(XX, "rd = bits(acc); bits(acc)[31:16] = rs1[15:0];", members="state acc: fp32 = 1;")
    hart = run(of, x={1: 0x4000}, **FIELDS)
    assert (rd(hart), hart.states["acc"]) == (0x3F80_0000, [0x4000_0000])


def test_bits_of_an_element_that_is_a_number() -> None:
    of = one(XX, "bits(t[1]) = rs1[15:0]; rd = unsigned(bits(t[0]));", members="state t[2]: fp16;")
    hart = run(of, x={1: 0x1234}, states={"t": [7, 8]}, **FIELDS)
    assert (rd(hart), hart.states["t"]) == (7, [7, 0x1234])


# CSRs -----------------------------------------------------------------------------------------

CSRS = """extension Xt {{
  state low: bits(4) = 3;  state high: bits(8) = 0x5A;  state scale: fp32 = 1;
  csr 0x7C0 {0};
}}"""


def swapped(declaration: str, written: int, **states: int) -> tuple[int, dict[str, list[int]]]:
    """What csrrw reads from the CSR at 0x7C0, and the states after it wrote."""
    of = machine(CSRS.format(declaration))
    hart = run(of, "csrrw", x={1: written}, states=states, rd=3, rs1=1, csr=0x7C0)
    return rd(hart), hart.states


def test_a_csr_is_the_state_of_its_name() -> None:
    value, states = swapped("high", 0x1FF)
    assert (value, states["high"]) == (0x5A, [0xFF])


def test_a_csr_is_the_encoding_of_a_number() -> None:
    value, states = swapped("scale", 0x4000_0000)
    assert (value, states["scale"]) == (0x3F80_0000, [0x4000_0000])


def test_a_csr_is_an_expression_whose_parts_are_written() -> None:
    value, states = swapped("both = {high[3:0], zero(4), low == 3, low}", 0xFFFF_FFFF)
    assert (value, states["high"], states["low"]) == (0xA << 9 | 1 << 4 | 3, [0x5F], [15])


def test_a_csr_that_is_computed_ignores_writes() -> None:
    value, states = swapped("sum = unsigned(high)[15:0] + unsigned(low)[15:0]", 7)
    assert (value, states["high"], states["low"]) == (0x5D, [0x5A], [3])


def test_a_csr_may_need_a_condition_and_mark_another_state() -> None:
    value, states = swapped("high, needs low == 3, marks low = 9", 1)
    assert (value, states["high"], states["low"]) == (0x5A, [1], [9])
    with pytest.raises(TrapRaised):
        swapped("high, needs low == 3, marks low = 9", 1, low=4)


def test_a_read_only_csr_is_told_by_its_address() -> None:
    of = machine("extension Xt { csr 0xCC0 mine = 5; }")
    assert rd(run(of, "csrrs", rd=3, rs1=0, csr=0xCC0)) == 5
    with pytest.raises(TrapRaised):
        run(of, "csrrw", rd=3, rs1=1, csr=0xCC0)


# Register files -------------------------------------------------------------------------------


def test_a_register_file_of_ones_own() -> None:
    members = "registers v[32]: 48, zero 31, names va0..va15 vb0/first vb1..vb15;"
    of = one("rd: v, rs1: v, rs2: v", "rd = rs1 * rs2;", members=members)
    hart = run(of, files={"v": {1: 1 << 40, 2: 3}}, **FIELDS)
    assert rd(hart, "v") == 3 << 40
    assert run(of, files={"v": {1: 1, 2: 3}}, rd=31, rs1=1, rs2=2).registers["v"][31] == 0
    file = of.files["v"]
    assert [file.index_of(name) for name in ("v7", "va7", "first", "vb15")] == [7, 7, 16, 31]


def test_a_file_may_need_a_condition_and_mark_its_use() -> None:
    members = (
        "state on: bits(1) = 1; state dirty: bits(1);\n"
        "registers v[32]: 32, needs on == 1, marks dirty = 1;"
    )
    of = one("rd: x, rs1: v", "rd = rs1;", members=members)
    hart = run(of, rd=3, rs1=1)
    assert hart.states["dirty"] == [0]  # only writing marks
    with pytest.raises(TrapRaised):
        run(of, rd=3, rs1=1, states={"on": 0})
    writes = one("rd: v, rs1: v", "rd = rs1;", members=members)
    assert run(writes, rd=3, rs1=1).states["dirty"] == [1]


def test_a_state_may_mark_that_it_was_written() -> None:
    members = "state acc: bits(32), marks dirty = 1; state dirty: bits(1);"
    assert run(one("rs1: x", "acc = rs1;", members=members), rs1=1).states["dirty"] == [1]
    assert run(one("rd: x", "rd = acc;", members=members), rd=3).states["dirty"] == [0]


def test_a_register_written_by_its_number_needs_what_its_file_needs() -> None:
    of = one("rs1: x", "f[1] = rs1;")
    assert run(of, x={1: 5}, rs1=1).registers["f"][1] == 5
    with pytest.raises(TrapRaised):
        run(of, rs1=1, states={"fs": 0})


def test_an_unboxed_file_ignores_the_bits_above_a_number() -> None:
    of = one("rd: v<fp16>, rs1: v<fp16>", "rd = rs1;", members="registers v[32]: 32;")
    assert rd(run(of, files={"v": {1: 0x1234_3C00}}, rd=3, rs1=1), "v") == 0x3C00


# Options and constants ------------------------------------------------------------------------

OPTION = """extension Xt {
  option bump: by_one | by_two = by_one;
  instruction t.t  rd: x, rs1: x, rs2: x  is R(opcode = 11, funct3 = 0, funct7 = 0)
  { if bump == by_two { rd = rs1 + 2; } else { rd = rs1 + (bump != by_two ? 1 : 0); } }
}"""


def test_an_option_is_chosen_when_the_machine_is_made() -> None:
    assert rd(run(machine(OPTION), x={1: 5}, **FIELDS)) == 6
    assert rd(run(machine(OPTION, bump="by_two"), x={1: 5}, **FIELDS)) == 7


def test_a_constant_counts_with_its_largest_declaration() -> None:
    of = machine("extension Xt { constant flen = 16; constant mine = 2; constant mine = 6 / 2; }")
    assert of.flen == 32
    text = "extension Xt { constant mine = 2; constant mine = 3; state s: bits(mine * 2); }"
    assert machine(text).states["s"].width == 6


def test_loads_into_a_state_through_a_family() -> None:
    of = machine(
        "extension Xt { state t[4]: bits(32);\n"
        "for n in [0, 1, 2, 3] { instruction t.l{n}  imm(rs1: x)\n"
        "  is I(opcode = 11, funct3 = n, rd = 0)  { t[n] = memory[rs1 + imm, 4]; } } }"
    )
    hart = run(of, "t.l2", x={1: DATA}, memory={DATA + 8: b"\7"}, rs1=1, imm=8)
    assert hart.states["t"] == [0, 0, 7, 0]
