"""How far the declared CV32E40P is from the real one: `docs/cv32e40p.md`.

    python tests/timing/report.py

writes the page again from the recordings in `tests/data/cv32e40p`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from replay import Record, Replay, records

from rvx.model.machine import Instruction

PAGE = Path(__file__).parents[2] / "docs" / "cv32e40p.md"

_TOP = """\
# CV32E40P: the model against the core

Cycles of the core's RTL (openhwgroup/cv32e40p, commit 6033d2b1, memories that never wait) and of
`isa/cores/cv32e40p.isa`, on the recordings of `tests/data/cv32e40p`: {records} runs of {programs}
programs with FPU latencies {pairs}, {instructions} instructions. Written by
`python tests/timing/report.py`; a test compares this page with what that writes.

**{differ} of {instructions} instructions leave decode in another cycle than on the core.**
"""

_RULES = """
## By rule

An instruction belongs to the rules that keep it from leaving decode one cycle after the one before
it: the names of holds in the core's text, `fpu` an operand or a destination that the unit still
owes, `fpu busy` the unit does not accept the one before, `execute` the one before takes several
cycles, `redirect` it is the target of that one, `resume` that one was a CSR access, `target` a
jump's register is late. The instruction before stands in brackets where it is the cause.
"""

_PROGRAMS = """
## By program

Sums over all configurations in which the program was recorded. *Differ* counts instructions, so
that differences cannot cancel.
"""


@dataclass
class Row:
    """Sums of one line of a table."""

    runs: int = 0
    instructions: int = 0
    rtl: int = 0
    model: int = 0
    differ: int = 0

    def add(self, rtl: int, model: int) -> None:
        self.instructions += 1
        self.rtl += rtl
        self.model += model
        self.differ += rtl != model


@dataclass
class Comparison:
    """All recordings, replayed."""

    programs: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    rules: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))


def compare(recordings: Sequence[Record]) -> Comparison:
    """Replay every recording through the declared core."""
    found = Comparison()
    replays: dict[tuple[tuple[str, int], ...], Replay] = {}
    for record in recordings:
        parameters = tuple(record.parameters.items())
        if parameters not in replays:
            replays[parameters] = Replay("cv32e40p", record.parameters)
        row = found.programs[record.program]
        row.runs += 1
        for rule, rtl, model in _instructions(replays[parameters], record):
            row.add(rtl, model)
            found.rules[rule].add(rtl, model)
    return found


def _instructions(replay: Replay, record: Record) -> Iterator[tuple[str, int, int]]:
    """The rule, the core's cycles and the model's of each instruction but the first."""
    last: tuple[int, Instruction | None] | None = None
    stop = record.start + len(record.deltas)
    for place, (cycle, instruction) in enumerate(replay.issued(record.program)):
        if place > stop:
            return
        if last is not None and place > record.start:
            before, cause = last
            rule = _rule(replay.pipeline.stalls(), cause)
            yield rule, record.deltas[place - record.start - 1], cycle - before
        last = cycle, instruction


def _rule(stalls: Sequence[str], before: Instruction | None) -> str:
    if not stalls:
        return "none: a cycle each"
    caused = {"execute", "redirect", "resume", "fpu busy", "write_port"}
    rule = ", ".join(dict.fromkeys(stalls))
    if caused.isdisjoint(stalls):
        return rule
    return f"{rule} ({'illegal' if before is None else before.mnemonic})"


def page(recordings: Sequence[Record]) -> str:
    """The whole page."""
    compared = compare(recordings)
    pairs = Counter("/".join(map(str, record.parameters.values())) for record in recordings)
    rows = compared.programs.values()
    top = _TOP.format(
        records=len(recordings),
        programs=len(compared.programs),
        pairs=", ".join(sorted(pairs)),
        instructions=sum(row.instructions for row in rows),
        differ=sum(row.differ for row in rows),
    )
    rules = sorted(compared.rules.items())
    programs = dict(sorted(compared.programs.items()))
    return "\n".join(
        [
            *(top + _RULES).splitlines(),
            "",
            *_table("rule", dict(rules), runs=False),
            *_PROGRAMS.splitlines(),
            "",
            *_table("program", programs, runs=True),
            "",
        ]
    )


def _table(heading: str, rows: Mapping[str, Row], runs: bool) -> Iterator[str]:
    heads = [heading, *(["runs"] if runs else []), "instructions", "RTL", "model", "difference"]
    yield f"| {' | '.join([*heads, 'differ'])} |"
    yield f"| --- |{' ---: |' * len(heads)}"
    total = Row()
    for name, row in rows.items():
        yield _line(name, row, runs)
        for column in vars(total):
            setattr(total, column, getattr(total, column) + getattr(row, column))
    yield _line("**all**", total, runs)


def _line(name: str, row: Row, runs: bool) -> str:
    numbers = [row.instructions, row.rtl, row.model, row.model - row.rtl, row.differ]
    cells = [name, *([row.runs] if runs else []), *numbers]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    PAGE.write_text(page(records()))
