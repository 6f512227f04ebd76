"""Encodings, patterns, operands, families and aliases."""

from __future__ import annotations

import pytest

from rvx.description import DescriptionError
from rvx.model.decoder import Decoder
from rvx.model.encoding import FieldError
from rvx.model.machine import FromOperand, Optional, operands_of

from .one import PC, machine, one, rd, run

XX = "rd: x, rs1: x, rs2: x"


# Encodings ------------------------------------------------------------------------------------


def test_a_field_is_placed_where_it_is_drawn() -> None:
    of = machine(
        "encoding A { imm[12|10:5]  rs2:5  rs1:5  funct3:3  imm[4:1|11]  opcode:7 }\n"
        "extension Xt { instruction t.t  rs1: x, rs2: x, imm  is A(opcode = 11, funct3 = 5)\n"
        "  { if rs1 == rs2 { pc = pc + imm; } } }"
    )
    word = of.instructions["t.t"].encode(rs1=3, rs2=9, imm=-2)
    assert word == 0b1_111111_01001_00011_101_1111_1_0001011
    assert of.instructions["t.t"].decode(word) == {"rs1": 3, "rs2": 9, "imm": -2}


def test_the_bits_below_the_lowest_slice_are_zero() -> None:
    field = one("rd: x, imm", "rd = imm;", encoding="J").instructions["t.t"].operands["imm"].field
    assert (field.low, field.high) == (-(1 << 20), (1 << 20) - 2)
    with pytest.raises(FieldError, match="multiple of 2"):
        field.encode(3)


def test_a_field_named_imm_is_signed_any_other_is_not() -> None:
    before = "encoding A { imm:7  uimm:5  rs1:5  funct3:3  rd:5  opcode:7 }\n"
    of = machine(
        f"{before}extension Xt {{ instruction t.t  rd: x, rs1: x, imm, uimm\n"
        "  is A(opcode = 11, funct3 = 0)  { rd = signed(imm) * 1000 + unsigned(uimm); } }"
    )
    assert rd(run(of, rd=3, imm=-64, uimm=31)) == -64000 + 31 + (1 << 32)


def test_a_field_drawn_with_slices_is_as_wide_as_a_register_one_drawn_whole_as_drawn() -> None:
    assert rd(run(one("rd: x, rs1: x, imm", "rd = imm;", encoding="I"), rd=3, imm=-5)) == 2**32 - 5
    with pytest.raises(DescriptionError, match="width mismatch: 5 bits"):
        one("rd: x, rs1: x, shamt", "rd = shamt;", encoding="SH")


def test_a_fixed_immediate_may_be_given_by_its_bits_or_its_value() -> None:
    words = [
        machine(
            "extension Xt { instruction t.t  rd: x, rs1: x\n"
            f"  is I(opcode = 11, funct3 = 0, imm = {imm})  {{ rd = rs1; }} }}"
        )
        .instructions["t.t"]
        .match
        for imm in ("0xFFF", "-1")
    ]
    assert words[0] == words[1] == 0xFFF0_000B


def test_an_encoding_of_the_same_file_comes_first() -> None:
    of = machine(
        "encoding R { rs2:5  funct7:7  rs1:5  funct3:3  rd:5  opcode:7 }\n"
        "extension Xt { instruction t.t  rd: x, rs1: x, rs2: x\n"
        "  is R(opcode = 11, funct3 = 0, funct7 = 0)  { rd = rs1; } }"
    )
    assert of.instructions["t.t"].encode(rd=0, rs1=0, rs2=1) == 1 << 27 | 11
    assert of.instructions["add"].encode(rd=0, rs1=0, rs2=1) == 1 << 20 | 0x33


def test_an_instruction_of_16_bits() -> None:
    of = machine(
        "encoding A { funct6:6  rd:5  rs2:3  op:2 }\n"
        "extension Xt { instruction t.t  rd: x, rs2: v  is A(op = 0, funct6 = 0b101010)\n"
        "  { rd = rd + rs2; }  registers v[8]: 32; }"
    )
    assert of.instructions["t.t"].length == 2
    hart = run(of, x={3: 5}, files={"v": {7: 6}}, rd=3, rs2=7)
    assert (rd(hart), hart.pc) == (11, PC + 2)


def test_next_pc_of_an_instruction_of_16_bits() -> None:
    of = machine(
        "encoding A { funct3:3  imm[11|4|9:8|10|6|7|3:1|5]  op:2 }\n"
        "extension Xt { instruction t.t  imm  is A(op = 2, funct3 = 0b001)\n"
        "  { x[1] = next_pc; pc = pc + imm; } }"
    )
    hart = run(of, imm=-6)
    assert (hart.registers["x"][1], hart.pc) == (PC + 2, PC - 6)


