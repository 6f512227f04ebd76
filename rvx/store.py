"""Files kept from one run to the next, by name: whole or not at all, and nobody else's.

What is kept may be code, or become code, so that it is used only where its checksum is right and
only this user can have written it. A store may always do nothing: where there is no such folder,
or it cannot be written, nothing is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_MAGIC = b"rvx kept 1\n"
_HEADER = len(_MAGIC) + sha256().digest_size


class Store:
    """A folder, which need not exist (None: nothing is kept), and the most bytes it may hold."""

    def __init__(self, folder: Path | None, most: int) -> None:
        self.folder = folder
        self._most = most

    def get(self, name: str) -> bytes | None:
        """What was put there. What is not whole is removed."""
        with suppress(OSError):
            if self.folder is not None and _is_private(self.folder.stat()):
                path = self.folder / name
                data = _read(path)
                if data[:_HEADER] == _header(name, data[_HEADER:]):
                    os.utime(path)  # what is used stays
                    return data[_HEADER:]
                path.unlink()
        return None

    def put(self, name: str, content: bytes) -> None:
        """Keep something. Others see all of it or nothing, also where two put the same."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            if _is_private(self.folder.stat()):
                self._write(self.folder, name, _header(name, content) + content)
                self._prune()

    def entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        """All files; what an interrupted process has left is a file like the others."""
        with suppress(OSError):
            for path in self.folder.iterdir() if self.folder is not None else ():
                with suppress(OSError):  # another process has removed it
                    yield path, path.stat()

    def clear(self) -> int:
        """Remove all files; their number. Raises OSError where one cannot be removed."""
        found = [path for path, _ in self.entries()]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _write(self, folder: Path, name: str, data: bytes) -> None:
        from tempfile import mkstemp

        handle, temporary = mkstemp(prefix=".", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(folder / name)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _prune(self) -> None:
        """Remove the files not used for longest while all of them take too much room."""
        found = sorted((s.st_mtime_ns, s.st_size, path) for path, s in self.entries())
        taken = sum(size for _, size, _ in found)
        for _, size, path in found:
            if taken <= self._most:
                break
            path.unlink(missing_ok=True)
            taken -= size


def _is_private(status: os.stat_result) -> bool:
    """Whether nobody but this user can write it. On Windows the folder's place sees to that."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if not _is_private(os.fstat(file.fileno())):
            raise PermissionError(path)
        return file.read()


def _header(name: str, content: bytes) -> bytes:
    return _MAGIC + sha256(name.encode() + b"\n" + content).digest()
