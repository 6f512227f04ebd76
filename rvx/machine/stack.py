"""What lies on a program's stack when it starts: arguments, environment and auxiliary vector, as
Linux puts them there (System V ABI, "Process Initialization")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rvx.machine.memory import Memory
from rvx.machine.program import Program

_NULL, _PHDR, _PHENT, _PHNUM, _PAGESZ, _ENTRY = 0, 3, 4, 5, 6, 9
_UID, _EUID, _GID, _EGID, _HWCAP, _CLKTCK, _SECURE, _RANDOM = 11, 12, 13, 14, 16, 17, 23, 25
_PAGE: Final = 0x1000
_SEED: Final = bytes(range(16))  # of what a C library protects its stack with
_ALIGN: Final = 16


def place_arguments(
    memory: Memory,
    top: int,
    program: Program,
    arguments: Sequence[bytes],
    environment: Sequence[bytes],
) -> int:
    """Put them below `top`; returns the stack pointer. Raises AccessFault where there is no room.

    `arguments` are those behind the program's name, `environment` is NAME=VALUE.
    """
    size = program.xlen // 8
    texts = [program.name.encode("utf-8", "surrogateescape"), *arguments, *environment]
    block = b"".join(text + b"\0" for text in texts) + _SEED
    start = top - len(block) & -_ALIGN
    addresses, next = [], start
    for text in texts:
        addresses.append(next)
        next += len(text) + 1
    count = 1 + len(arguments)
    vector = [count, *addresses[:count], 0, *addresses[count:], 0, *_auxiliary(program, next)]
    pointer = start - len(vector) * size & -_ALIGN
    memory.write(start, block)
    memory.write(pointer, b"".join(word.to_bytes(size, "little") for word in vector))
    return pointer


def _auxiliary(program: Program, random: int) -> list[int]:
    headers = program.headers
    found = {
        **({} if headers is None else {_PHDR: headers.address, _PHNUM: headers.count}),
        **({} if headers is None else {_PHENT: headers.size}),
        _PAGESZ: _PAGE,
        _ENTRY: program.entry,
        **dict.fromkeys((_UID, _EUID, _GID, _EGID, _HWCAP, _SECURE), 0),
        _CLKTCK: 100,
        _RANDOM: random,
    }
    return [*(word for pair in found.items() for word in pair), _NULL, 0]
