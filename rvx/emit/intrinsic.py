"""Intrinsics: which instruction words a C function stands for, and with which parameters.

Nothing here is C text. A parameter is a value in a register that the compiler chooses, or a
constant that is part of the instruction word: an immediate, a CSR, a rounding mode, or the number
of a register that no C compiler knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from rvx.emit.ctype import CType
from rvx.emit.effect import Effects
from rvx.model.encoding import Field
from rvx.model.machine import Instruction, RegisterFile


class Access(Enum):
    """Which way a value goes."""

    IN = "read"
    OUT = "written"
    INOUT = "read and written"


@dataclass(frozen=True)
class Value:
    """A value in a register."""

    name: str
    type: CType
    file: RegisterFile
    access: Access
    doc: str
    register: str | None = None  # the only register that may hold it, where there is one

    @property
    def is_read(self) -> bool:
        return self.access is not Access.OUT

    @property
    def is_written(self) -> bool:
        return self.access is not Access.IN


@dataclass(frozen=True)
class Constant:
    """A constant in the instruction word, and the values that it may have."""

    name: str
    low: int
    high: int
    step: int
    refused: tuple[int, ...]  # between the bounds, but not allowed
    doc: str

    @property
    def wanted(self) -> str:
        """What the argument must be, for messages."""
        text = f"a constant from {self.low} to {self.high}"
        if self.step > 1:
            text += f", a multiple of {self.step}"
        if self.refused:
            text += ", not " + " or ".join(map(str, self.refused))
        return text


Parameter: TypeAlias = Value | Constant


@dataclass(frozen=True)
class Placed:
    """A parameter's place in the instruction word: the field that holds it."""

    parameter: Parameter
    field: Field
    first: int = 0  # the register that a field of zeros names
    negated: bool = False


@dataclass(frozen=True)
class Intrinsic:
    """One C function, or macro where a parameter is a constant."""

    name: str
    instruction: Instruction
    title: str  # the assembly line; an alias's with what it stands for
    is_alias: bool
    doc: str
    parameters: tuple[Parameter, ...]  # as assembly orders them, but a base before its offset
    placed: tuple[Placed, ...]
    word: int  # all bits that no parameter decides
    effects: Effects

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(p for p in self.parameters if isinstance(p, Value))

    @property
    def constants(self) -> tuple[Constant, ...]:
        return tuple(p for p in self.parameters if isinstance(p, Constant))

    @property
    def result(self) -> Value | None:
        """The value returned: the first that is written. Others go through pointers."""
        return next((v for v in self.values if v.is_written), None)

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """The parameters that the caller gives: all but a result that is not read."""
        return tuple(p for p in self.parameters if p is not self.result or self.result.is_read)


@dataclass(frozen=True)
class LeftOut:
    """An instruction without an intrinsic, and why."""

    mnemonic: str
    reason: str
