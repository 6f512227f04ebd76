"""An instruction on many operands at once: natively, over arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rvx.description import load_machine
from rvx.jit.layout import Place
from rvx.jit.region import Reason
from rvx.jit.single import Single
from rvx.model.machine import RegisterOperand

Words = NDArray[np.uint64]
_REGISTERS = {"rd": 10, "rs1": 11, "rs2": 12, "rs3": 13}


class Vectored:
    """An instruction of a machine, with each operand in a register of its own."""

    def __init__(
        self, isa: str, mnemonic: str, states: Mapping[str, int] | None = None, **fields: int
    ) -> None:
        machine = load_machine(isa)
        instruction = machine.instructions[mnemonic]
        self._operands = {
            name: Place("register", operand.file.name, _REGISTERS[name])
            for name, operand in instruction.operands.items()
            if isinstance(operand, RegisterOperand)
        }
        numbers = {name: _REGISTERS[name] for name in self._operands}
        if instruction.rm:
            fields = {"rm": 7, **fields}
        modes = {
            Place("state", name, 0): value for name, value in {"fs": 3, **(states or {})}.items()
        }
        self._single = Single(machine, instruction.encode(**numbers, **fields), modes=modes)

    def __call__(self, **operands: np.ndarray) -> tuple[Words, Words]:
        """What rd becomes, and the flags raised; operands left out are zero."""
        given = {self._operands[name]: values for name, values in operands.items()}
        flags = Place("state", "fflags", 0)
        rows = len(next(iter(operands.values())))
        given[flags] = np.zeros(rows, np.uint64)
        found = self._single.batch(given, [self._operands["rd"], flags])
        assert not (found.reason == Reason.BAIL).any()
        return found.values[self._operands["rd"]], found.values[flags]
