"""Every recorded row of PERCIVAL's posit unit, executed: the exact columns (Posit Standard)."""

import gzip
import itertools
import json
from pathlib import Path

import pytest

from .single import Single

SINGLE = Single("rv32imf_zicsr_zifencei_xposit")
DATA = Path(__file__).parents[1] / "data" / "posit32"
# PERCIVAL's funct5; those left out (0x0E, 0x0F, 0x12, 0x13) are of RV64.
FUNCT5 = {
    **{"padd.s": 0x00, "psub.s": 0x01, "pmul.s": 0x02, "pdiv.s": 0x03, "pmin.s": 0x04},
    **{"pmax.s": 0x05, "psqrt.s": 0x06, "qmadd.s": 0x07, "qmsub.s": 0x08, "qclr.s": 0x09},
    **{"qneg.s": 0x0A, "qround.s": 0x0B, "pcvt.w.s": 0x0C, "pcvt.wu.s": 0x0D},
    **{"pcvt.s.w": 0x10, "pcvt.s.wu": 0x11, "psgnj.s": 0x14, "psgnjn.s": 0x15},
    **{"psgnjx.s": 0x16, "pmv.x.w": 0x17, "pmv.w.x": 0x18, "peq.s": 0x19, "plt.s": 0x1A},
    "ple.s": 0x1B,
}
FUNCT3 = {"plw": 0b001, "psw": 0b011}
# Which PERCIVAL reserves for the quire.
QUIRE_FUNCT3 = {"ql.s": (0x200B, 0x7FFF), "qs.s": (0x400B, 0x1F0707F)}
WORD, QUIRE = (1 << 32) - 1, (1 << 512) - 1
ONE, THREE, NAR = 0x40000000, 0x4C000000, 0x80000000


def read(name):
    with gzip.open(DATA / f"posit32_{name}.jsonl.gz", "rt") as lines:
        header, *rows = map(json.loads, lines)
    return [
        {name: int(text, 16) for name, text in zip(header["fields"], row, strict=True)}
        for row in rows
    ]


@pytest.mark.parametrize(("name", "mnemonic"), [("add", "padd.s"), ("mult", "pmul.s")])
def test_operations(name, mnemonic):
    bound = SINGLE.bind(mnemonic, rd=3, rs1=1, rs2=2)
    rows = read(name)
    for row in rows:
        SINGLE.p[1:4] = [row["a"], row["b"], 0]
        SINGLE.execute(bound)
        assert SINGLE.p[3] == row["exact"], row
    assert len(rows) == 5000
    assert SINGLE.flags() == 0


def test_a_difference_is_the_sum_with_the_negated_operand():
    bound = SINGLE.bind("psub.s", rd=1, rs1=1, rs2=2)
    for row in read("add"):
        SINGLE.p[1:3] = [row["a"], -row["b"] & WORD]
        SINGLE.execute(bound)
        assert SINGLE.p[1] == row["exact"], row


@pytest.mark.parametrize(("mnemonic", "sign"), [("qmadd.s", 1), ("qmsub.s", -1)])
def test_the_quire_accumulates(mnemonic, sign):
    bound = SINGLE.bind(mnemonic, rs1=1, rs2=2)
    rows = read("qmadd")
    for row in rows:
        SINGLE.p[1:3] = [row["a"], sign * row["b"] & WORD]
        SINGLE.states["quire"][0] = row["quire_in"]
        SINGLE.execute(bound)
        assert SINGLE.states["quire"][0] == row["quire_out_exact"], row
    assert len(rows) == 1716


def test_the_quire_rounds_to_a_posit():
    bound = SINGLE.bind("qround.s", rd=1)
    rows = read("qround")
    for row in rows:
        SINGLE.states["quire"][0] = row["quire"]
        SINGLE.execute(bound)
        assert SINGLE.p[1] == row["exact"], row
        assert SINGLE.states["quire"][0] == row["quire"]
    assert len(rows) == 2501


