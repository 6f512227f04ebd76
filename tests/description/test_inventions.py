"""Five sets of five and more invented instructions, against Python that knows nothing of rvx.

Each set is a file as a user would write it; an instruction takes at most ten lines.
"""

from __future__ import annotations

import binascii
import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import ml_dtypes
import numpy as np
import pytest

from rvx.description import load_machine
from rvx.machine.hart import Hart
from rvx.model.machine import Machine

from .one import DATA, PC, run

SETS = Path(__file__).parent / "inventions"
TURNS = 100
WORD = 1 << 32


def load(name: str) -> Machine:
    return load_machine("rv32imf", extra=[SETS / f"{name}.isa"])


def go(name: str, mnemonic: str, **given: object) -> Hart:
    """Run it with rd in x3 or f3, rs1 in 1, rs2 in 2, rs3 in 4."""
    machine = load(name)
    names = machine.instructions[mnemonic].operands
    usual = {"rd": 3, "rs1": 1, "rs2": 2, "rs3": 4}
    given = {n: i for n, i in usual.items() if n in names} | given
    return run(machine, mnemonic, **given)  # type: ignore[arg-type]


def lanes(word: int, width: int, signed: bool = True) -> list[int]:
    """The lanes of a register, lane 0 first."""
    found = [word >> low & (1 << width) - 1 for low in range(0, 32, width)]
    return [v - (1 << width) if signed and v >> width - 1 else v for v in found]


def pack(values: list[int], width: int) -> int:
    return sum((v & (1 << width) - 1) << width * i for i, v in enumerate(values))


def words(seed: str) -> list[tuple[int, int, int]]:
    """Random words, with the extremes among them."""
    random = Random(seed)
    edges = [0, 1, WORD - 1, 0x8000_0000, 0x8000_8000, 0x7FFF_FFFF, 0x8080_8080, 0x7F7F_7F7F]

    def pick() -> int:
        return random.choice([random.getrandbits(32), random.choice(edges)])

    return [(pick(), pick(), pick()) for _ in range(TURNS)]


def half_even(value: Fraction) -> int:
    return round(value)


def half_away(value: Fraction) -> int:
    return math.floor(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)


def clamp(value: int, bits: int) -> int:
    return min(max(value, -(1 << bits - 1)), (1 << bits - 1) - 1)


@pytest.mark.parametrize("name", sorted(p.stem for p in SETS.glob("*.isa")))
def test_a_set_has_five_instructions_of_at_most_ten_lines(name: str) -> None:
    text = (SETS / f"{name}.isa").read_text(encoding="utf-8")
    found = re.findall(r"^  +instruction .*?\n(?=\n|  \}|\})", text, re.M | re.S)
    assert len(found) >= 5
    assert max(one.count("\n") for one in found) <= 10
    extension = next(e.name for e in load(name).extensions if e.name.lower() == f"x{name}")
    assert sum(i.extension == extension for i in load(name).instructions.values()) >= 5


# signal ---------------------------------------------------------------------------------------


def test_dot_product_of_bytes() -> None:
    for a, b, c in words("dot"):
        hart = go("signal", "sg.dot.b", x={1: a, 2: b, 3: c})
        total = sum(p * q for p, q in zip(lanes(a, 8), lanes(b, 8), strict=True))
        assert hart.registers["x"][3] == (c + total) % WORD


def test_saturating_q15_products() -> None:
    for a, b, c in words("q15"):
        hart = go("signal", "sg.mac.q15", x={1: a, 2: b, 3: c})
        (p, q), (r, s) = lanes(a, 16), lanes(b, 16)
        exact = Fraction(c - WORD if c >> 31 else c) + 2 * (p * r + q * s)
        assert hart.registers["x"][3] == clamp(half_even(exact), 32) % WORD


def test_an_accumulator_of_64_bits() -> None:
    random = Random("acc")
    for a, b, _ in words("acc"):
        old = random.getrandbits(64)
        hart = go("signal", "sg.macs", x={1: a, 2: b}, states={"acc": old})
        product = lanes(a, 32)[0] * lanes(b, 32)[0]
        assert hart.states["acc"] == [(old + product) % (1 << 64)]
        assert hart.registers["x"][3] == old >> 16 & WORD - 1


