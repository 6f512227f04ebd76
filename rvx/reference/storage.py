"""What the reference reads and writes: the hart as its expressions see it."""

from __future__ import annotations

from typing import Protocol

from rvx.number import Rounding


class TrapRaised(Exception):
    """An exception of the guest: `cause` and `value` as mcause and mtval have them."""

    def __init__(self, cause: int, value: int) -> None:
        super().__init__(f"trap {cause}, value {value:#x}")
        self.cause = cause
        self.value = value


class Storage(Protocol):
    """Registers, state, memory and the effects collected by the body that is being executed."""

    registers: dict[str, list[int]]
    states: dict[str, list[int]]
    pc: int
    mode: Rounding  # of the instruction being executed
    flags: int  # that it has raised so far
    writes: list[tuple[list[int], int, int, int]]  # list, index, mask of bits, new bits
    stores: list[tuple[int, int, int]]  # address, bytes, value
    next_pc: int | None  # where it goes, if not to the next instruction

    def load(self, address: int, size: int, aligned: bool) -> int:
        """Little-endian; raises TrapRaised."""

    def load_atomic(self, address: int, size: int) -> int:
        """Aligned, and as the load of a store: raises TrapRaised with a store's cause."""

    def check_store(self, address: int, size: int, aligned: bool) -> None:
        """Raise TrapRaised where the store would."""

    def read_csr(self, address: int) -> int:
        """Raises TrapRaised where the CSR cannot be read."""

    def write_csr(self, address: int, value: int) -> None:
        """Note the effects of a write; raises TrapRaised where the CSR cannot be written."""

    def jump(self, target: int) -> int:
        """The target, or TrapRaised where it is misaligned."""
