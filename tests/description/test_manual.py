"""The manual, docs/language.md: its examples are accepted, it is complete, and it is short."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from rvx.description import DescriptionError, load_core, load_machine
from rvx.description.load import known_names
from rvx.description.primitives import FOLDS, PRIMITIVES, SYNTACTIC
from rvx.model.machine import Machine
from rvx.number import FAMILIES, Rounding
from rvx.timing.compiler import compile_core

from .one import DATA, PC, one, rd, run

MANUAL = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```isa\n(.*?)^```", MANUAL, re.M | re.S)
REFUSED = re.findall(r"^\| `([^`|]*;[^`|]*)` \| `([^`|]*;[^`|]*)` \|$", MANUAL, re.M)
IN_CODE = " ".join(re.findall(r"```.*?```|`[^`\n]+`", MANUAL, re.S))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("manual") / "manual.isa"
    path.write_text("\n".join(EXAMPLES), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def machine(file: Path) -> Machine:
    return load_machine("rv32imf", extra=[file])


def test_the_examples_are_accepted(machine: Machine) -> None:
    assert len(EXAMPLES) == 4
    assert {"Xtour", "Xmore", "Xstate"} <= {e.name for e in machine.extensions}


def test_the_core_is_accepted(machine: Machine, file: Path) -> None:
    for multiplier in (1, 4):
        core = load_core("small", [file])
        compile_core(machine, core, {"MULTIPLIER": multiplier}, known_names([file]))


def test_the_first_example_does_what_its_comments_say(machine: Machine) -> None:
    operands = {"rd": 3, "rs1": 1, "rs2": 2}
    hart = run(machine, "tour.dot", x={1: 0x04030201, 2: 0x08070605, 3: 1}, **operands)
    assert (rd(hart), hart.states["dots"]) == (1 + 5 + 12 + 21 + 32, [1])
    # (1 + 2^-12)^2 is 1 + 2^-11 + 2^-24: rounded, the last bit is lost.
    factors = {1: 0x3F800800, 2: 0x3F800800, 3: 0xBF801000}
    fused = run(machine, "tour.fma", f=factors, rm=0, **operands)
    unfused = run(machine, "tour.mac", f=factors, rm=0, **operands)
    assert rd(fused, "f") == (127 - 24) << 23
    assert rd(unfused, "f") == 0


def test_the_second_example_does_what_its_comments_say(machine: Machine) -> None:
    operands = {"rd": 3, "rs1": 1, "rs2": 2}
    for op, expected in (("min", 7), ("max", 9)):
        assert rd(run(machine, f"more.{op}", x={1: 9, 2: 7}, **operands)) == expected
    load = run(machine, "more.lw", x={1: DATA}, memory={DATA: b"\5"}, rd=3, rs1=1, imm=4)
    assert (rd(load), load.registers["x"][1]) == (5, DATA + 4)
    assert run(machine, "more.bset", x={1: 4}, rs1=1, bit=2, imm=-8).pc == PC - 8
    assert run(machine, "more.bset", x={1: 4}, rs1=1, bit=3, imm=-8).pc == PC + 4


def test_the_third_example_resets_as_it_says(machine: Machine) -> None:
    assert machine.states["scale"].reset == (0x3FC00000,)
    assert (machine.states["sums"].count, machine.states["sums"].width) == (4, 100)
    assert machine.roundings[6] is Rounding.ODD


@pytest.mark.parametrize(("refused", "right"), REFUSED)
def test_what_the_manual_refuses_is_refused(refused: str, right: str) -> None:
    signature = "rd: x, rs1: x, rs2: x"
    one(signature, right)
    with pytest.raises(DescriptionError):
        one(signature, refused)


def test_the_table_of_refusals_was_found() -> None:
    assert len(REFUSED) == 6


@pytest.mark.parametrize("name", [*SYNTACTIC, *PRIMITIVES, *FOLDS, "memory", "pc", "next_pc"])
def test_every_primitive_is_in_the_manual(name: str) -> None:
    assert re.search(rf"\b{name}\b", IN_CODE)


def test_every_keyword_is_in_the_manual() -> None:
    grammar = files("rvx.description").joinpath("grammar.lark").read_text(encoding="utf-8")
    rules = grammar[: grammar.index("core:")] + "".join(re.findall(r"^[A-Z].*", grammar, re.M))
    for keyword in set(re.findall(r'"([a-z]{2,})"', rules)) - {"reads", "owes", "resume", "is"}:
        assert re.search(rf"\b{keyword}\b", IN_CODE), keyword


def test_every_setting_of_every_family_is_in_the_manual() -> None:
    for family, declared in FAMILIES.items():
        for word in (family, *declared.settings):
            assert re.search(rf"\b{word}\b", IN_CODE), f"{family}: {word}"
    for mode in Rounding:
        assert f"`{mode.name.lower()}`" in MANUAL


def test_the_manual_is_at_most_three_pages() -> None:
    text = re.sub(r"^```isa.*?^```", "", MANUAL, flags=re.M | re.S)
    assert len(text.split()) <= 1900
    assert len(MANUAL.splitlines()) <= 300
    assert max(map(len, MANUAL.splitlines())) <= 260  # rows of tables
