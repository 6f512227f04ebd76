"""Single faults in descriptions, which agree with themselves: other opinions find them.

Standard instructions are held to unicorn, the others to models written from their papers.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rvx.description import load_machine
from rvx.verify.instruction.oracle import Unicorn
from rvx.verify.instruction.verifier import Settings, Verifier

from .found import found
from .mutating import MODELS, patched

STANDARD, DOT, POSIT = "rv32imfb_zicsr", "rv32imf_xdotp", "rv32im_xposit"
UNSIGNED = "format wu32 = integer(bits: 32, signed: no, overflow: saturate,"
DOTPEX = """funct7 = 0b1001011, funct3 = 0b010)
  {
    for i in rd {
      let sum = rd[i] + """


@dataclass(frozen=True)
class Fault:
    """One text of a description in the place of another, and what the counter-example shows."""

    isa: str
    file: str
    old: str
    new: str
    mnemonic: str
    shows: tuple[str, ...] = ()


FAULTS = {
    "shift amount": Fault(STANDARD, "rv32i.isa", "rs1 << rs2[4:0]", "rs1 << rs2[3:0]", "sll"),
    "shift in zeros": Fault(
        *(STANDARD, "rv32i.isa", "rd = signed(rs1) >> rs2[4:0]", "rd = rs1 >> rs2[4:0]", "sra")
    ),
    "encoding bit": Fault(
        *(STANDARD, "rv32i.isa", "rs2: x  is R(opcode = 0b0110011, funct3 = 0, funct7 = 0b01"),
        *("rs2: x  is R(opcode = 0b0110011, funct3 = 0, funct7 = 0b11", "sub", ("trap:",)),
    ),
    "encodings swapped": Fault(
        *(STANDARD, "rv32i.isa", "(xor, 0b100, difference)", "(xor, 0b100, disjunction)", "xor")
    ),
    "sign of the addend": Fault(
        *(STANDARD, "rv32f.isa", "rd = rs3 - rs1 * rs2;", "rd = -rs3 - rs1 * rs2;", "fnmsub.s")
    ),
    "sign from another bit": Fault(
        *(STANDARD, "rv32f.isa", "[31] ^ bits(rs2)[31]", "[31] ^ bits(rs2)[30]", "fsgnjx.s")
    ),
    "rounded twice": Fault(
        *(STANDARD, "rv32f.isa", "rd = rs1 * rs2 + rs3;", "rd = fp32(rs1 * rs2) + rs3;"),
        "fmadd.s",
    ),
    "rounded by its own mode": Fault(
        *(STANDARD, "rv32f.isa", "rd = rs1 - rs2;", "rd = rs1 - rs2 with rne;", "fsub.s")
    ),
    "quiet comparison": Fault(
        *(STANDARD, "rv32f.isa", "rd = rs1 < rs2;", "rd = quiet(rs1 < rs2);", "flt.s"),
        ("NaN", "expected 0x10   NV"),
    ),
    "NaN to the least": Fault(
        *(STANDARD, "formats.isa", f"{UNSIGNED} nan: maximum", f"{UNSIGNED} nan: minimum"),
        *("fcvt.wu.s", ("NaN", "expected 0xffffffff", "got      0x00000000")),
    ),
    "flags left out": Fault(
        *(STANDARD, "formats.isa", "format w32 = integer(bits: 32, overflow: saturate, nan"),
        "format w32 = integer(bits: 32, overflow: saturate); //",
        *("fcvt.w.s", ("fflags:",)),
    ),
    "lane": Fault(
        DOT,
        "xdotp.isa",
        f"{DOTPEX}rs1[2*i] * rs2[2*i]",
        f"{DOTPEX}rs1[2*i] * rs2[i]",
        "vfdotpex.h.b",
    ),
    "formats swapped": Fault(
        *(DOT, "xdotp.isa", "fmode[1] { e5m2, fp8alt }", "fmode[1] { fp8alt, e5m2 }"),
        "vfndotpex.h.b",
    ),
    "exponent bits of a posit": Fault(
        *(
            POSIT,
            "formats.isa",
            "posit(bits: 32, es: 2",
            "posit(bits: 32, es: 3",
        ),
        "pmul.s",
    ),
    "difference for a sum": Fault(
        *(POSIT, "xposit.isa", "funct5 = 0x00)  { rd = rs1 +", "funct5 = 0x00)  { rd = rs1 -"),
        "padd.s",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    one = FAULTS[name]
    oracles = (Unicorn(),) if one.isa == STANDARD else MODELS
    sound = Verifier(load_machine(one.isa), Settings(cases=60), oracles).verify(one.mnemonic)
    assert sound.fault is None
    assert sound.tally.oracle
    text = found(patched(one.isa, one.file, one.old, one.new), one.mnemonic, oracles)
    wanted = (f"{one.mnemonic}: the description differs from {oracles[0].name}", *one.shows)
    assert not [part for part in wanted if part not in text], text
