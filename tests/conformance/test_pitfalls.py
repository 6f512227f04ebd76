"""Numbers where implementations go wrong, each executed: the rows of the design note's table."""

import itertools

import pytest

from .single import Single

NV, OF, UF, NX = 16, 4, 2, 1
RNE, RTZ, RDN, RUP, RMM = MODES = range(5)
SIGN, INFINITY, CANONICAL_NAN = 0x80000000, 0x7F800000, 0x7FC00000
QUIET_NAN, SIGNALING_NAN = 0xFFD12345, 0xFF812345  # with a sign and a payload
ONE, LARGEST = 0x3F800000, 0x7F7FFFFF

SINGLE = Single("rv32imf_zicsr_zifencei_xdotp_xposit")
INSTRUCTIONS = SINGLE.machine.instructions


def executed(mnemonic, *operands, rm=None, frm=RNE, fmode=0, rd=0):
    """The result in f1, which held `rd`, and the flags."""
    fields = {"rd": 1} | {f"rs{number}": number + 1 for number in range(1, len(operands) + 1)}
    if rm is not None:
        fields["rm"] = rm
    SINGLE.f[1 : len(operands) + 2] = [rd, *operands]
    SINGLE.states["frm"][0], SINGLE.states["fmode"][0] = frm, fmode
    SINGLE.run(mnemonic, **fields)
    return SINGLE.f[1], SINGLE.flags()


# Order and double rounding ----------------------------------------------------------------------


def test_a_cancelling_sum_has_no_order():
    """0x79 * 0x79 - 0x79 * 0x79 + 0x034F: from left to right the small one would be rounded."""
    assert executed("vfdotpex.h.b", 0x7979, 0x79F9, rd=0x034F) == (0x034F, 0)
    assert executed("vfdotpex.h.b", 0x7979, 0xF979, rd=0x034F) == (0x034F, 0)


@pytest.mark.parametrize(
    ("mnemonic", "rd", "operands", "fmode", "result"),
    [
        # fp16: 1 + 2^-11 + 2^-24 and 1 + 2^-5 * 2^-6 + 2^-16 * 2^-16
        ("vfsum.h", 0x3C00, [0x0001_1000], 0, 0xFFFF_3C01),
        ("vfdotpex.h.b", 0x3C00, [0x0128, 0x0124], 0, 0x3C01),
        # bf16: 1 + 2^-8 + 2^-40
        ("vfsum.h", 0x3F80, [0x2B80_3B80], 3, 0xFFFF_3F81),
        # fp32: 1 + 2^-12 * 2^-12 + 2^-30 * 2^-30, of bf16
        ("vfdotpex.s.h", ONE, [0x3080_3980, 0x3080_3980], 2, 0x3F800001),
    ],
)
def test_sums_of_three_round_once(mnemonic, rd, operands, fmode, result):
    """The second term is half an ulp, the third breaks the tie: two roundings would give 1."""
    assert executed(mnemonic, *operands, rd=rd, fmode=fmode) == (result, NX)


def test_fmadd_rounds_once():
    """1 + 2^-24 * (1 + 2^-36), where 1 + 2^-36 = (1 + 2^-12) * (1 - 2^-12 + 2^-24)."""
    factors = 0x3F800800, 0x337FF001
    assert executed("fmul.s", *factors, rm=RNE) == (0x33800000, NX)
    assert executed("fadd.s", 0x33800000, ONE, rm=RNE) == (ONE, NX)
    assert executed("fmadd.s", *factors, ONE, rm=RNE) == (0x3F800001, NX)


# Tininess, subnormals, overflow -----------------------------------------------------------------


def test_tininess_is_detected_after_rounding():
    assert executed("fmul.s", 0x3F7FFFFF, 0x00800000, rm=RNE) == (0x00800000, UF | NX)
    assert executed("fmul.s", 0x3F7FF800, 0x00800400, rm=RNE) == (0x00800000, NX)


