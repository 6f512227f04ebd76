"""Every instruction of the number systems' extensions by both engines, on many operands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest
from one_instruction import Draw, Pair, Start
from operand_rows import agree_on_rows, draw_rows, operands_of

from rvx.description import load_machine
from rvx.model.machine import ImmediateOperand, Instruction, Machine

SYSTEMS = "xmx_xnvfp4_xvsq_xfp4_xluq_xdotp_xsmallfloat_xfvec_xacc"
FLEN = {32: f"rv32imf_{SYSTEMS}", 64: f"rv32imfd_{SYSTEMS}"}
OTHERS = frozenset({"Xposit", "Xamax"})
ROWS, SWEPT = 60, 3000


def instructions(flen: int) -> Iterator[tuple[Machine, Instruction]]:
    machine = load_machine(FLEN[flen])
    for instruction in machine.instructions.values():
        is_ours = instruction.extension[0] == "X" and instruction.extension not in OTHERS
        if is_ours and not instruction.classes & {"load", "store"}:
            yield machine, instruction


def modes_of(machine: Machine, instruction: Instruction) -> list[dict[str, int]]:
    """Every rounding mode with every value of the small modes of the extensions."""
    own = [
        state
        for state in machine.states.values()
        if state.mode and state.extension[0] == "X" and state.width <= 2
    ]
    frm = [code for code, mode in machine.roundings.items() if mode]
    choices = product(frm if instruction.rounds else frm[:1], *(range(1 << s.width) for s in own))
    return [
        {"fs": 3, "frm": one, **{s.name: v for s, v in zip(own, values, strict=True)}}
        for one, *values in choices
    ]


def near(draw: Draw, pair: Pair, count: int) -> list[Start]:
    """Scales close to one, so that sums meet the accumulator; lanes that are plain numbers."""
    rows = draw_rows(draw, pair, count)
    random = draw.random
    for row in rows:
        for _, name, index in operands_of(pair):
            width = draw.machine.files[name].width
            if name == "x":
                word = int.from_bytes(bytes(random.randint(110, 144) for _ in range(4)), "little")
            else:
                word = random.getrandbits(width)
                if random.random() < 0.5:  # a number between 2^-16 and 2^16
                    word = random.getrandbits(24) | random.randint(111, 143) << 23
                    word |= (1 << width) - (1 << 32)
            row.registers[name][index] = word
    return rows


def check(machine: Machine, instruction: Instruction, rows: int, modes: dict[str, int]) -> None:
    random = Random(f"{instruction.mnemonic} {modes}")
    draw = Draw(machine, random)
    fixed = {
        name: random.randrange(1 << operand.field.top)
        for name, operand in instruction.operands.items()
        if isinstance(operand, ImmediateOperand) and not operand.field.sliced
    }
    if instruction.rm:
        fixed["rm"] = 7
    word = instruction.encode(**draw.fields(instruction, **fixed))
    pair = Pair(machine, word, modes)
    agree_on_rows(pair, draw_rows(draw, pair, rows // 2) + near(draw, pair, rows // 2))


@pytest.mark.parametrize("flen", FLEN)
def test_operands(flen: int) -> None:
    for machine, instruction in instructions(flen):
        modes = modes_of(machine, instruction)
        chosen = Random(instruction.mnemonic).choice(modes)
        check(machine, instruction, ROWS, chosen)


@pytest.mark.sweep
@pytest.mark.parametrize("flen", FLEN)
def test_many_operands_in_every_mode(flen: int) -> None:
    for machine, instruction in instructions(flen):
        for modes in modes_of(machine, instruction):
            check(machine, instruction, SWEPT, modes)
