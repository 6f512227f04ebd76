"""Mutated descriptions: accepted or refused in one line; what is accepted runs.

A mutant is an excerpt: of an extension what all share, and a few of its instructions. Most mutants
of a whole file are refused for the same early reasons, and take ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from mutation import DEFAULT, SWEEP, check, mutated_text, mutated_tokens

from rvx.description import DescriptionError, known_names, load_core, load_machine
from rvx.emit import header
from rvx.machine.clock import CoreClock
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction, Machine
from rvx.reference.storage import TrapRaised

ROOT = Path(__file__).parents[2]
EXTENSIONS = [ROOT / "tests/asm/own.isa", *sorted((ROOT / "isa").glob("x*.isa"))]
CORES = sorted((ROOT / "isa/cores").glob("*.isa"))
ISA = "rv32imf_zicsr_zifencei"
RAM = range(0x8000_0000, 0x8001_0000)
MEMBERS = 3  # of an extension, in an excerpt
# A member and the comments before it, whose lines are indented by two; what only some need.
_MEMBER = re.compile(r"(?:^  //.*\n)*^  \w.*\n(?:^(?:   .*|  [{}].*)?\n)*", re.M)
_OPTIONAL = re.compile(r"^  (?:instruction|alias|for) ", re.M)
_WORDS = (
    *("instruction", "alias", "extension", "format", "state", "csr", "core", "unit", "execute"),
    *("{", "}", "(", ")", ";", "=", "rd", "rs1", "x", "f", "fp32", "is", "R(opcode = 0b0001011)"),
    *("1 << 99", "[7:0]", "for", "if", "sum(", "rs1[i]", "in", "..", "const", "let a = a;", "0b2"),
    *("-", "*", "/", "%", "<", "//", "é", "where", "choose", "xlen", "has(D)", "when", "latency"),
    *("rs1 / rs2", "sqrt(rs1)", "ones(9)", "1 << rs2", "x<* x fp16>", "f<i8>", "10 ** 9", "0.5"),
)


def excerpt(text: str, random: Random) -> str:
    """The text without most of the members of its extensions, which get names of their own."""
    members = [m for m in _MEMBER.finditer(text) if _OPTIONAL.search(m[0])]
    kept = random.sample(members, min(MEMBERS, len(members)))
    for member in reversed(members):
        if member not in kept:
            text = text[: member.start()] + text[member.end() :]
    return re.sub(r"^extension (\w+)", r"extension \1own", text, flags=re.M)


def mutated(text: str, random: Random) -> str:
    """Half of them as somebody mistypes, which parsers refuse; half with something else meant."""
    return random.choice((mutated_tokens(text, random), mutated_text(text, random, _WORDS)))


def run_once(machine: Machine, instruction: Instruction, random: Random) -> None:
    """On random registers; it may trap."""
    hart = Hart(machine, Memory([RAM]))
    hart.pc = RAM.start
    for file in machine.files.values():
        hart.registers[file.name] = [random.getrandbits(file.width) for _ in range(file.count)]
    fields = {}
    for name, operand in instruction.operands.items():
        value = random.choice([operand.field.low, operand.field.high, 0])
        fields[name] = value >> operand.field.lowest << operand.field.lowest
    word = instruction.encode(**fields)
    try:
        bound = hart.bind(word)
        if bound is not None:
            hart.execute(bound)
            hart.commit(bound)
    except TrapRaised:
        pass


@pytest.mark.parametrize(
    "count", [DEFAULT // 2, pytest.param(SWEEP, marks=pytest.mark.sweep)], ids=["some", "many"]
)
def test_extensions(tmp_path: Path, count: int) -> None:
    texts = [path.read_text(encoding="utf-8") for path in EXTENSIONS]
    path, shipped = tmp_path / "mutant.isa", set(load_machine(ISA).instructions)

    def inputs() -> Iterator[tuple[str, int]]:
        for seed in range(count):
            random = Random(seed)
            text = excerpt(random.choice(texts), random)
            yield mutated(text, random), seed

    def use(given: object) -> None:
        assert isinstance(given, tuple)
        text, seed = given
        path.write_text(text, encoding="utf-8")
        machine = load_machine(ISA, [path])
        for name, instruction in machine.instructions.items():
            if name not in shipped:
                run_once(machine, instruction, Random(seed))
        if seed % 20 == 0:
            header(machine)

    taken, refused = check(inputs(), use, (DescriptionError,))
    assert min(taken, refused) > count // 20


@pytest.mark.parametrize(
    "count", [DEFAULT // 5, pytest.param(SWEEP // 5, marks=pytest.mark.sweep)], ids=["some", "many"]
)
def test_cores(tmp_path: Path, count: int) -> None:
    texts = [path.read_text(encoding="utf-8") for path in CORES]
    path = tmp_path / "mutant.isa"
    machine = load_machine(ISA)

    def inputs() -> Iterator[str]:
        for seed in range(count):
            random = Random(seed)
            text = re.sub(r"^core \w+", "core mutant", random.choice(texts), flags=re.M)
            yield mutated(text, random)

    def use(text: object) -> None:
        path.write_text(str(text), encoding="utf-8")
        core = load_core("mutant", [path])
        hart = Hart(machine, Memory([RAM]))
        CoreClock(hart, core, {}, known_names([path]))

    taken, refused = check(inputs(), use, (DescriptionError,))
    assert min(taken, refused) > count // 20
