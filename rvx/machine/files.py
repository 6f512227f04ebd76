"""What a guest's file descriptors lead to: the three streams, and files below its root."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from typing import Final

from rvx.machine.console import Console
from rvx.machine.root import Names, Root
from rvx.machine.system_call import Errno
from rvx.record import record

STDIN, STDOUT, STDERR = range(3)
AT_FDCWD: Final = -100
_MOST: Final = 256  # descriptors
# Flags of open, as Linux has them on RISC-V and as newlib has them, and the host's.
_LINUX: Final = {
    0o100: os.O_CREAT,
    0o200: os.O_EXCL,
    0o1000: os.O_TRUNC,
    0o2000: os.O_APPEND,
    0o200000: getattr(os, "O_DIRECTORY", 0),
    0o400000: getattr(os, "O_NOFOLLOW", 0),
}
_NEWLIB: Final = {0x200: os.O_CREAT, 0x400: os.O_TRUNC, 0x800: os.O_EXCL, 0x8: os.O_APPEND}
_ENTRY: Final = Struct("<QqHB")  # linux_dirent64: ino, off, reclen, type, then the name
_KINDS: Final = {stat.S_IFDIR: 4, stat.S_IFREG: 8, stat.S_IFLNK: 10}


class CallFailed(Exception):
    """A system call fails with that number."""

    def __init__(self, error: Errno) -> None:
        super().__init__(error.name)
        self.error = error


class File:
    """An open file or directory of the host's, closed with the last that refers to it."""

    def __init__(self, descriptor: int, names: Names) -> None:
        self.descriptor = descriptor
        self.names = names
        self.listing: list[bytes] | None = None  # entries of a directory still to be told

    def __del__(self) -> None:
        os.close(self.descriptor)


@record(frozen=True)
class Stream:
    """One of the three streams."""

    number: int