@pytest.mark.parametrize("step", [-2048, -4, 0, 4, 2047])
def test_a_load_that_steps_its_address(step: int) -> None:
    data = {DATA: b"\x78\x56\x34\x12"}
    hart = go("signal", "sg.lw", x={1: DATA}, memory=data, imm=step)
    assert hart.registers["x"][3] == 0x1234_5678
    assert hart.registers["x"][1] == DATA + step
    same = go("signal", "sg.lw", x={1: DATA}, memory=data, imm=step, rd=1)
    assert same.registers["x"][1] == DATA + step  # the later assignment wins


@pytest.mark.parametrize("bit", [0, 1, 31])
def test_a_branch_on_a_bit(bit: int) -> None:
    assert go("signal", "sg.bbs", x={1: 1 << bit}, shamt=bit, imm=-64).pc == PC - 64
    assert go("signal", "sg.bbs", x={1: ~(1 << bit) % WORD}, shamt=bit, imm=-64).pc == PC + 4


def test_branches_and_loops_take_the_address_of_their_target() -> None:
    for name, mnemonic in [("signal", "sg.bbs"), ("coding", "cd.loop"), ("search", "se.more")]:
        instruction = load(name).instructions[mnemonic]
        assert instruction.operands["imm"].is_target
        assert "branch" in instruction.classes


# coding ---------------------------------------------------------------------------------------


def test_complex_product() -> None:
    for a, b, _ in words("complex"):
        hart = go("coding", "cd.cmul", x={1: a, 2: b})
        (p, q), (r, s) = lanes(a, 16), lanes(b, 16)
        parts = [Fraction(p * r - q * s, 1 << 15), Fraction(p * s + q * r, 1 << 15)]
        assert hart.registers["x"][3] == pack([clamp(half_away(v), 16) for v in parts], 16)


@pytest.mark.parametrize(("suffix", "size"), [("b", 1), ("h", 2), ("w", 4)])
def test_crc_of_ethernet(suffix: str, size: int) -> None:
    for crc, data, _ in words(f"crc{suffix}"):
        hart = go("coding", f"cd.crc.{suffix}", x={1: crc ^ WORD - 1, 2: data})
        text = data.to_bytes(4, "little")[:size]
        assert hart.registers["x"][3] ^ WORD - 1 == binascii.crc32(text, crc)


def test_lanes_of_a_float_of_eight_bits() -> None:
    for a, b, c in words("e3m4"):
        hart = go("coding", "cd.fma.b", x={1: a, 2: b, 3: c}, rm=0)
        values = [
            np.array(lanes(w, 8, signed=False), np.uint8).view(ml_dtypes.float8_e3m4).astype(float)
            for w in (a, b, c)
        ]
        with np.errstate(invalid="ignore"):
            exact = values[2] + values[0] * values[1]  # at most 20 bits: exact in a double
        expected = exact.astype(ml_dtypes.float8_e3m4)
        found = np.array(lanes(hart.registers["x"][3], 8, False), np.uint8)
        got = found.view(ml_dtypes.float8_e3m4)
        np.testing.assert_array_equal(got.astype(float), expected.astype(float))


def test_a_generator_of_31_bits() -> None:
    state = 1
    for _ in range(TURNS):
        hart = go("coding", "cd.rand", states={"lfsr": state})
        for _ in range(8):
            state = (state << 1 & (1 << 31) - 1) | (state >> 30 ^ state >> 27) & 1
        assert hart.registers["x"][3] == state
        assert hart.states["lfsr"] == [state]


def test_bytes_looked_up_in_a_table() -> None:
    table = bytes(Random("table").randrange(256) for _ in range(256))
    for b, _, _ in words("lookup"):
        hart = go("coding", "cd.tbl.b", x={1: DATA, 2: b}, memory={DATA: table})
        found = hart.registers["x"][3].to_bytes(4, "little")
        assert found == b.to_bytes(4, "little").translate(table)


@pytest.mark.parametrize(("count", "pc"), [(2, PC - 8), (1, PC + 4), (0, PC - 8)])
def test_a_loop_in_one_word(count: int, pc: int) -> None:
    hart = go("coding", "cd.loop", x={1: count}, imm=-8)
    assert (hart.pc, hart.registers["x"][1]) == (pc, (count - 1) % WORD)


# nibble ---------------------------------------------------------------------------------------


