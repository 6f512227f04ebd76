"""Random operations that need something before or after them: memory accesses and CSRs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random

from rvx.model import ir
from rvx.model.machine import Csr, CsrOperand, Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes
from rvx.verify import place
from rvx.verify.node import Line, Node, Set
from rvx.verify.operands import INTEGER, Operands, address_of
from rvx.verify.place import Duties
from rvx.verify.scaffold import Scaffold
from rvx.verify.shape import Shape

_ACCESSES = (ir.Load, ir.Store)
_WIDEST = 8  # bytes of an access
_VECTOR = "mtvec"  # the state that leads to the handler
_INHIBIT = "inhibit"  # counters that stand still


class Accesses:
    """Emits accesses to the data area, and to CSRs."""

    def __init__(
        self,
        machine: Machine,
        random: Random,
        operands: Operands,
        scaffold: Scaffold,
        duties: Duties,
        shape: Shape,
    ) -> None:
        self._machine, self._random, self._operands = machine, random, operands
        self._scaffold, self._duties, self._shape = scaffold, duties, shape
        csrs = [c for c in machine.csrs.values() if c.name not in shape.left_out]
        self._modes = [c for c in csrs if self._states(c) & self._mode_states()]
        self._writable = [c for c in csrs if c.write and _VECTOR not in self._states(c)]
        self._present = [c.address for c in csrs if _VECTOR not in self._states(c)]
        self._absent = [n for n in (0x8FF, 0x5C0, 0xFC0, 0x001) if n not in machine.csr_at]

    # Memory

    def memory(self, instruction: Instruction, kept: Collection[int]) -> list[Node]:
        """The access, most often inside the area, at any alignment."""
        where = address_of(instruction)
        if where is None or not isinstance(where.base, RegisterOperand):
            return self._elsewhere(instruction, kept)
        base, offset = where.base, where.offset
        is_atomic = any(isinstance(n, _ACCESSES) and n.aligned for n in nodes(instruction.body))
        aligned = is_atomic and not self._shape.misaligned_atomics
        if self._random.random() < 0.6:
            for number in self._random.sample((self._duties.base, self._duties.stack), 2):
                if 0 <= number - base.first <= base.field.high:
                    return self._line(instruction, kept, **{base.name: number - base.first})
        number = self._free(base, kept)
        fields = self._operands.fields(instruction, kept, **{base.name: number - base.first})
        if fields is None:
            return []
        distance = fields[offset.name] if offset is not None else 0
        return [self._pointer(number, -distance, aligned), Line(instruction, fields)]

    def _elsewhere(self, instruction: Instruction, kept: Collection[int]) -> list[Node]:
        """An address that is not written `offset(base)`: a pointer in what it reads, for luck."""
        fields = self._operands.fields(instruction, kept)
        if fields is None:
            return []
        long, arguments = instruction.expand(fields)
        found: list[Node] = []
        for name in long.reads:
            operand = long.operands[name]
            if isinstance(operand, RegisterOperand) and operand.file.name == INTEGER:
                number = operand.first + arguments[name]
                if number and number not in kept and number not in self._duties.links:
                    found = [self._pointer(number, 0, False)]
                    break
        return [*found, Line(instruction, fields)]

    def _pointer(self, register: int, offset: int, aligned: bool) -> Set:
        """A register that points into the area, or seldom to where there is nothing."""
        random = self._random
        step = _WIDEST if aligned else random.choice((1, 2, 4, 4, _WIDEST, _WIDEST))
        if random.random() < 0.04:
            nowhere = place.NOWHERE + random.randrange(0, 1 << 20, step)
            return Set(register, nowhere + offset & 0xFFFF_FFFF)
        return Set(register, "area", random.randrange(0, place.AREA_BYTES, step) + offset)

    def _free(self, operand: RegisterOperand, kept: Collection[int]) -> int:
        """A register that the operand can name and random code may write, other than x0."""
        taken = {0, *kept, *self._duties.links}
        high = min(operand.first + operand.field.high, operand.file.count - 1)
        return self._random.choice([n for n in range(operand.first, high + 1) if n not in taken])

    def _line(self, instruction: Instruction, kept: Collection[int], **fixed: int) -> list[Node]:
        fields = self._operands.fields(instruction, kept, **fixed)
        return [] if fields is None else [Line(instruction, fields)]

    # CSRs

    def csr(self, instruction: Instruction, kept: Collection[int]) -> list[Node]:
        """The access; what it does to the modes is mended now and then."""
        random, kind = self._random, self._random.random()
        name = next((n for n, o in instruction.operands.items() if isinstance(o, CsrOperand)), None)
        if name is None:
            return self._line(instruction, kept)
        if kind < 0.5 and self._modes:
            address = random.choice(self._modes).address
        elif kind < 0.8 and self._writable:
            address = random.choice(self._writable).address
        elif kind < 0.97 or not self._absent:
            address = random.choice(self._present)
        else:
            address = random.choice(self._absent)
        found = self._line(instruction, kept, **{name: address})
        csr = self._machine.csr_at.get(address)
        if csr is not None and random.random() < 0.8:
            found += self.mend(self._states(csr))
        return found

    def mend(self, states: Iterable[str]) -> list[Node]:
        """Give mode states values under which instructions are legal, and let counters run."""
        random, scratch = self._random, self._duties.scratch[1]
        found: list[Node] = []
        for state in sorted(set(states) & (self._mode_states() | {_INHIBIT})):
            own = [c for c in self._writable if self._states(c) == {state}]
            if not own:
                continue
            value = random.getrandbits(self._machine.states[state].width)
            if state == "frm":
                modes = self._machine.roundings
                value = random.choice([code for code, mode in modes.items() if mode is not None])
            found.append(Set(scratch, 0 if state == _INHIBIT else value))
            found.append(self._scaffold.line("write", rd=0, csr=own[0].address, rs1=scratch))
        return found

    def _mode_states(self) -> set[str]:
        return {state.name for state in self._machine.states.values() if state.mode}

    @staticmethod
    def _states(csr: Csr) -> set[str]:
        return {node.name for node in nodes(csr.write) if isinstance(node, ir.SetState)}
