"""What can be trained: a row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rvx.train.data import DataSet
from rvx.train.digits import digits
from rvx.train.regression import regression
from rvx.train.text import text


@dataclass(frozen=True)
class Workload:
    """A network, its data and what a run does where the user does not say."""

    name: str
    source: str
    """In `firmware/train`."""
    data: Callable[[], DataSet]
    aims_at_accuracy: bool
    """Whether the target is an accuracy, otherwise it is a loss; both on what is held out."""
    target: float
    """What a run is to reach."""
    optimizer: str
    rate: float
    batch: int
    epochs: int
    loss_scale: int
    """log2 of it."""
    most_batch: int
    """Samples a step, at most."""
    report: int = 0
    """Steps between two reports of the loss within an epoch; 0: none."""


WORKLOADS: Final = (
    Workload("mlp", "mlp.c", digits, True, 0.95, "sgd", 0.1, 32, 10, 10, 256),
    Workload("cnn", "cnn.c", digits, False, 0.2, "sgd", 0.1, 32, 5, 10, 256, 10),
    Workload("regression", "regression.c", regression, False, 0.1, "adam", 0.003, 32, 20, 0, 256),
    Workload("transformer", "transformer.c", text, False, 2.25, "adam", 0.003, 4, 3, 10, 32, 5),
)
BY_NAME: Final = {workload.name: workload for workload in WORKLOADS}