# Patterns -------------------------------------------------------------------------------------

EXCLUDING = """extension Xt {{
  instruction t.a  rd: x, rs1: x, rs2: x
    is R(opcode = 11, funct3 = 0, funct7 = 0) where {0}  {{ rd = 1; }}
  instruction t.b  rd: x, rs1: x
    is R(opcode = 11, funct3 = 0, funct7 = 0, rs2 = 0)  {{ rd = 2; }}
}}"""


def test_where_excludes_a_value() -> None:
    of = machine(EXCLUDING.format("rs2 != x0"))
    decoder = Decoder(of)
    words = [of.instructions["t.a"].match | rs2 << 20 for rs2 in (0, 1)]
    found = [decoder.decode(word) for word in words]
    assert [i.mnemonic for i in found if i is not None] == ["t.b", "t.a"]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("rs2 != 0", "rs2 != 1", True),
        ("rs2 != 0, rs1 != 0", "rs1 != 1", True),
        ("uimm != 0", "uimm != 1", False),  # one bit: nothing is left
        ("uimm != 0", "uimm != 0", True),
    ],
)
def test_overlap_reasons_with_the_conditions_of_both(
    first: str, second: str, overlap: bool
) -> None:
    text = (
        "encoding A { uimm:1  f:6  rs2:5  rs1:5  funct3:3  rd:5  opcode:7 }\nextension Xt {\n"
        + "".join(
            f"instruction t.{name}  rd: x, rs1: x, rs2: x, uimm\n"
            f"  is A(opcode = 11, funct3 = 0, f = 0) where {where}  {{ rd = rs1; }}\n"
            for name, where in (("a", first), ("b", second))
        )
        + "}"
    )
    if not overlap:
        machine(text)
        return
    with pytest.raises(DescriptionError, match="both match"):
        machine(text)


def test_the_word_named_by_an_overlap_is_both() -> None:
    with pytest.raises(DescriptionError) as error:
        machine(EXCLUDING.format("rs2 != 1, rd != 0, rs1 != x3"))
    word = int(str(error.value).split("both match ")[1].split(":")[0], 16)
    of = machine(EXCLUDING.format("rs2 != 0, rd != 0, rs1 != x3"))
    alike = of.instructions["t.b"]
    assert alike.matches(word)
    assert alike.decode(word)["rd"] != 0
    assert alike.decode(word)["rs1"] != 3


# Operands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "pc = pc + imm;",
        "pc = imm + pc;",
        "if rs1 == rs2 { pc = pc + imm; }",
        "pc = rs1 == rs2 ? pc + imm : next_pc;",
        "let target = pc + imm; if rs1 == rs2 { pc = target; }",
        "let offset = imm; pc = pc + offset;",
    ],
)
def test_an_immediate_added_to_pc_is_a_target(body: str) -> None:
    of = one("rs1: x, rs2: x, imm", body, encoding="B")
    assert of.instructions["t.t"].operands["imm"].is_target  # type: ignore[union-attr]


@pytest.mark.parametrize("body", ["rd = pc + imm;", "pc = rs1 + imm;", "rd = memory[pc + imm, 4];"])
def test_any_other_immediate_is_none(body: str) -> None:
    of = one("rd: x, rs1: x, imm", body, encoding="I")
    assert not of.instructions["t.t"].operands["imm"].is_target  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "classes"),
    [
        ("rd = rs1;", set()),
        ("rd = memory[rs1, 4];", {"load"}),
        ("memory[rs1, 4] = rs2;", {"store"}),
        ("pc = rs1;", {"jump"}),
        ("if rs1 == rs2 { pc = pc + 8; }", {"branch"}),
        ("if rs1 == rs2 { raise 2; }", {"trap"}),
    ],
)
def test_classes_follow_from_the_body(body: str, classes: set[str]) -> None:
    assert one(XX, body).instructions["t.t"].classes == classes


def test_what_is_read_and_written_follows_from_the_body() -> None:
    instruction = one(XX, "rd = rs1; rs2 = rs1;").instructions["t.t"]
    assert (instruction.reads, instruction.writes) == (("rs1",), ("rd", "rs2"))


def test_a_register_that_is_written_in_part_is_read() -> None:
    instruction = one("rd: x<* x i8>, rs1: x", "rd[0] = 1;").instructions["t.t"]
    assert instruction.reads == ("rd",)
    whole = one("rd: x<* x i8>, rs1: x", "for i in rd { rd[i] = 1; }").instructions["t.t"]
    assert whole.reads == ()


def test_the_rounding_mode_may_be_left_out() -> None:
    of = one("rd: f<fp32>, rs1: f<fp32>, rs2: f<fp32>, [rm]", "rd = rs1 + rs2;", encoding="RF")
    item = of.instructions["t.t"].syntax[-1]
    assert isinstance(item, Optional)
    assert item.default == 7  # dynamic