def test_dot_product_of_nibbles() -> None:
    for a, b, c in words("nibbles"):
        hart = go("nibble", "nb.dot", x={1: a, 2: b, 3: c})
        total = sum(p * q for p, q in zip(lanes(a, 4), lanes(b, 4), strict=True))
        assert hart.registers["x"][3] == (c + total) % WORD


@pytest.mark.parametrize(("op", "pick"), [("add", min), ("max", max)])
def test_lesser_and_greater_lanes(op: str, pick: Callable[[int, int], int]) -> None:
    for a, b, _ in words(op):
        hart = go("nibble", f"nb.{op}", x={1: a, 2: b})
        pairs = zip(lanes(a, 4), lanes(b, 4), strict=True)
        assert hart.registers["x"][3] == pack([clamp(pick(p + 1, q), 4) for p, q in pairs], 4)


def test_permutation_of_lanes() -> None:
    for a, b, _ in words("permute"):
        hart = go("nibble", "nb.perm", x={1: a, 2: b})
        source = lanes(a, 4, signed=False)
        expected = pack([source[i & 7] for i in lanes(b, 4, signed=False)], 4)
        assert hart.registers["x"][3] == expected


def test_bits_in_reverse() -> None:
    for a, _, _ in words("reverse"):
        assert go("nibble", "nb.rev", x={1: a}).registers["x"][3] == int(f"{a:032b}"[::-1], 2)


@pytest.mark.parametrize("turn", range(8))
def test_lanes_by_turns(turn: int) -> None:
    hart = go("nibble", "nb.next", x={1: 0x8765_4321}, states={"turn": turn})
    assert hart.registers["x"][3] == lanes(0x8765_4321, 4)[turn] % WORD
    assert hart.states["turn"] == [(turn + 1) % 8]


def test_gathered_bytes() -> None:
    data = bytes(Random("gather").randrange(256) for _ in range(256))
    for _, b, _ in words("gather"):
        hart = go("nibble", "nb.gather", x={1: DATA + 128, 2: b}, memory={DATA: data})
        assert lanes(hart.registers["x"][3], 8, False) == [data[128 + i] for i in lanes(b, 8)]


def test_a_branch_on_equal_lanes() -> None:
    taken = 0
    for a, b, _ in words("lanes"):
        pairs = zip(lanes(a, 4), lanes(b, 4), strict=True)
        equal = any(p == q for p, q in pairs)
        taken += equal
        assert go("nibble", "nb.beqany", x={1: a, 2: b}, imm=256).pc == PC + (256 if equal else 4)
    assert 0 < taken < TURNS


# search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("op", "extreme"), [("max", max), ("min", min)])
def test_extreme_lane_and_its_place(op: str, extreme: Callable[[list[int]], int]) -> None:
    for a, _, _ in words(op):
        values = lanes(a, 8)
        best = extreme(values)
        hart = go("search", f"se.arg{op}", x={1: a})
        assert hart.registers["x"][3] == pack([best, values.index(best)], 16)


def test_words_that_differ_in_many_bits() -> None:
    for a, b, c in words("hamming"):
        hart = go("search", "se.far", x={1: a, 2: b}, uimm=c % 40)
        assert hart.registers["x"][3] == (bin(a ^ b).count("1") > c % 40)


def test_sum_of_absolute_differences() -> None:
    for a, b, c in words("sad"):
        hart = go("search", "se.sad", x={1: a, 2: b, 3: c & 0xFFFF})
        pairs = zip(lanes(a, 8, False), lanes(b, 8, False), strict=True)
        total = (c & 0xFFFF) + sum(abs(p - q) for p, q in pairs)
        assert hart.registers["x"][3] == total & 0xFFFF


def test_a_stream_that_walks_memory() -> None:
    opened = go("search", "se.open", x={1: DATA, 2: 8 << 16 | 3})
    states = {name: opened.states[name] for name in ("at", "step", "left")}
    data = b"".join(n.to_bytes(4, "little") for n in range(100, 108))
    popped = []
    for _ in range(5):
        more = go("search", "se.more", states=states, imm=64).pc == PC + 64
        hart = go("search", "se.pop", states=states, memory={DATA: data})
        states = {name: hart.states[name] for name in states}
        popped.append((more, hart.registers["x"][3]))
    assert popped == [(True, 100), (True, 102), (True, 104), (False, 0), (False, 0)]