@pytest.mark.parametrize(
    ("mnemonic", "rs1", "rs2", "rd"),
    [
        ("padd.s", 0x7F939D17, 0x7F6EC2BF, 0x7F99756F),
        ("psub.s", 0x7F939D17, 0x7F6EC2BF, 0x7F8B897E),
        ("psub.s", 0x7F6EC2BF, 0x7F939D17, 0x80747682),
        ("pmul.s", 0x6F10A532, 0x7B9B7665, 0x7EDAD7ED),
    ],
)
def test_vectors_of_percival(mnemonic, rs1, rs2, rd):
    """posit_testsuite_llvm.c."""
    SINGLE.p[1:3] = [rs1, rs2]
    SINGLE.run(mnemonic, rd=3, rs1=1, rs2=2)
    assert SINGLE.p[3] == rd


def test_quire_vector_of_percival():
    """posit_testsuite_llvm.c: 1 * 1 + 3 * 3 - 1 * 3 = 7."""
    SINGLE.states["quire"][0] = 12345
    SINGLE.p[1:3] = [ONE, THREE]
    SINGLE.run("qclr.s")
    SINGLE.run("qmadd.s", rs1=1, rs2=1)
    SINGLE.run("qmadd.s", rs1=2, rs2=2)
    SINGLE.run("qmsub.s", rs1=1, rs2=2)
    SINGLE.run("qround.s", rd=3)
    SINGLE.run("pcvt.w.s", rd=1, rs1=3)
    assert SINGLE.x[1] == 7
    assert SINGLE.states["quire"][0] == 7 << 240


