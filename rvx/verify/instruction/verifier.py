"""All self-tests of one instruction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from random import Random
from time import perf_counter
from traceback import extract_tb

from rvx.model.machine import ImmediateOperand, Instruction, Machine
from rvx.verify.instruction.boundary import boundary_rows
from rvx.verify.instruction.case import Seen
from rvx.verify.instruction.check import Check, Mismatch, Oracle, Tally
from rvx.verify.instruction.native import Engine
from rvx.verify.instruction.round_trip import RoundTripFault, round_trips, written
from rvx.verify.instruction.rows import Rows
from rvx.verify.instruction.shrink import shrunk
from rvx.verify.instruction.variant import Variant, Variants

_BLOCK = 4096  # rows at a time
_LEAST = 8  # rows of a word


@dataclass(frozen=True)
class Settings:
    """How much is tried: `cases` random and special ones an instruction, and every combination
    where there are at most `exhaustive`, of which the exact evaluation gets about `exact`."""

    seed: int = 1
    cases: int = 3000
    exhaustive: int = 1 << 20
    jit: bool = True  # the JIT against the reference, too
    exact: int = 1 << 17
    every_word: int = 1  # only each so-manieth of the words after the first

    @classmethod
    def quick(cls, seed: int = 1, jit: bool = True) -> Settings:
        """A tenth of it."""
        return cls(seed, 300, 1 << 12, jit)

    def broad(self) -> Settings:
        """For very many instructions: where there are many combinations, fewer of them."""
        return replace(
            self,
            cases=self.cases // 3,
            exhaustive=min(self.exhaustive, 1 << 14),
            exact=min(self.exact, 1 << 11),
        )

    def repeated(self) -> Settings:
        """For what has been verified on registers of another width: the body is the same."""
        return replace(
            self, cases=max(self.cases // 10, 100), exhaustive=1 << 10, exact=1 << 8, every_word=3
        )


@dataclass
class Verdict:
    """What came out of the tests of one instruction."""

    mnemonic: str
    extension: str
    coverage: str
    tally: Tally = field(default_factory=Tally)
    round_trips: int = 0
    fault: Mismatch | RoundTripFault | None = None
    seconds: float = 0.0


class Verifier:
    """Tests the instructions of one machine."""

    def __init__(
        self, machine: Machine, settings: Settings = Settings(), oracles: Sequence[Oracle] = ()
    ) -> None:
        self.machine, self.settings, self._oracles = machine, settings, oracles

    def verify(self, mnemonic: str) -> Verdict:
        """Test one instruction, to its first fault."""
        started = perf_counter()
        instruction = self.machine.instructions[mnemonic]
        random = Random(f"{self.settings.seed} {mnemonic}")
        verdict = Verdict(mnemonic, instruction.extension, "")
        try:
            verdict.round_trips = round_trips(self.machine, instruction, random)
            self._execute(instruction, random, verdict)
        except RoundTripFault as fault:
            verdict.fault = fault
        verdict.seconds = perf_counter() - started
        return verdict

    def _execute(self, instruction: Instruction, random: Random, verdict: Verdict) -> None:
        variants = list(Variants(self.machine, instruction, random).all())
        variants = [variants[0], *variants[1 :: self.settings.every_word]]
        shares = sum(v.share for v in variants)
        names: dict[str, None] = {}
        for variant in variants:
            count = max(self.settings.cases * variant.share // shares, _LEAST)
            try:
                mismatch = self._variant(instruction, variant, count, random, verdict.tally, names)
            except Exception as error:  # an engine that breaks down has a fault too
                raise _breakdown(self.machine, instruction, variant, error) from error
            verdict.coverage = next(iter(names))
            if mismatch is not None:
                verdict.fault = shrunk(self.machine, mismatch, self._oracles)
                return

    def _variant(
        self,
        instruction: Instruction,
        variant: Variant,
        count: int,
        random: Random,
        tally: Tally,
        names: dict[str, None],
    ) -> Mismatch | None:
        engines: tuple[Engine, ...] = variant.engines if self.settings.jit else ()
        check = Check(
            self.machine,
            instruction,
            variant.fields,
            variant.modes,
            engines=engines,
            oracles=self._oracles,
            tally=tally,
        )
        rows = Rows(check.seen.footprint, check.seen.widths, random, _offset(instruction, variant))
        names[self._coverage(check.seen, rows)] = None
        block: list[tuple[int, ...]] = []
        for block in _blocks(self._rows(check.seen, rows, variant, count)):
            if (mismatch := check.run(block, self._exact_step(rows, variant))) is not None:
                return mismatch
        if check.has_flags and variant.share > 1 and not check.seen.footprint.uses_memory:
            near = boundary_rows(check.seen, block, check.flags, random, max(count // 4, 24))
            return check.run(near)
        return None

    def _exact_step(self, rows: Rows, variant: Variant) -> int:
        """All of many combinations is for the engines; the exact evaluation gets an even part."""
        every = rows.coverage.combinations
        if every is None or every > self.settings.exhaustive or not variant.whole:
            return 1
        return max(every // self.settings.exact, 1) | 1

    def _rows(
        self, seen: Seen, rows: Rows, variant: Variant, count: int
    ) -> Iterator[tuple[int, ...]]:
        every = rows.coverage.combinations
        if every is None or seen.footprint.uses_memory or every > self.settings.exhaustive:
            chosen = rows.some(count)
        elif variant.whole or every <= 4 * count:
            # And what combinations leave out: lanes together, registers that are not boxed.
            chosen = chain(rows.everything(), rows.some(max(count - every, count // 4)))
        else:
            chosen = rows.everything(every // count | 1)
        for row in chosen:
            values = {seen.place_of[source]: value for source, value in row.items()}
            yield tuple(values[place] for place in seen.places)

    def _coverage(self, seen: Seen, rows: Rows) -> str:
        if not seen.footprint.pieces:
            return "no operands"
        if seen.footprint.uses_memory:
            return "memory"
        every = rows.coverage.combinations
        if every is not None and every > self.settings.exhaustive:
            return "special and random"
        return rows.coverage.name


def _blocks(rows: Iterator[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    while block := list(islice(rows, _BLOCK)):
        yield block


def _breakdown(
    machine: Machine, instruction: Instruction, variant: Variant, error: Exception
) -> RoundTripFault:
    """What broke, and where: the last place in the traceback."""
    *_, last = extract_tb(error.__traceback__)
    line = written(machine, instruction, variant.fields)
    modes = ", ".join(f"{name} = {value}" for name, value in variant.modes.items())
    what = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}: {error}"
    return RoundTripFault(
        instruction.mnemonic, "execute", line, f"an outcome, with {modes}", what.splitlines()[0]
    )


def _offset(instruction: Instruction, variant: Variant) -> int:
    """What immediates add to an address."""
    long, fields = instruction.expand(variant.fields)
    return sum(fields[name] for name, o in long.operands.items() if isinstance(o, ImmediateOperand))
