"""Fields for any instruction: drawn by the kinds of its operands, with hazards between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from random import Random

from rvx.model import ir
from rvx.model.machine import (
    Address,
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LettersOperand,
    Machine,
    Operand,
    RegisterOperand,
    RoundingOperand,
)
from rvx.model.walk import nodes

INTEGER = "x"
_TRIES = 200


class Operands:
    """Draws fields. Registers written lately are read more often than others."""

    def __init__(self, machine: Machine, random: Random, csrs: Collection[int]) -> None:
        self._random = random
        self._csrs = tuple(csrs)
        known = [code for code, mode in machine.roundings.items() if mode is not None]
        self._known_modes = known
        self._dynamic = [code for code, mode in machine.roundings.items() if mode is None]
        self._recent: dict[str, deque[int]] = {name: deque(maxlen=4) for name in machine.files}

    def fields(
        self, instruction: Instruction, kept: Collection[int], **fixed: int
    ) -> dict[str, int] | None:
        """Fields with which it is this instruction and writes no integer register in `kept`;
        None where no such are found."""
        for _ in range(_TRIES):
            fields = {**self._draw(instruction, fixed), **fixed}
            if not instruction.matches(instruction.encode(**fields)):  # `where rs2 != 0`
                continue
            written = list(registers_written(instruction, fields))
            if any(file == INTEGER and number in kept for file, number in written):
                continue
            for file, number in written:
                self._recent[file].append(number)
            return fields
        return None

    def _draw(self, instruction: Instruction, fixed: Mapping[str, int]) -> dict[str, int]:
        used: list[int] = []
        fields = {}
        for name, operand in instruction.operands.items():
            if name in fixed:
                continue
            if isinstance(operand, RegisterOperand):
                fields[name] = self._register(operand, used, name in instruction.reads)
                used.append(fields[name])
            else:
                fields[name] = self._constant(operand)
        return fields

    def _register(self, operand: RegisterOperand, used: list[int], is_read: bool) -> int:
        random, high = self._random, operand.field.high
        kind = random.random()
        if kind < 0.15 and used:
            return min(random.choice(used), high)
        recent = [n - operand.first for n in self._recent[operand.file.name]]
        recent = [n for n in recent if 0 <= n <= high]
        if recent and kind < (0.6 if is_read else 0.25):
            return random.choice(recent)
        return random.randint(0, min(high, operand.file.count - 1 - operand.first))

    def _constant(self, operand: Operand) -> int:
        random, field = self._random, operand.field
        match operand:
            case CsrOperand():
                return random.choice(self._csrs) if self._csrs else 0
            case RoundingOperand():
                if self._dynamic and random.random() < 0.5:
                    return random.choice(self._dynamic)
                if random.random() < 0.97:
                    return random.choice(self._known_modes)
                return random.randint(0, field.high)
            case LettersOperand():
                return random.randint(0, field.high)
        step = 1 << field.lowest
        if random.random() < 0.3:
            near = (field.low, field.high, 0, step, -step if field.low else step)
            return random.choice(near)
        return random.randrange(field.low, field.high + 1, step)


def registers_written(
    instruction: Instruction, fields: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """File and number of the registers that it writes with these fields, the implicit ones too."""
    long, arguments = instruction.expand(fields)
    for name in long.writes:
        operand = long.operands[name]
        assert isinstance(operand, RegisterOperand)
        yield operand.file.name, operand.first + arguments[name]
    for node in nodes(long.body):
        if isinstance(node, ir.SetRegister) and node.operand is None:
            yield node.file, node.index


def address_of(instruction: Instruction) -> Address | None:
    """Its operand of the shape `offset(base)`."""
    return next((item for item in instruction.syntax if isinstance(item, Address)), None)


def target_of(instruction: Instruction) -> ImmediateOperand | None:
    """Its operand that is added to pc."""
    for operand in instruction.operands.values():
        if isinstance(operand, ImmediateOperand) and operand.is_target:
            return operand
    return None
