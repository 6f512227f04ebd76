"""A regression over many magnitudes, drawn from a network: see `firmware/train/regression.c`."""

from __future__ import annotations

from typing import Final

import numpy as np

from rvx.train.data import DataSet

INPUTS: Final = 16
OUTPUTS: Final = 4
_HIDDEN: Final = 12
_UNIT: Final = 2**12
_LEAST, _MOST = -8, 8  # exponents of two that samples are multiplied by
_SEED: Final = 8
_TRAIN, _HELD = 2048, 512


def regression() -> DataSet:
    """Samples z 2^e with answers t 2^e: t is a drawn network of z, without biases, so that it
    scales with its input."""
    random = np.random.default_rng(_SEED)
    count = _TRAIN + _HELD
    z = np.round(np.clip(random.standard_normal((count, INPUTS)), -4, 4) * _UNIT)
    first = random.standard_normal((INPUTS, _HIDDEN)) / np.sqrt(INPUTS / 2)
    second = random.standard_normal((_HIDDEN, OUTPUTS)) / np.sqrt(_HIDDEN / 2)
    t = np.round(np.maximum(z @ first, 0) @ second)
    e = random.integers(_LEAST, _MOST + 1, (count, 1))
    entries = np.clip(np.concatenate([z, t, e], axis=1), -(2**15), 2**15 - 1)
    return DataSet(entries.astype("<i2").tobytes(), _TRAIN, _HELD, _TRAIN)
