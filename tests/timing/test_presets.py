"""The presets: each fact of a core's documentation, as a few instructions counted by hand."""

from __future__ import annotations

import pytest
from running import on, stamps
from stream import NOP, Do, Stream, access, stream_of, taken

from rvx.description.load import isa_of_core, load_core
from rvx.timing import Outcome

TRAPPED = Outcome(cause=11)


def preset(name: str, **parameters: int) -> Stream:
    core = load_core(name)
    return stream_of(core, isa_of_core(core), parameters)


def run(made: Stream, *items: str | Do) -> list[int]:
    return [made.issue(item) for item in items]


# ibex: "stalls for X cycles: X + 1 pass before a new instruction enters ID/EX" -------------------


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([NOP, "csrrw x1, 0x340, x2", NOP], [0, 1, 2]),  # 0: computational, CSR
        ([access("lw x5, 0(x6)", 4), "add x7, x5, x5"], [0, 2]),  # 1, and the load is done
        ([access("sw x5, 0(x6)", 4), NOP], [0, 2]),
        ([access("lw x5, 0(x6)", 2), NOP], [0, 3]),  # two accesses
        (["mul x5, x6, x7", "mul x5, x5, x5", NOP], [0, 3, 6]),  # 2
        (["mulhu x5, x6, x7", NOP], [0, 4]),  # 3
        (["beq x0, x1, 8", NOP], [0, 1]),  # 0: not taken
        ([taken("beq x0, x0, 8", to=8), NOP], [0, 3]),  # 2: taken
        ([Do("jal x1, 64", to=64), NOP], [0, 2]),  # 1
        ([Do("jalr x0, 0(x1)", to=64), NOP], [0, 2]),
        ([Do("jal x1, 66", to=66), NOP], [0, 3]),  # a target across two words
        (["fence.i", NOP], [0, 2]),  # 1: as a jump
    ],
)
def test_ibex(items: list[str | Do], expected: list[int]) -> None:
    assert run(preset("ibex"), *items) == expected


def test_ibex_has_a_faster_multiplier_and_a_branch_target_alu() -> None:
    items = ["mul x5, x6, x7", "mulh x5, x6, x7", taken("beq x0, x0, 8", to=8), NOP]
    assert run(preset("ibex", MULTIPLIER=1, BRANCH_TARGET_ALU=1), *items) == [0, 1, 3, 5]


def test_ibex_divides_in_37_more_cycles_or_1_by_zero() -> None:
    lines = ["li t0, 7", "div t1, t0, t0", "remu t1, t0, x0", "nop"]
    assert stamps(on("ibex"), *lines) == [0, 1, 39, 41]


# cva6 -------------------------------------------------------------------------------------------

BACK = taken("beq x0, x0, -8", to=0)
FORTH = taken("beq x0, x0, 8", to=8)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["lw x5, 0(x6)", "add x7, x5, x5"], [0, 3]),  # a hit takes three cycles
        (["lw x5, 0(x6)", "lw x4, 0(x6)", NOP, "add x7, x4, x5"], [0, 1, 2, 4]),  # pipelined
        (["mul x5, x6, x7", "mul x4, x6, x7", "mul x3, x4, x4"], [0, 1, 3]),  # two, pipelined
        (["mul x5, x6, x7", "lw x4, 0(x6)", NOP], [0, 1, 2]),
        (["mul x5, x6, x7", NOP], [0, 2]),  # the ALU's write port is the multiplier's
        ([BACK, NOP], [0, 2]),  # predicted
        ([FORTH, NOP], [0, 6]),  # mispredicted
        (["beq x0, x1, 8", NOP], [0, 1]),
        (["beq x0, x1, -8", NOP], [0, 6]),
        ([Do("jal x1, 64", to=64), NOP], [0, 2]),
        ([Do("jalr x0, 0(x1)", to=64), NOP], [0, 2]),  # a return
        ([Do("jalr x0, 0(x10)", to=64), NOP], [0, 6]),
        ([Do("ecall", TRAPPED, to=64), NOP], [0, 6]),
        (["fadd.s f1, f2, f3", "fsw f1, 0(x6)"], [0, 3]),  # LAT_COMP_FP32 is 2
        (["fadd.s f1, f2, f3", "fadd.s f4, f2, f3", "fsw f4, 0(x6)"], [0, 1, 4]),
        (["fcvt.s.w f1, x2", "fsw f1, 0(x6)"], [0, 3]),  # LAT_CONV is 2
        (["fsgnj.s f1, f2, f3", "fsw f1, 0(x6)"], [0, 2]),  # LAT_NONCOMP is 1
        (["fdiv.s f1, f2, f3", "fsw f1, 0(x6)"], [0, 19]),
    ],
)
def test_cva6(items: list[str | Do], expected: list[int]) -> None:
    assert run(preset("cva6"), *items) == expected


