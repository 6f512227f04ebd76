"""One instruction on given operand values: the quickest way to see what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rvx.description import DEFAULT_ISA, load_machine
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.reference.storage import TrapRaised

_RAM = range(0x8000_0000, 0x8010_0000)


@dataclass(frozen=True)
class Executed:
    """What an instruction left behind. All values are bits, unsigned."""

    operands: Mapping[str, int]  # every register operand, after the instruction
    states: Mapping[str, int]  # every state that has one element
    fflags: int  # what it raised
    pc: int  # the next pc, relative to the instruction
    word: int  # its encoding, with the registers that were used


def execute(
    mnemonic: str,
    *,
    isa: str = DEFAULT_ISA,
    extra: Sequence[str | Path] = (),
    options: Mapping[str, str] | None = None,
    states: Mapping[str, int] | None = None,
    memory: Mapping[int, bytes] | None = None,
    **operands: int,
) -> Executed:
    """Run one instruction by the reference.

    Register operands are given as the bits that they hold (default 0), each in a register of its
    own; immediates, csr and rm as the field's value. `states` sets states by name (frm, quire),
    `memory` bytes by address (RAM from 0x80000000 to 0x80100000). Raises KeyError for an unknown
    name, FieldError for an immediate out of range, TrapRaised where the instruction traps.

    >>> execute("fmul.s", rs1=0x40000000, rs2=0x40400000).operands["rd"] == 0x40C00000
    True
    """
    machine = load_machine(isa, extra, options)
    if mnemonic not in machine.instructions:
        raise KeyError(f"{machine.isa} has no instruction '{mnemonic}'")
    instruction = machine.instructions[mnemonic]
    _check_names(machine, instruction, operands, states or {})
    hart = Hart(machine, Memory([_RAM]))
    hart.pc = _RAM.start
    for address, data in (memory or {}).items():
        hart.memory.write(address, data)
    for name, value in (states or {}).items():
        hart.states[name][0] = value & (1 << machine.states[name].width) - 1
    fields = _place(hart, instruction, operands)
    word = instruction.encode(**fields)
    bound = hart.bind(word)
    if bound is None:
        raise TrapRaised(2, word)
    hart.execute(bound)
    raised = hart.flags
    hart.commit(bound)
    return Executed(
        operands={
            name: hart.registers[operand.file.name][operand.first + fields[name]]
            for name, operand in instruction.operands.items()
            if isinstance(operand, RegisterOperand)
        },
        states={name: values[0] for name, values in hart.states.items() if len(values) == 1},
        fflags=raised,
        pc=hart.pc - _RAM.start & (1 << machine.xlen) - 1,
        word=word,
    )


def _check_names(
    machine: Machine,
    instruction: Instruction,
    operands: Mapping[str, int],
    states: Mapping[str, int],
) -> None:
    for name in operands:
        if name not in instruction.operands:
            raise KeyError(
                f"{instruction.mnemonic} has no operand '{name}'; it has "
                + ", ".join(instruction.operands)
            )
    for name in states:
        if name not in machine.states:
            raise KeyError(f"{machine.isa} has no state '{name}'")


def _place(hart: Hart, instruction: Instruction, operands: Mapping[str, int]) -> dict[str, int]:
    """Put each register operand's value into a register of its own; returns all fields."""
    fields: dict[str, int] = {}
    used = 0
    for name, operand in instruction.operands.items():
        if isinstance(operand, RegisterOperand):
            used += 1
            number = used if operand.file.zero != used else used + 8
            fields[name] = number - operand.first
            mask = (1 << operand.file.width) - 1
            hart.registers[operand.file.name][number] = operands.get(name, 0) & mask
        elif name in operands:
            fields[name] = operands[name]
        elif name != "rm":
            fields[name] = 0
    return fields
