"""The host's side of a guest's system calls: numbers and structures of Linux and newlib.

A guest sees three open streams, memory, simulated time and, where the user gives one, a directory;
nothing else of the host: the same program with the same input takes the same steps everywhere.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from rvx.machine.console import SIGNALED, Console
from rvx.machine.files import AT_FDCWD, CallFailed, Files, translated
from rvx.machine.heap import Heap
from rvx.machine.memory import AccessFault, Memory
from rvx.machine.root import Root
from rvx.machine.status import kernel_stat, statx
from rvx.machine.system_call import Call, Errno

if TYPE_CHECKING:
    from random import Random

_PROCESS: Final = 1
_CLOCKS: Final = 12  # all of Linux's clocks tell the same time here
_IOV_MAX: Final = 1024
_PATH_MAX: Final = 4096
_TRANSFER: Final = 1 << 26  # bytes of one call, which may do less than it is asked to
_RANDOM_MOST: Final = 1 << 20
_SEED: Final = 1

# struct timespec and timeval: 64-bit seconds, as every newlib since 3.0 and RV32 Linux have them,
# and a long. Written as 64 bits, a long of either width reads right.
_TIME: Final = Struct("<qq")
_TICKS: Final = 10_000  # microseconds of one: CLK_TCK is 100
_NAMES: Final = (b"Linux", b"rvx", b"6.1.0", b"rvx")  # and the machine, of struct utsname
_UTSNAME: Final = 65
_AT_SYMLINK_NOFOLLOW, _AT_REMOVEDIR, _AT_EMPTY_PATH = 0x100, 0x200, 0x1000
_TIOCGWINSZ: Final = 0x5413
_WINDOW: Final = Struct("<4H").pack(24, 80, 0, 0)
_MAP_FIXED, _MAP_ANONYMOUS = 0x10, 0x20
_DUPFD, _GETFD, _SETFD, _GETFL, _SETFL, _DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030

# What succeeds and changes nothing that a lone process without signals could notice.
_NOTHING: Final = frozenset(
    {
        *(Call.SET_ROBUST_LIST, Call.SIGALTSTACK, Call.SCHED_YIELD, Call.MPROTECT, Call.MADVISE),
        *(Call.FSYNC, Call.FDATASYNC),
    }
)
_ZERO: Final = frozenset({Call.GETPPID, Call.GETUID, Call.GETEUID, Call.GETGID, Call.GETEGID})


class Host:
    """Answers system calls.

    `now` gives simulated microseconds since the start. `heap` is what `brk` and `mmap` hand out:
    it starts behind the program and must end before the stack. `root` is the directory that the
    guest sees as `/`; without one there is no file.
    """

    def __init__(
        self,
        memory: Memory,
        console: Console,
        *,
        now: Callable[[], int],
        heap: range,
        xlen: int,
        root: Root | None = None,
    ) -> None:
        self._memory = memory
        self._console = console
        self._now = now
        self._heap = Heap(memory, heap)
        self._files = Files(console, root)
        self._umask = 0o022
        self._xlen = xlen
        self._pointer = xlen // 8  # bytes

    def state(self) -> dict[str, Any]:
        """What it remembers for the guest, as JSON, for `resume`. Raises OSError where a file is
        open: a checkpoint has none."""
        if not self._files.are_streams:
            raise OSError(errno.EBUSY, "the program has files open, which no checkpoint keeps")
        random = self._random.getstate() if "_random" in self.__dict__ else None
        return {"heap": self._heap.state(), "umask": self._umask, "random": random}

    def resume(self, state: Mapping[str, Any]) -> None:
        """Remember what `state` said."""
        self._heap.resume(state["heap"])
        self._umask = state["umask"]
        if state["random"] is not None:
            version, words, gauss = state["random"]
            self._random.setstate((version, tuple(words), gauss))

    def call(self, number: int, arguments: Sequence[int]) -> int:
        """The result of a system call, or minus an Errno.

        Arguments are the unsigned values of a0, a1, ...; missing ones are 0. Raises GuestExit,
        and OSError where the host does not take the output of a guest that ends.
        """
        a = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
        if number in (Call.EXIT, Call.EXIT_GROUP):
            raise self._console.exit(self._signed(a[0]))
        try:
            for answer in (self._process, self._storage, self._time, self._descriptor, self._path):
                result = answer(number, a)
                if result is not None:
                    return result
        except AccessFault:
            return -Errno.EFAULT
        except CallFailed as failed:
            return -failed.error
        except OSError as error:
            if error.filename == "standard output":  # of a guest that a signal ends
                raise
            return -translated(error)
        except (OverflowError, ValueError):  # a number or a name that the host has no room for
            return -Errno.EINVAL
        return -Errno.ENOSYS

    # Each of the following answers the calls that it knows, and None to others ------------------

    def _process(self, number: int, a: Sequence[int]) -> int | None:
        match number:
            case Call.KILL | Call.TKILL if a[1]:
                raise self._console.exit(SIGNALED + (a[1] & 0x7F))
            case Call.TGKILL if a[2]:
                raise self._console.exit(SIGNALED + (a[2] & 0x7F))
            case Call.KILL | Call.TKILL | Call.TGKILL:
                return 0
            case Call.GETPID | Call.GETTID | Call.SET_TID_ADDRESS:
                return _PROCESS
            case Call.UMASK:
                before, self._umask = self._umask, a[0] & 0o777
                return before
            case Call.RT_SIGACTION | Call.RT_SIGPROCMASK:
                # Nothing sends a signal: what was set before is always nothing.
                size = 3 * self._pointer + 8 if number == Call.RT_SIGACTION else 8
                if a[2]:
                    self._memory.write(a[2], bytes(size))
                return 0
            case Call.FUTEX | Call.FUTEX_TIME64:
                return -Errno.EAGAIN if a[1] & 0x7F == 0 else 0  # nobody would wake a waiting one
            case Call.UNAME:
                names = (*_NAMES, b"riscv%d" % self._xlen, b"")
                self._memory.write(a[0], b"".join(name.ljust(_UTSNAME, b"\0") for name in names))
                return 0
            case Call.GETRANDOM:
                count = min(a[1], _RANDOM_MOST)
                self._memory.write(a[0], self._random.randbytes(count))
                return count
            case Call.PRLIMIT:
                if a[3]:
                    self._memory.write(a[3], b"\xff" * 16)  # no limit
                return 0
        if number in _NOTHING:
            return 0
        return 0 if number in _ZERO else None

    def _storage(self, number: int, a: Sequence[int]) -> int | None:
        match number:
            case Call.BRK:
                return self._heap.brk(a[0])
            case Call.MMAP:
                return self._map(a)
            case Call.MUNMAP:
                return 0 if self._heap.unmap(a[0], a[1]) else -Errno.EINVAL
            case Call.MREMAP:
                return -Errno.ENOMEM  # C libraries then map anew and copy
        return None

    def _map(self, a: Sequence[int]) -> int:
        size, flags = a[1], a[3]
        if not flags & _MAP_ANONYMOUS:
            return -Errno.ENODEV  # C libraries then read the file
        if not size or flags & _MAP_FIXED:
            return -Errno.EINVAL
        address = self._heap.map(size)
        return -Errno.ENOMEM if address is None else address

    def _time(self, number: int, a: Sequence[int]) -> int | None:
        seconds, microseconds = divmod(self._now(), 10**6)
        match number:
            case Call.GETTIMEOFDAY:
                self._memory.write(a[0], _TIME.pack(seconds, microseconds))
                return 0
            case Call.CLOCK_GETTIME | Call.CLOCK_GETTIME64 if a[0] < _CLOCKS:
                self._memory.write(a[1], _TIME.pack(seconds, microseconds * 1000))
                return 0
            case Call.CLOCK_GETRES | Call.CLOCK_GETRES64 if a[0] < _CLOCKS:
                if a[1]:
                    self._memory.write(a[1], _TIME.pack(0, 1000))
                return 0
            case (
                Call.CLOCK_GETTIME | Call.CLOCK_GETTIME64 | Call.CLOCK_GETRES | Call.CLOCK_GETRES64
            ):
                return -Errno.EINVAL
            case Call.TIMES:
                ticks = self._now() // _TICKS
                if a[0]:
                    spent = ticks.to_bytes(self._pointer, "little")
                    self._memory.write(a[0], spent + bytes(3 * self._pointer))
                return ticks
        return None

    def _descriptor(self, number: int, a: Sequence[int]) -> int | None:
        files, memory = self._files, self._memory
        match number:
            case Call.WRITE:
                return files.write(a[0], self._data([(a[1], a[2])]))
            case Call.PWRITE:
                return files.write(a[0], self._data([(a[1], a[2])]), self._offset(a[3:]))
            case Call.WRITEV:
                return files.write(a[0], self._data(self._vectors(a[1], a[2])))
            case Call.READ:
                return self._read(a[0], [(a[1], a[2])])
            case Call.PREAD:
                return self._read(a[0], [(a[1], a[2])], self._offset(a[3:]))
            case Call.READV:
                return self._read(a[0], self._vectors(a[1], a[2]))
            case Call.LSEEK:
                return self._seek(a)
            case Call.FTRUNCATE:
                files.truncate(a[0], self._offset(a[1:]))
            case Call.FSTAT:
                memory.write(a[1], kernel_stat(files.status(a[0])))
            case Call.CLOSE:
                files.close(a[0])
            case Call.DUP:
                return files.duplicate(a[0])
            case Call.DUP3:
                return files.replace(a[0], a[1])
            case Call.FCNTL:
                return self._control(a)
            case Call.IOCTL:
                if not files.is_stream(a[0]) or a[1] != _TIOCGWINSZ:
                    return -Errno.ENOTTY
                memory.write(a[2], _WINDOW)
            case Call.GETDENTS:
                entries = files.entries(a[0], a[2])
                memory.write(a[1], entries)
                return len(entries)
            case _:
                return None
        return 0

    def _path(self, number: int, a: Sequence[int]) -> int | None:
        files, memory = self._files, self._memory
        at = self._signed(a[0])
        match number:
            case Call.OPENAT:
                return files.open(at, self._name(a[1]), a[2], a[3] & ~self._umask)
            case Call.OPEN:
                mode = a[2] & ~self._umask
                return files.open(AT_FDCWD, self._name(a[0]), a[1], mode, newlib=True)
            case Call.STATX:
                memory.write(a[4], statx(self._status(at, a[1], a[2])))
            case Call.NEWFSTATAT:
                memory.write(a[2], kernel_stat(self._status(at, a[1], a[3])))
            case Call.STAT | Call.LSTAT:
                flags = _AT_SYMLINK_NOFOLLOW if number == Call.LSTAT else 0
                memory.write(a[1], kernel_stat(self._status(AT_FDCWD, a[0], flags)))
            case Call.FACCESSAT | Call.FACCESSAT2:
                files.access(at, self._name(a[1]))
            case Call.ACCESS:
                files.access(AT_FDCWD, self._name(a[0]))
            case Call.READLINKAT:
                target = files.readlink(at, self._name(a[1]))[: a[3]]
                memory.write(a[2], target)
                return len(target)
            case Call.MKDIRAT:
                files.mkdir(at, self._name(a[1]), a[2] & ~self._umask)
            case Call.MKDIR:
                files.mkdir(AT_FDCWD, self._name(a[0]), a[1] & ~self._umask)
            case Call.UNLINKAT:
                files.unlink(at, self._name(a[1]), directory=bool(a[2] & _AT_REMOVEDIR))
            case Call.UNLINK:
                files.unlink(AT_FDCWD, self._name(a[0]), directory=False)
            case Call.RENAMEAT | Call.RENAMEAT2:
                if number == Call.RENAMEAT2 and a[4]:
                    return -Errno.EINVAL
                files.rename(at, self._name(a[1]), self._signed(a[2]), self._name(a[3]))
            case Call.CHDIR:
                files.change(self._name(a[0]))
            case Call.GETCWD:
                here = files.here + b"\0"
                if len(here) > a[1]:
                    return -Errno.ERANGE
                memory.write(a[0], here)
                return len(here)
            case Call.SYMLINKAT | Call.LINKAT:
                return -Errno.EPERM  # a link that a guest leaves could mislead the host's programs
            case _:
                return None
        return 0

    @cached_property
    def _random(self) -> Random:
        from random import Random  # which few programs want

        return Random(_SEED)

    # Arguments ----------------------------------------------------------------------------------

    def _data(self, pieces: Sequence[tuple[int, int]]) -> bytes:
        """The bytes of the pieces, one behind the other."""
        data = bytearray()
        for address, count in pieces:
            self._memory.check(address, count)
            data += self._memory.read(address, min(count, _TRANSFER - len(data)))
        return bytes(data)

    def _read(self, file: int, pieces: Sequence[tuple[int, int]], offset: int | None = None) -> int:
        for address, count in pieces:
            self._memory.check(address, count)  # a fault must not swallow input
        most = min(sum(count for _, count in pieces), _TRANSFER)
        data = self._files.read(file, most, offset)
        done = 0
        for address, count in pieces:
            self._memory.write(address, data[done : done + count])
            done += count
        return len(data)

    def _seek(self, a: Sequence[int]) -> int:
        """lseek(file, offset, whence) of newlib, or _llseek(file, high, low, result, whence), which
        is what RV32 Linux has under that number: the result's address tells them apart."""
        if self._xlen == 32 and a[3] and a[4] <= 2:
            offset = self._offset((a[2], a[1]))
            reached = self._files.seek(a[0], offset, a[4])
            self._memory.write(a[3], reached.to_bytes(8, "little"))
            return 0
        return self._files.seek(a[0], self._signed(a[1]), a[2])

    def _control(self, a: Sequence[int]) -> int:
        files = self._files
        match a[1]:
            case command if command in (_DUPFD, _DUPFD_CLOEXEC):
                return files.duplicate(a[0], a[2])
            case command if command in (_GETFD, _SETFD, _SETFL):
                files.is_stream(a[0])
                return 0
            case command if command == _GETFL:
                files.is_stream(a[0])
                return 2  # O_RDWR
        return -Errno.EINVAL

    def _status(self, at: int, path: int, flags: int) -> os.stat_result | None:
        if flags & _AT_EMPTY_PATH and not (path and self._memory.peek(path, 1) != b"\0"):
            return self._files.status(at)
        follow = not flags & _AT_SYMLINK_NOFOLLOW
        return self._files.status_of(at, self._name(path), follow=follow)

    def _offset(self, words: Sequence[int]) -> int:
        """A 64-bit offset, in a pair of registers where they have half of it."""
        if self._xlen == 64:
            return self._signed(words[0])
        value = words[0] | words[1] << 32
        return value - (1 << 64) if value >> 63 else value

    def _name(self, address: int) -> bytes:
        """The string there. Raises AccessFault, CallFailed."""
        text = self._memory.peek(address, _PATH_MAX)
        if b"\0" not in text:
            if len(text) < _PATH_MAX:
                raise AccessFault(address, len(text) + 1, "load")
            raise CallFailed(Errno.ENAMETOOLONG)
        return text[: text.index(b"\0")]

    def _vectors(self, address: int, count: int) -> list[tuple[int, int]]:
        """Address and length of each piece of a struct iovec[]."""
        if count > _IOV_MAX:
            raise CallFailed(Errno.EINVAL)
        data, size = self._memory.read(address, 2 * count * self._pointer), self._pointer
        words = [
            int.from_bytes(data[start : start + size], "little")
            for start in range(0, len(data), size)
        ]
        return list(zip(words[::2], words[1::2], strict=True))

    def _signed(self, value: int) -> int:
        """A register's value as C's int or long, of either width."""
        value &= (1 << self._xlen) - 1
        return value - (1 << self._xlen) if value >> self._xlen - 1 else value