@pytest.mark.parametrize(
    ("operation", "latency"),
    [
        ("padd.s p1, p2, p3", 1),
        ("pmul.s p1, p2, p3", 1),
        ("qmadd.s p2, p3", 2),
        ("qround.s p1", 2),
        ("pdiv.s p1, p2, p3", 1),
        ("psqrt.s p1, p2", 1),
        ("pcvt.w.s x1, p2", 0),
        ("psgnj.s p1, p2, p3", 0),
    ],
)
def test_percivals_posit_unit_is_free_after_its_latency(operation: str, latency: int) -> None:
    # T + 1 in execute; the unit takes the next operation `latency` cycles after the cycle.
    items = [operation, "pmul.s p4, p5, p6", NOP]
    assert run(preset("cva6"), *items) == [0, 1, 2 + latency]


def test_a_posit_is_read_a_register_after_its_latency() -> None:
    made = preset("cva6", PDIV=10)
    items = ["padd.s p1, p2, p3", "psw p1, 0(x6)", "pdiv.s p1, p2, p3", "psw p1, 0(x6)"]
    assert run(made, *items) == [0, 3, 4, 4 + 12]
    compared = ["plt.s x1, p2, p3", "add x2, x1, x1"]
    assert run(preset("cva6"), *compared) == [0, 1]


def test_cva6_divides_a_bit_a_cycle() -> None:
    # 100 / 7: clz 25 and 29, so five bits of quotient and two cycles; the sum waits for them.
    lines = ["li t0, 100", "li t1, 7", "divu t2, t0, t1", "add t3, t2, t2", "div t2, t1, t0"]
    assert stamps(on("cva6"), *lines, "add t3, t2, t2") == [0, 1, 2, 9, 10, 13]


# snitch -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([taken("beq x0, x0, 8", to=8), Do("jal x1, 64", to=64), NOP], [0, 1, 2]),  # one stage
        (["lw x5, 0(x6)", "add x7, x5, x5"], [0, 2]),
        (["mul x5, x6, x7", "add x7, x5, x5"], [0, 4]),  # the manual's trace: 1125 and 1129
        (["mul x5, x6, x7", NOP, "addi x5, x0, 1"], [0, 1, 4]),  # neither RAW nor WAW
        (["mul x5, x6, x7", "mul x4, x6, x7", "add x7, x4, x4"], [0, 1, 5]),
        (["fmadd.s f1, f2, f3, f4", "fsw f1, 0(x6)"], [0, 3]),  # lat_comp_fp32 2
        (["fcvt.w.s x1, f2", "add x2, x1, x1"], [0, 3]),  # lat_conv 2
        (["fle.s x1, f2, f3", "add x2, x1, x1"], [0, 2]),  # lat_noncomp 1
        (["vfdotpex.h.b f1, f2, f3", "fsw f1, 0(x6)"], [0, 4]),  # lat_sdotp 3
        (["vfsum.h f1, f2", "fsw f1, 0(x6)"], [0, 4]),
        ([f"vfdotpex.h.b f{n}, f8, f9" for n in range(4)] + ["fsw f0, 0(x6)"], [0, 1, 2, 3, 4]),
    ],
)
def test_snitch(items: list[str | Do], expected: list[int]) -> None:
    assert run(preset("snitch"), *items) == expected
