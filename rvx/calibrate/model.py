"""A core with given numbers, replaying traces: nothing is executed again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rvx.calibrate.trace import Event, Trace, instruction_at
from rvx.description.operand_expression import compile_integer
from rvx.description.syntax import CoreDeclaration, Expression
from rvx.machine.clock import OperandExpression
from rvx.machine.hart import Bound, Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Instruction, Machine
from rvx.record import record
from rvx.timing import Outcome, Pipeline


@record(frozen=True, slots=True)
class Prepared:
    """An event for the hart that lends its registers: what `Pipeline.issue` and `retire` take."""

    decoded: tuple[Instruction | None, Mapping[str, int], int]
    pc: int
    operands: Sequence[tuple[list[int], int, int]]  # registers, which one, and its value
    outcome: Outcome


class Bench:
    """Prepared traces, and the models that have been asked to replay them."""

    def __init__(
        self,
        machine: Machine,
        declared: CoreDeclaration,
        known: Collection[str],
        traces: Sequence[Trace],
    ) -> None:
        self.declared = declared
        self.traces = traces
        self.machine = machine
        self._known = known
        self._hart = Hart(machine, Memory([range(0, 4096)]))
        self._prepared = [[self._prepare(e) for e in trace.events] for trace in traces]
        self._expressions: dict[tuple[str, int, tuple[int, ...]], Callable[[Any], int]] = {}
        self._behind: Mapping[int, int] = {}

    def pipeline(self, parameters: Mapping[str, int]) -> Pipeline:
        """The core with these numbers. Raises DescriptionError where they do not fit its text."""
        return Pipeline(
            self._hart.machine,
            self.declared,
            parameters,
            known=self._known,
            compile_expression=self._compile,
            peek=self._peek,
            check=False,
        )

    def cycles(self, pipeline: Pipeline, place: int) -> Iterator[int]:
        """The cycle in which each instruction of a trace leaves decode."""
        self._behind = self.traces[place].words
        pipeline.reset()
        for event in self._prepared[place]:
            yield pipeline.issue(*event.decoded, event.pc)
            for registers, number, value in event.operands:
                registers[number] = value
            pipeline.retire(event.outcome)

    def deltas(self, pipeline: Pipeline, place: int) -> list[int]:
        """The model's cycles in the place of those that were measured."""
        cycles = list(self.cycles(pipeline, place))
        stamps = [cycles[i] for i in self.traces[place].places]
        return [after - before for before, after in pairwise(stamps)]

    def _prepare(self, event: Event) -> Prepared:
        told, registers = event.outcome, self._hart.registers
        frame: Bound | None = self._hart.bind(event.word)
        return Prepared(
            instruction_at(self._hart, event.word),
            event.pc,
            [(registers[file], number, value) for file, number, value in event.operands],
            Outcome(told.taken, told.address, told.size, told.writes_csr, told.cause, frame),
        )

    def _peek(self, pc: int) -> tuple[Instruction | None, Mapping[str, int], int] | None:
        word = self._behind.get(pc)
        return None if word is None else instruction_at(self._hart, word)

    def _compile(
        self, instruction: Instruction, e: Expression, constants: Mapping[str, int]
    ) -> Callable[[Any], int]:
        # The text lives as long as this does, so that its nodes keep their identities.
        key = instruction.mnemonic, id(e), tuple(constants.values())
        found = self._expressions.get(key)
        if found is None:
            node = compile_integer(self._hart.machine, instruction, e, constants)
            found = self._expressions[key] = OperandExpression(self._hart, node)
        return found
