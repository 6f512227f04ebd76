"""What may be done to which CSR (unprivileged manual 6 and 20.2, privileged manual 2 and 3.1)."""

import pytest

from rvx.machine.hart import ILLEGAL
from rvx.reference.storage import TrapRaised

from .single import Single

NV = 16
OFF, INITIAL, CLEAN, DIRTY = range(4)
FFLAGS, FRM, FCSR, MSCRATCH, MEPC, MVENDORID = 0x001, 0x002, 0x003, 0x340, 0x341, 0xF11
UNKNOWN = 0x8FF
RESERVED_MODES = (5, 6, 7)  # in frm; 7 there is no mode either
SIGNALING_NAN = 0x7F800001


@pytest.fixture(scope="module")
def machine():
    return Single()


@pytest.fixture
def single(machine):
    """A hart as it is at reset, but for its registers."""
    for name, state in machine.machine.states.items():
        machine.states[name][:] = state.reset
    machine.x[1:8] = machine.f[1:8] = [1, 2, 3, 4, 5, 6, 7]
    return machine


def assert_illegal(single, mnemonic, **fields):
    """It traps, and nothing has changed."""
    before = [list(single.x), list(single.f), {n: list(s) for n, s in single.states.items()}]
    with pytest.raises(TrapRaised) as raised:
        single.run(mnemonic, **fields)
    assert raised.value.cause == ILLEGAL
    assert [single.x, single.f, single.states] == before


# Existence and read-only ------------------------------------------------------------------------


@pytest.mark.parametrize("mnemonic", ["csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"])
def test_an_unknown_csr_is_illegal(single, mnemonic):
    source = "uimm" if mnemonic.endswith("i") else "rs1"
    for value in (0, 1):
        assert_illegal(single, mnemonic, rd=5, csr=UNKNOWN, **{source: value})


def test_writing_a_read_only_csr_is_illegal(single):
    assert_illegal(single, "csrrw", rd=5, csr=MVENDORID, rs1=0)
    assert_illegal(single, "csrrwi", rd=5, csr=MVENDORID, uimm=0)
    single.x[6] = 0  # a register that holds zero is not x0
    for mnemonic in ("csrrs", "csrrc"):
        assert_illegal(single, mnemonic, rd=5, csr=MVENDORID, rs1=6)
    for mnemonic in ("csrrsi", "csrrci"):
        assert_illegal(single, mnemonic, rd=5, csr=MVENDORID, uimm=1)


def test_reading_a_read_only_csr_is_legal(single):
    for mnemonic, source in [("csrrs", "rs1"), ("csrrc", "rs1"), ("csrrsi", "uimm"),
                             ("csrrci", "uimm")]:  # fmt: skip
        single.x[5] = 99
        single.run(mnemonic, rd=5, csr=MVENDORID, **{source: 0})
        assert single.x[5] == 0


# What is written --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mnemonic", "fields", "written"),
    [
        ("csrrw", {"rs1": 3}, 3),
        ("csrrw", {"rs1": 0}, 0),
        ("csrrs", {"rs1": 3}, 0xF3),
        ("csrrc", {"rs1": 3}, 0xF0),
        ("csrrwi", {"uimm": 31}, 31),
        ("csrrsi", {"uimm": 31}, 0xFF),
        ("csrrci", {"uimm": 31}, 0xE0),
        ("csrrs", {"rs1": 0}, 0xF0),
        ("csrrc", {"rs1": 0}, 0xF0),
        ("csrrsi", {"uimm": 0}, 0xF0),
        ("csrrci", {"uimm": 0}, 0xF0),
    ],
)
def test_each_instruction_writes_what_it_should(single, mnemonic, fields, written):
    single.states["mscratch"][0] = 0xF0
    single.run(mnemonic, rd=5, csr=MSCRATCH, **fields)
    assert (single.x[5], single.states["mscratch"][0]) == (0xF0, written)


@pytest.mark.parametrize("mnemonic", ["csrrs", "csrrc", "csrrsi", "csrrci"])
def test_setting_and_clearing_nothing_is_no_write(single, mnemonic):
    """A write of the same value would make the floating-point state dirty."""
    single.states["fs"][0] = CLEAN
    source = "uimm" if mnemonic.endswith("i") else "rs1"
    single.run(mnemonic, rd=5, csr=FCSR, **{source: 0})
    assert single.states["fs"][0] == CLEAN
    single.run(mnemonic, rd=5, csr=FCSR, **{source: 1})
    assert single.states["fs"][0] == DIRTY


def test_fcsr_is_frm_and_fflags(single):
    single.x[1] = 0xFFFFFFFF
    single.run("csrrw", rd=0, csr=FCSR, rs1=1)
    assert (single.states["frm"][0], single.states["fflags"][0]) == (7, 31)
    single.run("csrrw", rd=2, csr=FCSR, rs1=0)
    assert single.x[2] == 0xFF
    single.run("csrrwi", rd=0, csr=FRM, uimm=0b01010)
    single.run("csrrwi", rd=0, csr=FFLAGS, uimm=0b10101)
    single.run("csrrs", rd=2, csr=FCSR, rs1=0)
    assert single.x[2] == 0b010_10101
    for csr, value in [(FRM, 0b010), (FFLAGS, 0b10101)]:
        single.run("csrrs", rd=2, csr=csr, rs1=0)
        assert single.x[2] == value