@pytest.mark.parametrize("sign", [0, SIGN])
@pytest.mark.parametrize("rm", MODES)
def test_half_the_smallest_subnormal(rm, sign):
    away = rm == RMM or rm == (RDN if sign else RUP)
    assert executed("fmul.s", 1, 0x3F000000 | sign, rm=rm) == (sign | away, UF | NX)
    assert executed("fdiv.s", 1, 0x40000000 | sign, rm=rm) == (sign | away, UF | NX)
    # In fp16: 2^-16 * 2^-9, added to a zero.
    result, flags = executed("vfdotpex.h.b", 0x01, 0x18 | sign >> 24, frm=rm)
    assert (result & 0xFFFF, flags) == (sign >> 16 | away, UF | NX)


def test_subnormals_are_not_flushed():
    assert executed("fadd.s", 0x00000001, 0x00000001, rm=RNE) == (0x00000002, 0)
    assert executed("fsub.s", 0x00800000, 0x00000001, rm=RNE) == (0x007FFFFF, 0)
    assert executed("fmul.s", 0x00000001, 0x4B000000, rm=RNE) == (0x00800000, 0)
    assert executed("fsqrt.s", 0x00000001, rm=RNE) == (0x1A3504F3, NX)
    # e5m2 2^-16, fp8alt 2^-9, fp16 2^-24, bf16 2^-133, each doubled.
    assert executed("vfsum.b", 0x01, rd=0x01) == (0xFFFF_0002, 0)
    assert executed("vfsum.b", 0x01, rd=0x01, fmode=3) == (0xFFFF_0002, 0)
    assert executed("vfsum.h", 0x01, rd=0x01) == (0xFFFF_0002, 0)
    assert executed("vfsum.h", 0x01, rd=0x01, fmode=3) == (0xFFFF_0002, 0)


@pytest.mark.parametrize(
    ("rm", "result", "half_flags"),
    [
        (RNE, INFINITY, OF | NX),
        (RTZ, LARGEST, NX),
        (RDN, LARGEST, NX),
        (RUP, INFINITY, OF | NX),
        (RMM, INFINITY, OF | NX),
    ],
)
def test_overflow(rm, result, half_flags):
    """Half an ulp above the largest is an overflow only where it rounds up; twice it always is."""
    half_ulp = 0x73000000
    assert executed("fadd.s", LARGEST, half_ulp, rm=rm) == (result, half_flags)
    assert executed("fadd.s", LARGEST, LARGEST, rm=rm) == (result, OF | NX)
    mirrored = {RDN: RUP, RUP: RDN}.get(rm, rm)
    negative = executed("fadd.s", SIGN | LARGEST, SIGN | half_ulp, rm=mirrored)
    assert negative == (SIGN | result, half_flags)


def test_posits_neither_overflow_nor_vanish():
    largest, smallest, nar = 0x7FFFFFFF, 1, 0x80000000
    SINGLE.p[1:4] = [largest, smallest, nar]
    for mnemonic, rs1, rs2, result in [
        ("pmul.s", 1, 1, largest),
        ("padd.s", 1, 1, largest),
        ("pmul.s", 2, 2, smallest),
        ("pmul.s", 2, 0, 0),
        ("padd.s", 3, 1, nar),
    ]:
        SINGLE.run(mnemonic, rd=4, rs1=rs1, rs2=rs2)
        assert SINGLE.p[4] == result
    assert SINGLE.flags() == 0


# Special values ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mnemonic", ["fmadd.s", "fmsub.s", "fnmsub.s", "fnmadd.s"])
def test_infinity_times_zero_is_invalid_beside_a_quiet_nan(mnemonic):
    """Unprivileged manual 20.6."""
    for factors in [(INFINITY, 0), (0, SIGN | INFINITY)]:
        assert executed(mnemonic, *factors, QUIET_NAN, rm=RNE) == (CANONICAL_NAN, NV)
    assert executed(mnemonic, INFINITY, ONE, QUIET_NAN, rm=RNE) == (CANONICAL_NAN, 0)


def test_opposite_infinities_are_not_invalid_beside_a_quiet_nan():
    """Whatever their order; without the NaN they are."""
    infinity, minus_infinity, nan, one = 0x7C00, 0xFC00, 0x7E00, 0x3C00
    for terms in itertools.permutations([infinity, minus_infinity, nan]):
        assert executed("vfsum.h", terms[1] << 16 | terms[0], rd=terms[2]) == (0xFFFF_7E00, 0)
    for terms in itertools.permutations([infinity, minus_infinity, one]):
        assert executed("vfsum.h", terms[1] << 16 | terms[0], rd=terms[2]) == (0xFFFF_7E00, NV)


