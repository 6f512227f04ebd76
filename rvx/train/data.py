"""A workload's samples, as its C source in `firmware/train` reads them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataSet:
    """Samples `train` to learn from, the first ones, and `held` held out from `first_held` on."""

    data: bytes
    train: int
    held: int
    first_held: int
