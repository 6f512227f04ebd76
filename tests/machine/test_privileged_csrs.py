"""Every CSR: what it reads as, what a write makes of it, and who may use it (privileged manual 2
and 3.1), one row a fact."""

from __future__ import annotations

import pytest
from bare import traps, user, values

from rvx.description import load_machine

ISA = "rv32imafdc"
ILLEGAL = 2
ALL = 0xFFFFFFFF
MACHINE = load_machine(ISA)
READ_ONLY = [csr for csr in MACHINE.csrs.values() if csr.is_read_only]
MACHINES_OWN = [csr for csr in MACHINE.csrs.values() if csr.privilege == 3]
ZERO = [
    *("mstatush", "menvcfg", "menvcfgh", "mvendorid", "marchid", "mimpid", "mhartid"),
    *("mconfigptr", "mhpmcounter3", "mhpmcounter31h", "mhpmevent3", "mhpmevent31"),
    *("pmpcfg0", "pmpcfg15", "pmpaddr0", "pmpaddr63"),
]


def written(csr: str, value: int, isa: str = ISA) -> int:
    """What the CSR reads as after the value was written."""
    return values(f"li a1, {value}", f"csrw {csr}, a1", f"csrr a0, {csr}", isa=isa)[0]


# Fields -----------------------------------------------------------------------------------------

SD, TW, MPRV, MPIE, MIE = 1 << 31, 1 << 21, 1 << 17, 1 << 7, 1 << 3
FS, MPP = 3 << 13, 3 << 11
DIRTY_TOO = SD | FS


@pytest.mark.parametrize(
    ("csr", "value", "reads"),
    [
        ("mstatus", 0, 0),
        ("mstatus", ALL, SD | TW | MPRV | FS | MPP | MPIE | MIE),
        ("mstatus", MPP, MPP),
        ("mstatus", 1 << 11, 0),  # supervisor mode: there is none
        ("mstatus", 2 << 11, 0),  # reserved
        ("mstatus", FS, FS | SD),
        ("mstatus", SD, 0),  # SD follows FS
        ("mstatus", 1 << 13, 1 << 13),
        ("mstatus", 2 << 13, 2 << 13),
        ("mstatus", 1 << 22 | 7 << 18, 0),  # TSR TVM MXR SUM
        ("mstatus", 3 << 15 | 7 << 8, 0),  # XS VS SPP
        ("mstatus", 0b01110111, 0),  # UBE SPIE SIE and what is reserved
        ("mtvec", ALL, ALL - 2),  # modes 2 and 3 are reserved
        ("mtvec", 0x80000401, 0x80000401),
        ("mtvec", 0x80000402, 0x80000400),
        ("mtvec", 4, 4),
        ("mie", ALL, 0x888),
        ("mie", 0, 0),
        ("mie", 1 << 7, 1 << 7),
        ("mip", ALL, 0),  # the CLINT's alone
        ("mepc", ALL, ALL - 1),
        ("mepc", 0x12345679, 0x12345678),
        ("mcause", ALL, ALL),
        ("mcause", 0x80000007, 0x80000007),
        ("mtval", ALL, ALL),
        ("mscratch", ALL, ALL),
        ("mcounteren", ALL, ALL),
        ("mcountinhibit", ALL, 5),
        ("mcountinhibit", 2, 0),  # bit 1 would be time
        ("fflags", ALL, 31),
        ("frm", ALL, 7),
        ("fcsr", ALL, 255),
        ("fcsr", 0x123, 0x23),
        *((name, ALL, 0) for name in ZERO if not name.startswith(("mv", "ma", "mi", "mha", "mc"))),
    ],
)
def test_what_is_written_is_made_legal(csr: str, value: int, reads: int) -> None:
    assert written(csr, value) == reads


@pytest.mark.parametrize(("isa", "reads"), [("rv32im", ALL - 3), ("rv32imc", ALL - 1)])
def test_mepc_has_the_bits_of_an_address(isa: str, reads: int) -> None:
    assert written("mepc", ALL, isa) == reads


def test_without_f_there_is_no_state_of_the_unit() -> None:
    assert written("mstatus", ALL, "rv32imac") == TW | MPRV | MPP | MPIE | MIE
    assert written("mstatus", ALL, "rv32imac") & DIRTY_TOO == 0


@pytest.mark.parametrize(
    ("isa", "letters"),
    [
        ("rv32i", "iu"),
        ("rv32imc", "icmu"),
        ("rv32imafdc", "acdfimu"),
        ("rv32imafdcb", "abcdfimu"),
        ("rv32im_zba_zbb_zbs", "bimu"),
        ("rv32im_zba_zbb", "imu"),
        ("rv32im_zaamo", "imu"),
        ("rv32imf_xdotp", "fimux"),
        ("rv32i_xposit", "iux"),
    ],
)
def test_misa_has_a_bit_for_each_letter(isa: str, letters: str) -> None:
    expected = 1 << 30 | sum(1 << ord(letter) - ord("a") for letter in letters)
    assert values("csrr a0, misa", isa=isa)[0] == expected
    assert written("misa", 0, isa) == expected


