"""One instruction to try, with the state it is to find: drawn from the machine's own model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from rvx.model.machine import (
    Address,
    CsrOperand,
    ImmediateOperand,
    Instruction,
    LanesView,
    LettersOperand,
    Machine,
    NumberView,
    Operand,
    RegisterOperand,
    RoundingOperand,
)

from .layout import DATA
from .values import Values

# CSRs that both machines have (two cannot be written), and an address where neither has one.
CSRS = ("fflags", "frm", "fcsr", "mscratch", "mvendorid", "mhartid")
UNKNOWN_CSR = 0x8FF
# Values of frm; in an rm field 7 is not reserved.
STANDARD_MODES, RESERVED_MODES, DYNAMIC = range(5), (5, 6, 7), 7


@dataclass(frozen=True, slots=True)
class Case:
    """The instruction at `pc`, and what is set before it: registers (file, number, value) in
    order, and states."""

    instruction: Instruction
    fields: Mapping[str, int]
    long: Instruction  # what a short form stands for, else the same
    arguments: Mapping[str, int]  # its fields
    word: int
    pc: int
    registers: list[tuple[str, int, int]]
    states: dict[str, int]


class Generator:
    """Draws cases for any instruction of a machine, by the types of its operands."""

    def __init__(self, machine: Machine, random: Random) -> None:
        self._random = random
        self._values = Values(random)
        self._align = machine.ialign
        self._has_frm = "frm" in machine.states
        # An extension may add modes that unicorn lacks.
        self._reserved = [code for code in RESERVED_MODES if not machine.roundings.get(code)]
        self._csrs = [machine.csrs[name].address for name in CSRS if name in machine.csrs]
        self._csrs.append(UNKNOWN_CSR)

    def case(self, instruction: Instruction, pc: int) -> Case:
        fields = self._fields(instruction)
        while not instruction.matches(instruction.encode(**fields)):  # `where rs2 != 0`
            fields = self._fields(instruction)
        self._avoid_low_addresses(instruction, fields)
        word = instruction.encode(**fields)
        long, arguments = instruction.expand(fields)
        registers = list(self._sources(long, arguments))
        for item in long.syntax:
            if isinstance(item, Address):
                registers += self._base(long, item, arguments, pc)
        states = self._states(long, pc)
        return Case(instruction, fields, long, arguments, word, pc, registers, states)

    # Fields

    def _fields(self, instruction: Instruction) -> dict[str, int]:
        fields: dict[str, int] = {}
        used: list[int] = []  # numbers of registers
        for name, operand in instruction.operands.items():
            if isinstance(operand, RegisterOperand):
                fields[name] = self._register(operand, used)
                used.append(fields[name])
            else:
                fields[name] = self._constant(operand)
        return fields

    def _register(self, operand: RegisterOperand, used: list[int]) -> int:
        kind = self._random.random()
        if kind < 0.25 and used:
            return self._random.choice(used)
        if kind > 0.94 and operand.file.zero is not None:
            return operand.file.zero
        return self._random.randint(0, operand.field.high)

    def _constant(self, operand: Operand) -> int:
        random, field = self._random, operand.field
        match operand:
            case ImmediateOperand(is_target=is_target):
                step = self._align if is_target else 1 << field.lowest
                high = field.high & -step
                if random.random() < 0.3:
                    return random.choice([field.low, high, 0, step, -step if field.low else step])
                return random.randrange(field.low, high + 1, step)
            case CsrOperand():
                return random.choice(self._csrs)
            case RoundingOperand():
                kind = random.random()
                if kind < 0.5:
                    return random.choice(STANDARD_MODES)
                return DYNAMIC if kind < 0.95 else random.choice(self._reserved)
            case LettersOperand():
                return random.randint(0, field.high)
        raise AssertionError(operand)

    # State

    def _states(self, instruction: Instruction, pc: int) -> dict[str, int]:
        random = self._random
        states = {}
        if self._has_frm:
            modes = STANDARD_MODES if random.random() < 0.95 else self._reserved
            states["frm"] = random.choice(modes)
            states["fflags"] = random.getrandbits(5) if random.random() < 0.3 else 0
        if "csr" in instruction.classes:
            states["mscratch"] = self._values.words(32, 1)[0]
        if "jump" in instruction.classes and not instruction.operands:  # mret
            states["mepc"] = self._near(pc)
            states["mpp"] = 3
            states["mie_bit"], states["mpie"] = random.getrandbits(1), random.getrandbits(1)
        return states

    def _near(self, pc: int) -> int:
        return pc + self._random.randrange(-0x1_0000, 0x1_0000, self._align)

    def _sources(
        self, instruction: Instruction, fields: Mapping[str, int]
    ) -> Iterator[tuple[str, int, int]]:
        """Values for most of the source registers; the others keep what they happen to hold."""
        operands = [instruction.operands[name] for name in instruction.reads]
        drawn: dict[object, list[int]] = {}
        for operand in operands:
            assert isinstance(operand, RegisterOperand)
            values = drawn.setdefault(operand.view, self._values_of(operand, len(operands)))
            value, number = values.pop(), operand.first + fields[operand.name]
            if number != operand.file.zero and self._random.random() < 0.85:
                yield operand.file.name, number, value

    def _values_of(self, operand: RegisterOperand, count: int) -> list[int]:
        match operand.view:
            case NumberView(format):
                return self._values.numbers(format, count)
            case LanesView(format, width, lanes):
                rows = [self._values.numbers(format, lanes) for _ in range(count)]
                return [sum(lane << width * i for i, lane in enumerate(row)) for row in rows]
        return self._values.words(operand.file.width, count)

    def _avoid_low_addresses(self, instruction: Instruction, fields: dict[str, int]) -> None:
        """From x0 reach TOP, by a negative offset, and no code."""
        for item in instruction.syntax:
            if not isinstance(item, Address):
                continue
            base = item.base
            assert isinstance(base, RegisterOperand)
            if base.first + fields[base.name] != base.file.zero:
                continue
            if item.offset is None or "jump" in instruction.classes:
                fields[base.name] += 1
            else:
                fields[item.offset.name] = self._random.randint(item.offset.field.low, -8)

    def _base(
        self, instruction: Instruction, item: Address, fields: Mapping[str, int], pc: int
    ) -> Iterator[tuple[str, int, int]]:
        """The base register that makes the address one to try."""
        random, base = self._random, item.base
        assert isinstance(base, RegisterOperand)
        number = base.first + fields[base.name]
        if number == base.file.zero:
            return
        if "jump" in instruction.classes:
            address = self._near(pc) | random.getrandbits(1)  # jalr clears the lowest bit
        elif random.random() < 0.03:  # at the end of memory: some of these fault
            # Unicorn leaves the first bytes of a faulting store behind, so stores do not straddle.
            steps = (-8, 0, 1, 4) if "store" in instruction.classes else range(-4, 5)
            address = DATA.stop + random.choice(steps)
        else:
            address = random.choice(DATA[:-8])
        offset = fields[item.offset.name] if item.offset is not None else 0
        yield base.file.name, number, address - offset & 0xFFFF_FFFF
