"""Every CSR that a shipped description declares: which bits of a write it keeps, in each of the
ways to write it, and that the floating-point ones need the unit."""

from __future__ import annotations

import re

import pytest

from rvx.description import load_machine
from rvx.description.texts import shipped_texts
from rvx.machine.hart import ILLEGAL
from rvx.model.machine import Csr
from rvx.reference.storage import TrapRaised

from .single import Single

ALL = 0xFFFF_FFFF
PATTERN = 0x5A3C_9671
ISAS = ("rv32imafdcb_xsmallfloat_xfvec_xsr_xvsq_xacc", "rv32imfc_zfh_xmx_xfp4")  # all CSRs
# The bits that a write decides; of all others none. The rest reads as zero.
KEPT = {
    "fflags": 0x1F,
    "frm": 7,
    "fcsr": 0xFF,
    **dict.fromkeys(("mcycle", "mcycleh", "minstret", "minstreth"), ALL),
    **dict.fromkeys(("mscratch", "mcause", "mtval", "mcounteren"), ALL),
    "mepc": ALL - 1,
    "mie": 0x888,
    "fmode": 3,
    "lfsrtaps": ALL,
    "vsqdrop": 15,
    "r4phase": 1,
    **dict.fromkeys(("lfsr0", "lfsr1", "lfsr2", "lfsr3"), ALL),
    "accwindow": 0x3F,
}
# mtvec and mstatus are made legal in ways of their own (tests/machine/test_privileged_csrs.py).
ELSEWHERE = {"mtvec", "mstatus", "mcountinhibit", "misa"}
DECLARED = re.compile(r"^ *csr (?:0x\w+|\([^)]*\)) (\w+)", re.M)


@pytest.fixture(scope="module", params=ISAS)
def single(request: pytest.FixtureRequest) -> Single:
    return Single(request.param)


def test_the_machines_have_every_csr_there_is() -> None:
    """No CSR of a shipped text is left out."""
    found = [csr.name for isa in ISAS for csr in load_machine(isa).csrs.values()]
    names = {name for _, text in shipped_texts() for name in DECLARED.findall(text)}
    assert len(names) > 40
    assert {n for n in names if not any(csr.startswith(n) for csr in found)} == set()


def read(single: Single, csr: Csr) -> int:
    single.run("csrrs", rd=10, csr=csr.address, rs1=0)
    return single.x[10]


@pytest.mark.parametrize(
    ("before", "mnemonic", "operand", "written"),
    [
        (0, "csrrw", ALL, ALL),
        (ALL, "csrrw", 0, 0),
        (0, "csrrw", PATTERN, PATTERN),
        (0, "csrrs", PATTERN, PATTERN),
        (ALL, "csrrs", PATTERN, ALL),
        (ALL, "csrrc", PATTERN, ALL - PATTERN),
        (0, "csrrc", PATTERN, 0),
        (ALL, "csrrwi", 21, 21),
        (0, "csrrsi", 21, 21),
        (ALL, "csrrci", 21, ALL - 21),
    ],
)
def test_bits_that_are_kept(
    single: Single, before: int, mnemonic: str, operand: int, written: int
) -> None:
    """What is read at once is what was there, and what is read then what was kept."""
    source = {"uimm": operand} if mnemonic.endswith("i") else {"rs1": 12}
    for csr in single.machine.csrs.values():
        if csr.is_read_only or csr.name in ELSEWHERE:
            continue
        kept = KEPT.get(csr.name, 0)
        single.x[11], single.x[12] = before, operand
        single.run("csrrw", rd=0, csr=csr.address, rs1=11)
        single.run(mnemonic, rd=10, csr=csr.address, **source)
        assert (csr.name, single.x[10]) == (csr.name, before & kept)
        assert (csr.name, read(single, csr)) == (csr.name, written & kept)


def test_csrs_of_the_floating_point_unit_need_it(single: Single) -> None:
    """Those of formats and of fcsr, and no other."""
    single.states["fs"][0] = 0
    for csr in single.machine.csrs.values():
        if csr.name in ("fflags", "frm", "fcsr") or 0x800 <= csr.address < 0x900:
            for mnemonic in ("csrrw", "csrrs"):
                with pytest.raises(TrapRaised) as raised:
                    single.run(mnemonic, rd=10, csr=csr.address, rs1=11)
                assert raised.value.cause == ILLEGAL
        else:
            read(single, csr)
    single.states["fs"][0] = 1
