"""Guards: conditions on what is in the pipeline in a cycle.

Compiling them also collects what they can see of an instruction in each stage (`Watch`): what no
guard asks for is left out of the engine's state, and states that differ in nothing else are one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields, is_dataclass
from typing import TYPE_CHECKING

from rvx.description import syntax
from rvx.description.syntax import DescriptionError, Expression, Kind, KindNames
from rvx.record import record
from rvx.timing.kinds import Kinds
from rvx.timing.state import Registers, View
from rvx.timing.terms import Term, compile_term

if TYPE_CHECKING:
    from rvx.timing.clock import Clock

STAGES = ("decode", "decoder", "execute", "writeback")


@record()
class Watch:
    """What the guards ask about the instruction in one stage."""

    kinds: int = 0
    reads: bool = False
    writes: bool = False  # of every instruction
    writers: int = 0  # kinds of which it is asked what they write


@record()
class Guards:
    """Compiles the guards of one core."""

    kinds: Kinds
    units: Mapping[str, int]  # place in the text by name
    parameters: Mapping[str, int]
    asked: list[Kind] = field(default_factory=list)  # bit i of View.kinds
    watches: Mapping[str, Watch] = field(
        default_factory=lambda: {stage: Watch() for stage in STAGES}
    )
    _bits: dict[str, int] = field(default_factory=dict)

    def compile(self, e: Expression) -> Term[Clock]:
        """A condition, as a function of the clocked pipeline."""
        term = compile_term(e, self._leaf)
        self._watch_writes(e, {})
        return term

    def bit(self, kind: Kind, *stages: str) -> int:
        """The bit of a kind in `View.kinds`, watched in these stages."""
        self.asked.append(kind)
        bit = 1 << len(self.asked) - 1
        for stage in stages:
            self.watches[stage].kinds |= bit
        return bit

    def _leaf(self, e: Expression) -> Term[Clock] | None:
        match e:
            case syntax.Name(id) if id in self.parameters:
                return self.parameters[id]
            case syntax.Relation("is", stage, syntax.Name(id, at)):
                return self._is(self._stage(stage), KindNames((id,), at))
            case syntax.Relation("reads", stage, registers):
                return self._reads(self._stage(stage), registers)
            case syntax.Relation("owes", unit, syntax.Name("decode")):
                return self._owes(unit)
            case syntax.Relation("owes"):
                raise DescriptionError(e.at, "a unit owes to the instruction in decode, no other")
            case syntax.Binary("==" | "!=" as op, syntax.Attribute(_, "rd") as one, other):
                return self._same(op, one, other)
            case syntax.Attribute(syntax.Name(id), name) if id in self.units:
                return self._of_unit(e, self.units[id], name)
            case syntax.Attribute(value, name):
                return self._of_stage(e, self._stage(value), name)
        return None

    # What a guard may ask of a stage

    def _stage(self, e: Expression) -> str:
        match e:
            case syntax.Name(id) if id in STAGES:
                return id
            case syntax.Name(id):
                names = ", ".join((*STAGES, *self.units))
                raise DescriptionError(e.at, f"unknown stage '{id}'; there are {names}")
        raise DescriptionError(e.at, "name a stage here, as execute")

    def _is(self, stage: str, kind: KindNames) -> Callable[[Clock], int]:
        self.kinds.check(kind, events=False)
        (name,) = kind.names
        if name not in self._bits:
            self._bits[name] = self.bit(kind)
        bit = self._bits[name]
        self.watches[stage].kinds |= bit
        view = _view(stage)
        return lambda clock: view(clock).kinds & bit

    def _reads(self, stage: str, registers: Expression) -> Callable[[Clock], int]:
        self.watches[stage].reads = True
        view, written = _view(stage), self._registers(registers)
        return lambda clock: not view(clock).reads.isdisjoint(written(clock))

    def _of_stage(self, e: syntax.Attribute, stage: str, name: str) -> Callable[[Clock], int]:
        match stage, name:
            case "execute", "cycle":
                return lambda clock: clock.cycle
            case "execute", "cycles":
                return lambda clock: clock.cycles
            case _, "rd":
                raise DescriptionError(e.at, "compare rd with another rd, or write STAGE reads rd")
        has = "rd, cycle and cycles" if stage == "execute" else "rd"
        raise DescriptionError(e.at, f"'{stage}' has no '{name}'; it has {has}")

    # What a guard may ask of a unit

    def _owes(self, unit: Expression) -> Callable[[Clock], int]:
        if not (isinstance(unit, syntax.Name) and unit.id in self.units):
            has = ", ".join(self.units) or "none"
            raise DescriptionError(unit.at, f"name a unit here; there is {has}")
        place = self.units[unit.id]
        return lambda clock: clock.owes(place)

    def _of_unit(self, e: syntax.Attribute, unit: int, name: str) -> Callable[[Clock], int]:
        match name:
            case "busy":
                return lambda clock: clock.units[unit].is_busy
            case "latency":
                return lambda clock: clock.units[unit].latency
            case "rd":
                raise DescriptionError(e.at, "compare rd with another rd, or write STAGE reads rd")
        raise DescriptionError(e.at, f"a unit has no '{name}'; it has rd, latency and busy")

    # Registers

    def _registers(self, e: Expression) -> Callable[[Clock], Registers]:
        match e:
            case syntax.Attribute(syntax.Name(id), "rd") if id in self.units:
                unit = self.units[id]
                return lambda clock: clock.units[unit].writes
            case syntax.Attribute(value, "rd"):
                stage = self._stage(value)
                view = _view(stage)
                return lambda clock: view(clock).writes
        raise DescriptionError(e.at, "name the register of a stage or unit here, as execute.rd")

    def _watch_writes(self, e: object, kinds: Mapping[str, int]) -> None:
        """Note the stages of whose registers the condition asks. It asks it of some kinds only
        where all else is false otherwise, as in `writeback is load and ... writeback.rd`: `kinds`
        has their bits by stage."""
        match e:
            case syntax.Binary("and"):
                conjuncts = _conjuncts(e)
                for one in conjuncts:
                    match one:
                        case syntax.Relation("is", syntax.Name(stage), syntax.Name(kind)):
                            kinds = {stage: self._bits[kind], **kinds}
                for one in conjuncts:
                    self._watch_writes(one, kinds)
            case syntax.Attribute(syntax.Name(id), "rd") if id in STAGES:
                self.watches[id].writes |= id not in kinds
                self.watches[id].writers |= kinds.get(id, 0)
            case tuple():
                for part in e:
                    self._watch_writes(part, kinds)
            case _ if is_dataclass(e):
                for each in fields(e):
                    self._watch_writes(getattr(e, each.name), kinds)

    def _same(self, op: str, one: Expression, other: Expression) -> Callable[[Clock], int]:
        first, second = self._registers(one), self._registers(other)
        if op == "==":
            return lambda clock: not first(clock).isdisjoint(second(clock))
        return lambda clock: first(clock).isdisjoint(second(clock))


def _conjuncts(e: Expression) -> list[Expression]:
    match e:
        case syntax.Binary("and", left, right):
            return [*_conjuncts(left), *_conjuncts(right)]
    return [e]


def _view(stage: str) -> Callable[[Clock], View]:
    match stage:
        case "decode":
            return lambda clock: clock.decode
        case "decoder":
            return lambda clock: clock.decoder
        case "execute":
            return lambda clock: clock.execute
        case _:
            return lambda clock: clock.writeback
