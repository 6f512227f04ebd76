"""R_RISCV_ALIGN: padding that the assembler made as long as it could get, cut to what is needed.

The assembler of a section that linkers may relax cannot know how much padding is needed before
an aligned place, so it leaves the most, and the linker has to delete what is too much.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

# What fills the rest (unprivileged manual 2.4 and 28.8), as linkers do: long ones first.
_NOP, _SHORT_NOP = (0x13).to_bytes(4, "little"), (0x1).to_bytes(2, "little")


class Alignments:
    """The paddings of one section, and how its places move when they are cut."""

    def __init__(self, rows: Iterable[tuple[int, int]]) -> None:
        """Rows are the offset of a padding and its length."""
        self.alignment = 1
        self._kept: list[tuple[int, int, int]] = []  # offset, bytes kept, bytes cut
        cut = 0
        for offset, length in sorted(rows):
            if length < 0 or (self._kept and offset < sum(self._kept[-1])):
                raise ValueError("paddings that overlap")
            to = 1 << length.bit_length()  # one more than the longest padding, rounded up
            if length == 0:
                continue
            self.alignment = max(self.alignment, to)
            needed = -(offset - cut) % to
            if needed > length:
                raise ValueError("a padding too short")
            self._kept.append((offset, needed, length - needed))
            cut += length - needed
        self._offsets = [offset for offset, _, _ in self._kept]
        self._cuts = [0]
        for _, _, less in self._kept:
            self._cuts.append(self._cuts[-1] + less)

    def moved(self, offset: int) -> int:
        """Where a place goes."""
        index = bisect_right(self._offsets, offset - 1)
        if index == 0:
            return offset
        start, kept, less = self._kept[index - 1]
        inside = min(max(offset - start - kept, 0), less)
        return offset - self._cuts[index - 1] - inside

    def applied(self, contents: bytes) -> bytes:
        """The contents with the paddings cut."""
        if not self._kept:
            return contents
        found, at = bytearray(), 0
        for offset, kept, less in self._kept:
            if offset + kept + less > len(contents):
                raise ValueError("a padding outside of its section")
            found += contents[at:offset]
            found += _NOP * (kept // 4) + _SHORT_NOP * (kept % 4 // 2) + bytes(kept % 2)
            at = offset + kept + less
        return bytes(found + contents[at:])
