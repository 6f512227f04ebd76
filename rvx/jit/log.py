"""What observed native code writes down: pc and cycle of each instruction that retires."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Final

CAPACITY: Final = 1 << 15  # instructions


class Log:
    """A buffer of the host that regions fill between two looks."""

    def __init__(self) -> None:
        self._memory = (ctypes.c_uint64 * (2 * CAPACITY))()
        self._words = memoryview(self._memory).cast("B").cast("Q")
        self.address = ctypes.addressof(self._memory)

    def tell(self, end: int, listener: Callable[[int, int], None]) -> None:
        """Hand on what was written, up to the host address `end`, in order."""
        words = self._words[: (end - self.address) // 8].tolist()
        for pc, cycle in zip(words[::2], words[1::2], strict=True):
            listener(pc, cycle)