def test_letters_are_the_bits_of_a_field() -> None:
    of = machine(
        "extension Xt { instruction t.t  rd: x, pred: letters wxyz\n"
        "  is FENCE(opcode = 11, funct3 = 0, fm = 0, succ = 0, rs1 = 0)\n"
        "  { rd = unsigned(pred); } }"
    )
    assert rd(run(of, rd=3, pred=0b1001)) == 9


# Families and aliases -------------------------------------------------------------------------


def test_a_family_binds_names_formats_integers_and_functions() -> None:
    of = machine(
        "function first(a, b) = a;\nfunction second(a, b) = b;\n"
        "extension Xt { for (op, code, f) in [(one, 0, first), (two, 1, second)] {\n"
        "  for (suffix, funct, format) in [(b, 0, i8), (h, 1, i16)] {\n"
        "    instruction t.{op}.{suffix}  rd: x<format>, rs1: x<format>, rs2: x<format>\n"
        "      is R(opcode = 11, funct3 = code, funct7 = funct)  { rd = f(rs1, rs2); } } } }"
    )
    operands = {"x": {1: 0x1280, 2: 0x1234}, "rd": 3, "rs1": 1, "rs2": 2}
    assert rd(run(of, "t.one.b", **operands)) == 0xFFFF_FF80
    assert rd(run(of, "t.two.h", **operands)) == 0x1234


def test_a_family_of_csrs() -> None:
    of = machine(
        "extension Xt { state bank[2]: bits(32);\n"
        "for n in [0, 1] { csr (0x7C0 + n) bank{n} = bank[n]; } }"
    )
    assert [(c.name, c.address) for c in of.csrs.values() if c.extension == "Xt"] == [
        ("bank0", 0x7C0),
        ("bank1", 0x7C1),
    ]


def test_an_alias_fills_the_fields_of_its_target() -> None:
    of = machine("extension Xt { alias t.swap rd: x, rs2: x, rs1: x = sub rd, rs1, rs2; }")
    alias = next(a for a in of.aliases if a.mnemonic == "t.swap")
    assert alias.arguments == {name: FromOperand(name) for name in ("rd", "rs1", "rs2")}
    assert [operand.name for operand in operands_of(alias.syntax)] == ["rd", "rs2", "rs1"]


def test_an_alias_may_fix_registers_immediates_and_csrs() -> None:
    of = machine(
        "extension Xt { alias t.push rs2: x = sw rs2, -4(sp);\n"
        "alias t.dec rd: x = addi rd, rd, -1;\n"
        "alias t.mode rd: x = csrrs rd, frm, zero; alias t.down rd: x, imm = addi rd, rd, -imm; }"
    )
    found = {alias.mnemonic: alias.arguments for alias in of.aliases}
    assert found["t.push"] == {"rs2": FromOperand("rs2"), "imm": -4, "rs1": 2}
    assert found["t.dec"]["imm"] == -1
    assert found["t.mode"] == {"rd": FromOperand("rd"), "csr": 2, "rs1": 0}
    assert found["t.down"]["imm"] == FromOperand("imm", negated=True)


def test_a_family_gives_mnemonics_suffixes() -> None:
    of = machine(
        "extension Xt { for (order, code) in [(w, 0), (w.aq, 1)] { "
        "for (op, bit) in [(a, 0), (b, 1)] { instruction t{op}.{order} rd: x, rs1: x "
        "is R(opcode = 11, funct3 = code, funct7 = bit, rs2 = 0) { rd = rs1; } } } }"
    )
    own = {i.mnemonic for i in of.instructions.values() if i.extension == "Xt"}
    assert own == {"ta.w", "tb.w", "ta.w.aq", "tb.w.aq"}


def test_an_extension_brings_those_that_it_requires() -> None:
    of = machine("extension Xt requires Xposit { }", isa="rv32i")
    assert {"I", "Zicsr", "Sm", "Xposit", "Xt"} <= {e.name for e in of.extensions}
    assert of.isa == "rv32i_zicntr_zicsr_zihpm_sm_xposit_xt"


def test_a_comment_above_a_declaration_is_its_documentation() -> None:
    text = (
        "extension Xt {\n  // Twice.\n  // And no more.\n  instruction t.t  rd: x, rs1: x, rs2: x\n"
        "    is R(opcode = 11, funct3 = 0, funct7 = 0)  { rd = rs1 + rs1; }\n"
        "  state acc: bits(8);  // An accumulator.\n}"
    )
    of = machine(text)
    assert of.instructions["t.t"].doc == "Twice.\nAnd no more."
    assert of.instructions["t.t"].text == "rd = rs1 + rs1;"
    assert of.states["acc"].doc == "An accumulator."