class Files:
    """A guest's descriptors. Raises CallFailed where a call has to fail, OSError as the host
    does (`translated` makes the former of the latter)."""

    def __init__(self, console: Console, root: Root | None) -> None:
        self._console = console
        self._root = root
        self._open: dict[int, Stream | File] = {n: Stream(n) for n in (STDIN, STDOUT, STDERR)}
        self._here: Names = ()

    @property
    def are_streams(self) -> bool:
        """Whether the descriptors are the three streams that a guest starts with."""
        return self._open == {n: Stream(n) for n in (STDIN, STDOUT, STDERR)}

    def open(self, at: int, path: bytes, flags: int, mode: int, *, newlib: bool = False) -> int:
        known = _NEWLIB if newlib else _LINUX
        access = (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_RDWR)[flags & 3]
        wanted = access | sum(own for bit, own in known.items() if flags & bit)
        root = self._rooted()
        number = self._lowest()
        descriptor, names = root.open(self._start(at), path, wanted, mode)
        self._open[number] = File(descriptor, names)
        return number

    def close(self, number: int) -> None:
        self._get(number)
        del self._open[number]

    def duplicate(self, number: int, least: int = 0) -> int:
        found = self._get(number)
        new = self._lowest(least)
        self._open[new] = found
        return new

    def replace(self, number: int, new: int) -> int:
        """dup3: `new` becomes another name of `number`."""
        if not 0 <= new < _MOST or new == number:
            raise CallFailed(Errno.EINVAL)
        self._open[new] = self._get(number)
        return new

    def read(self, number: int, count: int, offset: int | None = None) -> bytes:
        match self._get(number):
            case Stream(n) if n == STDIN and offset is None:
                with _stream_errors():
                    return self._console.read(count)
            case File(descriptor=descriptor):
                if offset is None:
                    return os.read(descriptor, count)
                return os.pread(descriptor, count, offset)
        raise CallFailed(Errno.EBADF if offset is None else Errno.ESPIPE)

    def write(self, number: int, data: bytes, offset: int | None = None) -> int:
        match self._get(number):
            case Stream(n) if n != STDIN and offset is None:
                with _stream_errors():
                    put = self._console.write if n == STDOUT else self._console.write_error
                    put(data)
                return len(data)
            case File(descriptor=descriptor):
                if offset is None:
                    return os.write(descriptor, data)
                return os.pwrite(descriptor, data, offset)
        raise CallFailed(Errno.EBADF if offset is None else Errno.ESPIPE)

    def seek(self, number: int, offset: int, whence: int) -> int:
        found = self._get(number)
        if isinstance(found, Stream):
            raise CallFailed(Errno.ESPIPE)
        if whence not in (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END):
            raise CallFailed(Errno.EINVAL)
        found.listing = None
        return os.lseek(found.descriptor, offset, whence)

    def truncate(self, number: int, size: int) -> None:
        os.ftruncate(self._file(number).descriptor, size)

    def is_stream(self, number: int) -> bool:
        return isinstance(self._get(number), Stream)

    def status(self, number: int) -> os.stat_result | None:
        """None for a stream."""
        found = self._get(number)
        return None if isinstance(found, Stream) else os.fstat(found.descriptor)

    def status_of(self, at: int, path: bytes, *, follow: bool) -> os.stat_result:
        return self._rooted().stat(self._start(at), path, follow=follow)

    def entries(self, number: int, room: int) -> bytes:
        """What fits of the entries that have not been told yet, in the order of their names."""
        found = self._file(number)
        if found.listing is None:
            with os.scandir(found.descriptor) as listed:
                names = sorted(os.fsencode(entry.name) for entry in listed)
            found.listing = [b".", b"..", *names]
        told = b""
        while found.listing:
            name = found.listing[0]
            size = _ENTRY.size + len(name) + 1 + 7 & -8
            if len(told) + size > room:
                if not told:
                    raise CallFailed(Errno.EINVAL)
                break
            head = _ENTRY.pack(1, len(found.listing), size, self._kind(found, name))
            told += (head + name).ljust(size, b"\0")
            del found.listing[0]
        return told

    def access(self, at: int, path: bytes) -> None:
        """Whether it is there: what the guest may do with it, opening it says."""
        self._rooted().stat(self._start(at), path, follow=True)

    def readlink(self, at: int, path: bytes) -> bytes:
        return self._rooted().readlink(self._start(at), path)

    def mkdir(self, at: int, path: bytes, mode: int) -> None:
        self._rooted().mkdir(self._start(at), path, mode)

    def unlink(self, at: int, path: bytes, *, directory: bool) -> None:
        root = self._rooted()
        (root.rmdir if directory else root.unlink)(self._start(at), path)

    def rename(self, at: int, path: bytes, to: int, new: bytes) -> None:
        self._rooted().rename(self._start(at), path, self._start(to), new)

    def change(self, path: bytes) -> None:
        self._here = self._rooted().directory(self._here, path)

    @property
    def here(self) -> bytes:
        return b"/" + b"/".join(self._here)

    def _rooted(self) -> Root:
        if self._root is None:
            raise CallFailed(Errno.ENOENT)  # a guest is shown no file of the host
        return self._root

    def _start(self, at: int) -> Names:
        return self._here if at == AT_FDCWD else self._file(at).names

    def _get(self, number: int) -> Stream | File:
        if number not in self._open:
            raise CallFailed(Errno.EBADF)
        return self._open[number]

    def _file(self, number: int) -> File:
        found = self._get(number)
        if isinstance(found, Stream):
            raise CallFailed(Errno.ENOTDIR)
        return found

    def _lowest(self, least: int = 0) -> int:
        for number in range(least, _MOST):
            if number not in self._open:
                return number
        raise CallFailed(Errno.EMFILE)

    def _kind(self, directory: File, name: bytes) -> int:
        try:
            status = os.stat(name, dir_fd=directory.descriptor, follow_symlinks=False)
        except OSError:
            return 0
        return 4 if name == b".." else _KINDS.get(stat.S_IFMT(status.st_mode), 0)


@contextmanager
def _stream_errors() -> Iterator[None]:
    """Whatever happens to a stream of the host, to the guest it is an I/O error."""
    try:
        yield
    except OSError:
        raise CallFailed(Errno.EIO) from None


def translated(error: OSError) -> Errno:
    """The guest's number for an error of the host's."""
    name = errno.errorcode.get(error.errno or 0, "")
    return Errno.__members__.get(name, Errno.EIO)
