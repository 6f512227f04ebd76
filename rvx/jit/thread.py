"""Threaded code: what is executed seldom, as a list of operations for a loop in native code.

An operation is a function for all words of one kind (`operation.py`). A thread is the code from a
pc, in one situation, to the next jump: a header, and a record for each instruction, with the
operation's place in a table, the instruction's operands, and what is to be noted where native code
is left there. Making a record takes a tenth of what compiling the instruction takes. What turns out
to be executed often is compiled then (`Reason.WARM`).

Records hold no address of the host, so that they can be kept on disk.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rvx.jit.pack import KeptThread

if TYPE_CHECKING:
    from rvx.jit.dispatch import Table
    from rvx.jit.guard import Guard
    from rvx.jit.library import Linked
    from rvx.jit.native import Code

# The header: executions until it is compiled, and the host's floating-point control or 0.
LEFT, CONTROL = 0, 1
HEADER: Final = 2
# A record: an operation's offset in the table (0: leave), the ways out in the order of `ROW`, the
# operands.
RECORD: Final = 16
ROW: Final = ("pc", "hazard", "region", "reason", "instret", "cycle")
PC: Final = 1 + ROW.index("pc")
OPERANDS: Final = 1 + len(ROW)
MOST_OPERANDS: Final = RECORD - OPERANDS
UNKNOWN: Final = 1  # in place of a pc that is in the block already: none is odd

# Executions of a thread before it is compiled: so many take as long as compiling it.
EXECUTIONS = 40_000
# Of one with an instruction that only the reference can execute.
RELUCTANT = 100
NEVER: Final = 1 << 62

_MOST: Final = 1 << 15  # threads; beyond, the oldest half is dropped
MOST_OPERATIONS: Final = 1 << 12


@dataclass(eq=False, slots=True)
class Thread:
    """One thread. Native code counts down the header's first word."""

    pc: int
    situation: int
    longest: int  # instructions
    executions: int  # before it is compiled
    code: tuple[range, ...]  # the guest's bytes that it was made from
    image: tuple[bytes, ...]
    words: array[int]

    @property
    def key(self) -> tuple[int, int]:
        return self.pc, self.situation

    @property
    def kept(self) -> KeptThread:
        """The thread for the cache."""
        (code,), (image,) = self.code, self.image
        words = self.words.tobytes()
        return KeptThread(
            self.pc, self.situation, self.longest, self.executions, code.start, image, words
        )

    @property
    def situations(self) -> Iterator[int]:
        """The numbers that it names."""
        yield self.situation
        yield from filter(None, self.words[HEADER + 1 + ROW.index("hazard") :: RECORD])


class _Whole:
    """The code of all threads, in as few pieces as it is."""

    def __init__(self, threads: Iterable[Thread]) -> None:
        pieces: list[tuple[int, bytearray]] = []
        for thread in sorted(threads, key=lambda thread: thread.pc):
            (image,) = thread.image
            if pieces and thread.pc <= pieces[-1][0] + len(pieces[-1][1]):
                start, content = pieces[-1]
                content += image[start + len(content) - thread.pc :]
            else:
                pieces.append((thread.pc, bytearray(image)))
        self.code = tuple(range(start, start + len(content)) for start, content in pieces)
        self.image = tuple(bytes(content) for _, content in pieces)


class Threads:
    """All threads of a run, and the operations that they consist of."""

    def __init__(
        self, table: Table, guard: Guard[Linked | Thread], code: int, is_served: Iterable[object]
    ) -> None:
        """`code` is the address of the function that executes a thread; `is_served` has the keys
        for which there is compiled code, to which the table leads."""
        self._table = table
        self._guard = guard
        self._code = code
        self._is_served = is_served
        self._threads: dict[tuple[int, int], Thread] = {}
        self._pcs: dict[int, int] = {}  # how many begin there
        self._whole: _Whole | None = None
        self.operations: list[str] = [""]  # names, in the order of the table
        self.objects: list[bytes] = []  # which have them all
        self._addresses = (ctypes.c_uint64 * MOST_OPERATIONS)()
        self._codes: list[Code] = []  # which keeps the operations alive

    @property
    def address(self) -> int:
        """The host address of the table of operations."""
        return ctypes.addressof(self._addresses)

    def __contains__(self, pc: int) -> bool:
        return pc in self._pcs

    def __iter__(self) -> Iterator[Thread]:
        return iter(self._threads.values())

    def __len__(self) -> int:
        return len(self._threads)

    def find(self, pc: int, situation: int) -> Thread | None:
        """The thread, which the trampoline finds from now on too."""
        found = self._threads.get((pc, situation))
        if found is not None:
            self._put(found)
        return found

    def define(self, names: Sequence[str], *objects: bytes) -> None:
        """Link operations; they come next in the table."""
        from rvx.jit.native import Code

        if not names:
            return
        code = Code(objects, names)
        self.objects += objects
        start = len(self.operations)
        for index, name in enumerate(names, start):
            self._addresses[index] = code.address(name)
        self.operations += names
        self._codes.append(code)

    def add(self, thread: Thread) -> None:
        """Let a thread be entered, unless there is compiled code."""
        if len(self._threads) >= _MOST:
            for old in list(self._threads.values())[: _MOST // 2]:
                self.drop(old)
        same = self._threads.get(thread.key)
        if same is not None:
            self.drop(same)
        self._threads[thread.key] = thread
        self._whole = None
        self._pcs[thread.pc] = self._pcs.get(thread.pc, 0) + 1
        self._guard.add(thread)
        if thread.key not in self._is_served:
            self._put(thread)

    def admit(self, kept: KeptThread, most: int) -> None:
        """As `add`, of one from the cache, if the guest still has its code; `most` executions."""
        pc, situation, longest, executions, start, image, content = kept
        executions = min(executions, most)
        words = array("Q", content)
        words[LEFT] = executions
        code = range(start, start + len(image))
        thread = Thread(pc, situation, longest, executions, (code,), (image,), words)
        if self._guard.is_current(thread):
            self.add(thread)

    def stale(self) -> list[Thread]:
        """Those whose code the guest's memory no longer has."""
        if self._whole is None:
            self._whole = _Whole(self._threads.values())
        if self._guard.is_current(self._whole):
            return []
        return [thread for thread in self._threads.values() if not self._guard.is_current(thread)]

    def move(self, code: int) -> None:
        """Threads are executed by another function from now on."""
        self._code = code
        for thread in self._threads.values():
            if thread.key not in self._is_served:
                self._put(thread)

    def drop(self, thread: Thread) -> None:
        """Forget a thread. Native code must not be running."""
        if self._threads.get(thread.key) is not thread:
            return
        del self._threads[thread.key]
        self._whole = None
        self._pcs[thread.pc] -= 1
        if not self._pcs[thread.pc]:
            del self._pcs[thread.pc]
        if thread.key not in self._is_served:
            self._table.remove(*thread.key)
        self._guard.remove(thread)

    def _put(self, thread: Thread) -> None:
        address, _ = thread.words.buffer_info()
        self._table.enter(thread.pc, thread.situation, self._code, thread.longest, address)
