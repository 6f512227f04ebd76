"""Random programs: of what they are made, that they end, that they can be seen again."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from rvx.asm import assemble, link
from rvx.description import load_machine
from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.generator import generate
from rvx.verify.layout import lay_out
from rvx.verify.listing import listing
from rvx.verify.node import Line, leaves
from rvx.verify.shape import Shape

EVERYTHING = "rv32imfc_zicsr_zifencei_xdotp_xposit"
OWN = """
extension Xown requires F {
  format tiny = float(exponent: 3, fraction: 4);
  registers q[8]: 32;
  instruction own.swap  rd: x, rs1: x  is R(opcode = 0b0101011, funct3 = 0, funct7 = 1, rs2 = 0)
  { rd = {rs1[7:0], rs1[31:8]}; }
  instruction own.dot  rd: f<fp32>, rs1: f<* x tiny>, rs2: f<* x tiny>
    is R(opcode = 0b0101011, funct3 = 1, funct7 = 1)
  { rd = rd + sum(rs1[i] * rs2[i] for i in rs1); }
}
"""


@pytest.fixture(scope="module")
def machine():
    return load_machine(EVERYTHING)


def lines(source):
    return [leaf for leaf in leaves(source.nodes) if isinstance(leaf, Line)]


def test_every_instruction_of_every_extension_occurs(machine):
    seen = Counter()
    for seed in range(40):
        seen.update(line.instruction.mnemonic for line in lines(generate(machine, seed)))
    assert set(seen) == set(machine.instructions)


def test_a_seed_gives_one_program(machine):
    images = [lay_out(machine, generate(machine, 7)) for _ in range(2)]
    assert images[0].code == images[1].code
    assert images[0].data == images[1].data
    assert lay_out(machine, generate(machine, 8)).code != images[0].code


def test_a_thousand_instructions_take_less_than_a_second(machine):
    start = time.process_time()
    lay_out(machine, generate(machine, 1, Shape(size=1000)))
    assert time.process_time() - start < 1


def test_programs_end_and_branch_and_trap(machine):
    simulator = Simulator(isa=EVERYTHING, timing=False, ram=place.RAM, engine="reference")
    causes = set()
    for seed in range(8):
        source = generate(machine, seed, Shape(steps=3000, patches=True))
        image = lay_out(machine, source)
        simulator.load(image.program(machine))
        result = simulator.run(source.steps)
        assert result.status == 0
        log = image.addresses["log"]
        for entry in range(log, log + place.LOG_BYTES, place.LOG_ENTRY):
            causes.add(simulator.memory.load(entry, 4))
    assert causes >= {2, 3, 11}
    assert causes & {5, 7}
    assert causes & {0x8000_0003, 0x8000_0007}


@pytest.mark.parametrize("isa", ["rv32i", "rv32imc", "rv32imf", EVERYTHING])
def test_the_listing_assembles_to_the_same_program(isa):
    machine = load_machine(isa)
    image = lay_out(machine, generate(machine, 3))
    program = link([assemble(listing(machine, image, "seed 3"), machine, file="random.S")])
    contents = b"".join(section.contents for section in program.sections if section.address)
    between = image.data_at - place.BASE - len(image.code)
    assert contents.startswith(image.code + bytes(between) + image.data.rstrip(b"\0"))
    assert program.symbols["tohost"] == image.addresses["tohost"]


def test_an_instruction_of_the_users_own_joins_by_itself(tmp_path: Path):
    (tmp_path / "own.isa").write_text(OWN, encoding="utf-8")
    machine = load_machine("rv32imf_xown", [tmp_path / "own.isa"])
    seen = {line.instruction.mnemonic for s in range(8) for line in lines(generate(machine, s))}
    assert {"own.swap", "own.dot"} <= seen


def test_what_is_left_out_does_not_occur(machine):
    shape = Shape(left_out=frozenset(["wfi", "fdiv.s", "mret", "beq"]))
    seen = {
        line.instruction.mnemonic for s in range(8) for line in lines(generate(machine, s, shape))
    }
    assert not seen & {"wfi", "fdiv.s", "beq"}
