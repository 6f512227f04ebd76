"""One instruction word on many operands, in one native call, and by the reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from one_instruction import COUNTED, PC, Draw, Pair, Start

from rvx.jit.layout import Place
from rvx.jit.region import Reason
from rvx.model.machine import Machine, RegisterOperand


def operands_of(pair: Pair) -> list[Place]:
    """The registers that the operands name, but for those that are always zero."""
    found = [
        Place("register", operand.file.name, operand.first + pair.bound.fields[name])
        for name, operand in pair.bound.instruction.operands.items()
        if isinstance(operand, RegisterOperand)
        and operand.first + pair.bound.fields[name] != operand.file.zero
    ]
    return list(dict.fromkeys(found))


def draw_rows(draw: Draw, pair: Pair, count: int) -> list[Start]:
    """Starts that differ in the operands and the states."""
    base, rows = draw.start(pair.modes), []
    for _ in range(count):
        registers = {name: list(values) for name, values in base.registers.items()}
        for _, name, index in operands_of(pair):
            registers[name][index] = draw.values.register(draw.machine.files[name])
        rows.append(Start(registers, draw.states(pair.modes), base.ram))
    return rows


def agree_on_rows(pair: Pair, starts: Sequence[Start]) -> None:
    """As `Pair.agree`, of the operands' registers, the states and pc. RAM is not accessed."""
    machine, hart = pair.machine, pair.hart
    places = operands_of(pair) + [
        Place("state", state.name, index)
        for state in machine.states.values()
        if not state.mode and state.name not in COUNTED
        for index in range(state.count)
    ]
    given = {place: _column(machine, place, starts) for place in places}
    found = pair.single.batch(given, places)
    for row, start in enumerate(starts):
        for name, values in start.registers.items():
            hart.registers[name][:] = values
        for name, values in start.states.items():
            hart.states[name][:] = values
        hart.pc = PC
        hart.execute(pair.bound)
        hart.commit(pair.bound)
        assert found.reason[row] != Reason.BAIL, pair.inputs(start)
        assert found.pc[row] == hart.pc, pair.inputs(start)
        for place, column in found.values.items():
            space, name, index = place
            expected = (hart.registers if space == "register" else hart.states)[name][index]
            value = _joined(column[row])
            assert value == expected, (place, hex(value), hex(expected), pair.inputs(start))


def _column(machine: Machine, place: Place, starts: Sequence[Start]) -> np.ndarray:
    """A place's values in 64-bit words, least significant first."""
    space, name, index = place
    width = machine.files[name].width if space == "register" else machine.states[name].width
    values = [(s.registers if space == "register" else s.states)[name][index] for s in starts]
    words = max((width + 63) // 64, 1)
    data = b"".join(value.to_bytes(8 * words, "little") for value in values)
    found = np.frombuffer(data, "<u8")
    return found if words == 1 else found.reshape(len(starts), words)


def _joined(words: np.ndarray | np.uint64) -> int:
    return int.from_bytes(np.asarray(words, "<u8").tobytes(), "little")
