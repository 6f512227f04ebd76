"""Registers for values that not every register may hold: a field of three bits, a register that
the encoding excludes, a register that the body names."""

from __future__ import annotations

from collections.abc import Sequence

from rvx.model.machine import RegisterFile, RegisterOperand

# zero, sp, gp, tp and s0 (the frame pointer): the compiler's own (RISC-V ELF psABI 1.1).
_KEPT = {"x": frozenset({0, 2, 3, 4, 8})}
_ARGUMENTS = range(10, 18)  # a0 to a7, fa0 to fa7


class NoRegister(Exception):
    """No register that a compiler may give away will do."""


class RegisterChoice:
    """Gives each such value of one instruction a register of its own."""

    def __init__(self, excluded: Sequence[tuple[str, int]]) -> None:
        self._excluded = set(excluded)
        self._taken: set[tuple[str, int]] = set()

    def of_operand(self, operand: RegisterOperand) -> str | None:
        """The register that the operand's value must be in, or None: any will do."""
        file = operand.file
        allowed = [i for i in range(file.count) if self._is_encodable(operand, i)]
        refused = set(range(file.count)) - set(allowed)
        if refused <= {file.zero}:  # the compiler never gives that one away
            return None
        return self._take(file, allowed, operand.name)

    def of_index(self, file: RegisterFile, index: int) -> str:
        """The register that the body names."""
        return self._take(file, [index], file.name_of(index))

    def _is_encodable(self, operand: RegisterOperand, index: int) -> bool:
        field, value = operand.field, index - operand.first
        return (
            0 <= value <= field.high
            and field.decode(field.place(value)) == value
            and (operand.name, value) not in self._excluded
        )

    def _take(self, file: RegisterFile, allowed: Sequence[int], what: str) -> str:
        free = [
            index
            for index in allowed
            if index not in _KEPT.get(file.name, ()) and (file.name, index) not in self._taken
        ]
        if not free:
            raise NoRegister(f"no register that a compiler may choose will do for {what}")
        index = min(free, key=lambda i: (i not in _ARGUMENTS, -i))  # ra last
        self._taken.add((file.name, index))
        return file.name_of(index)
