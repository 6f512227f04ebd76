"""Every recorded row of cvfpu's expanding dot-product unit, executed at FLEN 64 and, where its
lanes fit, at FLEN 32: the exact columns, values and flags, with the format-select CSR choosing the
formats."""

import gzip
import itertools
import json
from pathlib import Path
from random import Random

import pytest

from .single import Single

FLENS = {32: Single("rv32imf_zicsr_zifencei_xdotp"), 64: Single("rv32imfd_zicsr_zifencei_xdotp")}
DATA = Path(__file__).parents[1] / "data" / "exsdotp"
BITS = {"fp32": 32, "fp16": 16, "fp16alt": 16, "fp8": 8, "fp8alt": 8}
MODES = {"RNE": 0, "RTZ": 1, "RDN": 2, "RUP": 3, "RMM": 4, "ROD": 5}
NX = 1
# Rows a file has that are no instruction at FLEN 32: vfsum.s adds two pairs of lanes.
FILES = {
    "exsdotp_fp16_fp32": 948,
    "exsdotp_fp16alt_fp32": 995,
    "exsdotp_fp16alt_fp32_tiny": 0,
    "exsdotp_fp8_fp16": 0,
    "exsdotp_fp8_fp16alt": 0,
    "exsdotp_fp8_fp8": 0,
    "exsdotp_fp8alt_fp16": 0,
    "exsdotp_fp8alt_fp16alt": 0,
    "exsdotp_fp8alt_fp8alt": 0,
}
# riscv-opcodes, opcodes-flt-occamy_CUSTOM: match, and whether rs2 is a register.
ENCODINGS = {
    "vfdotpex.s.h": (0x96000033, True),
    "vfdotpex.h.b": (0x96002033, True),
    "vfndotpex.s.h": (0xBA000033, True),
    "vfndotpex.h.b": (0xBA002033, True),
    "vfsumex.s.h": (0x8F600033, False),
    "vfnsumex.s.h": (0xAF600033, False),
    "vfsumex.h.b": (0x8F702033, False),
    "vfnsumex.h.b": (0xAF702033, False),
    "vfsum.h": (0x8FE02033, False),
    "vfnsum.h": (0xAFE02033, False),
    "vfsum.s": (0x8FC00033, False),
    "vfnsum.s": (0xAFC00033, False),
    "vfsum.b": (0x8E703033, False),
    "vfnsum.b": (0xAE703033, False),
}
EXPANDING = {"exsdotp": "dotpex", "exvsum": "sumex"}
LETTERS = {32: "s", 16: "h", 8: "b"}
ZERO = {"a": 0, "b": 0, "c": 0, "d": 0, "e": 0}


@pytest.fixture(params=FLENS)
def flen(request):
    return request.param


@pytest.fixture(params=[3, pytest.param(1, marks=pytest.mark.sweep)])
def step(request):
    """A third of the rows by default; all in a sweep, and natively."""
    return request.param


def read(name, flen):
    """The rows that are instructions, those of one instruction and mode together; and how many
    there are of others."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt") as lines:
        header, *rows = map(json.loads, lines)
    groups, others = {}, 0
    for row in rows:
        fields = dict(zip(header["fields"], row, strict=True))
        for operand in (*"abcde", "exact_result"):
            fields[operand] = int(fields[operand], 16)
        mnemonic = mnemonic_of(fields, header)
        if mnemonic in FLENS[flen].machine.instructions:
            groups.setdefault((mnemonic, fields["rm"]), []).append(fields)
        else:
            others += 1
    return header, groups, others


def mnemonic_of(row, header):
    negated = "n" if row["negate_products"] else ""
    wide, narrow = (LETTERS[BITS[header[name]]] for name in ("dst", "src"))
    if row["op"] == "vsum":
        return f"vf{negated}sum.{wide}"
    return f"vf{negated}{EXPANDING[row['op']]}.{wide}.{narrow}"


class Lanes:
    """One instruction and how rows are laid into its registers."""

    def __init__(self, flen, mnemonic, header, fmode):
        self.flen, self.single = flen, FLENS[flen]
        self.wide = BITS[header["dst"]]
        is_expanding = "ex" in mnemonic
        self.narrow = BITS[header["src"]] if is_expanding else self.wide
        self.count = (flen if is_expanding else flen // 2) // self.wide
        self.fmode = fmode
        fields = {"rd": 1, "rs1": 2} | ({"rs2": 3} if "dotp" in mnemonic else {})
        self.bound = self.single.bind(mnemonic, **fields)

    def pack(self, rows, first, second, width):
        """Lanes 2i and 2i + 1 from the two operands of row i."""
        codes = itertools.chain.from_iterable((row[first], row[second]) for row in rows)
        return sum(code << width * lane for lane, code in enumerate(codes))

    def execute(self, rows, mode, above=0):
        """The lanes of the result, the bits above them, and the flags; `above` was there before."""
        assert len(rows) == self.count
        accumulators = sum(row["e"] << self.wide * lane for lane, row in enumerate(rows))
        used = self.wide * self.count
        single = self.single
        single.f[1] = (above << used | accumulators) & (1 << self.flen) - 1
        single.f[2] = self.pack(rows, "a", "c", self.narrow)
        single.f[3] = self.pack(rows, "b", "d", self.narrow)
        single.states["fmode"][0], single.states["frm"][0] = self.fmode, mode
        single.execute(self.bound)
        result = single.f[1]
        lanes = [result >> self.wide * lane & (1 << self.wide) - 1 for lane in range(self.count)]
        return lanes, result >> used, single.flags()


def fmodes(header, mnemonic):
    """The values that select the file's formats: bit 1 that of sources, bit 0 that of results."""
    names = (header["src"] if "ex" in mnemonic else header["dst"]), header["dst"]
    source, result = (
        [name.endswith("alt")] if BITS[name] < 32 else [False, True] for name in names
    )
    return [s << 1 | r for s in source for r in result]


