"""The syntax tree of expressions and statements, and the error that points into a text."""

from __future__ import annotations

from typing import TypeAlias

from rvx.record import record


@record(frozen=True, slots=True)
class Position:
    """A place in a description: file name, line and column, both from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class DescriptionError(Exception):
    """A description that cannot be accepted: `file:line:column: what is wrong, what to do`."""

    def __init__(self, at: Position | None, message: str) -> None:
        super().__init__(f"{at}: {message}" if at else message)
        self.at = at
        self.message = message


# Expressions ------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class Name:
    id: str
    at: Position


@record(frozen=True, slots=True)
class Integer:
    value: int
    at: Position


@record(frozen=True, slots=True)
class Unary:
    op: str  # - ~ not
    operand: Expression
    at: Position


@record(frozen=True, slots=True)
class Binary:
    op: str  # + - * / % & | ^ << >> == != < <= > >= and or
    left: Expression
    right: Expression
    at: Position


@record(frozen=True, slots=True)
class Select:
    condition: Expression
    then: Expression
    otherwise: Expression
    at: Position


@record(frozen=True, slots=True)
class Member:
    """`value in [a, b, c]`."""

    value: Expression
    choices: tuple[Expression, ...]
    at: Position


@record(frozen=True, slots=True)
class Call:
    function: Name | Integer  # an integer where the text is an address: `0(rs1)`
    arguments: tuple[Expression, ...]
    at: Position


@record(frozen=True, slots=True)
class Fold:
    """`sum(body for index in range)`, and likewise minimum and maximum."""

    function: Name
    body: Expression
    index: Name
    range: Range
    at: Position


@record(frozen=True, slots=True)
class Index:
    """`value[index]`, or `memory[address, bytes]`."""

    value: Expression
    index: Expression
    size: Expression | None
    at: Position


@record(frozen=True, slots=True)
class Slice:
    """`value[high:low]`, both inclusive."""

    value: Expression
    high: Expression
    low: Expression
    at: Position


@record(frozen=True, slots=True)
class Concat:
    """`{a, b}`, most significant first."""

    parts: tuple[Expression, ...]
    at: Position


@record(frozen=True, slots=True)
class As:
    """`word as format`: reinterpret the bits."""

    value: Expression
    format: Name
    at: Position


@record(frozen=True, slots=True)
class Aligned:
    """`aligned memory[...]`: trap where misaligned, whatever the machine does otherwise; `atomic`:
    a load too traps as a store."""

    access: Index
    is_atomic: bool
    at: Position


@record(frozen=True, slots=True)
class Attribute:
    """`stage.property`, in the text of a core."""

    value: Expression
    name: str
    at: Position


@record(frozen=True, slots=True)
class Relation:
    """`execute is load`, `decode reads execute.rd`, `fpu owes decode`, in the text of a core."""

    op: str  # is reads owes
    left: Expression
    right: Expression
    at: Position


Expression: TypeAlias = (
    "Name | Integer | Unary | Binary | Select | Member | Call | Fold | Index | Slice"
    " | Concat | As | Aligned | Attribute | Relation"
)


@record(frozen=True, slots=True)
class Range:
    """`in rd` (its lanes, stop is None) or `in 0..8`."""

    start: Expression
    stop: Expression | None


# Statements -------------------------------------------------------------------------------------


@record(frozen=True, slots=True)
class Let:
    name: Name
    value: Expression
    at: Position


@record(frozen=True, slots=True)
class RoundingUse:
    """`with rtz`, or `with stochastic(bits)`."""

    name: Name
    draw: Expression | None


@record(frozen=True, slots=True)
class Var:
    name: Name
    format: Name | None
    value: Expression
    rounding: RoundingUse | None
    at: Position


@record(frozen=True, slots=True)
class Assign:
    target: Expression
    value: Expression
    rounding: RoundingUse | None
    at: Position


@record(frozen=True, slots=True)
class For:
    index: Name
    range: Range
    body: tuple[Statement, ...]
    at: Position


@record(frozen=True, slots=True)
class If:
    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: Position


@record(frozen=True, slots=True)
class Raise:
    cause: Expression
    value: Expression | None
    at: Position


Statement: TypeAlias = "Let | Var | Assign | For | If | Raise"