# block ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wide", "format"), [(0, ml_dtypes.float8_e4m3fn), (1, ml_dtypes.float8_e5m2)]
)
def test_a_dot_product_with_shared_scales(wide: int, format: type) -> None:
    random = Random(f"scaled{wide}")
    for a, b, _ in words(f"scaled{wide}"):
        scales = random.choices(range(110, 145), k=2)
        accumulator = random.uniform(-100, 100)
        acc = np.float32(accumulator)
        hart = go(
            "block",
            "bk.dot",
            f={1: a, 2: b, 3: int(acc.view(np.uint32))},
            x={4: scales[0] | scales[1] << 8},
            states={"wide": wide},
            rm=0,
        )
        one, other = (
            np.array(lanes(w, 8, False), np.uint8).view(format).astype(float) for w in (a, b)
        )
        found = np.uint32(hart.registers["f"][3]).view(np.float32)
        if not (np.isfinite(one).all() and np.isfinite(other).all()):
            assert not np.isfinite(found)
            continue
        total = sum(Fraction(p) * Fraction(q) for p, q in zip(one, other, strict=True))
        exact = Fraction(float(acc)) + total * Fraction(2) ** (sum(scales) - 254)
        assert found == rounded_to_single(exact)


def rounded_to_single(value: Fraction) -> float:
    """To nearest, ties to even; within the range of normal numbers."""
    if not value:
        return 0.0
    exponent = math.frexp(float(value))[1] - 24
    unit = Fraction(2) ** exponent
    return float(round(value / unit) * unit)


def posit(code: int, bits: int = 16) -> Fraction:
    """The value of a posit with two exponent bits, from its definition bit by bit."""
    if code == 0:
        return Fraction(0)
    negative = code >> bits - 1
    text = f"{(1 << bits) - code if negative else code:0{bits}b}"[1:]
    run = len(text) - len(text.lstrip(text[0]))
    regime = run - 1 if text[0] == "1" else -run
    rest = text[run + 1 :]
    exponent, fraction = int(f"{rest[:2]:0<2}", 2), rest[2:]
    significand = 1 + (Fraction(int(fraction, 2), 1 << len(fraction)) if fraction else 0)
    return (-1 if negative else 1) * significand * Fraction(2) ** (4 * regime + exponent)


def nearest_posit16(value: Fraction) -> int:
    """Posits are ordered as their codes; between two neighbors of 16 bits lies the posit of 17
    bits at which they part."""
    low, high = 0, 0x8000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if posit(middle) <= value else (low, middle)
    if low in (0, 0x7FFF) or value < posit(2 * low + 1, 17):
        return low or 1
    return low if value == posit(2 * low + 1, 17) and low % 2 == 0 else high


def test_posits_into_a_quire_and_out_of_it() -> None:
    machine = load("block")
    bits = machine.states["sum16"].width
    random = Random("quire")
    total, code = Fraction(0), 0
    for _ in range(TURNS):
        a, b = (random.getrandbits(32) & 0x7FFF_7FFF for _ in range(2))
        hart = go("block", "bk.qdot", x={1: a, 2: b}, states={"sum16": code})
        code = hart.states["sum16"][0]
        pairs = zip(lanes(a, 16, False), lanes(b, 16, False), strict=True)
        total += sum(posit(p) * posit(q) for p, q in pairs)
        assert code == int(total * 2**112) % (1 << bits)
        out = go("block", "bk.qout", states={"sum16": code})
        assert out.states["sum16"] == [0]
        assert out.registers["x"][3] == nearest_posit16(total)


def test_scaled_loads() -> None:
    data = np.array([32, -8], np.float16).tobytes()
    hart = go("block", "bk.lh2", x={1: DATA}, memory={DATA + 8: data}, imm=8)
    expected = np.array([2, -0.5], np.float16).view(np.uint16)
    assert hart.registers["f"][3] == int(expected[0]) | int(expected[1]) << 16


@pytest.mark.parametrize(
    ("a", "b", "near"), [(1, 1.1, True), (1, 1.125, False), (-1, 1, False), (math.nan, 1, False)]
)
def test_a_branch_where_two_numbers_are_near(a: float, b: float, near: bool) -> None:
    bits = {i: int(np.float32(v).view(np.uint32)) for i, v in ((1, a), (2, b))}
    assert go("block", "bk.bnear", f=bits, imm=32).pc == PC + (32 if near else 4)
