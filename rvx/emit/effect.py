"""What an instruction does besides giving its results: what a compiler has to be told.

An intrinsic that is a function of its operands alone may be moved, merged and removed; one that
reads the rounding mode or accrues flags must stay in order with those that set and read them; one
with any other effect stays where it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterFile, RegisterOperand
from rvx.model.walk import nodes
from rvx.number import Format

# The register files that a C compiler knows, and the constraints of `asm` that name them.
ALLOCATED = {"x": "r", "f": "f"}


class Order(Enum):
    """How freely a compiler may move an instruction."""

    FREE = "a function of its operands"
    MODE = "ordered: it reads a mode or accrues flags"
    STRICT = "ordered: it has effects beyond its results"


@dataclass(frozen=True)
class Effects:
    """The order it needs, and whether memory may be read or written around it."""

    order: Order
    memory: bool


def effects_of(machine: Machine, instruction: Instruction) -> Effects:
    """What a compiler has to be told about the instruction."""
    marks = {mark for file in machine.files.values() for mark in file.marks}
    body = tuple(statement for statement in instruction.body if statement not in marks)
    memory = strict = False
    mode = instruction.rounds or accrues_flags(instruction)
    for node in nodes(body):
        match node:
            case ir.Load() | ir.Store() | ir.CsrValue() | ir.SetCsr():
                memory = True
            case ir.State(name) if machine.states[name].mode:
                mode = True
            case ir.State() | ir.SetState() | ir.ProgramCounter() | ir.RaiseTrap():
                strict = True
            case ir.FixedRegister(file) | ir.SetRegister(_, file) if file not in ALLOCATED:
                strict = True
    files = [o.file.name for o in instruction.operands.values() if isinstance(o, RegisterOperand)]
    strict |= any(name not in ALLOCATED for name in files)
    if not any(isinstance(n, ir.SetRegister) for n in nodes(body)) and not strict:
        # Nothing that the description mentions: it is there for what others see, as a fence is.
        memory = True
    if strict or memory:
        return Effects(Order.STRICT, memory)
    return Effects(Order.MODE if mode else Order.FREE, False)


def accrues_flags(instruction: Instruction) -> bool:
    """Whether it may raise floating-point exception flags."""
    for node in nodes(instruction.body):
        match node:
            case ir.Encode(_, format) | ir.Rounded(_, format):
                if any(each.raises_flags for each in formats_of(format)):
                    return True
            case ir.CompareNumbers(op, left, right, quiet) if not (
                left.integral and right.integral
            ):
                if (not quiet and op not in ("==", "!=")) or _may_signal((left, right)):
                    return True
    return False


def _may_signal(compared: tuple[ir.Number, ir.Number]) -> bool:
    """Whether a number compared may be a signaling NaN."""
    return any(
        any(format.raises_flags for format in formats_of(node.format))
        for node in nodes(compared)
        if isinstance(node, ir.Decode)
    )


def formats_of(use: ir.FormatUse) -> tuple[Format, ...]:
    """The formats that it may be."""
    match use:
        case ir.Named(_, format):
            return (format,)
        case ir.Choice(_, _, _, formats):
            return formats


def keeps_bits(instruction: Instruction, file: RegisterFile, name: str | None, index: int) -> bool:
    """Whether bits of a register may survive the instruction, on any path through the body. The
    register is that of the operand `name`, or number `index` where there is none."""

    def written(body: tuple[ir.Statement, ...]) -> int:
        found = 0
        for statement in body:
            match statement:
                case ir.SetRegister(operand, where, number, low, value, fill):
                    if (operand, where, number) == (name, file.name, index):
                        bits = (1 << value.width) - 1 << low
                        found |= bits if fill is None else whole & -(1 << low)
                case ir.IfElse(_, then, otherwise):
                    found |= written(then) & written(otherwise)
        return found

    whole = (1 << file.width) - 1
    return written(instruction.body) != whole


def bits_read(instruction: Instruction, operand: RegisterOperand) -> int:
    """How many of the register's bits matter, from the lowest on."""
    slices, uses = [0], 0
    for node in nodes(instruction.body):
        match node:
            case ir.WordSlice(ir.Register(name), high) if name == operand.name:
                slices.append(high + 1)
            case ir.Register(name) if name == operand.name:
                uses += 1
    sliced_only = uses == len(slices) - 1
    return max(slices) if sliced_only else operand.file.width
