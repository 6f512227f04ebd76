"""Two simulators that must agree: the same program on both, whole and cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

from rvx.machine.program import Program, ProgramError
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import Simulator
from rvx.verify.outcome import Outcome, differences, outcome


@dataclass(frozen=True)
class Difference:
    """Where two runs were first seen to differ, and in what."""

    instret: int  # of the cut at which they were compared
    cuts: tuple[int, ...]  # instructions between the cuts of the run that showed it
    lines: tuple[str, ...]  # as `differences` gives them


class Pair:
    """The reference and the one to try."""

    def __init__(self, reference: Simulator, other: Simulator) -> None:
        self.reference, self.other = reference, other

    def compare(
        self, program: Program, steps: int, *ways: Sequence[int]
    ) -> tuple[Outcome, Difference | None]:
        """How the reference ends, and the first difference. Each of `ways` is a run of the other
        that stops after each of so many more instructions; an empty one does not stop. No run
        takes more than `steps`."""
        longest = max(ways, key=len, default=())
        ours = run_in_pieces(self.reference, program, longest, steps)
        for cuts in ways or ((),):
            expected = ours if cuts else ours[-1:]
            theirs = run_in_pieces(self.other, program, cuts, steps)
            found = self._first(expected, theirs, tuple(cuts))
            if found is not None:
                return ours[-1], found
        return ours[-1], None

    def differs_after(self, program: Program, instructions: int) -> Difference | None:
        """The difference after one run of so many instructions."""
        return self.compare(program, instructions)[1]

    def _first(
        self, ours: Sequence[Outcome], theirs: Sequence[Outcome], cuts: tuple[int, ...]
    ) -> Difference | None:
        for a, b in zip(ours, theirs, strict=False):
            if lines := differences(a, b, self.reference.machine.files):
                return Difference(a.instret, cuts, tuple(lines))
        return None


def run_in_pieces(
    simulator: Simulator, program: Program, cuts: Sequence[int], steps: int
) -> list[Outcome]:
    """The machine after each cut, and at its end or after `steps` in all."""
    simulator.load(program)
    found = []
    for cut in (*cuts, None):
        left = steps - simulator.instret
        ended = _run(simulator, left if cut is None else min(cut, left))
        found.append(outcome(simulator, ended))
        if ended != "budget" or simulator.instret >= steps:
            break
    return found


def _run(simulator: Simulator, instructions: int) -> str:
    """Why the run ended. An error of the engine is an outcome too."""
    try:
        result = simulator.run(instructions)
    except (UnhandledTrap, ProgramError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # whatever a faulty engine does
        frame = extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        return f"the engine fails: {type(error).__name__} at {where}: {error}"
    return "budget" if result.status is None else f"exit {result.status}"
