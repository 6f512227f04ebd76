"""Runs of several number systems and seeds, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan
from statistics import mean, stdev

from rvx.train.result import accuracy, memory, reached
from rvx.train.run import Done


@dataclass(frozen=True)
class Spread:
    """A mean and a standard deviation over seeds (0 of one seed)."""

    mean: float
    deviation: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        if not values:
            return cls(nan, nan, 0)
        return cls(mean(values), stdev(values) if len(values) > 1 else 0.0, len(values))


@dataclass(frozen=True)
class Row:
    """A number system's runs."""

    system: str
    seeds: int
    accuracy: Spread | None
    """At the end, on what is held out; None where nothing is right or wrong."""
    loss: Spread
    """At the end, on what is held out."""
    reached: int
    """Seeds that came to the target. What follows is of those."""
    cycles: Spread
    instret: Spread
    epochs: Spread
    speedup: float
    """Mean cycles of the baseline to the target, over the mean here; NaN where one has none."""
    cycles_per_epoch: float
    memory: int
    """Bytes of parameters, masters, optimizer, activations, operands."""
    parameter_bytes: int
    seconds: Spread
    mips: float
    skipped: int


def compare(runs: Sequence[Done], target: float) -> list[Row]:
    """A row for each system, in the order of the runs; the first is the baseline."""
    systems = list(dict.fromkeys(done.plan.system.name for done in runs))
    rows = [
        _row(name, [done for done in runs if done.plan.system.name == name], target)
        for name in systems
    ]
    return [replace(row, speedup=rows[0].cycles.mean / row.cycles.mean) for row in rows]


def _row(name: str, runs: Sequence[Done], target: float) -> Row:
    """The speedup is left open."""
    last = [done.epochs[-1] for done in runs]
    judged = [found for event in last if (found := accuracy(event)) is not None]
    hits = [event for done in runs if (event := reached(done, target)) is not None]
    cycles = Spread.of([float(event.spent.train_cycles) for event in hits])
    parts = memory(runs[0])
    epochs = last[0].whole("epoch") or 1
    return Row(
        system=name,
        seeds=len(runs),
        accuracy=Spread.of(judged) if judged else None,
        loss=Spread.of([event.real("held") for event in last]),
        reached=len(hits),
        cycles=cycles,
        instret=Spread.of([float(event.spent.train_instret) for event in hits]),
        epochs=Spread.of([float(event.whole("epoch")) for event in hits]),
        speedup=nan,
        cycles_per_epoch=mean(event.spent.train_cycles for event in last) / epochs,
        memory=sum(parts[use] for use in ("parameter", "master", "activation", "operand")),
        parameter_bytes=parts["parameter"],
        seconds=Spread.of([done.seconds for done in runs]),
        mips=mean(done.instret / done.seconds for done in runs) / 1e6,
        skipped=sum(event.whole("skipped") for event in last),
    )
