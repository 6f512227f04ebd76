"""Every construct of the language, in small instructions, on machines of its own."""

from __future__ import annotations

from random import Random

import pytest
from description.one import one
from one_instruction import Draw, Pair

from rvx.jit.region import Reason

_INTEGERS = """
format q8 = integer(bits: 8, overflow: wrap, rounding: rtz);
format u8q = integer(bits: 8, signed: no, overflow: saturate, nan: zero, rounding: rtz);
format s16q = integer(bits: 16, overflow: saturate, nan: minimum, rounding: rtz);
format q64 = integer(bits: 64, overflow: wrap, rounding: rtz);
format s5 = integer(bits: 5, overflow: saturate);
format n8 = integer(bits: 8, overflow: saturate, flags: yes);
format w8 = integer(bits: 8, overflow: wrap, flags: yes);
format f8 = fixed(bits: 12, fraction: 4, overflow: saturate);
"""
_STATES = """
state a: bits(31) = 5; state b[3]: bits(32); state wide: bits(200); state huge: bits(100);
state count: bits(3); mode state m: bits(2);
"""
_R = "rd: x, rs1: x, rs2: x"

_F = "rd: f<fp32>, rs1: f<fp32>, rs2: f<fp32>"

BODIES = {
    # words
    "divide": (_R, "rd = rs1 / rs2 + rs1 % 7 - rs1 / 3 ^ rs1 % rs2;"),
    "divide narrow": (_R, "rd = unsigned(rs1[7:0] / rs2[7:0]) + unsigned(rs1[4:0] % rs2[4:0]);"),
    "shift far": (_R, "rd = (rs1 << rs2) ^ (rs1 >> rs2) ^ (rs1 << rs2[5:0]) ^ (rs1 >> 40);"),
    "shift narrow": (_R, "rd = unsigned(rs1[6:0] << rs2) + unsigned(rs1[6:0] >> rs2[2:0]);"),
    "join": (_R, "rd = {rs1[3:0], ~rs2[31:28], rs1[15:8] ^ rs2[7:0], rs2[0], rs1[30:16]};"),
    "slices": (_R, "rd = unsigned({rs1, rs2}[40:20]) + unsigned(rs1[30:3][20:2]);"),
    "select": (_R, "rd = rs1[0] ? rs2 : rs1[1] ? ~rs1 : -rs2;"),
    "select loads": (_R, "rd = rs1[0] ? rs2 : memory[rs2 & ~3, 4];"),
    "and of loads": (_R, "rd = rs1 != 0 and memory[rs1, 1] == 0 or memory[rs2, 2] < 0x100;"),
    "not": (_R, "rd = not (rs1 < rs2) and (rs1 == rs2 or not signed(rs1) < signed(rs2));"),
    "wide": (_R, "rd = ({rs1, rs2, rs1, rs2} * {rs2, rs1, rs2, rs1})[100:69];"),
    # integers
    "halves": (_R, "rd = (signed(rs1) * unsigned(rs2) * signed(rs1))[80:49];"),
    "square": (_R, "rd = (signed(rs1) * signed(rs1) - unsigned(rs2))[63:32];"),
    "exact shift": (_R, "rd = ((signed(rs1) << rs2[4:0]) >> 7)[40:9];"),
    "floor": (_R, "rd = (signed(rs1) >> rs2)[31:0] ^ (unsigned(rs1) >> rs2)[31:0];"),
    "counts": (_R, "rd = (clz(rs1) * 5 + ctz(rs2[12:0]) - popcount(rs1[4:0]))[31:0];"),
    "functions": (_R, "rd = (abs(signed(rs1)) - sign(signed(rs2)) * 3)[32:1];"),
    "extremes": (_R, "rd = (maximum(signed(rs1), unsigned(rs2)) - minimum(signed(rs2), 5))[32:1];"),
    "compare mixed": (_R, "rd = signed(rs1) < unsigned(rs2) or unsigned(rs1) >= unsigned(rs2);"),
    "number select": (_R, "rd = (rs1[0] ? signed(rs1) : unsigned(rs2) * 2)[33:2];"),
    "quotient 8": ("rd: x<q8>, rs1: x<i32>, rs2: x<i32>", "rd = rs1 / rs2;"),
    "quotient bytes": (
        "rd: x<* x q8>, rs1: x<* x i8>, rs2: x<* x i8>",
        "for i in rd { rd[i] = rs1[i] / rs2[i]; }",
    ),
    "quotient u8": ("rd: x<u8q>, rs1: x<u32>, rs2: x<u32>", "rd = rs1 / rs2;"),
    "quotient 16": ("rd: x<s16q>, rs1: x<i32>, rs2: x<i32>", "rd = rs1 / rs2;"),
    "quotient mixed": ("rd: x<quotient>, rs1: x<i32>, rs2: x<u32>", "rd = rs1 / rs2;"),
    "quotient 64": (_R, "rd = q64(signed(rs1) / signed(rs2))[35:4];"),
    "quotient of products": (_R, "rd = q64(signed(rs1) * signed(rs2) / unsigned(rs1))[31:0];"),
    "quotient guarded": ("rd: x<q8>, rs1: x<i32>, rs2: x<i32>", "rd = rs2 != 0 ? rs1 / rs2 : 3;"),
    "narrow": ("rd: x<s5>, rs1: x<i32>, rs2: x<i32>", "rd = rs1 + rs2;"),
    "narrow lanes": (
        "rd: x<* x i4>, rs1: x<* x i4>, rs2: x",
        "for i in rd { rd[i] = rs1[i] * 3; }",
    ),
    "scaled": ("rd: x<f8>, rs1: x<i32>, rs2: x<i16>", "rd = rs1 - rs2;"),
    "round inside": (_R, "rd = (s5(signed(rs1)) * signed(rs2) + i8(signed(rs2)))[31:0];"),
    "saturate with flags": ("rd: x<n8>, rs1: x<i32>, rs2: x<i16>", "rd = rs1 + rs2;"),
    "wrap with flags": ("rd: x<w8>, rs1: x<i16>, rs2: x", "rd = rs2[0] ? rs1 * 2 : i16(rs1 + 1);"),
    # statements
    "local": (
        _R,
        "let s = signed(rs1) * 3; var t = rs2; if s > 0 { t = t + 1; } rd = t ^ s[31:0];",
    ),
    "var number": (
        _R,
        "var s = signed(rs1[7:0]); for i in 0..3 { if rs2[i] { s = i8(s * 3)  ; } } rd = s[31:0];",
    ),
    "two registers": (_R, "rd = rs2; rs1 = rs1 + 4; if rs2[0] { rs2 = rs1; }"),
    "one wins": (
        _R,
        "rd = rs1; if rs1 < rs2 { rd = rs2; } rd[3:0] = rs1[7:4]; if rs1[9] { rd[30] = rs1[0]; }",
    ),
    "states": (
        _R,
        "a = {a[29:0], rs1[0]}; b[1] = b[2] + rs1; rd = b[0]; count = count + 1; "
        "wide[70:39] = rs2; huge[99:68] = rs1;",
    ),
    "states read": (_R, "rd = unsigned(a) ^ wide[199:168] ^ huge[80:49] ^ b[count[0]];"),
    "any element": (_R, "b[rs1[1] & rs1[0]] = rs2; rd = b[rs2[0]];"),
    "stores": (
        _R,
        "if rs1[0] { memory[rs1 & ~3, 4] = rs2; rd = 1; } "
        "else { memory[rs2 & ~1, 2] = rs1[15:0]; memory[rs2, 1] = rs2[7:0]; }",
    ),
    "load or store": (
        _R,
        "if rs2 != 0 { rd = memory[rs1, 4]; if rs2[1] { memory[rs1 + 4, 4] = rs2; pc = pc + 8; } }",
    ),
    "eight bytes": (_R, "memory[rs1 & ~7, 8] = {rs1, rs2}; rd = memory[rs2 & ~7, 8][63:32];"),
    "raise": (_R, "if rs1 < rs2 { raise 2; } rd = rs1;"),
    "raise inside": (
        _R,
        "if rs1[0] { rd = memory[rs1 & ~3, 4]; if rs1[4] { raise 9, rs1; } } else { rd = 1; }",
    ),
    "raise always": (_R, "if rs1[0] { raise 3; } else { rd = memory[rs1, 4]; }"),
    "jumps": (_R, "pc = rs1 & ~3; if rs1 == rs2 { pc = pc + 16; } if rs1[3] { pc = rs2; }"),
    "jump either": (_R, "if rs1[2] { pc = pc + 4; } else { if rs1[3] { pc = pc + 32; } }"),
    "misaligned": (_R, "if rs1[2] { pc = pc + 2; }"),
    "mode": (_R, "m = rs1[1:0]; rd = unsigned(m);"),
    "mode constant": (_R, "m = 2; if m == 1 { rd = rs1; }"),
    "mode perhaps": (_R, "if rs1[0] { m = 3; } rd = next_pc;"),
    "memory locals": (
        _R,
        "var s = rs1; if rs2[0] { s = memory[rs1 & ~3, 4]; let t = signed(s); rd = (t * t)[40:9]; }"
        " else { s = 7; } rs1 = s;",
    ),
    # numbers: their flags, under conditions and beside memory
    "rounded and chosen": (_F, "let s = fp32(rs1 * rs2); rd = rs1 < rs2 ? s : rs2;"),
    "rounded and replaced": (
        _F,
        "var s: fp32 = rs1 * rs2; var t: fp32 = rd / rs1; if rs1 < rs2 { s = rs2; } rd = s;",
    ),
    "rounded for a posit": (
        "rd: x<posit16>, rs1: f<fp32>, rs2: f<fp32>",
        "let s = fp32(rs1 * rs2); rd = s + rs1;",
    ),
    "rounded twice": (_F, "var s: fp32 = rs1 * rs2; s = s + rd; rd = s - rs1;"),
    "sequence": (_F, "var s: fp32 = rd; for i in 0..2 { s = s + rs1 * rs2; } rd = s;"),
    "exact local": (_F, "let p = rs1 * rs2; rd = p + p - rd;"),
    "conditional": (
        _F,
        "var s: fp32 = rd; if rs1 < rs2 { s = s * rs1; } else { s = s + rs2; } rd = s;",
    ),
    "conditional twice": (
        _F,
        "var s: fp32 = rs1; if rs1 < rs2 { s = s * rs1; if rs2 < rd { s = s - rd; } } rd = s;",
    ),
    "local of a side": (
        "rd: f<fp32>, rs1: x, rs2: f<fp32>",
        "if rs1[0] { var s: fp32 = rs2 * rs2; s = s + (memory[rs1 & ~3, 4] as fp32); rd = s; } "
        "else { rd = rs2 / 3; }",
    ),
    "local over a load": (
        "rd: f<fp32>, rs1: x, rs2: f<fp32>",
        "var s: fp32 = rs2; if rs1[0] { s = (memory[rs1 & ~3, 4] as fp32) * s; } rd = s;",
    ),
    "chosen sides": (_F, "rd = rs1 < rs2 ? rs1 / rs2 : rs1 == rd ? sqrt(rs2) : rs1 * rd;"),
    "flags of what is not taken": (_F, "if rs1 < rs2 and rs2 < rd { rd = rs1 * rs2; }"),
    "number and jump": (_F, "rd = rs1 + rs2; if rs1 < rs2 { pc = pc + 8; }"),
    "number and store": (
        "rs1: x, rs2: f<fp32>",
        "memory[rs1 & ~3, 4] = bits(fp32(rs2 * rs2)); if rs2 <= 0 { pc = pc + 4; }",
    ),
    "integer of a number": ("rd: x, rs1: f<fp32>", "rd = (i8(w32(rs1)) * 3)[31:0];"),
}


