"""One hardware thread: registers, state and the fetch, decode, execute, commit of instructions.

A body runs against the hart as it was; what it collects is committed at the end, or dropped where
it traps. Roles that the machine itself plays are found by the names that the descriptions give
them: the states cycle, instret, mtime and inhibit (counters), frm and fflags, privilege, mtvec.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rvx.machine.memory import AccessFault, Memory
from rvx.model import ir
from rvx.model.decoder import Decoder, length_of
from rvx.model.machine import Csr, Instruction, Machine
from rvx.model.walk import nodes
from rvx.number import Rounding
from rvx.reference.binding import Binding, Effect, Truths
from rvx.reference.storage import TrapRaised

# Exception codes (privileged manual, table of mcause values).
FETCH_MISALIGNED, FETCH_FAULT, ILLEGAL, BREAKPOINT = 0, 1, 2, 3
LOAD_MISALIGNED, LOAD_FAULT, STORE_MISALIGNED, STORE_FAULT = 4, 5, 6, 7
_COUNTERS = frozenset({"cycle", "instret", "mtime", "inhibit"})


@dataclass(slots=True, eq=False)
class Bound:
    """A decoded instruction word, ready to run on this hart."""

    word: int
    instruction: Instruction
    fields: Mapping[str, int]
    length: int
    needs: tuple[Truths, ...]
    mode: Rounding | None  # fixed by its rm field or irrelevant; None: frm decides
    run: Effect
    binding: Binding
    sees_counters: bool  # or may: it accesses a CSR, or writes what interrupts depend on


class Hart:
    """The reference engine's hart. See `rvx.reference.storage.Storage` for what bodies use."""

    def __init__(self, machine: Machine, memory: Memory) -> None:
        self.machine = machine
        self.memory = memory
        self.registers = {f.name: [0] * f.count for f in machine.files.values()}
        self.states = {s.name: list(s.reset) for s in machine.states.values()}
        self.pc = 0
        self.mode = Rounding.RNE
        self.flags = 0
        self.writes: list[tuple[list[int], int, int, int]] = []
        self.stores: list[tuple[int, int, int]] = []
        self.next_pc: int | None = None
        self.access: tuple[int, int] | None = None  # address and bytes of the first access
        self.csr_written = False
        self._decoder = Decoder(machine)
        self._bound: dict[int, Bound | None] = {}
        self._csrs: dict[int, tuple[Csr, Callable[[], int], Truths | None, Binding, Effect]] = {}
        self._align = machine.ialign - 1
        self._mask = (1 << machine.xlen) - 1
        accruing = machine.states.get("fflags")
        self._mark_flags = Binding(self, machine, {}, {}).body(accruing.marks if accruing else ())

    # Execution

    def fetch(self) -> Bound | None:
        """The instruction at pc, or None where the word is no instruction. Raises TrapRaised."""
        return self.bind(self.fetch_word(self.pc))

    def bind(self, word: int) -> Bound | None:
        """The word ready to run on this hart, or None where it is no instruction."""
        try:
            return self._bound[word]
        except KeyError:
            return self._bind(word)

    def decode(self, word: int) -> Instruction | None:
        """The instruction that the word is, or None."""
        return self._decoder.decode(word)

    def fetch_word(self, pc: int) -> int:
        """The 16 or 32 bits of the instruction at pc. Raises TrapRaised."""
        try:
            if self._align == 3:
                return self.memory.fetch(pc, 4)
            low = self.memory.fetch(pc, 2)
            return low if length_of(low) == 2 else low | self.memory.fetch(pc + 2, 2) << 16
        except AccessFault as fault:
            raise TrapRaised(FETCH_FAULT, fault.address) from None

    def execute(self, bound: Bound) -> None:
        """Run the body; its effects wait for `commit`. Raises TrapRaised, with no effect left."""
        try:
            for need in bound.needs:
                if not need():
                    raise TrapRaised(ILLEGAL, bound.word)
            self.mode = bound.mode or self._dynamic_mode(bound)
            bound.run()
        except TrapRaised as trap:
            self.drop()
            if trap.cause == ILLEGAL:
                trap.value = bound.word  # also where a CSR, which does not know it, refused
            raise

    def commit(self, bound: Bound) -> None:
        """Make the effects of the executed body take place, and step to the next instruction."""
        if self.flags:
            self.states["fflags"][0] |= self.flags
            self.flags = 0
            self._mark_flags()
        for values, index, mask, new in self.writes:
            values[index] = values[index] & ~mask | new & mask
        self.writes.clear()
        target = self.next_pc
        self.pc = self.pc + bound.length & self._mask if target is None else target
        self.next_pc = None
        self.access = None
        self.csr_written = False
        if self.stores:
            stores, self.stores = self.stores, []
            for address, size, value in stores:
                self.memory.store(address, size, value)

    def apply(self) -> list[list[int]]:
        """Make the collected writes take place: the registers and states that were written."""
        written = []
        for values, index, mask, new in self.writes:
            values[index] = values[index] & ~mask | new & mask
            written.append(values)
        self.writes.clear()
        return written

    def drop(self) -> None:
        """Forget the effects of a body that traps."""
        self.writes.clear()
        self.stores.clear()
        self.flags = 0
        self.next_pc = None
        self.access = None
        self.csr_written = False

    def trap(self, cause: int, value: int) -> None:
        """Enter the trap handler, as the description's `trap` says."""
        binding, enter = self._trap_entry
        binding.set_local("cause", cause)
        binding.set_local("value", value)
        enter()
        self.apply()
        target = self.next_pc
        self.drop()
        assert target is not None
        self.pc = target

    @cached_property
    def _trap_entry(self) -> tuple[Binding, Effect]:
        assert self.machine.trap is not None
        binding = Binding(self, self.machine, {}, {})
        return binding, binding.body(self.machine.trap.body)

    def _dynamic_mode(self, bound: Bound) -> Rounding:
        mode = self.machine.roundings.get(self.states["frm"][0])
        if mode is None:
            raise TrapRaised(ILLEGAL, bound.word)
        return mode

    def _bind(self, word: int) -> Bound | None:
        if len(self._bound) > 1 << 15:  # a program that makes code as it goes
            self._bound.clear()
        self._bound[word] = found = self._bind_new(word)
        return found

    def _bind_new(self, word: int) -> Bound | None:
        decoded = self._decoder.decode(word)
        if decoded is None:
            return None
        instruction, fields = decoded.expand(decoded.decode(word))
        mode: Rounding | None = Rounding.RNE
        if instruction.rm is not None:
            if fields["rm"] not in self.machine.roundings:
                return None
            mode = self.machine.roundings[fields["rm"]]
        elif instruction.rounds and "frm" in self.states:
            mode = None
        binding = Binding(self, self.machine, instruction.operands, fields, decoded.length)
        return Bound(
            word,
            instruction,
            fields,
            decoded.length,
            tuple(binding.truth(need) for need in instruction.needs),
            mode,
            binding.body(instruction.body),
            binding,
            _sees_counters(instruction, self.machine.interrupt_states),
        )

    # What bodies use

    def load(self, address: int, size: int, aligned: bool) -> int:
        if self.access is None:
            self.access = address, size
        if aligned and address & size - 1:
            raise TrapRaised(LOAD_MISALIGNED, address)
        try:
            return self.memory.load(address, size)
        except AccessFault as fault:
            raise TrapRaised(LOAD_FAULT, fault.address) from None

    def load_atomic(self, address: int, size: int) -> int:
        self.check_store(address, size, True)
        try:
            return self.memory.load(address, size)
        except AccessFault as fault:
            raise TrapRaised(STORE_FAULT, fault.address) from None

    def check_store(self, address: int, size: int, aligned: bool) -> None:
        if self.access is None:
            self.access = address, size
        if aligned and address & size - 1:
            raise TrapRaised(STORE_MISALIGNED, address)
        try:
            self.memory.check_store(address, size)
        except AccessFault as fault:
            raise TrapRaised(STORE_FAULT, fault.address) from None

    def jump(self, target: int) -> int:
        if target & self._align:
            raise TrapRaised(FETCH_MISALIGNED, target)
        return target

    def read_csr(self, address: int) -> int:
        csr, value, needs, _, _ = self._csr(address)
        if csr.privilege > self.states.get("privilege", [3])[0] or (needs and not needs()):
            raise TrapRaised(ILLEGAL, 0)
        return value()

    def write_csr(self, address: int, value: int) -> None:
        csr, _, needs, binding, write = self._csr(address)
        if csr.is_read_only or csr.privilege > self.states.get("privilege", [3])[0]:
            raise TrapRaised(ILLEGAL, 0)
        if needs and not needs():
            raise TrapRaised(ILLEGAL, 0)
        self.csr_written = True
        binding.set_local("value", value)
        write()

    def _csr(self, address: int) -> tuple[Csr, Callable[[], int], Truths | None, Binding, Effect]:
        try:
            return self._csrs[address]
        except KeyError:
            pass
        csr = self.machine.csr_at.get(address)
        if csr is None:
            raise TrapRaised(ILLEGAL, 0)
        binding = Binding(self, self.machine, {}, {})
        needs = binding.truth(csr.needs) if csr.needs is not None else None
        found = csr, binding.word(csr.value), needs, binding, binding.body(csr.write)
        self._csrs[address] = found
        return found


def _sees_counters(instruction: Instruction, decisive: frozenset[str]) -> bool:
    for node in nodes(instruction.body):
        match node:
            case ir.CsrValue() | ir.SetCsr():
                return True
            case ir.State(name) | ir.SetState(name) if name in _COUNTERS:
                return True
            case ir.SetState(name) if name in decisive:
                return True
    return False
