"""The statements of a body: what an instruction does with its words, numbers and truths.

Every read sees the machine as it was before the instruction, except locals. Effects are
collected and take place together at the end, or not at all when the body raises.
"""

from __future__ import annotations

from typing import TypeAlias

from rvx.model.expression import Number, Truth, Word
from rvx.record import record


@record(frozen=True, slots=True)
class SetLocal:
    name: str
    value: Word | Number | Truth


@record(frozen=True, slots=True)
class SetRegister:
    """Bits [low + value.width - 1 : low] of the register; with `fill` the bits above are set to
    ones (boxed) or zeros, without it the others keep their value."""

    operand: str | None  # the operand that names it, or None: `index` does
    file: str
    index: int
    low: int
    value: Word
    fill: str | None  # "ones", "zeros", "sign" or None


@record(frozen=True, slots=True)
class SetState:
    name: str
    index: int
    low: int
    value: Word


@record(frozen=True, slots=True)
class Store:
    address: Word
    size: int
    aligned: bool
    value: Word


@record(frozen=True, slots=True)
class SetPc:
    value: Word


@record(frozen=True, slots=True)
class SetCsr:
    value: Word


@record(frozen=True, slots=True)
class IfElse:
    condition: Truth
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@record(frozen=True, slots=True)
class RaiseTrap:
    cause: Word
    value: Word


Statement: TypeAlias = (
    SetLocal | SetRegister | SetState | Store | SetPc | SetCsr | IfElse | RaiseTrap
)
