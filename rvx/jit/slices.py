"""Pieces of a run between which the engine looks up: for signals, and for what is hot."""

from __future__ import annotations

from typing import Final

_FIRST: Final = 200_000  # instructions: some tenths of a millisecond
_SHORT: Final = 0.002  # seconds, while there is something to find out
_LONG: Final = 0.02
# Instructions: where slow code follows fast code, a signal waits for so many of the slow ones.
_MOST: Final = 12_000_000
_SETTLED: Final = 100  # looks in a row that found nothing


class Slices:
    """Adapts the length of slices to the speed of the guest."""

    def __init__(self) -> None:
        self.length = _FIRST
        self._retired = 0
        self._seconds = 0.0
        self._quiet = 0

    def passed(self, retired: int, seconds: float) -> float:
        """Count instructions and their time. The seconds since the last look where it is time
        for another look at what is hot, otherwise 0."""
        self._retired += retired
        self._seconds += seconds
        if self._retired < self.length // 2 and self._seconds < _SHORT:
            return 0.0
        goal = _LONG if self._quiet >= _SETTLED else _SHORT
        passed = max(self._seconds, 1e-6)
        speed = self._retired / passed
        self.length = max(_FIRST // 4, min(int(speed * goal), 2 * self.length, _MOST))
        self._retired, self._seconds = 0, 0.0
        return passed

    def found(self, something: bool) -> None:
        """Tell whether the look found something to improve."""
        self._quiet = 0 if something else self._quiet + 1
