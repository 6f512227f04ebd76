"""What can be trained: a row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from rvx.train.data import DataSet
from rvx.train.digits import digits
from rvx.train.regression import regression
from rvx.train.settings import Settings
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


_MLP: Final = Workload(
    name="mlp",
    source="mlp.c",
    data=digits,
    aims_at_accuracy=True,
    target=0.95,
    optimizer="sgd",
    rate=0.1,
    batch=32,
    epochs=10,
    loss_scale=10,
    most_batch=256,
)
_CNN: Final = replace(
    _MLP,
    name="cnn",
    source="cnn.c",
    aims_at_accuracy=False,
    target=0.2,
    epochs=5,
    report=10,
)
_REGRESSION: Final = Workload(
    name="regression",
    source="regression.c",
    data=regression,
    aims_at_accuracy=False,
    target=0.1,
    optimizer="adam",
    rate=0.003,
    batch=32,
    epochs=10,
    loss_scale=0,
    most_batch=256,
)
_TRANSFORMER: Final = Workload(
    name="transformer",
    source="transformer.c",
    data=text,
    aims_at_accuracy=False,
    target=2.25,
    optimizer="adam",
    rate=0.003,
    batch=4,
    epochs=3,
    loss_scale=10,
    most_batch=32,
    report=5,
)
WORKLOADS: Final = (_MLP, _CNN, _REGRESSION, _TRANSFORMER)
BY_NAME: Final = {workload.name: workload for workload in WORKLOADS}


def settings_of(workload: Workload) -> Settings:
    """What a run does where the user does not say."""
    return Settings(
        seed=1,
        epochs=workload.epochs,
        batch=workload.batch,
        report=workload.report,
        optimizer=workload.optimizer,
        rate=workload.rate,
        momentum=0.9,
        decay=0.0,
        second=0.999,
        epsilon=1e-8,
        master="real",
        scaling="none",
        stochastic=False,
        loss_scale=workload.loss_scale,
        dynamic=False,
    )
