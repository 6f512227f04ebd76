"""The text of the transformer, character by character, its last tenth held out."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from rvx.train.data import DataSet

SYMBOLS: Final = "\n abcdefghijklmnopqrstuvwxyz.,'-"
CONTEXT: Final = 32
_HELD: Final = 0.1


def text() -> DataSet:
    """Samples are windows of CONTEXT characters, which the next one follows. Those to learn from
    are shifted by up to CONTEXT, so that a window stays unused before those held out."""
    source = files("rvx.firmware").joinpath("train/text.txt").read_text("utf-8")
    codes = bytes(map(SYMBOLS.index, source))
    windows = (len(codes) - 1) // CONTEXT
    held = round(windows * _HELD)
    train = windows - held - 1
    return DataSet(codes[: windows * CONTEXT + 1], train, held, train + 1)
