"""Loss and accuracy against simulated cycles, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from rvx.train.result import accuracy
from rvx.train.run import Done


@dataclass(frozen=True)
class Curve:
    """A line, for a run: cycles and what was found there."""

    system: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Panel:
    """A drawing with a line for each run."""

    title: str
    is_logarithmic: bool
    curves: tuple[Curve, ...]


def panels(runs: Sequence[Done]) -> list[Panel]:
    """The loss on what is held out, and the accuracy where there is one."""
    found = [Panel("loss on what is held out", True, tuple(_loss(done) for done in runs))]
    if all(accuracy(done.epochs[0]) is not None for done in runs):
        found.append(Panel("accuracy, per cent", False, tuple(_accuracy(done) for done in runs)))
    return found


def _loss(done: Done) -> Curve:
    points = [(float(e.spent.train_cycles), e.real("held")) for e in done.epochs]
    return Curve(done.plan.system.name, tuple(p for p in points if isfinite(p[1]) and p[1] > 0))


def _accuracy(done: Done) -> Curve:
    points = [(float(e.spent.train_cycles), 100 * (accuracy(e) or 0.0)) for e in done.epochs]
    return Curve(done.plan.system.name, tuple(points))
