"""A program as the machine loads it: what lies where, and under which name.

Nothing here knows a file format; `rvx.machine.elf` reads one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from rvx.machine.memory import Memory
from rvx.record import record

SymbolType: TypeAlias = Literal["function", "object", "none"]


class ProgramError(Exception):
    """A program that cannot be used: `file: what is wrong, what to do`, one line for the user."""


@record(frozen=True)
class Symbol:
    """A named address; `size` in bytes is 0 where the program does not say."""

    address: int
    size: int
    type: SymbolType


@record(frozen=True)
class Segment:
    """Bytes to be put at `address`; from the end of `data` up to `size` bytes are zero."""

    address: int
    data: bytes = field(repr=False)
    size: int
    is_writable: bool
    is_executable: bool

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + self.size


@record(frozen=True)
class HeaderTable:
    """The program headers, where a loaded segment has them: C libraries look there for more."""

    address: int
    count: int
    size: int  # of one, in bytes


@record(frozen=True, eq=False)
class Program:
    """A checked program: it has segments, they do not overlap, and `entry` lies in code."""

    name: str  # as the user gave it, for messages
    xlen: int
    entry: int
    segments: tuple[Segment, ...]  # by address
    symbols: Mapping[str, Symbol]
    code: tuple[range, ...]  # addresses of instructions, by address
    arch: str  # ISA string of the ELF attributes, which only informs; "" where there are none
    abi: str  # ilp32, ilp32f, ilp32d, ilp32e, ...
    headers: HeaderTable | None = None

    @property
    def tohost(self) -> Symbol | None:
        return self.symbols.get("tohost")

    @property
    def fromhost(self) -> Symbol | None:
        return self.symbols.get("fromhost")

    @property
    def end(self) -> int:
        """The first address behind the segment the heap grows from: the highest writable one, or
        the highest where none is writable."""
        writable = [segment.end for segment in self.segments if segment.is_writable]
        return max(writable or [segment.end for segment in self.segments])

    def load_into(self, memory: Memory) -> None:
        """Put the segments into RAM. Raises ProgramError where there is none; then nothing has
        been written."""
        for segment in self.segments:
            if not any(r.base <= segment.address and segment.end <= r.end for r in memory.regions):
                places = ", ".join(f"{r.base:#x} to {r.end - 1:#x}" for r in memory.regions)
                raise ProgramError(
                    f"{self.name}: the segment at {segment.address:#x} to {segment.end - 1:#x} "
                    f"lies outside of RAM, which is {places}; try --ram {self._enough_ram()}"
                )
        for segment in self.segments:
            memory.write(segment.address, segment.data)
            memory.clear(segment.address + len(segment.data), segment.size - len(segment.data))

    def _enough_ram(self) -> str:
        """BASE:SIZE of the smallest power-of-two RAM with room for a stack and a heap."""
        base = self.segments[0].address & -0x1000
        need = max(segment.end for segment in self.segments) - base
        size = min(1 << max(20, (need + need // 2).bit_length()), (1 << self.xlen) - base)
        return f"{base:#x}:{size >> 20}M" if size % (1 << 20) == 0 else f"{base:#x}:{size >> 10}K"
