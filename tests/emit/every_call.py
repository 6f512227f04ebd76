"""A C file that calls every intrinsic once, and what each call's instruction must be.

What is expected does not follow the header's own way from parameters to bits: a parameter is
looked up by the name that the description gives the operand, registers are those of the ILP32F
calling convention, and the word is left to `Instruction.encode`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from rvx.emit.derive import derive
from rvx.emit.intrinsic import Constant, Intrinsic, Value
from rvx.model.machine import Alias, FromOperand, Instruction, Machine

RENAMED = {"register": "register_"}  # what C takes for a keyword


@dataclass(frozen=True)
class Call:
    """One function of the C file."""

    symbol: str
    text: str
    instruction: Instruction
    constants: dict[str, int]  # the target's fields
    registers: dict[str, int]


def every_call(machine: Machine, seed: int) -> list[Call]:
    chosen = random.Random(seed)
    return [
        _call(machine, intrinsic, f"call_{i}", chosen)
        for i, intrinsic in enumerate(derive(machine).intrinsics)
    ]


def _call(machine: Machine, intrinsic: Intrinsic, symbol: str, chosen: random.Random) -> Call:
    arguments: list[str] = []
    parameters: list[str] = []
    constants: dict[str, int] = {}
    registers: dict[str, int] = {}
    counts = {"x": 10, "f": 10}  # a0 and fa0
    for parameter in intrinsic.arguments:
        match parameter:
            case Constant(name):
                constants[name] = _value(parameter, chosen)
                arguments.append(str(constants[name]))
            case Value(name, type):
                by_pointer = parameter.is_written and parameter is not intrinsic.result
                home = "x" if by_pointer else parameter.file.name
                if not by_pointer:
                    registers[name] = counts[home]
                counts[home] += 1
                arguments.append(name)
                parameters.append(f"{type.name} {'*' if by_pointer else ''}{name}")
    result = intrinsic.result
    if result and not result.is_read:
        registers[result.name] = 10  # a result that is read stays where it came
    if any(v.is_written and v is not result for v in intrinsic.values):
        registers.clear()  # loaded and stored through pointers: any register will do
    for value in intrinsic.values:
        if value.register:
            registers[value.name] = value.file.index_of(value.register) or 0
    returned = f"{result.type.name} " if result else "void "
    back = "return " if result else ""
    head = f"{returned}{symbol}({', '.join(parameters) or 'void'})"
    text = f"{head};\n{head} {{ {back}{intrinsic.name}({', '.join(arguments)}); }}\n"
    return Call(
        symbol,
        text,
        intrinsic.instruction,
        _of_fields(machine, intrinsic, constants),
        _of_fields(machine, intrinsic, registers),
    )


def _value(constant: Constant, chosen: random.Random) -> int:
    """A bound, or anything between."""
    allowed = range(constant.low, constant.high + 1, constant.step)
    values = [allowed[0], allowed[-1], *chosen.choices(allowed, k=9)]
    return chosen.choice([v for v in values if v not in constant.refused])


def _of_fields(machine: Machine, intrinsic: Intrinsic, values: dict[str, int]) -> dict[str, int]:
    """What the fields of the instruction must be, given the parameters."""
    alias = _alias(machine, intrinsic)
    found: dict[str, int] = {}
    for name, operand in intrinsic.instruction.operands.items():
        given = alias.arguments[name] if alias else FromOperand(name)
        first = getattr(operand, "first", 0)
        match given:
            case FromOperand(own, negated):
                c_name = RENAMED.get(own, own)
                if c_name in values:
                    found[name] = (-values[c_name] if negated else values[c_name]) - first
            case int(value):
                found[name] = value
    return found


def _alias(machine: Machine, intrinsic: Intrinsic) -> Alias | None:
    """The alias whose name and target the intrinsic has."""
    if not intrinsic.is_alias:
        return None
    mnemonic = intrinsic.title.split()[0]
    return next(
        alias
        for alias in machine.aliases
        if alias.mnemonic == mnemonic and alias.target is intrinsic.instruction
    )
