"""One case: an instruction word and what registers and states hold before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from rvx.jit.layout import Place
from rvx.jit.single import RAM
from rvx.model.expression import FormatUse
from rvx.model.machine import Instruction, LanesView, Machine, NumberView, RegisterOperand
from rvx.verify.instruction.footprint import Footprint, Source, footprint

PC = RAM.start + 0x8000
# What memory holds before a case, the same for all.
MEMORY = Random("memory").randbytes(len(RAM))
# States that a machine counts by itself.
COUNTED = frozenset({"cycle", "instret", "mtime", "inhibit"})


@dataclass(frozen=True)
class Case:
    """`values` are those of registers and states that matter; all others are zero or at reset."""

    instruction: Instruction
    fields: Mapping[str, int]
    values: Mapping[Place, int]

    @property
    def word(self) -> int:
        """The instruction word."""
        return self.instruction.encode(**self.fields)

    def with_value(self, place: Place, value: int) -> Case:
        """The case with another value in one place."""
        return replace(self, values={**self.values, place: value})


class Seen:
    """The places that a word reads and writes: what is set before it and compared after it."""

    def __init__(
        self, machine: Machine, instruction: Instruction, fields: Mapping[str, int]
    ) -> None:
        self.machine, self.instruction, self.fields = machine, instruction, dict(fields)
        long, arguments = instruction.expand(fields)
        self.footprint: Footprint = footprint(machine, long, arguments)
        self.place_of = {
            source: _place(long, arguments, source) for source in self.footprint.sources
        }
        self.places = tuple(
            place
            for place in dict.fromkeys(self.place_of.values())
            if not (place.space == "register" and machine.files[place.name].zero == place.number)
            and not (place.space == "state" and self._is_left_out(place.name))
        )
        self.modes = tuple(
            Place("state", state.name, index)
            for state in machine.states.values()
            if state.mode
            for index in range(state.count)
        )

    def _is_left_out(self, name: str) -> bool:
        return self.machine.states[name].mode or name in COUNTED

    @property
    def widths(self) -> dict[Source, int]:
        """Bits of every source that is set."""
        places = set(self.places)
        return {
            source: width(self.machine, place)
            for source, place in self.place_of.items()
            if place in places
        }

    def formats(self, place: Place) -> dict[tuple[int, int], FormatUse]:
        """The numbers in a place, by low bit and width: as operands view it, a state declares it
        or the body decodes it."""
        long, _ = self.instruction.expand(self.fields)
        found: dict[tuple[int, int], FormatUse] = {}
        for source, at in self.place_of.items():
            if at == place and not found and source.kind == "operand":
                operand = long.operands[source.name]
                assert isinstance(operand, RegisterOperand)
                match operand.view:
                    case NumberView(use, bits):
                        found[0, bits] = use
                    case LanesView(use, bits, count):
                        found |= {(bits * i, bits): use for i in range(count)}
        if not found and place.space == "state" and (held := self._format(place)) is not None:
            found[0, self.machine.states[place.name].width] = held
        return found or {
            (piece.low, piece.width): piece.use
            for piece in self.footprint.pieces
            if piece.use is not None and self.place_of[piece.source] == place
        }

    def _format(self, place: Place) -> FormatUse | None:
        return self.machine.states[place.name].format


def width(machine: Machine, place: Place) -> int:
    """Bits of the place."""
    owners = machine.files if place.space == "register" else machine.states
    return owners[place.name].width


def _place(instruction: Instruction, fields: Mapping[str, int], source: Source) -> Place:
    kind, name, number = source
    if kind == "operand":
        operand = instruction.operands[name]
        assert isinstance(operand, RegisterOperand)
        return Place("register", operand.file.name, operand.first + fields[name])
    return Place("register" if kind == "register" else "state", name, number)
