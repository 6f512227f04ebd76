"""Fitting a core's parameters to measured cycles.

What is minimised is the sum over all measured instructions of the difference in cycles. One
parameter after another takes its best value, until none has a better one; then two at a time, a
few steps up or down. Few combinations are all tried. A candidate is given up as soon as it is worse
than the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

from rvx.calibrate.model import Bench
from rvx.description.syntax import DescriptionError, Parameter
from rvx.record import record
from rvx.timing.rules import parameter_values

_FEW = 64  # combinations of all parameters that are tried without further ado
_STEPS = 2  # up or down, of two at a time


@record(frozen=True)
class Fit:
    """The best parameters, and what is left."""

    values: Mapping[str, int]
    difference: int  # cycles, summed over instructions
    as_good: Mapping[str, Sequence[int]]  # by parameter: all values that differ no more


class Fitter:
    """Looks for the parameters with the smallest difference; `progress` is told each candidate."""

    def __init__(
        self,
        bench: Bench,
        fixed: Mapping[str, int],
        progress: Callable[[int, int], None] = lambda tried, best: None,
    ) -> None:
        self._bench = bench
        self._progress = progress
        self._start = parameter_values(bench.declared, fixed)
        self._free = [p for p in bench.declared.parameters if p.name.id not in fixed]
        self._known: dict[tuple[int, ...], tuple[int, bool]] = {}  # difference; whether all of it
        self._order = list(range(len(bench.traces)))

    def fit(self) -> Fit:
        """Raises DescriptionError where the declared numbers do not fit the text."""
        self._bench.pipeline(self._start)
        best, least = dict(self._start), self._difference(self._start, None)
        if self._count(self._free) <= _FEW:
            best, least = self._best_of(best, least, self._free)
        else:
            best, least = self._descend(best, least)
        as_good = {p.name.id: self._as_good(p, best, least) for p in self._free}
        return Fit(best, least, as_good)

    def _descend(self, best: dict[str, int], least: int) -> tuple[dict[str, int], int]:
        while True:
            before = least
            for parameter in self._free:
                best, least = self._best_of(best, least, [parameter])
            if least == before:
                for pair in combinations(self._free, 2):
                    best, least = self._best_of(best, least, pair, _STEPS)
            if least == before:
                return best, least

    def _best_of(
        self,
        best: dict[str, int],
        least: int,
        parameters: Sequence[Parameter],
        steps: int | None = None,
    ) -> tuple[dict[str, int], int]:
        """The best values of these parameters, with the others as they are; of all, or of those
        so many steps away."""
        for values in list(self._candidates(best, parameters, steps)):
            if not least:
                break
            if (difference := self._difference(values, least)) < least:
                best, least = values, difference
        return best, least

    def _candidates(
        self, values: Mapping[str, int], parameters: Sequence[Parameter], steps: int | None = None
    ) -> Iterator[dict[str, int]]:
        names = [parameter.name.id for parameter in parameters]
        ranges = []
        for p in parameters:
            low, high = p.low, p.high
            if steps is not None:
                low, high = (
                    max(low, values[p.name.id] - steps),
                    min(high, values[p.name.id] + steps),
                )
            ranges.append(range(low, high + 1))
        for chosen in product(*ranges):
            yield {**values, **dict(zip(names, chosen, strict=True))}

    def _count(self, parameters: Sequence[Parameter]) -> int:
        count = 1
        for parameter in parameters:
            count *= parameter.high - parameter.low + 1
        return count

    def _as_good(self, parameter: Parameter, best: Mapping[str, int], least: int) -> Sequence[int]:
        name = parameter.name.id
        return [
            values[name]
            for values in self._candidates(best, [parameter])
            if self._difference(values, least + 1) <= least
        ]

    def _difference(self, values: Mapping[str, int], enough: int | None) -> int:
        """The difference, or at least `enough` where it is that large."""
        key = tuple(values.values())
        known, is_whole = self._known.get(key, (0, False))
        if is_whole or (enough is not None and known >= enough):
            return known
        found = self._measure(values, enough)
        self._known[key] = found, enough is None or found < enough
        self._progress(len(self._known), min(d for d, whole in self._known.values() if whole))
        return found

    def _measure(self, values: Mapping[str, int], enough: int | None) -> int:
        try:
            return self._sum(values, enough)
        except DescriptionError:
            if enough is None:
                raise
            return enough  # no numbers for this text: fewer cycles than make sense

    def _sum(self, values: Mapping[str, int], enough: int | None) -> int:
        total = 0
        pipeline = self._bench.pipeline(values)
        for rank, place in enumerate(self._order):
            deltas = self._bench.deltas(pipeline, place)
            measured = self._bench.traces[place].deltas
            total += sum(abs(a - b) for a, b in zip(deltas, measured, strict=True))
            if enough is not None and total >= enough:
                # What has told the difference first is asked first.
                self._order.insert(0, self._order.pop(rank))
                break
        return total