@pytest.mark.parametrize("csr", ZERO)
def test_what_is_not_there_reads_as_zero(csr: str) -> None:
    assert values(f"csrr a0, {csr}")[0] == 0


def test_reset() -> None:
    names = ("mstatus", "mie", "mip", "mepc", "mcause", "mtval", "mcounteren", "mcountinhibit")
    found = values(*(f"csrr a{i}, {name}" for i, name in enumerate(names)))
    assert found == [1 << 13 | MPP, 0, 0, 0, 0, 0, 0, 0]


# Who may ----------------------------------------------------------------------------------------


def test_every_read_only_csr_refuses_a_write() -> None:
    lines = [line for csr in READ_ONLY for line in (f"csrw {csr.address}, a0",
             f"csrrs a0, {csr.address}, a1", f"csrrci a0, {csr.address}, 1")]  # fmt: skip
    assert [row[0] for row in traps(*lines)] == [ILLEGAL] * len(lines)
    assert len(READ_ONLY) == 5 + 6 + 58


def test_every_read_only_csr_may_be_read_in_every_way() -> None:
    ways = ("csrrs a0, {}, zero", "csrrc a0, {}, zero", "csrrsi a0, {}, 0", "csrrci a0, {}, 0")
    lines = [way.format(csr.address) for csr in READ_ONLY for way in ways]
    assert traps(*lines) == []


def test_every_other_csr_may_be_written_and_read() -> None:
    """But for mtvec and mstatus, by which the test lives."""
    names = [csr for csr in MACHINE.csrs.values() if not csr.is_read_only]
    lines = [f"csrrw a0, {c.address}, zero" for c in names if c.name not in ("mtvec", "mstatus")]
    assert traps(*lines) == []


def test_what_no_csr_is() -> None:
    """Supervisor's, hypervisor's, debugger's, and some that nobody has declared."""
    known = {csr.address for csr in MACHINE.csrs.values()}
    others = [0x004, 0x100, 0x105, 0x180, 0x200, 0x302, 0x303, 0x7A0, 0x7B0, 0x7C0, 0xB01, 0x5C0]
    assert not known & set(others)
    lines = [line for csr in others for line in (f"csrr a0, {csr}", f"csrw {csr}, a0")]
    assert [row[0] for row in traps(*lines)] == [ILLEGAL] * len(lines)


def test_user_mode_may_use_no_csr_of_machine_mode() -> None:
    lines = [line for csr in MACHINES_OWN for line in (f"csrr a0, {csr.address}",
             f"csrw {csr.address}, a0")]  # fmt: skip
    found = traps(*user(*lines), limit=100_000)
    assert [row[0] for row in found] == [*[ILLEGAL] * len(lines), 8]
    assert len(MACHINES_OWN) == len(MACHINE.csrs) - 3 - 6 - 58


def test_user_mode_may_use_the_floating_point_csrs() -> None:
    lines = user("csrwi frm, 2", "csrwi fflags, 5", "csrr a0, fcsr")
    assert [row[0] for row in traps(*lines)] == [8]


@pytest.mark.parametrize("bit", range(32))
def test_mcounteren_opens_one_counter_each(bit: int) -> None:
    """Bit 0 cycle, 1 time, 2 instret, n hpmcounter n; with their upper halves."""
    enable = f"li a0, 1 << {bit}", "csrw mcounteren, a0"
    lines = [f"csrr a0, {base + n}" for n in range(32) for base in (0xC00, 0xC80)]
    closed = [row for row in traps(*enable, *user(*lines)) if row[0] == ILLEGAL]
    missing = {row[2] >> 20 & 31 for row in closed}
    assert len(closed) == 62
    assert missing == set(range(32)) - {bit}


def test_machine_mode_reads_every_counter() -> None:
    lines = [f"csrr a0, {base + n}" for n in range(32) for base in (0xC00, 0xC80)]
    assert traps("csrw mcounteren, zero", *lines) == []


# Counters ---------------------------------------------------------------------------------------


def test_time_goes_on_where_cycles_stand_still() -> None:
    lines = ("csrr a0, time", "csrw mcycle, zero", "csrwi mcountinhibit, 5", "csrr a1, time")
    found = values(*lines, "csrr a2, mcycle", "csrr a3, timeh")
    assert (found[1] - found[0], found[2], found[3]) == (3, 0, 0)