def test_infinity_times_zero_in_a_dot_product():
    """e5m2 infinity * 0 beside a quiet NaN in the accumulator or in the other product."""
    assert executed("vfdotpex.h.b", 0x007C, 0x0000, rd=0x7E00) == (0x0000_7E00, NV)
    assert executed("vfdotpex.h.b", 0x7E7C, 0x3C00) == (0x0000_7E00, NV)
    assert executed("vfdotpex.h.b", 0x7E7C, 0x3C3C) == (0x0000_7E00, 0)


@pytest.mark.parametrize("rm", MODES)
def test_the_sign_of_an_exact_zero(rm):
    """Minus when rounding down, where the terms are not zeros of one sign."""
    zero = SIGN if rm == RDN else 0
    third = 0x3EAAAAAB
    assert executed("fsub.s", third, third, rm=rm) == (zero, 0)
    assert executed("fadd.s", SIGN | third, third, rm=rm) == (zero, 0)
    assert executed("fadd.s", SIGN, 0, rm=rm) == (zero, 0)
    assert executed("fadd.s", SIGN, SIGN, rm=rm) == (SIGN, 0)
    assert executed("fmadd.s", 0, SIGN | ONE, SIGN, rm=rm) == (SIGN, 0)
    assert executed("fmadd.s", 0, SIGN | ONE, 0, rm=rm) == (zero, 0)
    assert executed("fnmadd.s", ONE, ONE, SIGN | ONE, rm=rm) == (zero, 0)
    # Three terms: 1 + 1 - 2, then zeros of one sign.
    cancelled, flags = executed("vfsum.h", 0x3C00_3C00, rd=0xC000, frm=rm)
    assert (cancelled & 0xFFFF, flags) == (zero >> 16, 0)
    assert executed("vfsum.h", 0x8000_8000, rd=0x8000, frm=rm) == (0xFFFF_8000, 0)


ROUNDED = [i for i in INSTRUCTIONS.values() if i.extension == "F" and i.rm is not None]
OF_NUMBERS = [i for i in ROUNDED if {i.operands[n].file.name for n in (*i.reads, "rd")} == {"f"}]


@pytest.mark.parametrize("mnemonic", [i.mnemonic for i in OF_NUMBERS])
def test_payloads_and_signs_of_nans_are_dropped(mnemonic):
    assert len(OF_NUMBERS) == 9
    arity = len(INSTRUCTIONS[mnemonic].reads)
    for place in range(arity):
        operands = [ONE] * arity
        operands[place] = QUIET_NAN
        assert executed(mnemonic, *operands, rm=RNE) == (CANONICAL_NAN, 0)
        operands[place] = SIGNALING_NAN
        assert executed(mnemonic, *operands, rm=RNE) == (CANONICAL_NAN, NV)


def test_minimum_and_maximum_drop_payloads_only_where_both_are_nans():
    for mnemonic in ("fmin.s", "fmax.s"):
        assert executed(mnemonic, QUIET_NAN, QUIET_NAN) == (CANONICAL_NAN, 0)
        assert executed(mnemonic, SIGNALING_NAN, QUIET_NAN) == (CANONICAL_NAN, NV)
        assert executed(mnemonic, SIGNALING_NAN, ONE) == (ONE, NV)
        assert executed(mnemonic, ONE, QUIET_NAN) == (ONE, 0)


@pytest.mark.parametrize("nan", [QUIET_NAN, SIGNALING_NAN])
def test_moves_loads_and_stores_keep_nans_as_they_are(nan):
    address = 0x80000100
    assert executed("fsgnj.s", nan, nan) == (nan, 0)
    assert executed("fsgnjn.s", nan, nan) == (nan ^ SIGN, 0)
    assert executed("fsgnjx.s", nan, SIGN) == (nan ^ SIGN, 0)
    SINGLE.x[1:3] = [address, nan]
    SINGLE.run("fmv.w.x", rd=3, rs1=2)
    SINGLE.run("fsw", rs2=3, rs1=1, imm=0)
    SINGLE.run("flw", rd=4, rs1=1, imm=0)
    SINGLE.run("fmv.x.w", rd=5, rs1=4)
    assert (SINGLE.memory.load(address, 4), SINGLE.f[4], SINGLE.x[5]) == (nan, nan, nan)
    assert SINGLE.flags() == 0


