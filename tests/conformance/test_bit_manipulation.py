"""Zba, Zbb and Zbs executed against models from the manual (28.5), and both against QEMU."""

import shutil
import struct
import subprocess
import sys
from random import Random

import pytest

from .single import Single
from .values import corner_words

SINGLE = Single("rv32ib")
MASK = 0xFFFFFFFF
QEMU = shutil.which("qemu-riscv32")


def signed(a):
    return (a ^ 1 << 31) - (1 << 31)


def extended(a, bits):
    a &= (1 << bits) - 1
    return (a ^ 1 << bits - 1) - (1 << bits - 1) & MASK


def rotated(a, by):
    """To the right."""
    return (a << 32 | a) >> by % 32 & MASK


def bytes_of(a):
    return a.to_bytes(4, "little")


BINARY = {
    "sh1add": lambda a, b: (a << 1) + b,
    "sh2add": lambda a, b: (a << 2) + b,
    "sh3add": lambda a, b: (a << 3) + b,
    "andn": lambda a, b: a & ~b,
    "orn": lambda a, b: a | ~b,
    "xnor": lambda a, b: ~(a ^ b),
    "max": lambda a, b: max(a, b, key=signed),
    "maxu": max,
    "min": lambda a, b: min(a, b, key=signed),
    "minu": min,
    "rol": lambda a, b: rotated(a, -b),
    "ror": rotated,
    "bclr": lambda a, b: a & ~(1 << b % 32),
    "bext": lambda a, b: a >> b % 32 & 1,
    "binv": lambda a, b: a ^ 1 << b % 32,
    "bset": lambda a, b: a | 1 << b % 32,
}
UNARY = {
    "clz": lambda a: 32 - a.bit_length(),
    "ctz": lambda a: (a & -a).bit_length() - 1 if a else 32,
    "cpop": int.bit_count,
    "sext.b": lambda a: extended(a, 8),
    "sext.h": lambda a: extended(a, 16),
    "zext.h": lambda a: a & 0xFFFF,
    "orc.b": lambda a: int.from_bytes((255 if b else 0 for b in bytes_of(a)), "little"),
    "rev8": lambda a: int.from_bytes(bytes_of(a), "big"),
}
CONSTANT = {"rori": "ror", "bclri": "bclr", "bexti": "bext", "binvi": "binv", "bseti": "bset"}


def pairs():
    random, corners = Random(1), corner_words(32)
    for _ in range(1000):
        yield random.choice(corners), random.choice(corners)
        yield random.getrandbits(random.randint(1, 32)), random.getrandbits(32)


PAIRS = list(pairs())


def model(mnemonic, a, b):
    return (BINARY[mnemonic](a, b) if mnemonic in BINARY else UNARY[mnemonic](a)) & MASK


def test_every_instruction_has_a_model():
    mnemonics = {i.mnemonic for i in SINGLE.machine.instructions.values() if i.extension[0] == "Z"}
    csrs = {"csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"}
    assert mnemonics - csrs == set(BINARY) | set(UNARY) | set(CONSTANT)


@pytest.mark.parametrize("mnemonic", BINARY)
def test_two_registers(mnemonic):
    bound = SINGLE.bind(mnemonic, rd=3, rs1=1, rs2=2)
    for a, b in PAIRS:
        SINGLE.x[1:3] = [a, b]
        SINGLE.execute(bound)
        assert SINGLE.x[3] == model(mnemonic, a, b), (hex(a), hex(b))


@pytest.mark.parametrize("mnemonic", UNARY)
def test_one_register(mnemonic):
    bound = SINGLE.bind(mnemonic, rd=3, rs1=1)
    for a in [a for a, _ in PAIRS] + [1 << bit for bit in range(32)]:
        SINGLE.x[1] = a
        SINGLE.execute(bound)
        assert SINGLE.x[3] == model(mnemonic, a, 0), hex(a)


@pytest.mark.parametrize("mnemonic", CONSTANT)
def test_constants(mnemonic):
    for shamt in range(32):
        bound = SINGLE.bind(mnemonic, rd=3, rs1=1, shamt=shamt)
        for a, _ in PAIRS[:100]:
            SINGLE.x[1] = a
            SINGLE.execute(bound)
            assert SINGLE.x[3] == model(CONSTANT[mnemonic], a, shamt), (hex(a), shamt)


# One loop an instruction over all pairs; the results are written to standard output.
PROGRAM = """
        .globl _start
_start: la   s0, pairs
        la   s1, results
{loops}
        li   a0, 1
        la   a1, results
        sub  a2, s1, a1
        li   a7, 64
        ecall
        li   a0, 0
        li   a7, 93
        ecall
        .data
pairs:  {words}
        .bss
results: .space {size}
"""
LOOP = """
        mv   t0, s0
        li   t1, {count}
1:      lw   a0, 0(t0)
        lw   a1, 4(t0)
        {mnemonic} a2, {operands}
        sw   a2, 0(s1)
        addi s1, s1, 4
        addi t0, t0, 8
        addi t1, t1, -1
        bnez t1, 1b
"""


@pytest.mark.skipif(QEMU is None, reason="there is no qemu-riscv32")
def test_the_models_are_qemus(tmp_path):
    mnemonics = [*BINARY, *UNARY]
    loops = [
        LOOP.format(count=len(PAIRS), mnemonic=m, operands="a0, a1" if m in BINARY else "a0")
        for m in mnemonics
    ]
    words = "\n".join(f".word {a}, {b}" for a, b in PAIRS)
    size = 4 * len(PAIRS) * len(mnemonics)
    source, program = tmp_path / "b.S", tmp_path / "b.elf"
    source.write_text(PROGRAM.format(loops="".join(loops), words=words, size=size))
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "riscv32-freestanding-none"]
    command += ["-mcpu=generic_rv32+m+zba+zbb+zbs", "-nostdlib", "-static", str(source)]
    subprocess.run([*command, "-o", str(program)], check=True, capture_output=True)
    done = subprocess.run(
        [QEMU, "-cpu", "rv32,zba=true,zbb=true,zbs=true", program], check=True, capture_output=True
    )
    results = struct.iter_unpack("<I", done.stdout)
    for mnemonic in mnemonics:
        for (a, b), (theirs,) in zip(PAIRS, results, strict=False):
            assert theirs == model(mnemonic, a, b), (mnemonic, hex(a), hex(b))
    assert len(done.stdout) == size
