"""Packed matrices as they lie in memory: `firmware/numbers/panels.h`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rvx.bench.golden.answer import Values
from rvx.bench.matrix import WORD, Codes

ROWS: Final = 4
"""Of a panel, side by side word by word."""


@dataclass(frozen=True)
class Layout:
    """How many elements a word and a block have; whether blocks have scales."""

    lanes: int
    block: int
    scaled: bool = True


@dataclass(frozen=True, eq=False)
class Packed:
    """A matrix that products take: elements, the scale words of blocks, what heads the whole."""

    layout: Layout
    values: Values
    """What the elements stand for, scales and all: (rows, k)."""
    codes: Codes
    """Of the elements: (rows, k)."""
    scales: Codes
    """A word a block: (rows, blocks); as many columns as there are blocks, or none."""
    header: tuple[int, ...] = ()
    """Words."""

    @property
    def rows(self) -> bytes:
        """The matrix in memory."""
        padding = -len(self.codes) % ROWS
        codes = np.pad(self.codes.astype(np.uint32), ((0, padding), (0, 0)))
        scales = np.pad(self.scales.astype(np.uint32), ((0, padding), (0, 0)))
        parts = [np.array(self.header, "<u4").tobytes()]
        for start in range(0, len(codes), ROWS):
            panel = slice(start, start + ROWS)
            parts += self._panel(codes[panel], scales[panel])
        return b"".join(parts)

    def _panel(self, codes: Codes, scales: Codes) -> list[bytes]:
        layout, parts = self.layout, []
        for number, start in enumerate(range(0, codes.shape[1], layout.block)):
            if layout.scaled:
                parts.append(scales[:, number].astype("<u4").tobytes())
            block = codes[:, start : start + layout.block]
            parts.append(self._words(block).T.astype("<u4").tobytes())
        return parts

    def _words(self, codes: Codes) -> Codes:
        """Elements of a row to words, the first in the lowest bits."""
        lanes = self.layout.lanes
        padded = np.pad(codes, ((0, 0), (0, -codes.shape[1] % lanes)))
        shifts = np.arange(lanes, dtype=np.uint32) * np.uint32(32 // lanes)
        words: Codes = (padded.reshape(len(codes), -1, lanes) << shifts).sum(-1, dtype=np.uint32)
        return words


@dataclass(frozen=True, eq=False)
class InRows(Packed):
    """The same without panels, for software: rows of bytes, then rows of scales."""

    @property
    def rows(self) -> bytes:
        return _bytes(self.codes) + _bytes(self.scales & np.uint32(255))


def _bytes(codes: Codes) -> bytes:
    """Rows of bytes, each padded with zeros to whole words."""
    return np.pad(codes, ((0, 0), (0, -codes.shape[1] % WORD))).astype(np.uint8).tobytes()
