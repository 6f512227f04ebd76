"""Cores in files of the user's own: a stranger's, a renamed one, one with another latency."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import cycles, on, program, stamps

from rvx.description.load import load_core
from rvx.machine.simulator import Simulator

# A data sheet: a three-cycle multiplier, two-cycle loads, fdiv in ten, a taken branch in three.
STRANGER = """\
// All that its data sheet says.
core stranger {
  isa rv32imf_zicsr_zifencei;
  result mul, mulh, mulhsu, mulhu: 2;
  result load: 1;
  unit fpu floating and not (load or store) {
    latency fdiv.s: 9;
    latency floating: 2;
    every floating and not fdiv.s: 1;
  }
  redirect taken: 3;
}
"""
SUM = ("mul a0, a1, a2", "add a0, a0, a0", "lw a1, -4(sp)", "add a1, a1, a1")
DIVIDE = ("fcvt.s.w fa0, a0", "fdiv.s fa1, fa0, fa0", "fsw fa1, -4(sp)")
BRANCH = ("beq x0, x0, over", "nop", "over: nop", "nop")


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    assert len(STRANGER.splitlines()) <= 25
    path = tmp_path / "stranger.isa"
    path.write_text(STRANGER)
    return path


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (SUM, [0, 3, 4, 6]),
        (DIVIDE, [0, 3, 13]),
        (BRANCH, [0, 3, 4]),
        (["mul a0, a1, a2", "mul a3, a1, a2", "nop", "add a3, a3, a0"], [0, 1, 2, 4]),
    ],
)
def test_a_strangers_core_counts_as_its_data_sheet_says(
    stranger: Path, lines: list[str], expected: list[int]
) -> None:
    assert stamps(on("stranger", stranger), *lines) == expected


def test_a_strangers_core_counts_the_same_on_both_engines(stranger: Path) -> None:
    loop = ("li s0, 300", "loop:", *SUM, *DIVIDE, *BRANCH, "addi s0, s0, -1", "bnez s0, loop")
    reference, jit = on("stranger", stranger), on("stranger", stranger, engine="jit")
    counted = cycles(reference, *loop)
    # From mul: fcvt 7, fdiv 10, fsw 20, the branch 21, its target 24, bnez 27, the next mul 30.
    assert counted == 1 + 299 * 30 + 28 + 3
    assert cycles(jit, *loop) == counted
    assert jit.native is not None
    assert jit.native.instret > 1000


# A program in which every rule of the small cores matters somewhere.
MIXED = (
    "li s0, 40",
    "loop:",
    *("mulh a3, s0, s0", "add a4, a3, s0", "divu a5, a4, s0", "mulhu a4, s0, s0"),
    *SUM,
    *DIVIDE,
    *("csrr t0, mcycle", "fadd.s fa2, fa1, fa1", "jal over2", "nop", "over2:"),
    *("addi s0, s0, -1", "bnez s0, loop"),
)


def text_of(core: str) -> str:
    return (Path(__file__).parents[2] / "isa" / "cores" / f"{core}.isa").read_text()


def own(folder: Path, text: str, name: str) -> Path:
    path = folder / f"{name}.isa"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["tiny", "ibex", "cva6", "snitch", "cv32e40p"])
def test_renaming_a_core_and_its_file_changes_nothing_but_the_name(
    tmp_path: Path, name: str
) -> None:
    path = own(tmp_path, text_of(name).replace(f"core {name}", "core harold"), "anything")
    shipped, renamed = load_core(name), load_core("harold", [path])
    assert (shipped.doc, len(shipped.rules)) == (renamed.doc, len(renamed.rules))
    isa = "rv32imf_zicsr_zifencei"
    assert stamps(on("harold", path, isa=isa), *MIXED) == stamps(on(name, isa=isa), *MIXED)
    counted = cycles(on(name, isa=isa), *MIXED)
    for core, extra in ((name, ()), ("harold", (path,))):
        assert cycles(on(core, *extra, isa=isa, engine="jit"), *MIXED) == counted


def test_changing_a_latency_changes_the_cycles_that_it_must(tmp_path: Path) -> None:
    text = text_of("cv32e40p").replace("core cv32e40p", "core slower")
    assert "execute mulhi: 5;" in text
    path = own(tmp_path, text.replace("execute mulhi: 5;", "execute mulhi: 7;"), "slower")
    lines = [line for line in MIXED if "mcycle" not in line]
    fast, slow = on("cv32e40p"), on("slower", path)
    before, after = stamps(fast, *lines), stamps(slow, *lines)
    # Two more cycles behind each mulh and mulhu, and not one elsewhere.
    later = [b - a for a, b in zip(before, after, strict=True)]
    high = [line.startswith("mulh") for line in lines[2:]]
    executed = [False, *(high[:14] + high[15:16] + high[17:]) * 40]
    assert len(later) == len(executed)
    assert later == [2 * sum(executed[:i]) for i in range(len(later))]
    assert registers(fast) == registers(slow)


def registers(simulator: Simulator) -> object:
    return simulator.instret, simulator.hart.registers


def test_a_program_that_reads_the_cycle_counter_sees_the_latency(tmp_path: Path) -> None:
    text = text_of("tiny").replace("core tiny", "core slower").replace("taken: 3", "taken: 5")
    path = own(tmp_path, text, "slower")
    lines = ("csrr s1, mcycle", "beq x0, x0, on", "on: csrr s2, mcycle", "sub s3, s2, s1")
    taken = {}
    for core, extra in (("tiny", ()), ("slower", (path,))):
        simulator = on(core, *extra)
        simulator.load(program(simulator, *lines))
        simulator.run(1000)
        taken[core] = simulator.hart.registers["x"][19]
    assert taken == {"tiny": 4, "slower": 6}
