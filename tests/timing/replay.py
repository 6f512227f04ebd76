"""Replays what recorded programs executed through a core's pipeline, without executing it."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stream import known

from rvx.description import isa_of_core, load_core, load_machine
from rvx.description.operand_expression import compile_integer
from rvx.description.syntax import Expression
from rvx.machine.hart import Bound, Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction
from rvx.timing import Outcome, Pipeline

DATA = Path(__file__).parent.parent / "data" / "cv32e40p"


@dataclass(frozen=True)
class Record:
    """A stretch of a program's run on the real core, in one configuration."""

    program: str
    group: str
    parameters: Mapping[str, int]
    start: int  # place of its first instruction in the trace
    cycles: int
    deltas: tuple[int, ...]  # from each instruction leaving decode to the next one

    def __str__(self) -> str:
        return "-".join((self.program, *map(str, self.parameters.values())))


@cache
def records() -> list[Record]:
    found = json.loads(lzma.decompress((DATA / "records.json.xz").read_bytes()))
    return [Record(**{**record, "deltas": tuple(record["deltas"])}) for record in found]


@cache
def traces() -> Any:
    return json.loads(lzma.decompress((DATA / "traces.json.xz").read_bytes()))


class Replay:
    """A core's pipeline, and a hart that lends its registers to expressions over operands."""

    def __init__(self, core: str, parameters: Mapping[str, int]) -> None:
        declared = load_core(core)
        self._hart = Hart(load_machine(isa_of_core(declared)), Memory([range(0, 4096)]))
        self._words: dict[int, tuple[int, Bound | None]] = {}
        self.pipeline = Pipeline(
            self._hart.machine,
            declared,
            parameters,
            known=known(),
            compile_expression=self._compile,
            peek=self._decoded,
        )

    def stamps(self, program: str) -> list[int]:
        """The cycle in which each instruction of the program's trace leaves decode."""
        return [cycle for cycle, _ in self.issued(program)]

    def issued(self, program: str) -> Iterator[tuple[int, Instruction | None]]:
        """The same with the instructions; in between the pipeline can be asked for the stalls."""
        trace = traces()[program]
        self.pipeline.reset()
        self._words = {
            int(pc, 16): (word, None if long is None else self._hart.bind(long))
            for pc, (word, long) in trace["words"].items()
        }
        for pc, value in zip(trace["path"], trace["outcomes"], strict=True):
            instruction, fields, word = self._decoded(pc)
            yield self.pipeline.issue(instruction, fields, word, pc), instruction
            self.pipeline.retire(self._outcome(self._words[pc][1], value))

    def _decoded(self, pc: int) -> tuple[Instruction | None, Mapping[str, int], int]:
        word, bound = self._words.get(pc, (0, None))
        return (None, {}, word) if bound is None else (bound.instruction, bound.fields, word)

    def _outcome(self, bound: Bound | None, value: Any) -> Outcome:
        if isinstance(value, dict):
            return Outcome(cause=value["cause"])
        if bound is None:
            return Outcome(cause=2)
        outcome = Outcome(frame=bound)
        kinds, registers = bound.instruction.classes, self._hart.registers
        if kinds & {"load", "store"}:
            sizes = {"b": 1, "h": 2, "w": 4}
            outcome.address, outcome.size = value, sizes[bound.instruction.mnemonic.strip("fu")[-1]]
        elif "branch" in kinds:
            outcome.taken = bool(value)
        elif "csr" in kinds:
            outcome.writes_csr = bool(value)
        elif isinstance(value, list):
            for name, bits in zip(("rs1", "rs2"), value, strict=False):
                registers["f"][bound.fields[name]] = bits
        elif bound.instruction.extension == "M":
            registers["x"][bound.fields["rs2"]] = value
        return outcome

    def _compile(
        self, instruction: Instruction, e: Expression, constants: Mapping[str, int]
    ) -> Callable[[Any], int]:
        node = compile_integer(self._hart.machine, instruction, e, constants)
        if isinstance(node, int):
            return lambda _: node
        return lambda bound: bound.binding.integer(node)()
