"""Where a machine has RAM: as the user says, or as the program needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rvx.machine.memory import MemoryMapError
from rvx.machine.program import Program, Segment

_PAGE: Final = 0x1000
_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def parse_ram(text: str, *, xlen: int) -> range:
    """The addresses named by `BASE:SIZE`, as in `0x80000000:64M` or `0:512K`.

    Units are K, M and G, powers of 1024. Raises MemoryMapError.
    """
    form = re.fullmatch(r"(0[xX][0-9a-fA-F]+|[0-9]+):(0[xX][0-9a-fA-F]+|[0-9]+)([KMG]?)", text)
    if form is None:
        raise MemoryMapError(f"RAM {text!r} is not BASE:SIZE, as in 0x80000000:64M")
    base, size = (int(n, 16 if n[:2] in {"0x", "0X"} else 10) for n in form.group(1, 2))
    ram = range(base, base + size * _UNITS[form[3]])
    if not ram:
        raise MemoryMapError(f"RAM {text!r} has no size")
    if ram.stop > 1 << xlen:
        raise MemoryMapError(f"RAM {text!r} ends beyond the {xlen}-bit address space")
    return ram


def ram_for(program: Program, default: range) -> tuple[range, ...]:
    """RAM for a program when the user asked for none: `default` where the program fits into it.

    Otherwise each cluster of segments gets as much RAM as `default` has, from its first page on.
    The first range returned is the one with the data: the heap grows there from `program.end`,
    and the stack belongs at its end.
    """
    clusters = list(_clusters(program.segments, gap=len(default)))
    if default.start <= clusters[0].start and clusters[-1].stop <= default.stop:
        return (default,)
    bases = [cluster.start & -_PAGE for cluster in clusters]
    limits = [*bases[1:], 1 << program.xlen]
    ram = [
        range(base, min(limit, max(cluster.stop, base + len(default))))
        for base, limit, cluster in zip(bases, limits, clusters, strict=True)
    ]
    return tuple(sorted(ram, key=lambda piece: program.end - 1 not in piece))


def _clusters(segments: Sequence[Segment], gap: int) -> Iterator[range]:
    """The addresses of segments that lie less than `gap` bytes apart."""
    start, stop = segments[0].address, segments[0].end
    for segment in segments[1:]:
        if segment.address - stop >= gap:
            yield range(start, stop)
            start = segment.address
        stop = max(stop, segment.end)
    yield range(start, stop)
