"""`where`: which words are an instruction, in which machines it is, when it is legal; and `has`."""

from __future__ import annotations

import pytest

from rvx.description import load_machine
from rvx.machine.hart import ILLEGAL
from rvx.model import ir
from rvx.reference.storage import TrapRaised

from .one import machine, rd, run

WIDE = """
extension Xt requires F {
  instruction t.w  rd: f<flen/64 x fp32>, rs1: f<* x fp32>
    is R(opcode = 11, funct3 = 0, funct7 = 0, rs2 = 0) where flen >= 64
  { for i in rd { rd[i] = rs1[2 * i] + rs1[2 * i + 1]; } }
  instruction t.n  rd: x, rs1: x
    is R(opcode = 11, funct3 = 0, funct7 = 0, rs2 = 0) where flen < 64, xlen == 32
  { rd = rs1; }
}
"""


def test_a_condition_on_constants_says_in_which_machines_the_instruction_is() -> None:
    """The other one is not even looked at: at FLEN 32 t.w would have no lane."""
    for isa, mnemonic in (("rv32if", "t.n"), ("rv32ifd", "t.w")):
        of = machine(WIDE, isa=isa)
        assert [i.mnemonic for i in of.instructions.values() if i.extension == "Xt"] == [mnemonic]


def test_a_short_form_too() -> None:
    text = (
        "encoding T { funct4:4  rd:5  imm[4:0]  op:2 }\n"
        "extension Xt requires C { instruction c.t rd: x, imm is T(funct4 = 0b1000, op = 0b00) "
        "where {} = addi rd, rd, imm; }"
    )
    for condition, known in (("has(A)", False), ("not has(A)", True), ("has(I)", True)):
        of = machine(text.replace("{}", condition), isa="rv32i")
        assert ("c.t" in of.instructions) == known


CHECKED = """
extension Xt {
  state key: bits(8) = 3;
  instruction t.t  rd: x, rs1: x is R(opcode = 11, funct3 = 0, funct7 = 0, rs2 = 0)
    where rs1 != x0, key == 3 or key == 5, key[0]
  { rd = rs1 + 1; key = 4; }
}
"""


def test_a_condition_on_state_says_when_the_instruction_is_legal() -> None:
    of = machine(CHECKED)
    instruction = of.instructions["t.t"]
    assert instruction.excluded == (("rs1", 0),)
    assert len(instruction.needs) == 2
    hart = run(of, "t.t", x={1: 7}, rd=3, rs1=1)
    assert (rd(hart), hart.states["key"]) == (8, [4])
    with pytest.raises(TrapRaised) as raised:
        run(of, "t.t", x={1: 7}, states={"key": 4}, rd=3, rs1=1)
    assert (raised.value.cause, raised.value.value) == (ILLEGAL, instruction.encode(rd=3, rs1=1))


def test_has_tells_what_is_in_the_machine() -> None:
    text = "extension Xt { csr 0x7C0 t = {has(M), has(F), has(X), has(Xt), has(Xposit)}; }"
    assert machine(text, isa="rv32im").csrs["t"].value == ir.Join(
        (ir.Constant(0, 27), ir.Join(tuple(ir.Constant(int(b), 1) for b in (1, 0, 1, 1, 0))))
    )


def test_shipped_conditions() -> None:
    assert "vfsum.s" in load_machine("rv32imfd_xdotp").instructions
    assert "vfsum.s" not in load_machine("rv32imf_xdotp").instructions
    assert len(load_machine("rv32i").instructions["mret"].needs) == 1
