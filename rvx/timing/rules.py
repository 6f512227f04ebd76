"""A core's rules, checked and compiled: what the clock and the costs are computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from rvx.description.syntax import (
    CoreDeclaration,
    CostRule,
    DescriptionError,
    Kind,
    RedirectAfter,
    RedirectFrom,
)
from rvx.record import record
from rvx.timing.guards import Watch
from rvx.timing.kinds import Kinds

if TYPE_CHECKING:
    from rvx.timing.clock import Clock

Guard = Callable[["Clock"], int]
EXECUTE: Final = "execute"  # the reason where an instruction takes several cycles there


class Target(NamedTuple):
    """Where the target of a redirect lies."""

    pc: int
    length: int  # of the instruction there, in bytes


@record(frozen=True)
class Hold:
    """An interlock: while the guard is true nothing leaves the stage, or the unit delivers."""

    reason: str
    guard: Guard


@record(frozen=True)
class Ask:
    """`redirect C from decode unless ...`: instructions with this bit ask fetch in decode."""

    bit: int
    unless: Guard


@record(frozen=True)
class Unit:
    """A unit beside execute, with the rules for its instructions and its interlock."""

    name: str
    kind: Kind
    costs: tuple[CostRule, ...]  # latency, accept, every, in text order
    reads: tuple[CostRule, ...]
    overlaps: Callable[[int], int]  # of an operation's latency
    holds: tuple[Hold, ...]


@record(frozen=True)
class Rules:
    """One core for one machine. What an instruction costs says the first rule that applies."""

    core: CoreDeclaration
    parameters: Mapping[str, int]
    kinds: Kinds
    costs: tuple[CostRule, ...]  # execute, result, resume, in text order
    redirects: tuple[RedirectFrom | RedirectAfter, ...]
    fetch: Callable[[Target], int]  # cycles
    units: tuple[Unit, ...]
    asks: tuple[Ask, ...]
    decode_holds: tuple[Hold, ...]
    execute_holds: tuple[Hold, ...]
    asked: tuple[Kind, ...]  # bit i of View.kinds
    watches: Mapping[str, Watch]  # by stage

    @property
    def execute_reasons(self) -> frozenset[str]:
        """The reasons of stalls that mean: the instruction before is still in execute."""
        busy = (f"{unit.name} busy" for unit in self.units)
        return frozenset({EXECUTE, *busy, *(hold.reason for hold in self.execute_holds)})

    @property
    def sees_killed(self) -> bool:
        """Whether what a redirect from execute kills can matter."""
        return self.watches["decoder"] != Watch()


def parameter_values(core: CoreDeclaration, given: Mapping[str, int]) -> dict[str, int]:
    """The core's parameters, by default or as given; DescriptionError where one is not right."""
    declared = {parameter.name.id: parameter for parameter in core.parameters}
    for name in given:
        if name not in declared:
            has = f"it has {', '.join(declared)}" if declared else "it has none"
            raise DescriptionError(core.at, f"core {core.name.id} has no parameter '{name}'; {has}")
    values = {}
    for name, parameter in declared.items():
        value = values[name] = given.get(name, parameter.default)
        if not parameter.low <= value <= parameter.high:
            raise DescriptionError(
                parameter.name.at,
                f"{name} is {value}; it may be {parameter.low} to {parameter.high}",
            )
    return values