@pytest.mark.parametrize("name", BODIES)
def test_construct(name: str) -> None:
    signature, body = BODIES[name]
    of = one(signature, body, before=_INTEGERS, members=_STATES)
    random = Random(name)
    draw, reasons = Draw(of, random), set()
    for level in (0, 2, 0):
        instruction = of.instructions["t.t"]
        modes = {"fs": 3}  # so that flags may accrue
        pair = Pair(of, instruction.encode(**draw.fields(instruction)), modes, level=level)
        reasons |= {pair.agree(draw.start(modes)) for _ in range(120)}
    assert reasons & {Reason.CONTINUE, Reason.RESOLVE}, "never native"


@pytest.mark.parametrize(
    ("signature", "body"),
    [("rd: x, rs1: f<fp32>, rs2: f<fp32>", "rd = rs1 == rs2;"), (_F, "rd = rs1 * rs2;")],
)
def test_where_no_flag_was_ever_raised(signature: str, body: str) -> None:
    """The reference raises the first, which makes the state dirty; all else is native."""
    of = one(signature, body)
    random = Random(body)
    draw, modes = Draw(of, random), {"fs": 1}
    instruction = of.instructions["t.t"]
    pair = Pair(of, instruction.encode(**draw.fields(instruction)), modes)
    reasons = {pair.agree(draw.start(modes)) for _ in range(300)}
    assert Reason.CONTINUE in reasons, "never native"
