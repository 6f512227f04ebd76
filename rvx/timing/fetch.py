"""Fetch, on its way to the next instruction: when decode gets it."""

from __future__ import annotations

from rvx.timing.state import Costs, Flow


class Fetch:
    """Sequential code is there at once; a target takes cycles in which decode is ready for it.

    `cycles` are those of the target's fetch, `asked` is whether the instruction before asked for
    it already in a cycle before it left decode.
    """

    def __init__(self, costs: Costs, cycles: int, asked: bool) -> None:
        self._flow = costs.flow
        self._arrival = costs.resume
        self.wanted = 0  # cycles with decode ready that it still takes
        match costs.flow:
            case Flow.FROM_DECODE:
                # The cycle in which an instruction leaves decode is one in which decode is ready.
                self.wanted = cycles - asked
            case Flow.FROM_EXECUTE:
                self.wanted = cycles
            case Flow.AFTER:
                self._arrival = max(costs.resume, costs.after + cycles - 1)

    def has_arrived(self, time: int) -> bool:
        """Whether the next instruction is in decode, `time` cycles after the one before left."""
        return not self.wanted and time >= self._arrival

    def count(self, time: int) -> None:
        """Count a cycle in which decode is ready; that in which execute asks does not count."""
        if self.wanted and not (self._flow is Flow.FROM_EXECUTE and time == 1):
            self.wanted -= 1

    @property
    def reason(self) -> str:
        """Why decode is empty."""
        return "resume" if self._flow is Flow.SEQUENTIAL else "redirect"
