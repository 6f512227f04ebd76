"""What a guest is told of a file, in the structures of newlib and of Linux.

Times, owners and inodes are the host's business: they are the same for all files, so that a guest
takes the same steps wherever its files lie.
"""

from __future__ import annotations

import os
import stat
from struct import Struct
from typing import Final

_BLOCK: Final = 1024
_SECTOR: Final = 512
# struct kernel_stat of libgloss and Linux's of 64 bits: dev ino mode nlink uid gid rdev - size
# blksize - blocks, three times, -.
_STAT: Final = Struct("<QQIIIIQQqiiq6qQ")
# struct statx (linux/stat.h): mask blksize attributes nlink uid gid mode - ino size blocks
# attributes_mask, four times of 16 bytes, rdev and dev of two words, and room.
_STATX: Final = Struct("<IIQIIIHHQQQQ64s4I112s")
_BASIC_STATS: Final = 0x7FF
# Always a character device, whatever the host's stream is: libraries then buffer by the line, so
# instruction counts do not depend on a redirection.
_TERMINAL: Final = 0o020620


def _facts(status: os.stat_result | None) -> tuple[int, int, int]:
    """Mode, number of links and size of a file, or of a stream."""
    if status is None:
        return _TERMINAL, 1, 0
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    return status.st_mode, 1, size


def kernel_stat(status: os.stat_result | None) -> bytes:
    """struct stat as newlib and RV64 Linux have it; None for a stream."""
    mode, links, size = _facts(status)
    blocks = -(-size // _SECTOR)
    inode = 0 if status is None else 1
    return _STAT.pack(
        *(0, inode, mode, links, 0, 0, 0, 0, size), *(_BLOCK, 0, blocks), *(0, 0, 0, 0, 0, 0), 0
    )


def statx(status: os.stat_result | None) -> bytes:
    """struct statx, the only one that RV32 Linux has; None for a stream."""
    mode, links, size = _facts(status)
    blocks = -(-size // _SECTOR)
    return _STATX.pack(
        *(_BASIC_STATS, _BLOCK, 0, links, 0, 0, mode, 0, 1, size, blocks, 0),
        *(bytes(64), 0, 0, 0, 0, bytes(112)),
    )
