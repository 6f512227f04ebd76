"""What a model does not explain: each instruction whose cycles differ from those measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rvx.asm import disassemble
from rvx.calibrate.model import Bench
from rvx.record import record


@record(frozen=True, slots=True)
class Unexplained:
    """An instruction that left decode sooner or later than the model says."""

    name: str  # of what was measured
    pc: int
    text: str
    before: str  # the instruction before it
    measured: int  # cycles from that one leaving decode to this one
    model: int
    stalls: tuple[str, ...]  # what the model says it waits for


def unexplained(bench: Bench, values: Mapping[str, int]) -> Mapping[Unexplained, int]:
    """How often each occurs, with these parameters; the most cycles first."""
    found: Counter[Unexplained] = Counter()
    pipeline = bench.pipeline(values)
    for place, trace in enumerate(bench.traces):
        cycles, stalls = [], []
        for cycle in bench.cycles(pipeline, place):
            cycles.append(cycle)
            stalls.append(pipeline.stalls())
        for (last, this), measured in zip(pairwise(trace.places), trace.deltas, strict=True):
            model = cycles[this] - cycles[last]
            if model != measured:
                event, before = trace.events[this], trace.events[last]
                texts = _text(bench, event.pc, event.word), _text(bench, before.pc, before.word)
                one = Unexplained(trace.name, event.pc, *texts, measured, model, stalls[this])
                found[one] += 1
    return dict(sorted(found.items(), key=lambda item: -difference(*item)))


def difference(one: Unexplained, times: int) -> int:
    """Cycles."""
    return abs(one.measured - one.model) * times


def measured_cycles(bench: Bench) -> tuple[int, int]:
    """How many instructions were measured, and how many cycles they took."""
    deltas: Sequence[Sequence[int]] = [trace.deltas for trace in bench.traces]
    return sum(map(len, deltas)), sum(map(sum, deltas))


def _text(bench: Bench, pc: int, word: int) -> str:
    return disassemble(word, pc, bench.machine)
