"""The exit port: a device of four words through which a bare program ends and prints numbers."""

from __future__ import annotations

from typing import Final

from rvx.machine.console import Console
from rvx.machine.memory import AccessFault, Memory

_WORD: Final = 4  # bytes
_SIZE: Final = 4 * _WORD


class ExitPort:
    """A word stored at `address` ends the run with that status; one stored at `address` + 4, + 8
    or + 12 is printed on standard output, an unsigned decimal number on a line of its own.

    Any other access there faults. Raises MemoryMapError where the address is in RAM.
    """

    def __init__(self, address: int, memory: Memory, console: Console) -> None:
        self._address = address
        self._console = console
        memory.add_port(address, _SIZE, _WORD, self._store, self._load)

    def _store(self, offset: int, value: int) -> None:
        if offset == 0:
            raise self._console.exit(value)
        self._console.write(b"%d\n" % value)

    def _load(self, offset: int) -> int:
        raise AccessFault(self._address + offset, _WORD, "load")
