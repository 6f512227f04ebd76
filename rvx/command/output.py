"""Output files: whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from rvx.command.main import UserError


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file by way of a temporary one beside it, so that none is ever half written.

    Raises OSError that names `path`.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if _is_special(path):
            path.write_bytes(content)
            return
        target = path.resolve()  # a link stays, and what it leads to is written
        temporary = _temporary(target)
        try:
            temporary.write_bytes(content)
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _named(error, path) from None


def check_writable(path: Path, inputs: Iterable[Path] = ()) -> None:
    """Raise OSError where `write_whole` would, and UserError where it would replace an input:
    before the work whose result it writes."""
    if any(path.exists() and read.exists() and path.samefile(read) for read in inputs):
        raise UserError(f"{path}: is an input; name another file to write")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not _is_special(path):
            _temporary(path.resolve()).unlink()
    except OSError as error:
        raise _named(error, path) from None


def check_directory(path: Path) -> None:
    """Raise OSError where the directory does not exist and cannot be made."""
    existing = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not existing.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(existing))
    from tempfile import mkdtemp

    try:
        Path(mkdtemp(prefix=".rvx-", dir=existing)).rmdir()
    except OSError as error:
        raise _named(error, path) from None


def _is_special(path: Path) -> bool:
    """A device or a pipe, as /dev/stdout; or a directory, which then refuses."""
    return path.exists() and not path.is_file()


def _temporary(target: Path) -> Path:
    from tempfile import mkstemp  # takes longer than most else that a run needs

    handle, name = mkstemp(prefix=".rvx-", dir=target.parent)
    os.close(handle)
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _named(error: OSError, path: Path) -> OSError:
    return OSError(error.errno, error.strerror, str(path))
