"""The one directory of the host that a guest sees, as its `/`.

The host never resolves a path of the guest's. Each component is opened by itself, below the
directory that was opened before and without following a link; what a link says is resolved here in
the same way, `/` and `..` included. So a guest finds nothing outside, whatever links it has, and
whatever changes while it looks.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

Names: TypeAlias = tuple[bytes, ...]
"""A directory of the guest's: the names on the way from its root, none of them a link."""

_LINKS: Final = 40  # that one path may lead through
_LONGEST: Final = 4096
_LOOK: Final = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_SPECIAL: Final = frozenset({"proc", "sysfs"})  # where files are not data


class Root:
    """A directory, opened. Raises OSError where it cannot be, or the host lacks what it takes."""

    def __init__(self, folder: str | Path) -> None:
        if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
            reason = "a directory for guests needs Linux, macOS or the like"
            raise OSError(errno.ENOSYS, reason, str(folder))
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._forbidden = _special_devices()

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self._descriptor)

    def open(self, start: Names, path: bytes, flags: int, mode: int) -> tuple[int, Names]:
        """A descriptor of a file or directory, and where it is. `flags` are the host's; links are
        followed unless O_NOFOLLOW is one of them. Raises OSError."""
        follow = not flags & os.O_NOFOLLOW and not flags & os.O_EXCL
        truncates = flags & os.O_TRUNC
        flags = flags & ~os.O_TRUNC | _LOOK | getattr(os, "O_NONBLOCK", 0) | os.O_NOCTTY
        with self._place(start, path, follow=follow) as (directory, names, name):
            with suppress(FileNotFoundError):
                _check_kind(os.stat(name, dir_fd=directory, follow_symlinks=False))
            descriptor = os.open(name, flags, mode & 0o777, dir_fd=directory)
            try:
                status = os.fstat(descriptor)
                _check_kind(status)
                self._check_device(status)
                if truncates and stat.S_ISREG(status.st_mode):
                    os.ftruncate(descriptor, 0)
            except OSError:
                os.close(descriptor)
                raise
            return descriptor, names if name == b"." else (*names, name)

    def stat(self, start: Names, path: bytes, *, follow: bool) -> os.stat_result:
        with self._place(start, path, follow=follow) as (directory, _, name):
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            self._check_device(status)
            return status

    def readlink(self, start: Names, path: bytes) -> bytes:
        with self._place(start, path, follow=False) as (directory, _, name):
            return os.readlink(name, dir_fd=directory)

    def mkdir(self, start: Names, path: bytes, mode: int) -> None:
        with self._place(start, path.rstrip(b"/"), follow=False) as (directory, _, name):
            os.mkdir(name, mode & 0o777, dir_fd=directory)

    def unlink(self, start: Names, path: bytes) -> None:
        with self._place(start, path, follow=False) as (directory, _, name):
            os.unlink(name, dir_fd=directory)

    def rmdir(self, start: Names, path: bytes) -> None:
        with self._place(start, path.rstrip(b"/"), follow=False) as (directory, _, name):
            os.rmdir(name, dir_fd=directory)

    def rename(self, start: Names, path: bytes, new_start: Names, new: bytes) -> None:
        with (
            self._place(start, path.rstrip(b"/"), follow=False) as (directory, _, name),
            self._place(new_start, new.rstrip(b"/"), follow=False) as (to, _, new_name),
        ):
            os.rename(name, new_name, src_dir_fd=directory, dst_dir_fd=to)

    def directory(self, start: Names, path: bytes) -> Names:
        """Where a directory is. Raises OSError where it is none."""
        descriptor, names = self.open(start, path, os.O_RDONLY | os.O_DIRECTORY, 0)
        os.close(descriptor)
        return names

    @contextmanager
    def _place(
        self, start: Names, path: bytes, *, follow: bool
    ) -> Iterator[tuple[int, Names, bytes]]:
        """The directory that a path leads to, opened, its names, and the name in it, which is no
        link where links are followed; `.` for the directory itself."""
        if not path:
            raise OSError(errno.ENOENT, "no name")
        if len(path) >= _LONGEST:
            raise OSError(errno.ENAMETOOLONG, "too long")
        pending = deque(path.split(b"/"))
        if not path.startswith(b"/"):
            pending.extendleft(reversed(start))
        links = 0
        with ExitStack() as opened:
            directories, names = [self._descriptor], list[bytes]()
            while pending:
                part = pending.popleft()
                if part in (b"", b"."):
                    continue
                if part == b"..":
                    if names:  # above the root is the root
                        names.pop()
                        directories.pop()
                    continue
                if not pending and not follow:
                    yield directories[-1], tuple(names), part
                    return
                target = _link(part, directories[-1])
                if target is not None:
                    links += 1
                    if links > _LINKS:
                        raise OSError(errno.ELOOP, "too many links")
                    if target.startswith(b"/"):
                        directories, names = directories[:1], []
                    pending.extendleft(reversed(target.split(b"/")))
                    continue
                if not pending:
                    yield directories[-1], tuple(names), part
                    return
                below = os.open(part, _LOOK | os.O_DIRECTORY, dir_fd=directories[-1])
                opened.callback(os.close, below)
                self._check_device(os.fstat(below))
                directories.append(below)
                names.append(part)
            yield directories[-1], tuple(names), b"."

    def _check_device(self, status: os.stat_result) -> None:
        if status.st_dev in self._forbidden:
            raise OSError(errno.EACCES, "not a file system of files")


def _check_kind(status: os.stat_result) -> None:
    """Devices, pipes and sockets lead out of the directory."""
    kinds = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)
    if not any(is_kind(status.st_mode) for is_kind in kinds):
        raise OSError(errno.EACCES, "neither a file nor a directory")


def _link(name: bytes, directory: int) -> bytes | None:
    """What a link says, or None where there is none of that name."""
    try:
        return os.readlink(name, dir_fd=directory)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise


def _special_devices() -> frozenset[int]:
    """The devices of the host's special file systems, as Linux lists them."""
    found = set()
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
            mount, _, system = line.partition(b" - ")
            if system.split()[0].decode() in _SPECIAL:
                major, minor = mount.split()[2].split(b":")
                found.add(os.makedev(int(major), int(minor)))
    return frozenset(found)