@pytest.mark.parametrize("name", FILES)
def test_rows_beside_a_lane_of_zeros(name, flen, step):
    """Rows one at a time, in one lane after another: the flags are the row's own."""
    header, groups, others = read(name, flen)
    done = 0
    for (mnemonic, rm), rows in groups.items():
        for fmode in fmodes(header, mnemonic):
            lanes = Lanes(flen, mnemonic, header, fmode)
            for number, row in list(enumerate(rows))[::step]:
                lane = number % lanes.count
                placed = [ZERO] * lanes.count
                placed[lane] = row
                results, _, flags = lanes.execute(placed, MODES[rm])
                assert (results[lane], flags) == (row["exact_result"], row["exact_fflags"]), row
        done += len(rows)
    assert others == (FILES[name] if flen == 32 else 0)
    assert done == (1500 if name.endswith("tiny") else 5000) - others


@pytest.mark.parametrize("name", FILES)
def test_rows_side_by_side(name, flen, step):
    """All lanes at work: each has its own result, the flags are those of any, and what lies above
    the lanes of a sum becomes ones."""
    header, groups, _ = read(name, flen)
    random = Random(1)
    for (mnemonic, rm), rows in groups.items():
        lanes = Lanes(flen, mnemonic, header, fmodes(header, mnemonic)[-1])
        for start in range(0, len(rows), step):
            placed = [rows[(start + lane) % len(rows)] for lane in range(lanes.count)]
            results, above, flags = lanes.execute(placed, MODES[rm], random.getrandbits(32))
            assert results == [row["exact_result"] for row in placed], placed
            any_flags = 0
            for row in placed:
                any_flags |= row["exact_fflags"]
            assert flags == any_flags, placed
            assert above == (1 << flen - lanes.wide * lanes.count) - 1


@pytest.mark.parametrize("name", FILES)
def test_round_to_odd(name, flen):
    """No row was recorded in this mode. Its result is that toward zero with the last bit set where
    that is inexact; tininess and overflow are the same."""
    header, groups, _ = read(name, flen)
    tried = 0
    for (mnemonic, rm), rows in groups.items():
        if rm != "RTZ":
            continue
        lanes = Lanes(flen, mnemonic, header, fmodes(header, mnemonic)[0])
        for row in rows:
            placed = [ZERO] * (lanes.count - 1) + [row]
            results, _, flags = lanes.execute(placed, MODES["ROD"])
            expected = row["exact_result"] | row["exact_fflags"] & NX
            assert (results[-1], flags) == (expected, row["exact_fflags"]), row
            tried += 1
    assert tried > 250


def test_encodings_are_those_of_riscv_opcodes():
    extension = [i for i in FLENS[64].machine.instructions.values() if i.extension == "Xdotp"]
    assert {i.mnemonic: (i.match, i.mask == 0xFE00707F) for i in extension} == ENCODINGS
    assert {i.mask for i in extension} == {0xFE00707F, 0xFFF0707F}
    assert FLENS[64].machine.csrs["fmode"].address == 0x800
    narrower = [
        i.mnemonic for i in FLENS[32].machine.instructions.values() if i.extension == "Xdotp"
    ]
    assert set(ENCODINGS) - set(narrower) == {"vfsum.s", "vfnsum.s"}


def test_one_register_for_all_operands(flen):
    """Every lane is read before one is written."""
    random, single = Random(2), FLENS[flen]
    for mnemonic in ENCODINGS:
        if mnemonic not in single.machine.instructions:
            continue
        operands = single.machine.instructions[mnemonic].operands
        same = single.bind(mnemonic, **dict.fromkeys(operands, 4))
        apart = single.bind(mnemonic, **{name: i for i, name in enumerate(operands, start=1)})
        single.states["fmode"][0] = single.states["frm"][0] = 0
        for _ in range(500):
            single.f[1:5] = [random.getrandbits(flen)] * 4
            single.execute(same)
            flags = single.flags()
            single.execute(apart)
            assert (single.f[4], flags) == (single.f[1], single.flags())


def test_the_csr_selects_the_formats(flen):
    """1 * 1 + 0 * 0 + 0, where 1 is 0x3C in e5m2 and 0x38 in fp8alt; in fp16 and in bf16."""
    results, single = {}, FLENS[flen]
    for fmode, one in itertools.product(range(4), (0x3C, 0x38)):
        single.x[1] = fmode
        single.run("csrrw", rd=0, csr=0x800, rs1=1)
        single.f[1:4] = [0, one, one]
        single.states["frm"][0] = 0
        single.run("vfdotpex.h.b", rd=1, rs1=2, rs2=3)
        results[fmode, one] = single.f[1]
    assert {key: value for key, value in results.items() if value in (0x3C00, 0x3F80)} == {
        (0b00, 0x3C): 0x3C00,
        (0b01, 0x3C): 0x3F80,
        (0b10, 0x38): 0x3C00,
        (0b11, 0x38): 0x3F80,
    }
