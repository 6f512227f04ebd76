"""No text makes a Python traceback: mutants of real descriptions are accepted or refused.

A mutant has tokens dropped, doubled, swapped, replaced or its integers changed. Those that are
accepted run, each instruction of the mutated text once on random registers.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from rvx.description import DescriptionError
from rvx.description.catalogue import declarations
from rvx.description.isa_string import parse_isa_string
from rvx.description.machine import build_machine
from rvx.description.parse import parse_text
from rvx.description.syntax import ExtensionDeclaration
from rvx.description.texts import description_files
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction, Machine
from rvx.reference.storage import TrapRaised

from .one import DATA, PC, RAM

TOKEN = re.compile(r"//[^\n]*|0[bx][0-9a-fA-F_]+|\w+|\.\.|[=!<>]=|<<|>>|\s+|.", re.S)
INTEGERS = ["0", "1", "2", "3", "31", "32", "33", "4096", "4294967296", "1" + "0" * 30]
OWN = sorted((Path(__file__).parent / "inventions").glob("*.isa"))
TEXTS = {f.name: f.read_text(encoding="utf-8") for f in (*description_files(), *OWN)}
WORDS = [t for text in TEXTS.values() for t in TOKEN.findall(text) if t.strip()]
MUTANTS_A_FILE = 20


def mutated(text: str, random: Random) -> str:
    tokens = TOKEN.findall(text)
    meaning = [i for i, t in enumerate(tokens) if t.strip() and not t.startswith("//")]
    for _ in range(random.choice([1, 1, 2, 3])):
        at, other = random.choice(meaning), random.choice(meaning)
        match random.randrange(6):
            case 0:
                tokens[at] = ""
            case 1:
                tokens[at] += " " + tokens[at]
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = random.choice(WORDS)
            case 4:
                tokens[at] = random.choice(INTEGERS)
            case _:
                for i in range(at, min(at + random.randrange(12), len(tokens))):
                    tokens[i] = ""
    return "".join(tokens)


def build(name: str, text: str) -> Machine:
    """The machine of every extension, with the text in the place of the file of that name."""
    own = parse_text(text, f"isa/{name}").declarations
    others = [d for d in declarations(()) if d.at.file != f"isa/{name}"]
    names = [d.name.id.lower() for d in own if isinstance(d, ExtensionDeclaration)]
    isa = "rv32imf_xdotp" + "".join(f"_{n}" for n in names if n[:1] == "x" and n.isalnum())
    return build_machine([*others, *own], parse_isa_string(isa), {})


def execute(machine: Machine, instruction: Instruction, random: Random) -> None:
    hart = Hart(machine, Memory([range(RAM, RAM + 0x10000)]))
    hart.pc = PC
    for file in machine.files.values():
        edges = [0, (1 << file.width) - 1, 1 << file.width - 1, DATA & (1 << file.width) - 1]
        hart.registers[file.name] = [
            random.choice([*edges, random.getrandbits(file.width)]) for _ in range(file.count)
        ]
    fields = {}
    for name, operand in instruction.operands.items():
        value = random.choice([operand.field.low, operand.field.high, 0])
        fields[name] = value >> operand.field.lowest << operand.field.lowest
    word = instruction.encode(**fields)
    if not instruction.matches(word):
        return
    try:
        bound = hart.bind(word)
        if bound is not None:
            hart.execute(bound)
            hart.commit(bound)
    except TrapRaised:
        pass


@pytest.mark.parametrize("name", TEXTS)
def test_a_mutant_is_accepted_or_refused(name: str) -> None:
    random = Random(name)
    for _ in range(MUTANTS_A_FILE):
        text = mutated(TEXTS[name], random)
        try:
            machine = build(name, text)
        except DescriptionError:
            continue
        for instruction in machine.instructions.values():
            if instruction.source.startswith(f"isa/{name}"):
                execute(machine, instruction, random)