@pytest.mark.parametrize(("isa", "zeros"), [("rv32im_zicsr", 2), ("rv32imc_zicsr", 1)])
def test_mepc_is_an_instruction_address(isa, zeros):
    """Privileged manual 3.1.14: the bits that no instruction's address has are zero."""
    single = Single(isa)
    single.x[1] = 0xFFFFFFFF
    single.run("csrrw", rd=0, csr=MEPC, rs1=1)
    single.run("csrrs", rd=2, csr=MEPC, rs1=0)
    assert single.x[2] == 0xFFFFFFFF >> zeros << zeros


# Rounding modes ---------------------------------------------------------------------------------


def float_instructions(single):
    return [i for i in single.machine.instructions.values() if i.extension == "F"]


@pytest.mark.parametrize("frm", RESERVED_MODES)
def test_a_reserved_dynamic_mode_is_illegal_with_every_rm_field(single, frm):
    """Also where the mode cannot matter, as in fcvt.s.w of a small number."""
    with_rm = [i for i in float_instructions(single) if i.rm is not None]
    assert len(with_rm) == 13
    single.states["frm"][0] = frm
    for instruction in with_rm:
        fields = dict.fromkeys(instruction.operands, 1)
        assert_illegal(single, instruction.mnemonic, **fields | {"rm": 7})
        single.run(instruction.mnemonic, **fields | {"rm": 1})


@pytest.mark.parametrize("frm", RESERVED_MODES)
def test_a_reserved_dynamic_mode_does_not_matter_without_an_rm_field(single, frm):
    """Minimum, maximum, comparisons, moves, loads and stores round nothing."""
    without_rm = [i for i in float_instructions(single) if i.rm is None]
    assert len(without_rm) == 13
    single.states["frm"][0] = frm
    for instruction in without_rm:
        single.x[1] = 0x80000100
        single.run(instruction.mnemonic, **dict.fromkeys(instruction.operands, 1))


@pytest.mark.parametrize("rm", [5, 6])
def test_a_reserved_static_mode_is_illegal(single, rm):
    for instruction in float_instructions(single):
        if instruction.rm is not None:
            fields = dict.fromkeys(instruction.operands, 1) | {"rm": rm}
            assert_illegal(single, instruction.mnemonic, **fields)


# The state of the floating-point unit -----------------------------------------------------------


def test_everything_is_illegal_while_the_unit_is_off(single):
    single.states["fs"][0] = OFF
    instructions = float_instructions(single)
    assert len(instructions) == 26
    for instruction in instructions:
        fields = dict.fromkeys(instruction.operands, 1)
        assert_illegal(single, instruction.mnemonic, **fields)
    for csr in (FFLAGS, FRM, FCSR):
        assert_illegal(single, "csrrs", rd=1, csr=csr, rs1=0)
        assert_illegal(single, "csrrw", rd=0, csr=csr, rs1=1)


@pytest.mark.parametrize("clean", [INITIAL, CLEAN])
def test_a_written_register_is_dirty(single, clean):
    for mnemonic, fields in [
        ("fadd.s", {"rd": 1, "rs1": 2, "rs2": 3, "rm": 0}),
        ("flw", {"rd": 1, "rs1": 4, "imm": 0}),
        ("fmv.w.x", {"rd": 1, "rs1": 2}),
    ]:
        single.x[4] = 0x80000100
        single.states["fs"][0] = clean
        single.run(mnemonic, **fields)
        assert single.states["fs"][0] == DIRTY


@pytest.mark.parametrize(
    ("mnemonic", "fields"),
    [
        ("feq.s", {"rs2": 1}),
        ("flt.s", {"rs2": 1}),
        ("fcvt.w.s", {"rm": 0}),
        ("fcvt.wu.s", {"rm": 0}),
    ],
)
def test_a_raised_flag_is_dirty(single, mnemonic, fields):
    """fflags is part of the state, though no f register is written (privileged manual 3.1.6.6)."""
    single.f[1], single.states["fs"][0] = SIGNALING_NAN, CLEAN
    single.run(mnemonic, rd=1, rs1=1, **fields)
    assert single.states["fflags"][0] == NV
    assert single.states["fs"][0] == DIRTY


def test_reading_is_not_dirty(single):
    single.x[4], single.states["fs"][0] = 0x80000100, CLEAN
    single.f[1:3] = [0x3F800000, 0x3F800000]
    for mnemonic, fields in [
        ("fsw", {"rs1": 4, "rs2": 1, "imm": 0}),
        ("feq.s", {"rd": 1, "rs1": 1, "rs2": 2}),
        ("fmv.x.w", {"rd": 1, "rs1": 1}),
        ("csrrs", {"rd": 1, "rs1": 0, "csr": FCSR}),
    ]:
        single.run(mnemonic, **fields)
        assert single.states["fs"][0] == CLEAN
