"""The formats of the lane instructions, their models, and operands to try them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import universal_dtypes
from posit_model import Model


@dataclass(frozen=True)
class Lanes:
    """A prefix and suffix of mnemonics, and what the lanes are."""

    prefix: str
    suffix: str
    model: Model
    word: Any
    oracle: Any = None  # a dtype of Universal's, for the standard posits

    def __str__(self) -> str:
        return f"{self.prefix}.{self.suffix}"

    def name(self, operation: str) -> str:
        return f"{self.prefix}{operation}.{self.suffix}"

    @property
    def signed(self) -> Any:
        return np.dtype(f"i{self.model.bits // 8}")


POSIT8 = Lanes("vp", "b", Model(8), np.uint8, universal_dtypes.posit8)
POSIT16 = Lanes("vp", "h", Model(16), np.uint16, universal_dtypes.posit16)
POSIT32 = Lanes("vp", "s", Model(32), np.uint32, universal_dtypes.posit32)
BOUNDED8 = Lanes("vbp", "b", Model(8, 5, 6), np.uint8)
BOUNDED16 = Lanes("vbp", "h", Model(16, 5, 6), np.uint16)
BOUNDED32 = Lanes("vbp", "s", Model(32, 5, 6), np.uint32)
ALL = [POSIT8, POSIT16, POSIT32, BOUNDED8, BOUNDED16, BOUNDED32]
STANDARD, BOUNDED = ALL[:3], ALL[3:]


def every(lanes: Lanes) -> np.ndarray:
    """Every code of at most 16 bits."""
    return np.arange(1 << lanes.model.bits, dtype=np.uint64).astype(lanes.word)


def every_pair(lanes: Lanes) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of codes of 8 bits."""
    codes = every(lanes)
    return np.repeat(codes, len(codes)), np.tile(codes, len(codes))


def some(lanes: Lanes, size: int, count: int = 2, seed: int = 0) -> list[np.ndarray]:
    """Random codes, an eighth of them special ones, and an eighth near the one before."""
    draw, bits = np.random.default_rng((seed, lanes.model.bits)), lanes.model.bits
    top = 1 << bits - 1
    special = [0, 1, 2, 3, top >> 1, top - 2, top - 1, top, top + 1, top + top // 2, 2 * top - 1]
    found: list[np.ndarray] = []
    for _ in range(count):
        codes = draw.integers(0, 1 << bits, size, np.uint64)
        kind = draw.integers(0, 8, size)
        # Regimes of all lengths are as likely as each other.
        sign = draw.integers(0, 2, size, np.uint64) << np.uint64(bits - 1)
        short = codes >> draw.integers(1, bits, size, np.uint64) | sign
        codes = np.where(kind < 4, short, codes)
        codes = np.where(kind == 0, draw.choice(np.array(special, np.uint64), size), codes)
        if found:
            near = found[-1].astype(np.uint64) + draw.integers(0, 3, size, np.uint64) - np.uint64(1)
            near = np.where(draw.integers(0, 2, size) == 1, near, np.uint64(0) - near)
            codes = np.where(kind == 1, near, codes)
        found.append((codes & np.uint64((1 << bits) - 1)).astype(lanes.word))
    return found
