"""Short runs of the training program, for tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rvx.train.data import DataSet
from rvx.train.run import Done, Plan, Training
from rvx.train.settings import Settings
from rvx.train.system import SYSTEMS
from rvx.train.workload import BY_NAME as WORKLOADS

PLAIN = Settings(
    seed=1,
    epochs=1,
    batch=8,
    report=0,
    optimizer="sgd",
    rate=0.125,
    momentum=0.0,
    decay=0.0,
    second=0.999,
    epsilon=1e-8,
    master="real",
    scaling="none",
    stochastic=False,
    loss_scale=0,
    dynamic=False,
)


def plan_of(workload: str, system: str = "fp32", **settings: object) -> Plan:
    chosen = replace(PLAIN, **settings)  # type: ignore[arg-type]
    return Plan(WORKLOADS[workload], SYSTEMS[system], "cv32e40p", chosen)


def short(workload: str, train: int, held: int = 8) -> DataSet:
    """The first samples to learn from, and the first of those held out."""
    return replace(WORKLOADS[workload].data(), train=train, held=held)


def trained(workload: str, data: DataSet, system: str = "fp32", **settings: object) -> Done:
    return Training(plan_of(workload, system, **settings), data).run()


def weights(done: Done) -> np.ndarray:
    """Masters in single precision, padding of parts included, in float64."""
    return np.frombuffer(done.weights, "<f4").astype(np.float64)
