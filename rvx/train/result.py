"""What runs found, as JSON, and what follows from it: what a target took."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from math import isnan
from typing import Final

import numpy as np

from rvx.train.event import Event
from rvx.train.run import Done
from rvx.train.settings import Json

SCHEMA: Final = "rvx-train/1"


def accuracy(event: Event) -> float | None:
    """The share of right answers on what is held out; None where nothing is right or wrong."""
    judged = event.whole("judged")
    return event.whole("correct") / judged if judged else None


def reached(done: Done, target: float) -> Event | None:
    """The first epoch whose held-out accuracy or loss, as the workload has it, is at the target."""
    aims_at_accuracy = done.plan.workload.aims_at_accuracy
    for event in done.epochs:
        if aims_at_accuracy and (accuracy(event) or 0.0) >= target:
            return event
        if not aims_at_accuracy and event.real("held") <= target:
            return event
    return None


def memory(done: Done) -> dict[str, int]:
    """Bytes of the guest's memory by use."""
    start = done.start
    names = ("parameter", "master", "activation", "operand")
    found = {name: start.whole(f"{name}_bytes") for name in names}
    return {**found, "data": done.data_bytes, "code": done.code_bytes}


def to_json(runs: Sequence[Done], target: float) -> dict[str, Json]:
    """Ready for `json.dump`."""
    return {
        "schema": SCHEMA,
        "versions": {
            "rvx": _version("rvx"),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": _version("scikit-learn"),
        },
        "target": target,
        "runs": [_run(done, target) for done in runs],
    }


def _run(done: Done, target: float) -> dict[str, Json]:
    plan = done.plan
    at = reached(done, target)
    return {
        "workload": plan.workload.name,
        "numbers": plan.system.name,
        "isa": plan.system.isa,
        "core": plan.core,
        "settings": plan.settings.to_json(),
        "parameters": done.start.whole("parameters"),
        "memory_bytes": dict(memory(done)),
        "instret": done.instret,
        "cycles": done.cycles,
        "weights_sha256": done.digest,
        "weights_digest": done.events[-1].words["digest"],
        "seconds": done.seconds,
        "cpu_seconds": done.cpu_seconds,
        "translation_seconds": done.translation_seconds,
        "mips": done.instret / done.seconds / 1e6,
        "target_reached": None if at is None else _epoch(at),
        "epochs": [_epoch(event) for event in done.epochs],
        "steps": [_step(event) for event in done.events if event.kind == "step"],
    }


def _epoch(event: Event) -> dict[str, Json]:
    return {
        "epoch": event.whole("epoch"),
        "step": event.whole("step"),
        "train_loss": _finite(event.real("train")) if event.whole("epoch") else None,
        "held_loss": _finite(event.real("held")),
        "accuracy": accuracy(event),
        "skipped": event.whole("skipped"),
        "loss_scale": event.whole("scale"),
        **_spent(event),
    }


def _step(event: Event) -> dict[str, Json]:
    return {
        "epoch": event.whole("epoch"),
        "step": event.whole("step"),
        "train_loss": _finite(event.real("train")),
        **_spent(event),
    }


def _spent(event: Event) -> dict[str, Json]:
    spent = event.spent
    return {
        "instret": spent.train_instret,
        "cycles": spent.train_cycles,
        "instret_in_all": spent.instret,
        "cycles_in_all": spent.cycles,
    }


def _finite(value: float) -> float | None:
    """JSON has no NaN."""
    return None if isnan(value) else value


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
