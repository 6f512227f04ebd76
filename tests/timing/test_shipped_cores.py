"""The cores that ship: they fit every machine, and say what their data sheets say."""

from __future__ import annotations

import pytest
from stream import NOP, Do, Stream, access, stream_of, taken

from rvx.description.load import core_names, load_core
from rvx.timing import Outcome


@pytest.mark.parametrize(
    "isa", ["rv32i", "rv32im_zicsr", "rv32imf", "rv32imf_xdotp", "rv32i_xposit"]
)
@pytest.mark.parametrize("name", core_names())
def test_a_core_fits_every_machine(name: str, isa: str) -> None:
    made = stream_of(load_core(name), isa)
    assert made.issue("addi x1, x0, 1") == 0


def run(made: Stream, *items: str | Do) -> list[int]:
    return [made.issue(item) for item in items]


def test_single_counts_instructions() -> None:
    items = [access("lw x1, 0(x2)", 3), taken("beq x0, x0, 8", 8), "fdiv.s f1, f2, f3", NOP]
    assert run(stream_of(load_core("single")), *items) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["lw x5, 0(x6)", "add x7, x5, x5"], [0, 2]),
        (["mul x5, x6, x7", "add x7, x5, x5"], [0, 3]),
        (["mul x5, x6, x7", "mul x4, x6, x7", "add x7, x4, x4"], [0, 1, 4]),
        ([Do("div x5, x6, x7", Outcome(frame=20)), NOP], [0, 20]),
        (["fadd.s f1, f2, f3", "fadd.s f4, f1, f1"], [0, 3]),
        (["fadd.s f1, f2, f3", "fadd.s f4, f2, f2", "fsw f4, 0(x1)"], [0, 1, 4]),
        (["fdiv.s f1, f2, f3", "fsw f1, 0(x1)"], [0, 10]),
        (["fdiv.s f1, f2, f3", NOP, "fadd.s f4, f2, f2", NOP], [0, 1, 2, 11]),
        ([taken("beq x0, x0, 8", 8), NOP], [0, 3]),
        ([Do("jalr x0, 0(x1)", to=8), NOP], [0, 2]),
    ],
)
def test_tiny_is_as_its_comments_say(items: list[str | Do], expected: list[int]) -> None:
    assert run(stream_of(load_core("tiny")), *items) == expected


@pytest.mark.parametrize("latency", range(4))
@pytest.mark.parametrize(
    "operation", ["fadd.s f1, f2, f3", "vfdotpex.h.b f1, f2, f3", "vfsumex.h.b f1, f2"]
)
def test_an_extensions_operations_are_like_an_addition_of_the_fpu(
    operation: str, latency: int
) -> None:
    made = stream_of(load_core("cv32e40p"), parameters={"FPU_ADDMUL_LAT": latency})
    assert run(made, operation, "fsw f1, 0(x1)") == [0, 1 + latency]
