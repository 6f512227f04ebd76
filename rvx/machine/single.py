"""One instruction on given operand values: the quickest way to see what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import index
from pathlib import Path

from rvx.description import DEFAULT_ISA, load_machine
from rvx.machine.hart import ILLEGAL, Hart
from rvx.machine.memory import Memory
from rvx.model.machine import (
    CsrOperand,
    Instruction,
    Machine,
    Operand,
    RegisterOperand,
    RoundingOperand,
)
from rvx.model.statement import SetRegister
from rvx.model.walk import nodes
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
    registers: Mapping[str, int]  # every register that it wrote, as x5
    memory: Mapping[int, bytes]  # what it stored, by address


def execute(
    mnemonic: str,
    *,
    isa: str = DEFAULT_ISA,
    extra: Sequence[str | Path] | str | Path = (),
    options: Mapping[str, str] | None = None,
    states: Mapping[str, int] | None = None,
    registers: Mapping[str, int] | None = None,
    memory: Mapping[int, bytes] | None = None,
    **operands: int | str,
) -> Executed:
    """Run one instruction by the reference.

    Register operands are given as the bits that they hold (default 0), each in a register of its
    own; immediates as the field's value, csr and rm so or by name. `states` sets states by name
    (frm, quire), `registers` those that the instruction itself names (sp), `memory` bytes by
    address (RAM from 0x80000000 to 0x80100000). Raises KeyError for an unknown name, FieldError
    for an immediate out of range, TrapRaised where the instruction traps.

    >>> execute("fmul.s", rs1=0x40000000, rs2=0x40400000).operands["rd"] == 0x40C00000
    True
    """
    files = [extra] if isinstance(extra, str | Path) else extra
    machine = load_machine(isa, files, options)
    if mnemonic not in machine.instructions:
        raise KeyError(f"{machine.isa} has no instruction '{mnemonic}'")
    instruction = machine.instructions[mnemonic]
    hart = Hart(machine, Memory([_RAM]))
    hart.pc = _RAM.start
    for address, data in (memory or {}).items():
        hart.memory.write(address, data)
    for name, value in (states or {}).items():
        if name not in machine.states:
            raise KeyError(f"{machine.isa} has no state '{name}'")
        hart.states[name][0] = value & (1 << machine.states[name].width) - 1
    taken = {_set_register(hart, name, value) for name, value in (registers or {}).items()}
    fields = _place(hart, instruction, operands, taken)
    word = instruction.encode(**fields)
    bound = hart.bind(word)
    if bound is None:
        raise TrapRaised(ILLEGAL, word)
    hart.execute(bound)
    raised = hart.flags
    stored = {address: value.to_bytes(size, "little") for address, size, value in hart.stores}
    written = [(values, number) for values, number, _, _ in hart.writes]
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
        registers={
            f"{name}{number}": file[number]
            for name, file in hart.registers.items()
            for values, number in written
            if values is file
        },
        memory=stored,
    )


def _set_register(hart: Hart, name: str, value: int) -> tuple[str, int]:
    """Give a register its value; returns its file and number."""
    for file in hart.machine.files.values():
        number = file.index_of(name)
        if number is not None and number != file.zero:
            hart.registers[file.name][number] = value & (1 << file.width) - 1
            return file.name, number
    raise KeyError(f"{hart.machine.isa} has no register '{name}' that can be set")


def _place(
    hart: Hart,
    instruction: Instruction,
    given: Mapping[str, int | str],
    taken: set[tuple[str, int]],
) -> dict[str, int]:
    """Put each register operand's value into a register of its own; returns all fields."""
    for name in given:
        if name not in instruction.operands:
            has = ", ".join(instruction.operands) or "none"
            raise KeyError(f"{instruction.mnemonic} has no operand '{name}'; it has {has}")
    written = {n.operand for n in nodes(instruction.body) if isinstance(n, SetRegister)}
    fields: dict[str, int] = {}
    for name, operand in instruction.operands.items():
        value = _number(hart.machine, operand, given.get(name, 0))
        if isinstance(operand, RegisterOperand):
            file = operand.file
            is_read_only = instruction.long is None and name not in written
            number = _register(operand, taken, may_be_zero=is_read_only and name not in given)
            taken.add((file.name, number))
            fields[name] = number - operand.first
            if number != file.zero:
                hart.registers[file.name][number] = value & (1 << file.width) - 1
        elif name in given or not isinstance(operand, RoundingOperand):
            fields[name] = value
    return fields


def _register(operand: RegisterOperand, taken: set[tuple[str, int]], *, may_be_zero: bool) -> int:
    """A register that the operand can name: the one that is always zero, if it may be, as in
    `csrrs rd, csr, x0`; else the first that is free."""
    file, first = operand.file, operand.first
    names = range(first, min(first + (1 << operand.field.top), file.count))
    if may_be_zero and file.zero is not None and file.zero in names:
        return file.zero
    return next(n for n in names if n != file.zero and (file.name, n) not in taken)


def _number(machine: Machine, operand: Operand, value: int | str) -> int:
    """The field's value, of a CSR or rounding mode also by name. Raises KeyError."""
    if not isinstance(value, str):
        return index(value)
    match operand:
        case CsrOperand() if value in machine.csrs:
            return machine.csrs[value].address
        case RoundingOperand() if value in machine.rounding_names:
            return machine.rounding_names[value]
    raise KeyError(f"'{value}' is no value of {operand.name}")