# Conversions ------------------------------------------------------------------------------------

HALF, MINUS_ONE, TWO_31, TWO_32 = 0x3F000000, 0xBF800000, 0x4F000000, 0x4F800000


@pytest.mark.parametrize(
    ("mnemonic", "operand", "rm", "result", "flags"),
    [
        ("fcvt.w.s", TWO_31, RTZ, 0x7FFFFFFF, NV),  # out of range is not also inexact
        ("fcvt.w.s", SIGN | TWO_31, RTZ, 0x80000000, 0),
        ("fcvt.w.s", SIGN | TWO_31 + 1, RTZ, 0x80000000, NV),
        ("fcvt.w.s", SIGN | INFINITY, RTZ, 0x80000000, NV),
        ("fcvt.w.s", QUIET_NAN, RTZ, 0x7FFFFFFF, NV),
        ("fcvt.wu.s", TWO_32, RTZ, 0xFFFFFFFF, NV),
        ("fcvt.wu.s", TWO_32 - 1, RTZ, 0xFFFFFF00, 0),
        ("fcvt.wu.s", QUIET_NAN, RTZ, 0xFFFFFFFF, NV),
        ("fcvt.wu.s", MINUS_ONE, RTZ, 0, NV),
        ("fcvt.wu.s", SIGN | HALF, RTZ, 0, NX),
        ("fcvt.wu.s", SIGN | HALF, RNE, 0, NX),
        ("fcvt.wu.s", SIGN | HALF, RMM, 0, NV),  # rounds to -1
        ("fcvt.wu.s", SIGN | HALF, RDN, 0, NV),
        ("fcvt.wu.s", SIGN, RDN, 0, 0),
    ],
)
def test_conversions_out_of_range(mnemonic, operand, rm, result, flags):
    SINGLE.f[1] = operand
    SINGLE.run(mnemonic, rd=1, rs1=1, rm=rm)
    assert (SINGLE.x[1], SINGLE.flags()) == (result, flags)


# Aliased operands -------------------------------------------------------------------------------


def test_a_destination_may_be_every_source():
    """1.5 in all places: what is read was there before anything is written."""
    value = 0x3FC00000
    results = {
        "fadd.s": 0x40400000,  # 3
        "fmul.s": 0x40100000,  # 2.25
        "fdiv.s": ONE,
        "fmadd.s": 0x40700000,  # 3.75
        "fnmsub.s": 0xBF400000,  # -0.75
    }
    for mnemonic, result in results.items():
        instruction = INSTRUCTIONS[mnemonic]
        SINGLE.f[1] = value
        SINGLE.run(mnemonic, **dict.fromkeys(["rd", *instruction.reads], 1), rm=RNE)
        assert SINGLE.f[1] == result


def test_integer_destinations_may_be_sources():
    SINGLE.x[1] = 0x80000100
    SINGLE.memory.store(0x80000100, 4, 0x12345678)
    SINGLE.run("lw", rd=1, rs1=1, imm=0)
    assert SINGLE.x[1] == 0x12345678
    SINGLE.x[1] = 0x80000200
    SINGLE.run("jalr", rd=1, rs1=1, imm=4)
    assert (SINGLE.hart.pc, SINGLE.x[1]) == (0x80000204, 0x80000004)
    SINGLE.x[1], SINGLE.states["mscratch"][0] = 7, 9
    SINGLE.run("csrrw", rd=1, rs1=1, csr=0x340)
    assert (SINGLE.x[1], SINGLE.states["mscratch"][0]) == (9, 7)


def test_x0_is_never_written():
    SINGLE.x[1:3] = [5, 6]
    SINGLE.f[1] = ONE
    for mnemonic, instruction in INSTRUCTIONS.items():
        operand = instruction.operands.get("rd")
        if operand is None or operand.file.name != "x" or instruction.classes:
            continue
        fields = {name: 0 if name == "rd" else 1 for name in instruction.operands}
        SINGLE.run(mnemonic, **fields)
        assert SINGLE.x[0] == 0
