"""`rvx.execute`: one instruction, every kind of operand."""

from __future__ import annotations

import numpy as np
import pytest
from calling import HERE, ISA

import rvx
from rvx.description import DescriptionError
from rvx.model.encoding import FieldError
from rvx.reference.storage import TrapRaised

RAM = 0x8000_0000
ONE, NEXT = 0x3F800000, 0x3F800001


def test_registers() -> None:
    done = rvx.execute("add", rs1=2, rs2=3)
    assert done.operands == {"rd": 5, "rs1": 2, "rs2": 3}
    assert (done.pc, done.fflags, done.memory) == (4, 0, {})
    assert rvx.execute("add", rs1=-1, rs2=2**32 + 3).operands["rd"] == 2
    assert rvx.execute("add", rs1=np.uint32(2), rs2=np.int8(-3)).operands["rd"] == 2**32 - 1


def test_immediates_and_targets() -> None:
    assert rvx.execute("addi", rs1=1, imm=-5).operands["rd"] == 2**32 - 4
    assert rvx.execute("lui", uimm=0xFFFFF).operands["rd"] == 0xFFFFF000
    assert rvx.execute("slli", rs1=1, shamt=31).operands["rd"] == 1 << 31
    assert rvx.execute("beq", imm=-4096).pc == 2**32 - 4096
    assert rvx.execute("bne", imm=8).pc == 4
    jumped = rvx.execute("jalr", rs1=RAM + 17, imm=4)
    assert (jumped.pc, jumped.operands["rd"]) == (20, RAM + 4)


def test_memory() -> None:
    loaded = rvx.execute("lh", rs1=RAM + 8, imm=-4, memory={RAM + 4: b"\xfe\xff"})
    assert loaded.operands["rd"] == 2**32 - 2
    stored = rvx.execute("sh", rs1=RAM, rs2=0x12345678, imm=2)
    assert stored.memory == {RAM + 2: b"\x78\x56"}


def test_rounding_modes_and_flags() -> None:
    half_ulp = {"rs1": ONE, "rs2": 0x33800000}
    assert rvx.execute("fadd.s", **half_ulp).operands["rd"] == ONE
    for how in (
        {"rm": "rup"},
        {"rm": 3},
        {"states": {"frm": 3}},
        {"rm": "dyn", "states": {"frm": 3}},
    ):
        done = rvx.execute("fadd.s", **half_ulp, **how)
        assert (done.operands["rd"], done.fflags) == (NEXT, 1)
        assert (done.states["fflags"], done.states["fs"]) == (1, 3)
    assert rvx.execute("fadd.s", states={"fflags": 0x10}).fflags == 0


def test_csrs_by_number_and_by_name() -> None:
    for csr in (0x340, "mscratch"):
        done = rvx.execute("csrrw", csr=csr, rs1=5, states={"mscratch": 7})
        assert (done.operands["rd"], done.states["mscratch"]) == (7, 5)
    assert rvx.execute("csrrs", csr="mhartid").operands["rd"] == 0  # with x0 nothing is written
    with pytest.raises(TrapRaised):
        rvx.execute("csrrs", csr="mhartid", rs1=0)


def test_states() -> None:
    done = rvx.execute("qmadd.s", isa="rv32im_xposit", rs1=1 << 30, rs2=1 << 30)
    again = rvx.execute("qround.s", isa="rv32im_xposit", states={"quire": 2 * done.states["quire"]})
    assert again.operands["rd"] == 0x48000000  # 2
    five = HERE / "five.isa"
    for extra in (five, str(five), [five], [str(five)]):
        sad = rvx.execute("five.sad", extra=extra, rs1=3, rs2=0x0500, states={"distance": 100})
        assert (sad.operands["rd"], sad.states["distance"]) == (108, 108)


def test_registers_that_the_instruction_names_itself() -> None:
    called = rvx.execute("c.jal", isa="rv32ic", imm=64)
    assert (called.registers, called.pc) == ({"x1": RAM + 2}, 64)
    memory = {RAM + 24: b"\1\2\3\4"}
    loaded = rvx.execute("c.lwsp", isa="rv32ic", uimm=8, registers={"sp": RAM + 16}, memory=memory)
    assert loaded.operands["rd"] == 0x04030201
    short = rvx.execute("c.lw", isa="rv32ic", rs1=RAM + 24, memory=memory)
    assert short.operands["rd"] == 0x04030201
    assert (
        rvx.execute("five.lh2", extra=HERE / "five.isa", rs1=RAM, imm=2).operands["rs1"] == RAM + 2
    )


def test_the_word_assembles() -> None:
    assert rvx.execute("add", rs1=2, rs2=3).word == 0x003100B3  # add x1, x2, x3


@pytest.mark.parametrize(
    ("mnemonic", "given", "error", "text"),
    [
        ("bogus", {}, KeyError, f"{ISA} has no instruction 'bogus'"),
        ("add", {"rs3": 1}, KeyError, "add has no operand 'rs3'; it has rd, rs1, rs2"),
        ("ecall", {"imm": 1}, KeyError, "ecall has no operand 'imm'; it has none"),
        ("add", {"rs1": "a0"}, KeyError, "'a0' is no value of rs1"),
        ("csrrw", {"csr": "none"}, KeyError, "'none' is no value of csr"),
        ("fadd.s", {"rm": "up"}, KeyError, "'up' is no value of rm"),
        ("add", {"rs1": 1.5}, TypeError, "float"),
        ("add", {"states": {"none": 1}}, KeyError, "has no state 'none'"),
        ("add", {"registers": {"x0": 1}}, KeyError, "has no register 'x0' that can be set"),
        ("add", {"registers": {"q7": 1}}, KeyError, "has no register 'q7' that can be set"),
        ("addi", {"imm": 2048}, FieldError, "imm is 2048, but it holds -2048 to 2047"),
        ("slli", {"shamt": 32}, FieldError, "shamt is 32, but it holds 0 to 31"),
        ("beq", {"imm": 7}, FieldError, "imm is 7, but must be a multiple of 2"),
        ("lw", {"rs1": 16}, TrapRaised, "trap 5"),
        ("jal", {"imm": 2}, TrapRaised, "trap 0"),
        ("ecall", {}, TrapRaised, "trap 11"),
        ("fadd.s", {"rm": 5}, TrapRaised, "trap 2"),
        ("csrrw", {"csr": 0x5C0}, TrapRaised, "trap 2"),
        ("add", {"isa": "rv64i"}, DescriptionError, "only RV32"),
        ("add", {"extra": "none.isa"}, DescriptionError, "none.isa: cannot read"),
    ],
)
def test_what_is_wrong(mnemonic: str, given: dict, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as raised:
        rvx.execute(mnemonic, **given)
    assert text in str(raised.value)