def test_the_quire_is_saved_and_restored():
    SINGLE.x[1] = address = 0x8000_1000
    for code in (QUIRE // 7, 1 << 511, 1, 0):
        SINGLE.states["quire"][0] = code
        SINGLE.run("qs.s", rs1=1, imm=8)
        stored = [SINGLE.memory.load(address + 8 + 4 * i, 4) for i in range(16)]
        assert stored == [code >> 32 * i & WORD for i in range(16)]
        SINGLE.states["quire"][0] = 99
        SINGLE.run("ql.s", rs1=1, imm=8)
        assert SINGLE.states["quire"][0] == code


@pytest.mark.parametrize(("mnemonic", "sign"), [("qmadd.s", 1), ("qmsub.s", -1)])
def test_a_quire_beyond_its_width_is_nar_and_stays_so(mnemonic, sign):
    """Posit Standard (2022); `tests/posits` has the same for quires of lanes, natively too."""
    SINGLE.p[1] = ONE
    largest, one = (1 << 511) - 1, 1 << 240
    SINGLE.states["quire"][0] = sign * (largest - one) & QUIRE
    SINGLE.run(mnemonic, rs1=1, rs2=1)
    assert SINGLE.states["quire"][0] == sign * largest & QUIRE
    for _ in range(2):
        SINGLE.run(mnemonic, rs1=1, rs2=1)
        assert SINGLE.states["quire"][0] == 1 << 511
    SINGLE.run("qround.s", rd=3)
    assert SINGLE.p[3] == NAR


def test_the_quire_is_negated():
    SINGLE.states["quire"][0] = 7 << 240
    SINGLE.run("qneg.s")
    assert SINGLE.states["quire"][0] == -7 << 240 & QUIRE


def signed(word):
    return (word ^ NAR) - NAR


def with_sign(negative, code):
    return code if (code >= NAR) == negative else -code & WORD


INTEGER_MODELS = {
    "pmin.s": lambda a, b: min(a, b, key=signed),
    "pmax.s": lambda a, b: max(a, b, key=signed),
    "peq.s": lambda a, b: int(a == b),
    "plt.s": lambda a, b: int(signed(a) < signed(b)),
    "ple.s": lambda a, b: int(signed(a) <= signed(b)),
    "psgnj.s": lambda a, b: with_sign(b >= NAR, a),
    "psgnjn.s": lambda a, b: with_sign(b < NAR, a),
    "psgnjx.s": lambda a, b: with_sign((a ^ b) >= NAR, a),
}


@pytest.mark.parametrize("mnemonic", INTEGER_MODELS)
def test_posits_compare_and_change_sign_as_integers(mnemonic):
    bound = SINGLE.bind(mnemonic, rd=3, rs1=1, rs2=2)
    result = SINGLE.x if mnemonic in ("peq.s", "plt.s", "ple.s") else SINGLE.p
    codes = [0, 1, 2, ONE, THREE, NAR - 1, NAR, NAR + 1, WORD - 1, WORD]
    codes += [row["a"] for row in read("add")[:40]]
    for a, b in itertools.product(codes, repeat=2):
        SINGLE.p[1:3] = [a, b]
        SINGLE.execute(bound)
        assert result[3] == INTEGER_MODELS[mnemonic](a, b), (hex(a), hex(b))


@pytest.mark.parametrize("suffix", ["w", "wu"])
def test_integers_survive_conversion(suffix):
    """Every integer of 20 bits is a posit32."""
    for value in [0, 1, 2, 3, 255, 65535, 999_999, (1 << 20) - 1]:
        for word in {value, -value & WORD} if suffix == "w" else {value}:
            SINGLE.x[1] = word
            SINGLE.run(f"pcvt.s.{suffix}", rd=1, rs1=1)
            SINGLE.run(f"pcvt.{suffix}.s", rd=2, rs1=1)
            assert SINGLE.x[2] == word


@pytest.mark.parametrize(
    ("mnemonic", "posit", "word"),
    [
        ("pcvt.w.s", NAR, 0x80000000),
        ("pcvt.wu.s", NAR, 0xFFFFFFFF),
        ("pcvt.w.s", NAR - 1, 0x7FFFFFFF),  # the largest
        ("pcvt.w.s", NAR + 1, 0x80000000),
        ("pcvt.wu.s", NAR - 1, 0xFFFFFFFF),
        ("pcvt.wu.s", NAR + 1, 0),
        ("pcvt.w.s", 0x38000000, 0),  # 1/2 and 3/2 go to the even integer
        ("pcvt.w.s", 0x44000000, 2),
        ("pcvt.w.s", 1, 0),
    ],
)
def test_conversions_round_and_saturate(mnemonic, posit, word):
    SINGLE.p[1] = posit
    SINGLE.run(mnemonic, rd=1, rs1=1)
    assert SINGLE.x[1] == word


def test_moves_loads_and_stores_keep_the_bits():
    SINGLE.x[1:3] = [0x80000100, 0x89ABCDEF]
    SINGLE.run("pmv.w.x", rd=1, rs1=2)
    SINGLE.run("psw", rs2=1, rs1=1, imm=4)
    SINGLE.run("plw", rd=2, rs1=1, imm=4)
    SINGLE.run("pmv.x.w", rd=3, rs1=2)
    assert (SINGLE.p[1], SINGLE.p[2], SINGLE.x[3]) == (0x89ABCDEF, 0x89ABCDEF, 0x89ABCDEF)


def test_encodings_are_those_of_percival():
    extension = [i for i in SINGLE.machine.instructions.values() if i.extension == "Xposit"]
    reserved = {i.mnemonic: (i.match, i.mask) for i in extension if i.mnemonic in QUIRE_FUNCT3}
    assert reserved == QUIRE_FUNCT3
    others = {*FUNCT3, *QUIRE_FUNCT3}
    computing = {i.mnemonic: i.match for i in extension if i.mnemonic not in others}
    assert computing == {name: code << 27 | 0x0400000B for name, code in FUNCT5.items()}
    memory = {i.mnemonic: (i.match, i.mask) for i in extension if i.mnemonic in FUNCT3}
    assert memory == {name: (code << 12 | 0x0B, 0x707F) for name, code in FUNCT3.items()}
    # Every bit that is not a register of the instruction is fixed.
    for instruction in extension:
        registers = sum(operand.field.mask for operand in instruction.operands.values())
        assert instruction.mask == WORD & ~registers
