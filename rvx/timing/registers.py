"""The registers of an instruction word, and what makes an instruction a floating-point one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes
from rvx.number import Fixed
from rvx.timing.state import Register, Registers

# The register file of the base instruction set (unprivileged manual, chapter 2).
_INTEGER_FILE = "x"


_Operand: TypeAlias = tuple[str, str, int]  # its file, its name, the number of the first register


class RegisterUse:
    """What registers the words of an instruction (None: of none) read and write."""

    def __init__(self, instruction: Instruction | None) -> None:
        self._reads: list[_Operand] = []
        self._writes: list[_Operand] = []
        self._always_reads: set[Register] = set()
        self._always_writes: set[Register] = set()
        if instruction is None:
            return
        for name, operand in instruction.operands.items():
            if isinstance(operand, RegisterOperand):
                found = operand.file.name, name, operand.first
                if name in instruction.reads:
                    self._reads.append(found)
                if name in instruction.writes:
                    self._writes.append(found)
        for node in nodes(instruction.body):
            match node:
                case ir.FixedRegister(file, index):
                    self._always_reads.add((file, index))
                case ir.SetRegister(None, file, index):
                    self._always_writes.add((file, index))

    def reads(self, fields: Mapping[str, int]) -> Registers:
        return _named(self._reads, fields, self._always_reads)

    def writes(self, fields: Mapping[str, int]) -> Registers:
        return _named(self._writes, fields, self._always_writes)


def _named(operands: list[_Operand], fields: Mapping[str, int], always: set[Register]) -> Registers:
    found = [(file, fields[name] + first) for file, name, first in operands]
    return frozenset([*found, *always] if always else found)


def zero_registers(machine: Machine) -> Registers:
    """The registers that always read as zero: there is never a reason to wait for them."""
    files = machine.files.values()
    return frozenset((file.name, file.zero) for file in files if file.zero is not None)


def is_floating(machine: Machine, instruction: Instruction) -> bool:
    """Whether it touches a register file other than x, or works on numbers that are no integers.

    Loads and stores of such registers are included.
    """
    for operand in instruction.operands.values():
        if isinstance(operand, RegisterOperand) and operand.file.name != _INTEGER_FILE:
            return True
    return any(_is_fractional(machine, node) for node in nodes(instruction.body))


def _is_fractional(machine: Machine, node: object) -> bool:
    match node:
        case ir.Named(_, format):
            return not isinstance(format, Fixed)
        case ir.Choice(formats=formats):
            return not all(isinstance(format, Fixed) for format in formats)
        case ir.State(name) | ir.SetState(name):
            held = machine.states[name].format
            return held is not None and _is_fractional(machine, held)
    return False
