"""What retiring one instruction does to the visible state, as either machine tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from rvx.machine.hart import Hart

Registers = tuple[tuple[str, int], ...]  # name and new value, as ("x5", 7)
Stores = tuple[tuple[int, int], ...]  # address and value


@dataclass(slots=True, eq=False)
class Commit:
    """One retired instruction. CSRs are by number; those that one machine logs, the other need
    not."""

    pc: int
    word: int
    registers: Registers
    csrs: Mapping[int, int]
    stores: Stores


class PeerError(Exception):
    """Another simulator that is not there, or cannot be used: one line for the user."""


class Peer(Protocol):
    """Another simulator that goes along with rvx."""

    name: str

    def begin(self, hart: Hart) -> None:
        """Make both start from the same state. Called once, before the first instruction."""

    def commit(self, ours: Commit) -> Commit | None:
        """What its next instruction does, with all that `ours` has and whatever else changes;
        None where it has ended."""

    def adopt(self, ours: Commit) -> bool:
        """Do as rvx does, where a known deviation explains the difference; False where it cannot
        or knows none."""


def text_of(commit: Commit) -> str:
    """One line."""
    effects = [f"{name}={value:#010x}" for name, value in commit.registers]
    effects += [f"csr {number:#x}={value:#x}" for number, value in commit.csrs.items()]
    effects += [f"memory[{at:#010x}]={value:#x}" for at, value in commit.stores]
    return f"{commit.pc:#010x} {commit.word:08x} {' '.join(effects)}".rstrip()
