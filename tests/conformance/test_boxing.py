"""Singles in f registers of 64 bits (unprivileged manual 21.2), and moves of whole registers."""

import pytest

from .single import RAM, Single

SINGLE = Single("rv32imfdc_zicsr_zifencei")
BOX, NAN, ONE, TWO = 0xFFFFFFFF << 32, 0x7FC00000, 0x3F800000, 0x40000000
DOUBLE = 0x3FF0000012345678  # not a boxed single
AT = RAM.start + 0x100


def test_registers_have_64_bits():
    assert SINGLE.machine.flen == 64
    assert SINGLE.machine.files["f"].width == 64


@pytest.mark.parametrize(
    "unboxed", [DOUBLE, 0xFFFFFFFE << 32 | ONE, ONE, 0x7FFFFFFF << 32 | ONE, 0]
)
def test_what_is_not_boxed_is_a_nan(unboxed):
    SINGLE.f[1:3] = [unboxed, BOX | ONE]
    for mnemonic in ("fadd.s", "fsub.s", "fmul.s", "fdiv.s"):
        SINGLE.run(mnemonic, rd=3, rs1=1, rs2=2, rm=0)
        assert (SINGLE.f[3], SINGLE.flags()) == (BOX | NAN, 0)  # a quiet one
    SINGLE.run("fmin.s", rd=3, rs1=1, rs2=2)
    assert SINGLE.f[3] == BOX | ONE
    SINGLE.run("fclass.s", rd=3, rs1=1)
    assert SINGLE.x[3] == 1 << 9
    SINGLE.run("feq.s", rd=3, rs1=1, rs2=1)
    assert SINGLE.x[3] == 0
    SINGLE.run("fcvt.w.s", rd=3, rs1=1, rm=0)
    assert (SINGLE.x[3], SINGLE.flags()) == (0x7FFFFFFF, 16)
    SINGLE.run("fcvt.d.s", rd=3, rs1=1, rm=0)
    assert (SINGLE.f[3], SINGLE.flags()) == (0x7FF8000000000000, 0)


def test_results_are_boxed():
    SINGLE.f[1:4] = [BOX | ONE, BOX | ONE, 0]
    for mnemonic in ("fadd.s", "fsub.s", "fmul.s", "fdiv.s"):
        SINGLE.run(mnemonic, rd=3, rs1=1, rs2=2, rm=0)
        assert SINGLE.f[3] >> 32 == 0xFFFFFFFF
    SINGLE.run("fmadd.s", rd=3, rs1=1, rs2=2, rs3=1, rm=0)
    assert SINGLE.f[3] == BOX | TWO
    SINGLE.x[1] = 1
    SINGLE.run("fcvt.s.w", rd=3, rs1=1, rm=0)
    assert SINGLE.f[3] == BOX | ONE
    SINGLE.x[1] = 0x89ABCDEF
    SINGLE.run("fmv.w.x", rd=3, rs1=1)
    assert SINGLE.f[3] == BOX | 0x89ABCDEF


def test_signs_of_what_is_not_boxed():
    """Sign injection reads its operands as any other instruction does: the canonical NaN."""
    SINGLE.f[1:3] = [DOUBLE, BOX | 1 << 31 | ONE]
    SINGLE.run("fsgnj.s", rd=3, rs1=1, rs2=2)
    assert SINGLE.f[3] == BOX | 1 << 31 | NAN
    SINGLE.run("fsgnj.s", rd=3, rs1=2, rs2=1)
    assert SINGLE.f[3] == BOX | ONE  # the sign of the NaN
    SINGLE.run("fsgnj.d", rd=3, rs1=1, rs2=2)
    assert SINGLE.f[3] == 1 << 63 | DOUBLE


def test_moves_and_stores_take_the_bits_as_they_are():
    """fmv.x.w and fsw do not care whether the register is boxed (21.2)."""
    SINGLE.f[1], SINGLE.x[1] = DOUBLE, AT
    SINGLE.run("fmv.x.w", rd=3, rs1=1)
    assert SINGLE.x[3] == 0x12345678
    SINGLE.memory.store(AT, 8, 0)
    SINGLE.run("fsw", rs1=1, rs2=1, imm=0)
    assert SINGLE.memory.load(AT, 8) == 0x12345678
    SINGLE.run("fsd", rs1=1, rs2=1, imm=0)
    assert SINGLE.memory.load(AT, 8) == DOUBLE


def test_loads():
    SINGLE.x[1] = AT
    SINGLE.memory.store(AT, 8, 0x0123456789ABCDEF)
    SINGLE.run("flw", rd=1, rs1=1, imm=0)
    assert SINGLE.f[1] == BOX | 0x89ABCDEF
    SINGLE.run("fld", rd=1, rs1=1, imm=0)
    assert SINGLE.f[1] == 0x0123456789ABCDEF
    for offset in range(1, 8):  # misaligned ones are done
        SINGLE.run("fsd", rs1=1, rs2=1, imm=8 + offset)
        SINGLE.run("fld", rd=2, rs1=1, imm=8 + offset)
        assert SINGLE.f[2] == 0x0123456789ABCDEF


def test_compressed_loads_and_stores():
    SINGLE.x[2] = SINGLE.x[8] = AT
    SINGLE.f[8] = DOUBLE
    SINGLE.run("c.fsd", rs1=0, rs2=0, uimm=248)
    assert SINGLE.memory.load(AT + 248, 8) == DOUBLE
    SINGLE.run("c.fld", rd=1, rs1=0, uimm=248)
    assert SINGLE.f[9] == DOUBLE
    SINGLE.run("c.fsdsp", rs2=9, uimm=504)
    SINGLE.run("c.fldsp", rd=31, uimm=504)
    assert SINGLE.f[31] == DOUBLE


def test_there_is_no_move_of_doubles_in_rv32():
    """fmv.x.d and fmv.d.x are RV64D's."""
    for word in (0xE2000053, 0xF2000053):
        assert SINGLE.hart.decode(word) is None
