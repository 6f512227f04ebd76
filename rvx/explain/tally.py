"""Cycles by reason and by place.

An instruction is charged its own cycle, and what is lost waiting for its operands. What is lost
because the instruction before it is still in execute, or has sent fetch elsewhere, is charged to
that one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TypeVar

from rvx.explain.recorder import Counts
from rvx.record import record
from rvx.timing.rules import Rules

Place = TypeVar("Place", bound=str | int)

NOT_FETCHED = ("redirect", "resume")


@record()
class Share:
    """What one place takes of a run."""

    instructions: int = 0
    stalls: Counter[str] = field(default_factory=Counter)  # cycles by reason

    @property
    def cycles(self) -> int:
        return self.instructions + self.stalls.total()


def charged_before(rules: Rules) -> frozenset[str]:
    """The reasons that are charged to the instruction before."""
    return rules.execute_reasons.union(NOT_FETCHED)


def whole(counts: Counts) -> Share:
    """What the whole run takes."""
    share = Share()
    for (_, _, stalls), times in counts.items():
        share.instructions += times
        for reason in stalls:
            share.stalls[reason] += times
    return share


def by_place(
    counts: Counts, place_of: Callable[[int], Place], before: frozenset[str]
) -> Mapping[Place, Share]:
    """What each place takes, the most first; `before` are the reasons charged to the instruction
    before."""
    shares: dict[Place, Share] = {}
    for (last, pc, stalls), times in counts.items():
        shares.setdefault(place_of(pc), Share()).instructions += times
        for reason in stalls:
            who = last if reason in before and last is not None else pc
            shares.setdefault(place_of(who), Share()).stalls[reason] += times
    return dict(sorted(shares.items(), key=lambda item: -item[1].cycles))
