"""Engine against engine on random programs: what differs is located, shrunk and shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from rvx.asm import disassemble
from rvx.machine.simulator import Simulator
from rvx.verify.generator import generate
from rvx.verify.layout import Image, LayoutError, lay_out
from rvx.verify.listing import code_lines
from rvx.verify.node import Source
from rvx.verify.pair import Difference, Pair
from rvx.verify.shape import Shape
from rvx.verify.shrink import Shrinker

_CONTEXT = 8  # instructions shown before the one that differs
_CUTS = 6


@dataclass(frozen=True)
class Failure:
    """A program on which the engines differ."""

    seed: int
    source: Source  # shrunk
    difference: Difference  # of the shrunk program
    report: str


class Differential:
    """Tries programs on a pair of simulators of the same machine."""

    def __init__(self, pair: Pair, shape: Shape, seconds: float = 60.0) -> None:
        self.machine = pair.reference.machine
        self.executed = 0  # instructions, by the reference
        self._pair, self._shape, self._seconds = pair, shape, seconds

    def run(
        self, seeds: Sequence[int], progress: Callable[[int], None] = lambda seed: None
    ) -> Iterator[Failure]:
        """Try the program of every seed; gives the failures as they are found."""
        for seed in seeds:
            progress(seed)
            failure = self.one(seed)
            if failure is not None:
                yield failure

    def one(self, seed: int) -> Failure | None:
        """Try the program of a seed, whole and cut at random places."""
        source = generate(self.machine, seed, self._shape)
        program = lay_out(self.machine, source).program(self.machine)
        random = Random(f"cuts {seed}")
        cuts = [int(2 ** random.uniform(0, 12)) for _ in range(_CUTS)]
        end, found = self._pair.compare(program, source.steps, cuts, ())
        self.executed += end.instret
        return None if found is None else self._failure(seed, source, found)

    def _failure(self, seed: int, source: Source, found: Difference) -> Failure:
        budget = min(source.steps, 2 * found.instret + 1000)
        shrunk = Shrinker(lambda s: self._tried(s, found.cuts) is not None, self._seconds).shrink(
            replace(source, steps=budget)
        )
        difference = self._tried(shrunk, found.cuts)
        if difference is None:  # it is not the same every time
            shrunk, difference = source, found
        image = lay_out(self.machine, shrunk)
        return Failure(seed, shrunk, difference, self._report(seed, shrunk, image, difference))

    def _tried(self, source: Source, cuts: Sequence[int]) -> Difference | None:
        try:
            program = lay_out(self.machine, source).program(self.machine)
        except LayoutError:
            return None
        return self._pair.compare(program, source.steps, cuts)[1]

    # The report

    def _report(self, seed: int, source: Source, image: Image, difference: Difference) -> str:
        lines = [f"seed {seed}, {self.machine.isa}: the engines differ (reference, other)"]
        lines += [f"  {line}" for line in difference.lines]
        if difference.cuts:
            lines.append(f"  when run in pieces of {', '.join(map(str, difference.cuts))}")
        first = self._first_difference(source, image)
        if first is not None:
            lines.append(f"first after {first.instret} instructions:")
            lines += [f"  {line}" for line in first.lines]
            lines += ["the last of them:", *self._trace(image, first.instret)]
        return "\n".join([*lines, "the program:", *self._own_lines(image)])

    def _own_lines(self, image: Image) -> list[str]:
        """The program without what all programs have: handler and end."""
        known = image.addresses
        own = range(known["begin"], known["finish"])
        after = known["end"] + 4
        lines = list(code_lines(self.machine, image))
        return [line for at, line in lines if at in own or at >= after]

    def _first_difference(self, source: Source, image: Image) -> Difference | None:
        """Of one run each, after as few instructions as show one; None where none does."""
        program = image.program(self.machine)
        low, high = 0, source.steps
        best = self._pair.differs_after(program, high)
        if best is None:
            return None
        high = min(high, best.instret + 1)
        while high - low > 1:
            middle = (low + high) // 2
            found = self._pair.differs_after(program, middle)
            if found is None:
                low = middle
            else:
                best, high = found, middle
        return best

    def _trace(self, image: Image, instructions: int) -> list[str]:
        """The last of so many instructions, by the reference."""
        simulator = self._pair.reference
        simulator.load(image.program(self.machine))
        last: deque[str] = deque(maxlen=_CONTEXT)

        def observe(pc: int, cycle: int) -> None:
            text = disassemble(simulator.hart.fetch_word(pc), pc, self.machine)
            last.append(f"  {pc:#010x} {cycle:8d} {text}")

        simulator.on_retire = observe
        try:
            simulator.run(instructions)
        except Exception as error:  # a trap nobody handles is part of the story
            last.append(f"  {error}")
        finally:
            simulator.on_retire = None
        return list(last)


def simulators(engines: tuple[str, str], **settings: object) -> Pair:
    """A pair of simulators with these settings and the two engines."""
    first, second = (Simulator(engine=engine, **settings) for engine in engines)  # type: ignore[arg-type]
    return Pair(first, second)
