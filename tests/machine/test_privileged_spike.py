"""Traps and CSRs side by side with Spike: one program, two logs."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bare import BASE, END, START, user

from rvx import Machine
from rvx.asm import assemble, elf_image, link
from rvx.machine.elf import read_elf

SPIKE = shutil.which("spike", path=str(Path(sys.executable).parent)) or shutil.which("spike")
ISA = "rv32imafdc_zicsr_zifencei_zba_zbb_zbs"
OPTIONS = ("--priv=mu", "--pmpregions=0", "--triggers=0")
pytestmark = pytest.mark.skipif(SPIKE is None, reason="there is no Spike")

# As in `bare`, but it ends by HTIF, and the log is the signature.
OVER = """
        .balign 4
stop:   la   t0, tohost
        li   t1, 1
        sw   t1, 0(t0)
        sw   zero, 4(t0)
1:      j    1b
"""
SYMBOLS = """
        .data
        .balign 64
        .globl tohost, fromhost, begin_signature, end_signature
tohost: .dword 0
fromhost: .dword 0
        .set begin_signature, log
        .set end_signature, log + 4096
"""
ALL = 0xFFFFFFFF
# What reset leaves open, as it is in rvx: FS initial, MPP machine mode, no timer pending.
RESET = (
    *("li t0, 1 << 13 | 3 << 11", "csrw mstatus, t0", "li t0, 0x02004000", "li t1, -1"),
    *("sw t1, 4(t0)", "sw t1, 0(t0)"),
)
OUTSIDE = "li a0, 0x40000000"


def logged(*lines: str) -> list[str]:
    """The lines, and a0 into the log."""
    return [*lines, "sw a0, 0(s0)", "addi s0, s0, 4"]


def signatures(tmp_path: Path, lines: list[str]) -> tuple[list[str], list[str]]:
    """The log of rvx and of Spike, a word a line."""
    before, _, after = END.partition("stop:   li   t0, 0xF0000000\n        sw   zero, 0(t0)\n")
    text = "\n".join([START, *RESET, "first:", *lines, before, OVER, after, SYMBOLS])
    machine = Machine(isa=ISA, stdout=io.BytesIO())
    path = tmp_path / "p.elf"
    path.write_bytes(elf_image(link([assemble(text, machine.machine, file="p.S")], text_base=BASE)))
    machine.load(read_elf(path.read_bytes(), name="p.elf", xlen=32))
    assert machine.run(100_000).status == 0
    ours = [f"{word:08x}" for word in machine.read("log", "<u4", 1024).tolist()]
    found = tmp_path / "signature"
    command = [SPIKE, f"--isa={ISA}_zicntr_zihpm", *OPTIONS, f"+signature={found}"]
    subprocess.run([*command, "+signature-granularity=4", path], check=True, timeout=60)
    return ours, found.read_text().split()


def assert_same(tmp_path: Path, lines: list[str]) -> None:
    ours, theirs = signatures(tmp_path, lines)
    wrong = [(i, a, b) for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b]
    assert not wrong, wrong[:8]
    assert len(theirs) == 1024


@pytest.mark.parametrize(
    "csr",
    ["mstatus", "mtvec", "mie", "mepc", "mcause", "mtval", "mscratch", "mcounteren", "fflags",
     "frm", "fcsr", "menvcfgh", "mstatush"],
)  # fmt: skip
def test_what_csrs_make_of_a_write(csr: str, tmp_path: Path) -> None:
    lines: list[str] = []
    for value in (0, ALL, 0x55555555, 0xAAAAAAAA, *(1 << bit for bit in range(32))):
        if csr == "mstatus" and not value & 3 << 13:
            value |= 1 << 13
        lines += logged(f"li a1, {value}", f"csrw {csr}, a1", f"csrr a0, {csr}")
    assert_same(tmp_path, [*lines, "la t0, handler", "csrw mtvec, t0"])


TRAPS = [
    *(".word 0", ".word 0xffffffff", ".word 0x302000f3", ".word 0x10200073", "ebreak", "ecall"),
    *("csrr a0, 0x5c0", "csrw cycle, zero", "csrw mhartid, zero", "csrs mhartid, s0", "mret"),
    *("lw a1, 0(a0)", "lb a1, 3(a0)", "flw fa0, 0(a0)", "fld fa0, 0(a0)", "sw a1, 0(a0)"),
    *("sb a1, 1(a0)", "fsd fa0, 0(a0)", "lr.w a1, (a0)", "sc.w a1, a1, (a0)", "wfi"),
    *("amoadd.w a1, a1, (a0)", "amoswap.w a1, a1, (a2)", "lr.w a1, (a2)", "sc.w a1, a1, (a2)"),
    *("csrr a1, mstatus", "csrr a1, cycle", "csrr a1, hpmcounter3", "csrw fcsr, zero"),
    *("fadd.d fa0, fa0, fa0", ".word 0x02b55553", ".half 0", ".half 0x8002", "fence.i"),
]
SKIPPED = {"mret", "wfi"}  # where they are legal


def traps_in(mode: str) -> list[str]:
    """Every line in that mode, with what it needs around it."""
    lines = []
    for line in TRAPS:
        if line in SKIPPED and mode != "user, opened" and (mode, line) != ("user", "mret"):
            continue
        body = [OUTSIDE, "la a2, data", "addi a2, a2, 2", line]
        if line.startswith(".half"):
            body.append(".half 1")
        if mode.startswith("user"):
            lines += user(*body, "csrr a0, mepc")
        else:
            lines += [*body, *logged("csrr a0, mstatus")]
    return lines


@pytest.mark.parametrize("mode", ["machine", "user", "user, opened", "off"])
def test_traps(mode: str, tmp_path: Path) -> None:
    """Counters are opened and TW is set, or the floating-point unit is off."""
    prepared = {
        "user, opened": ["li a0, -1", "csrw mcounteren, a0", "li a0, 1 << 21", "csrs mstatus, a0"],
        "off": ["li a0, 3 << 13", "csrc mstatus, a0"],
    }
    assert_same(tmp_path, [*prepared.get(mode, []), *traps_in(mode)])


def test_reservations(tmp_path: Path) -> None:
    lines = ["la a1, data", "la a2, data", "addi a2, a2, 4", "li a3, 7"]
    for first, between, second in [
        ("lr.w a4, (a1)", "nop", "sc.w a0, a3, (a1)"),
        ("lr.w a4, (a1)", "nop", "sc.w a0, a3, (a2)"),
        ("lr.w a4, (a1)", "sw a3, 0(a1)", "sc.w a0, a3, (a1)"),
        ("lr.w a4, (a1)", "amoadd.w a4, a3, (a1)", "sc.w a0, a3, (a1)"),
        ("lr.w a4, (a1)", "sc.w a4, a3, (a1)", "sc.w a0, a3, (a1)"),
        ("lr.w a4, (a1)", "sc.w a4, a3, (a2)", "sc.w a0, a3, (a1)"),
        ("lr.w a4, (a1)", "lr.w a4, (a2)", "sc.w a0, a3, (a1)"),
        ("nop", "nop", "sc.w a0, a3, (a1)"),
    ]:
        lines += [*logged(first, between, second), *logged("lw a0, 0(a1)"), *logged("lw a0, 0(a2)")]
    assert_same(tmp_path, lines)


def test_software_interrupts(tmp_path: Path) -> None:
    raised = ["li t1, 0x02000000", "li t2, 8", "csrs mie, t2", "li t2, 1", "sw t2, 0(t1)"]
    lines = [*raised, *logged("csrr a0, mip"), "nop", "csrsi mstatus, 8", "nop", "nop"]
    assert_same(tmp_path, [*lines, *logged("csrr a0, mip"), *logged("csrr a0, mstatus")])
