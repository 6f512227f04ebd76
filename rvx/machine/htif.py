"""HTIF: how test programs talk to the machine that runs them, through the word at `tohost`.

The protocol is the one of Spike and riscv-tests: bits 63:56 of a command name the device, 55:48
its command, 47:0 are the payload. Device 0 takes exit codes and system calls, device 1 characters.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from rvx.machine.console import Console
from rvx.machine.host import Host
from rvx.machine.memory import AccessFault, Memory
from rvx.machine.program import Program, ProgramError, Symbol

_WORD: Final = Struct("<Q")  # tohost, unless its symbol is smaller; fromhost; a call's result
_BLOCK: Final = Struct("<8Q")  # a system call: number and arguments


class Htif:
    """Watches a program's `tohost`, which must lie in RAM, and answers.

    RV32 programs store the word in two halves, in either order, and many store the low half only.
    A command is complete when every byte has been stored, when one of a pending command is stored
    again, or when `poll` finds it still pending.
    """

    def __init__(
        self, program: Program, tohost: Symbol, memory: Memory, host: Host, console: Console
    ) -> None:
        self._name = program.name
        self._memory, self._host, self._console = memory, host, console
        size = tohost.size if tohost.size in {4, 8} else _WORD.size
        self._tohost = range(tohost.address, tohost.address + size)
        self._fromhost = program.fromhost
        self._stored: set[int] = set()  # addresses stored to since the last command
        self._pending = 0  # what tohost holds meanwhile
        self._is_stale = False
        try:
            memory.watch(tohost.address, size, self._on_store)
        except AccessFault:
            raise self._error(f"tohost at {tohost.address:#x} lies outside of RAM") from None

    @property
    def is_pending(self) -> bool:
        """Whether `poll` has something to do."""
        return bool(self._stored)

    def poll(self) -> None:
        """Act on a command that was pending at the last poll already.

        For the run loop, at fixed counts some thousand instructions apart: a program may store
        half of the word and then wait for its end. Raises GuestExit, ProgramError.
        """
        if self._stored and self._is_stale:
            self._act()
        self._is_stale = bool(self._stored)

    def _on_store(self, address: int, size: int) -> None:
        stored = set(self._tohost).intersection(range(address, address + size))
        is_repeated = bool(self._stored & stored)
        if is_repeated and not self._pending:
            self._stored = set()  # the word was only cleared before use
        self._stored |= stored
        self._is_stale = False
        if (is_repeated and self._pending) or len(self._stored) == len(self._tohost):
            self._act()
        else:
            self._pending = self._value()

    def _act(self) -> None:
        command = self._value()
        self._stored, self._pending, self._is_stale = set(), 0, False
        # Zero tells the guest that the command has been taken.
        self._memory.write(self._tohost.start, bytes(len(self._tohost)))
        device, request, payload = command >> 56, command >> 48 & 0xFF, command & (1 << 48) - 1
        match device, request:
            case 0, 0 if payload & 1:
                raise self._console.exit(payload >> 1)
            case 0, 0 if payload:
                self._call(payload)
                self._respond(1)
            case 1, 0:
                if character := self._console.read(1):
                    self._respond(command | 0x100 | character[0])
            case 1, 1:
                self._console.write(bytes([payload & 0xFF]))

    def _call(self, block: int) -> None:
        try:
            number, *arguments = _BLOCK.unpack(self._memory.read(block, _BLOCK.size))
        except AccessFault:
            raise self._error(
                f"stored {block:#x} to tohost, which is neither an exit code (odd) "
                "nor the address of a system call in RAM"
            ) from None
        result = self._host.call(number, arguments)
        self._memory.write(block, _WORD.pack(result & (1 << 64) - 1))

    def _respond(self, value: int) -> None:
        if self._fromhost is not None:
            self._memory.write(self._fromhost.address, _WORD.pack(value))

    def _value(self) -> int:
        return int.from_bytes(self._memory.read(self._tohost.start, len(self._tohost)), "little")

    def _error(self, what: str) -> ProgramError:
        return ProgramError(f"{self._name}: {what}")
