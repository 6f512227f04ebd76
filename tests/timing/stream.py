"""Runs a stream of instructions through the pipeline of a core written in a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rvx.description import known_names, load_machine
from rvx.description.parse import parse_text
from rvx.description.syntax import CoreDeclaration
from rvx.model.machine import Instruction, Machine, RoundingOperand, operands_of
from rvx.timing import Outcome, Pipeline

ISA = "rv32imf_zicsr_zifencei_xdotp_xposit"
NOP = "addi x0, x0, 0"


@dataclass
class Do:
    """An instruction, what it did, and where the next one lies (by default behind it)."""

    text: str
    outcome: Outcome = field(default_factory=Outcome)
    to: int | None = None
    behind: str = NOP  # what a taken branch kills


def taken(text: str, to: int, behind: str = NOP) -> Do:
    return Do(text, Outcome(taken=True), to, behind)


def access(text: str, address: int, size: int = 4) -> Do:
    return Do(text, Outcome(address=address, size=size))


@dataclass
class Stream:
    """A pipeline and the instructions that have gone through it."""

    pipeline: Pipeline
    machine: Machine
    pc: int = 0
    behind: str = NOP

    def issue(self, item: str | Do) -> int:
        """Put one instruction through; the cycle in which it leaves decode."""
        do = Do(item) if isinstance(item, str) else item
        self.behind = do.behind
        cycle = self.pipeline.issue(*decoded(self.machine, do.text), self.pc)
        self.pipeline.retire(do.outcome)
        self.pc = self.pc + 4 if do.to is None else do.to
        return cycle


def stream(rules: str, isa: str = ISA, **parameters: int) -> Stream:
    """A core with these rules. Expressions over operands give `Outcome.frame`."""
    return stream_of(core(rules, parameters), isa, parameters)


def stream_of(
    declared: CoreDeclaration, isa: str = ISA, parameters: Mapping[str, int] | None = None
) -> Stream:
    def frame(*_: Any) -> Callable[[Any], int]:
        return lambda frame: frame

    machine = load_machine(isa)
    pipeline = Pipeline(
        machine,
        declared,
        parameters or {},
        known=known(),
        compile_expression=frame,
        peek=lambda _: decoded(machine, made.behind),
    )
    made = Stream(pipeline, machine)
    return made


def core(rules: str, parameters: Mapping[str, int] | None = None) -> CoreDeclaration:
    """The core with these rules; each parameter may be 0 to 9."""
    names = ", ".join(f"{name}: 0..9 = 0" for name in parameters or {})
    text = f"core made{f'({names})' if names else ''} {{\n{rules}\n}}"
    (declared,) = parse_text(text, "made.isa").declarations
    assert isinstance(declared, CoreDeclaration)
    return declared


def cycles(rules: str, *items: str | Do, **parameters: int) -> list[int]:
    """The cycle in which each of the instructions leaves decode."""
    made = stream(rules, **parameters)
    return [made.issue(item) for item in items]


@cache
def known() -> frozenset[str]:
    return known_names()


def decoded(machine: Machine, text: str) -> tuple[Instruction | None, dict[str, int], int]:
    """`lw x5, 8(x6)`: a mnemonic and its operands as numbers, in the order of the signature."""
    if text == "illegal":
        return None, {}, 0xFFFFFFFF
    mnemonic, _, rest = text.partition(" ")
    instruction = machine.instructions[mnemonic]
    operands = [o for o in operands_of(instruction.syntax) if not isinstance(o, RoundingOperand)]
    numbers = [int(number, 0) for number in re.findall(r"0x[0-9a-f]+|-?\d+", rest)]
    fields = {o.name: n for o, n in zip(operands, numbers, strict=True)}
    word = instruction.encode(**fields)
    return instruction, instruction.decode(word), word
