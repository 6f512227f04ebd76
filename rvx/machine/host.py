"""The host's side of a guest's system calls: numbers and structures of Linux and newlib.

A guest sees three open streams, memory and simulated time, and nothing else of the host: the
same program with the same input takes the same steps everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from struct import Struct
from typing import Final

from rvx.machine.console import SIGNALED, Console
from rvx.machine.memory import AccessFault, Memory


class Call(IntEnum):
    """System calls, as Linux (asm-generic/unistd.h) and newlib's libgloss number them."""

    OPENAT = 56
    CLOSE = 57
    LSEEK = 62
    READ = 63
    WRITE = 64
    WRITEV = 66
    FSTAT = 80
    EXIT = 93
    EXIT_GROUP = 94
    CLOCK_GETTIME = 113
    KILL = 129
    TKILL = 130
    TGKILL = 131
    GETTIMEOFDAY = 169
    GETPID = 172
    GETPPID = 173
    GETUID = 174
    GETEUID = 175
    GETGID = 176
    GETEGID = 177
    GETTID = 178
    BRK = 214
    CLOCK_GETTIME64 = 403
    OPEN = 1024  # libgloss only


class Errno(IntEnum):
    """Linux's numbers, which the host's own need not be (errno.ENOSYS on macOS is 78)."""

    ENOENT = 2
    EIO = 5
    EBADF = 9
    EFAULT = 14
    EINVAL = 22
    ESPIPE = 29
    ENOSYS = 38


_STDIN, _STDOUT, _STDERR = range(3)
_PROCESS: Final = 1
_CLOCKS: Final = 12  # all of Linux's clocks tell the same time here
_IOV_MAX: Final = 1024

# struct timespec and timeval: 64-bit seconds, as every newlib since 3.0 and RV32 Linux have them,
# and a long. Written as 64 bits, a long of either width reads right.
_TIME: Final = Struct("<qq")
# struct kernel_stat of libgloss: dev ino mode nlink uid gid rdev - size blksize - blocks, three
# times, -.
_STAT: Final = Struct("<QQIIIIQQqiiq6qQ")
# Always a character device, whatever the host's stream is: newlib then buffers by the line, so
# instruction counts do not depend on a redirection.
_TERMINAL: Final = _STAT.pack(
    *(0, 0, 0o020620, 1, 0, 0, 0, 0, 0), *(1024, 0, 0), *(0, 0, 0, 0, 0, 0), 0
)


class Host:
    """Answers system calls.

    `now` gives simulated microseconds since the start. `heap` is what `brk` hands out: it starts
    behind the program and must end before the stack.
    """

    def __init__(
        self, memory: Memory, console: Console, *, now: Callable[[], int], heap: range, xlen: int
    ) -> None:
        self._memory = memory
        self._console = console
        self._now = now
        self._heap = heap
        self._break = heap.start
        self._open = {_STDIN, _STDOUT, _STDERR}
        self._sign = 1 << xlen - 1
        self._pointer = xlen // 8  # bytes

    def call(self, number: int, arguments: Sequence[int]) -> int:
        """The result of a system call, or minus an Errno.

        Arguments are the unsigned values of a0, a1, ...; missing ones are 0. Raises GuestExit,
        and OSError where the host does not take the output of a guest that ends.
        """
        a0, a1, a2 = (*arguments, 0, 0, 0)[:3]
        try:
            return self._call(number, a0, a1, a2)
        except AccessFault:
            return -Errno.EFAULT

    def _call(self, number: int, a0: int, a1: int, a2: int) -> int:
        match number:
            case Call.WRITE:
                return self._write(a0, self._memory.read(a1, a2))
            case Call.WRITEV:
                return self._writev(a0, a1, a2)
            case Call.READ:
                return self._read(a0, a1, a2)
            case Call.EXIT | Call.EXIT_GROUP:
                raise self._console.exit(self._signed(a0))
            case Call.KILL | Call.TKILL if a1:
                raise self._console.exit(SIGNALED + a1)
            case Call.TGKILL if a2:
                raise self._console.exit(SIGNALED + a2)
            case Call.BRK:
                return self._brk(a0)
            case Call.FSTAT if a0 in self._open:
                self._memory.write(a1, _TERMINAL)
                return 0
            case Call.LSEEK if a0 in self._open:
                return -Errno.ESPIPE
            case Call.CLOSE if a0 in self._open:
                self._open.remove(a0)
                return 0
            case Call.FSTAT | Call.LSEEK | Call.CLOSE:
                return -Errno.EBADF
            case Call.OPENAT | Call.OPEN:
                return -Errno.ENOENT  # a guest is shown no file of the host
            case Call.GETTIMEOFDAY:
                self._memory.write(a0, _TIME.pack(*divmod(self._now(), 10**6)))
                return 0
            case Call.CLOCK_GETTIME | Call.CLOCK_GETTIME64 if a0 < _CLOCKS:
                seconds, microseconds = divmod(self._now(), 10**6)
                self._memory.write(a1, _TIME.pack(seconds, microseconds * 1000))
                return 0
            case Call.CLOCK_GETTIME | Call.CLOCK_GETTIME64:
                return -Errno.EINVAL
            case Call.GETPID | Call.GETTID:
                return _PROCESS
            case Call.GETPPID | Call.GETUID | Call.GETEUID | Call.GETGID | Call.GETEGID:
                return 0
            case Call.KILL | Call.TKILL | Call.TGKILL:
                return 0
        return -Errno.ENOSYS

    def _write(self, file: int, data: bytes) -> int:
        if file not in self._open or file == _STDIN:
            return -Errno.EBADF
        try:
            if file == _STDOUT:
                self._console.write(data)
            else:
                self._console.write_error(data)
        except OSError:
            return -Errno.EIO
        return len(data)

    def _writev(self, file: int, vectors: int, count: int) -> int:
        if count > _IOV_MAX:
            return -Errno.EINVAL
        words = self._memory.view(vectors, f"<u{self._pointer}", (count, 2)).tolist()
        return self._write(file, b"".join(self._memory.read(*vector) for vector in words))

    def _read(self, file: int, address: int, count: int) -> int:
        if file not in self._open or file != _STDIN:
            return -Errno.EBADF
        self._memory.view(address, "u1", count)  # a fault must not swallow input
        try:
            data = self._console.read(count)
        except OSError:
            return -Errno.EIO
        self._memory.write(address, data)
        return len(data)

    def _brk(self, address: int) -> int:
        if not self._heap.start <= address <= self._heap.stop:
            return self._break
        if address > self._break:
            # Memory that is handed out again must be zero again: malloc relies on it.
            self._memory.clear(self._break, address - self._break)
        self._break = address
        return address

    def _signed(self, value: int) -> int:
        return (value ^ self._sign) - self._sign
