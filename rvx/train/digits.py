"""scikit-learn's digits: 1797 images of 8 by 8 pixels from 0 to 16, a fifth of them held out."""

from __future__ import annotations

from typing import Final

import numpy as np

from rvx.train.data import DataSet
from rvx.train.settings import TrainError

_HELD: Final = 0.2
_SEED: Final = 8  # of the split, which is the same for all runs


def digits(limit: int | None = None) -> DataSet:
    """All samples, or the first `limit` of them, shuffled. Raises TrainError without
    scikit-learn."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise TrainError(
            "the digits come with scikit-learn, which is not installed: pip install 'rvx[train]'"
        ) from None
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(_SEED).permutation(len(images))[:limit]
    entries = np.concatenate([labels[order, None], images[order]], axis=1).astype(np.uint8)
    held = round(len(order) * _HELD)
    train = len(order) - held
    return DataSet(entries.tobytes(), train, held, train)
