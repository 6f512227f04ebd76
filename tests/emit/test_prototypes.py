"""How C calls the instructions: names, types, the order of parameters, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from c_source import ODD

from rvx.description import load_machine
from rvx.emit import header
from rvx.emit.definition import prototype
from rvx.emit.derive import derive

SHIPPED = derive(load_machine("rv32imf_zicsr_zifencei_xdotp_xposit", [ODD]))
PROTOTYPES = """
uint32_t rvx_add(uint32_t rs1, uint32_t rs2)
int32_t rvx_div(int32_t rs1, int32_t rs2)
uint32_t rvx_addi(uint32_t rs1, constant imm)
uint32_t rvx_lw(const volatile void *rs1, constant imm)
void rvx_sw(uint32_t rs2, volatile void *rs1, constant imm)
float rvx_fmadd_s(float rs1, float rs2, float rs3)
float rvx_fmadd_s_rm(float rs1, float rs2, float rs3, constant rm)
int32_t rvx_fcvt_w_s(float rs1)
uint32_t rvx_fcvt_wu_s(float rs1)
uint32_t rvx_csrrs(constant csr, uint32_t rs1)
uint32_t rvx_csrr(constant csr)
uint32_t rvx_rdcycle(void)
float rvx_fneg_s(float rs1)
void rvx_fence(constant pred, constant succ)
rvx_halfx2 rvx_vfdotpex_h_b(rvx_halfx2 rd, rvx_bytex4 rs1, rvx_bytex4 rs2)
float rvx_vfdotpex_s_h(float rd, rvx_halfx2 rs1, rvx_halfx2 rs2)
rvx_half rvx_vfsum_h(rvx_half rd, rvx_halfx2 rs1)
void rvx_padd_s(constant rd, constant rs1, constant rs2)
int32_t rvx_pcvt_w_s(constant rs1)
void rvx_pcvt_s_w(constant rd, int32_t rs1)
void rvx_qclr_s(void)
int32_t rvx_odd_dot(int32_t rd, rvx_i8x4 rs1, rvx_i8x4 rs2)
uint32_t rvx_odd_dot_(uint32_t rs1)
rvx_q15 rvx_odd_gain(rvx_q15x2 rs1)
uint32_t rvx_odd_next(const void **rs1, constant imm)
void *rvx_odd_push(uint32_t rs2, void *rs1, constant imm)
uint32_t rvx_odd_step(uint32_t register_, constant imm)
uint32_t rvx_odd_maybe(uint32_t rd, uint32_t rs1, uint32_t rs2)
uint32_t rvx_odd_both(uint32_t rs1, uint32_t rs2)
uint32_t rvx_odd_part(uint32_t rd, uint32_t rs1)
uint32_t rvx_odd_named(uint32_t x10, uint32_t *x11)
uint32_t rvx_odd_even_rs3(uint32_t rs1, float rs2, uint32_t rs3)
uint32_t rvx_odd_back(uint32_t a, constant imm)
"""


@pytest.mark.parametrize("wanted", PROTOTYPES.strip().splitlines())
def test_prototype(wanted: str) -> None:
    assert wanted in [prototype(intrinsic) for intrinsic in SHIPPED.intrinsics]


def test_names_are_unique() -> None:
    names = [i.name for i in SHIPPED.intrinsics]
    names += [name for struct in SHIPPED.types for name in struct.names]
    assert len(names) == len(set(names))


def test_what_is_left_out_says_why() -> None:
    assert {each.mnemonic: each.reason for each in SHIPPED.left_out} == {
        "jal": "it changes the pc",
        "jalr": "it changes the pc",
        **dict.fromkeys(("beq", "bne", "blt", "bge", "bltu", "bgeu"), "it changes the pc"),
        "mret": "it changes the pc",
        "odd.branch": "it changes the pc",
        "ecall": "it always traps, and a handler may change any register",
        "ebreak": "it always traps, and a handler may change any register",
        "odd.stack": "no register that a compiler may choose will do for sp",
    }


def test_all_else_is_in() -> None:
    machine = load_machine("rv32imf_zicsr_zifencei_xdotp_xposit", [ODD])
    there = {i.instruction.mnemonic for i in SHIPPED.intrinsics if not i.is_alias}
    assert there == set(machine.instructions) - {each.mnemonic for each in SHIPPED.left_out}


def test_one_format_in_two_files_is_two_types(tmp_path: Path) -> None:
    own = tmp_path / "own.isa"
    own.write_text("""
        format small = float(exponent: 4, fraction: 3);
        extension Xown requires F {
          instruction own.x rd: x<4 x small>, rs1: f<4 x small>
            is R(opcode = 0b0101011, funct3 = 0, funct7 = 0, rs2 = 0)
          { for i in rd { rd[i] = rs1[i]; } }
        }""")
    found = derive(load_machine("rv32imf", [own]))
    (own_x,) = [i for i in found.intrinsics if i.name == "rvx_own_x"]
    assert prototype(own_x) == "rvx_smallx4_x rvx_own_x(rvx_smallx4_f rs1)"


def test_a_mnemonic_that_is_a_type_of_ours_gives_way(tmp_path: Path) -> None:
    own = tmp_path / "own.isa"
    own.write_text("""
        format small = float(exponent: 4, fraction: 3);
        extension Xown requires F {
          instruction small rd: f<small>, rs1: f<small>
            is R(opcode = 0b0101011, funct3 = 0, funct7 = 0, rs2 = 0)  { rd = rs1; }
        }""")
    found = derive(load_machine("rv32imf", [own]))
    assert "rvx_small rvx_small_(rvx_small rs1)" in [prototype(i) for i in found.intrinsics]


def test_the_header_is_the_same_every_time() -> None:
    machine = load_machine("rv32imf_xdotp_xposit")
    assert header(machine) == header(machine)


def test_comments_are_closed_once() -> None:
    text = header(load_machine("rv32imf", [ODD]))
    assert "Comment traps: * / and / * and \\" in text
    assert text.count("/*") == text.count("*/")


def test_flen_64_takes_doubles_for_wider_lanes_only(tmp_path: Path) -> None:
    wide = tmp_path / "wide.isa"
    wide.write_text("extension Xwide requires Xdotp { constant flen = 64; }")
    found = [prototype(i) for i in derive(load_machine("rv32imf_xdotp", [wide])).intrinsics]
    assert "float rvx_fadd_s(float rs1, float rs2)" in found
    assert "uint32_t rvx_fmv_x_w(float rs1)" in found
    assert "void rvx_fsw(float rs2, volatile void *rs1, constant imm)" in found
    dot = "rvx_halfx4 rvx_vfdotpex_h_b(rvx_halfx4 rd, rvx_bytex8 rs1, rvx_bytex8 rs2)"
    assert dot in found
    assert "rvx_halfx2 rvx_vfsum_h(rvx_halfx2 rd, rvx_halfx4 rs1)" in found
