"""What an instruction word decides of its own behaviour, before it executes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from rvx.model import ir
from rvx.model.machine import Instruction, RegisterOperand
from rvx.model.walk import nodes
from rvx.record import record

# Values by file and number.
Registers: TypeAlias = Mapping[tuple[str, int], int]


@record(frozen=True)
class Flow:
    """Where an instruction may go, as far as its body says."""

    targets: tuple[ir.Word, ...]  # of its assignments to pc
    falls_through: bool
    link: str | None  # the operand that takes the address behind it: a call
    raises: bool  # always


@lru_cache(maxsize=4096)
def flow_of(instruction: Instruction) -> Flow:
    """The flow of any word of the instruction."""
    always = [s.value for s in instruction.body if isinstance(s, ir.SetPc)]
    maybe = [s.value for s in _inner(instruction.body) if isinstance(s, ir.SetPc)]
    links = (
        s.operand
        for s in instruction.body
        if isinstance(s, ir.SetRegister) and s.value == ir.ProgramCounter(True, s.value.width)
    )
    raises = any(isinstance(s, ir.RaiseTrap) for s in instruction.body)
    return Flow(tuple(always + maybe), not always and not raises, next(links, None), raises)


def _inner(statements: Sequence[ir.Statement]) -> Iterator[ir.Statement]:
    for statement in statements:
        if isinstance(statement, ir.IfElse):
            for branch in (statement.then, statement.otherwise):
                yield from branch
                yield from _inner(branch)


@lru_cache(maxsize=4096)
def _makes_constants(instruction: Instruction) -> bool:
    """Whether a register may have a known value after it where none had before."""
    return any(
        isinstance(s, ir.SetRegister)
        and not any(isinstance(n, ir.Load | ir.State | ir.CsrValue) for n in nodes(s.value))
        for s in instruction.body
    )


class Constants:
    """The values that the fields and the address of an instruction give to words and truths."""

    def __init__(
        self,
        instruction: Instruction,
        fields: Mapping[str, int],
        pc: int,
        length: int,
        registers: Registers | None = None,
    ) -> None:
        """`registers` are those whose values are known before the instruction."""
        self._registers = registers or {}
        self._instruction = instruction
        self._fields = fields
        self._pc = pc
        self._length = length

    def word(self, e: ir.Word) -> int | None:
        """The word's value, or None where the run decides."""
        mask = (1 << e.width) - 1
        match e:
            case ir.Constant(value):
                return value
            case ir.FieldValue(operand):
                return self._fields[operand] & mask
            case ir.ProgramCounter(next):
                return self._pc + (self._length if next else 0) & mask
            case ir.WordSlice(value, _, low):
                whole = self.word(value)
                return None if whole is None else whole >> low & mask
            case ir.Join(parts):
                found = 0
                for part in parts:
                    bits = self.word(part)
                    if bits is None:
                        return None
                    found = found << part.width | bits
                return found
            case ir.Register(operand, file):
                return (
                    0 if self.is_zero(operand) else self._registers.get(self.named(operand, file))
                )
            case ir.WordOp("+" | "-" | "&" | "|" as op, left, right):
                one, other = self.word(left), self.word(right)
                if one is None or other is None:
                    return None
                return {"+": one + other, "-": one - other, "&": one & other, "|": one | other}[
                    op
                ] & mask
        return None

    def truth(self, e: ir.Truth) -> bool | None:
        """The truth, or None where the run decides."""
        match e:
            case ir.Truthy(value):
                return value
            case ir.CompareWords("==" | "!=" as op, left, right):
                one, other = self.word(left), self.word(right)
                if one is None or other is None:
                    return None
                return (one == other) == (op == "==")
            case ir.Not(truth):
                known = self.truth(truth)
                return None if known is None else not known
        return None

    def writes_csr(self, statements: Sequence[ir.Statement] | None = None) -> bool | None:
        """Whether it writes its CSR, or None where the run decides."""
        found: bool | None = False
        for statement in self._instruction.body if statements is None else statements:
            match statement:
                case ir.SetCsr():
                    return True
                case ir.IfElse(condition, then, otherwise):
                    known = self.truth(condition)
                    branches = [
                        self.writes_csr(branch)
                        for branch, taken in ((then, True), (otherwise, False))
                        if known in (None, taken)
                    ]
                    if any(branch is not False for branch in branches):
                        found = None if known is None else branches[0]
        return found

    def after(self) -> Registers:
        """The registers whose values are known after the instruction."""
        if not self._registers and not _makes_constants(self._instruction):
            return self._registers
        known = dict(self._registers)
        for statement in self._instruction.body:
            match statement:
                case ir.SetRegister(str(operand), file, _, 0, value, _):
                    constant = self.word(value)
                    if constant is None:
                        known.pop(self.named(operand, file), None)
                    else:
                        known[self.named(operand, file)] = constant
                case ir.SetLocal() | ir.Store() | ir.SetState() | ir.SetPc():
                    pass
                case _:  # it may do anything to a register
                    return {}
        return known

    def is_zero(self, operand: str) -> bool:
        """Whether the operand names the register that is always zero."""
        found = self._instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        return found.first + self._fields[operand] == found.file.zero

    def named(self, operand: str, file: str) -> tuple[str, int]:
        """The register that the operand names: its file and number."""
        found = self._instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        return file, found.first + self._fields[operand]
