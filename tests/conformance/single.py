"""One instruction at a time on a hart of its own."""

from __future__ import annotations

from rvx.description import load_machine
from rvx.machine.hart import ILLEGAL, Bound, Hart
from rvx.machine.memory import Memory
from rvx.reference.storage import TrapRaised

RAM = range(0x8000_0000, 0x8001_0000)


class Single:
    """A hart whose registers and states a test sets and reads as it likes."""

    def __init__(self, isa: str = "rv32imf_zicsr_zifencei") -> None:
        self.machine = load_machine(isa)
        self.memory = Memory([RAM])
        self.hart = Hart(self.machine, self.memory)
        self.states = self.hart.states
        self.x = self.hart.registers["x"]
        self.f = self.hart.registers.get("f", [])
        self.p = self.hart.registers.get("p", [])

    def bind(self, mnemonic: str, **fields: int) -> Bound:
        """The instruction, ready for `execute`. Raises TrapRaised where it is illegal."""
        return self.bind_word(self.machine.instructions[mnemonic].encode(**fields))

    def bind_word(self, word: int) -> Bound:
        self.hart.pc = RAM.start
        self.memory.store(RAM.start, 4, word)
        bound = self.hart.fetch()
        if bound is None:
            raise TrapRaised(ILLEGAL, word)
        return bound

    def execute(self, bound: Bound) -> None:
        """Run it at the start of RAM. Raises TrapRaised."""
        self.hart.pc = RAM.start
        self.hart.execute(bound)
        self.hart.commit(bound)

    def run(self, mnemonic: str, **fields: int) -> None:
        self.execute(self.bind(mnemonic, **fields))

    def flags(self) -> int:
        """The flags raised since the last call."""
        flags, self.states["fflags"][0] = self.states["fflags"][0], 0
        return flags
