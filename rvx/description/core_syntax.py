"""The syntax tree of cores."""

from __future__ import annotations

from typing import TypeAlias

from rvx.description.expression_syntax import Expression, Name, Position
from rvx.record import record


@record(frozen=True, slots=True)
class KindNames:
    """Instructions by mnemonic (`fcvt.*` with a star), extension or class."""

    names: tuple[str, ...]
    at: Position


@record(frozen=True, slots=True)
class KindWrites:
    """Instructions that write a register of a file: `writes x`."""

    file: Name
    at: Position


@record(frozen=True, slots=True)
class KindNot:
    kind: Kind


@record(frozen=True, slots=True)
class KindAll:
    kinds: tuple[Kind, ...]


@record(frozen=True, slots=True)
class KindAny:
    kinds: tuple[Kind, ...]


Kind: TypeAlias = "KindNames | KindWrites | KindNot | KindAll | KindAny"


@record(frozen=True, slots=True)
class ClassRule:
    name: Name
    kind: Kind
    at: Position


@record(frozen=True, slots=True)
class CostRule:
    """`execute`, `result`, `latency`, `accept`, `every`, `reads` or `resume`, for a kind."""

    what: str
    kind: Kind
    guard: Expression | None
    values: tuple[Expression, ...]
    at: Position


@record(frozen=True, slots=True)
class RedirectFrom:
    """`redirect jalr from decode unless ...`."""

    kind: Kind
    stage: Name
    unless: Expression | None
    at: Position


@record(frozen=True, slots=True)
class RedirectAfter:
    """`redirect taken: 3`: cycles from leaving decode to the target leaving decode."""

    kind: Kind
    cycles: Expression
    at: Position


@record(frozen=True, slots=True)
class FetchRule:
    cycles: Expression
    at: Position


@record(frozen=True, slots=True)
class HoldRule:
    reason: Name | None
    stage: Name
    guard: Expression
    at: Position


@record(frozen=True, slots=True)
class OverlapRule:
    guard: Expression
    at: Position


@record(frozen=True, slots=True)
class UnitRule:
    name: Name
    kind: Kind
    rules: tuple[CostRule | OverlapRule, ...]
    at: Position


@record(frozen=True, slots=True)
class Parameter:
    name: Name
    low: int
    high: int
    default: int


@record(frozen=True, slots=True)
class IsaRule:
    """`isa rv32imf_zicsr;`: the machine of the core, unless the user names another."""

    isa: str
    at: Position


Rule: TypeAlias = (
    "IsaRule | ClassRule | CostRule | RedirectFrom | RedirectAfter | FetchRule"
    " | HoldRule | UnitRule"
)


@record(frozen=True, slots=True)
class CoreDeclaration:
    name: Name
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...]
    text: str  # as written
    doc: str
    at: Position
