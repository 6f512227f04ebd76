"""A checked body evaluated node by node, on exact numbers: what an instruction must do.

Every read sees the machine as it was; effects are collected and take place together, or not at all
where the body traps (docs/language.md, bodies). What it does not know raises NotCovered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rvx.model import ir
from rvx.model.machine import Instruction, Machine, RegisterOperand
from rvx.number import Rounding
from rvx.verify.exact import truth, word
from rvx.verify.exact.codec import NotCovered
from rvx.verify.exact.number import Number

# Causes of exceptions (privileged manual, mcause).
ILLEGAL, MISALIGNED_FETCH = 2, 0
MISALIGNED_LOAD, LOAD_FAULT, MISALIGNED_STORE, STORE_FAULT = 4, 5, 6, 7

Key: TypeAlias = "tuple[str, str, int]"  # "register" or "state", its name, its number


class Trap(Exception):
    """The body traps."""

    def __init__(self, cause: int, value: int) -> None:
        super().__init__(cause, value)
        self.cause, self.value = cause, value


@dataclass
class Start:
    """The machine before the instruction."""

    registers: Mapping[str, Sequence[int]]
    states: Mapping[str, Sequence[int]]
    pc: int
    load: Callable[[int, int], int | None]  # address, bytes; None where there is no memory


@dataclass
class Effects:
    """What the instruction does. `writes` are in order: key, mask, bits."""

    writes: list[tuple[Key, int, int]] = field(default_factory=list)
    stores: list[tuple[int, int, int]] = field(default_factory=list)  # address, bytes, value
    flags: int = 0
    target: int | None = None

    def applied(self, start: Start) -> dict[Key, int]:
        """The new values of all registers and states that are written."""
        found: dict[Key, int] = {}
        for key, mask, bits in self.writes:
            space, name, number = key
            group = start.registers if space == "register" else start.states
            old = found.get(key, group[name][number])
            found[key] = old & ~mask | bits & mask
        return found


class Body:
    """One instruction with its fields, to be evaluated from any start."""

    def __init__(
        self, machine: Machine, instruction: Instruction, fields: Mapping[str, int], word: int
    ) -> None:
        self.machine = machine
        self.length = instruction.length
        self._encoding = word
        self.instruction, self.fields = _expanded(instruction, fields)
        self.mode = Rounding.RNE
        self.locals: dict[str, int | bool | Number] = {}
        self.start = Start({}, {}, 0, lambda address, size: None)
        self.effects = Effects()

    def run(self, start: Start) -> Effects:
        """Raises Trap, and NotCovered."""
        self.start, self.effects, self.locals = start, Effects(), {}
        try:
            for need in self.instruction.needs:
                if not truth.decide(self, need):
                    raise Trap(ILLEGAL, self._encoding)
            self.mode = self._rounding()
            self.statements(self.instruction.body)
        except Trap as trap:
            if trap.cause == ILLEGAL:
                raise Trap(ILLEGAL, self._encoding) from None
            raise
        self._raise_flags()
        return self.effects

    def _rounding(self) -> Rounding:
        """The rm field's mode, or frm's; what is reserved is illegal."""
        machine, mode = self.machine, None
        if self.instruction.rm is not None:
            if self.fields["rm"] not in machine.roundings:
                raise Trap(ILLEGAL, self._encoding)
            mode = machine.roundings[self.fields["rm"]]
        elif not self.instruction.rounds or "frm" not in machine.states:
            return Rounding.RNE
        if mode is None:
            mode = machine.roundings.get(self.start.states["frm"][0])
        if mode is None:
            raise Trap(ILLEGAL, self._encoding)
        return mode

    def _raise_flags(self) -> None:
        """Flags accrue before other writes take place; raising some marks their state's owner."""
        if not self.effects.flags:
            return
        accrued: list[tuple[Key, int, int]] = [
            (("state", "fflags", 0), self.effects.flags, self.effects.flags)
        ]
        own, self.effects.writes = self.effects.writes, accrued
        marked = Effects()
        kept, self.effects = self.effects, marked
        self.statements(self.machine.states["fflags"].marks)
        self.effects = kept
        self.effects.writes += [*own, *marked.writes]

    # Statements

    def statements(self, body: Sequence[ir.Statement]) -> None:
        for one in body:
            self._statement(one)

    def _statement(self, s: ir.Statement) -> None:
        effects = self.effects
        match s:
            case ir.SetLocal(name, value):
                self.locals[name] = self._any(value)
            case ir.SetRegister():
                self._set_register(s)
            case ir.SetState(name, index, low, value):
                bits = word.value(self, value)
                mask = (1 << value.width) - 1 << low
                effects.writes.append((("state", name, index), mask, bits << low))
            case ir.Store(address, size, aligned, value):
                at, bits = word.value(self, address), word.value(self, value)
                self.check_store(at, size, aligned)
                effects.stores.append((at, size, bits & (1 << 8 * size) - 1))
            case ir.SetPc(value):
                target = word.value(self, value)
                if target % self.machine.ialign:
                    raise Trap(MISALIGNED_FETCH, target)
                effects.target = target
            case ir.SetCsr(value):
                self._write_csr(word.value(self, value))
            case ir.IfElse(condition, then, otherwise):
                self.statements(then if truth.decide(self, condition) else otherwise)
            case ir.RaiseTrap(cause, value):
                raise Trap(word.value(self, cause), word.value(self, value))
            case _:
                raise NotCovered(type(s).__name__)

    def _any(self, e: ir.Word | ir.Number | ir.Truth) -> int | bool | Number:
        from rvx.verify.exact import numeric  # they use each other

        if type(e) in word.NODES:
            return word.value(self, e)  # type: ignore[arg-type]
        if type(e) in truth.NODES:
            return truth.decide(self, e)  # type: ignore[arg-type]
        return numeric.value(self, e)  # type: ignore[arg-type]

    def _set_register(self, s: ir.SetRegister) -> None:
        file = self.machine.files[s.file]
        index = s.index if s.operand is None else self.register(s.operand)
        bits = word.value(self, s.value)
        if index == file.zero:
            return
        end = s.low + s.value.width
        mask = (1 << s.value.width) - 1 << s.low
        bits <<= s.low
        above = (1 << file.width) - (1 << end)
        if s.fill is not None:
            mask |= above
        if s.fill == "ones" or (s.fill == "sign" and bits >> end - 1 & 1):
            bits |= above
        self.effects.writes.append((("register", s.file, index), mask, bits))

    def register(self, operand: str) -> int:
        """The number of the register that the operand names."""
        found = self.instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        return found.first + self.fields[operand]

    # Memory and CSRs

    def load(self, address: int, size: int, aligned: bool, atomic: bool) -> int:
        if (aligned or atomic) and address % size:
            raise Trap(MISALIGNED_STORE if atomic else MISALIGNED_LOAD, address)
        found = self.start.load(address, size)
        if found is None:
            raise Trap(STORE_FAULT if atomic else LOAD_FAULT, address)
        return found

    def check_store(self, address: int, size: int, aligned: bool) -> None:
        if aligned and address % size:
            raise Trap(MISALIGNED_STORE, address)
        if self.start.load(address, size) is None:
            raise Trap(STORE_FAULT, address)

    def read_csr(self) -> int:
        """The CSR that the instruction names (privileged manual 2.1: privilege in bits 9:8)."""
        csr = self.machine.csr_at.get(self.fields["csr"])
        privilege = self.start.states["privilege"][0] if "privilege" in self.start.states else 3
        if csr is None or csr.address >> 8 & 3 > privilege:
            raise Trap(ILLEGAL, 0)
        if csr.needs is not None and not truth.decide(self, csr.needs):
            raise Trap(ILLEGAL, 0)
        return word.value(self, csr.value)

    def _write_csr(self, new: int) -> None:
        csr = self.machine.csr_at.get(self.fields["csr"])
        if csr is None or csr.address >> 10 == 3:
            raise Trap(ILLEGAL, 0)
        self.read_csr()
        own, self.locals = self.locals, {"value": new}
        self.statements(csr.write)
        self.locals = own


def _expanded(
    instruction: Instruction, fields: Mapping[str, int]
) -> tuple[Instruction, dict[str, int]]:
    """A short form's long instruction, with its fields: its text says what each is."""
    if instruction.long is None:
        return instruction, dict(fields)
    target, found = instruction.long.target, {}
    for name, operand in target.operands.items():
        argument = instruction.long.arguments[name]
        if isinstance(argument, int):
            value = argument
        else:
            own = instruction.operands[argument.name]
            value = fields[argument.name]
            if isinstance(own, RegisterOperand):
                value += own.first  # of a subset
            value = -value if argument.negated else value
        if isinstance(operand, RegisterOperand):
            value -= operand.first
        elif not operand.field.is_signed:
            value %= 1 << operand.field.top
        found[name] = value
    return target, found
