"""What every number format can do, and how a family of formats declares its settings.

A format gives codes their values and values their codes. It knows nothing of instructions; the
choices that IEEE 754 leaves open are made here once, as the RISC-V manual makes them.
"""

from typing import NamedTuple, Protocol, runtime_checkable

from rvx.number.real import Real
from rvx.number.rounding import Mode, Rounding
from rvx.number.span import Span


@runtime_checkable
class Format(Protocol):
    """A number format. Formats are immutable, hashable and equal if their settings are."""

    def __hash__(self) -> int: ...

    @property
    def bits(self) -> int:
        """The width of a code."""

    @property
    def span(self) -> Span:
        """The span of the finite values."""

    @property
    def is_exact(self) -> bool:
        """Whether `encode` never rounds (a quire)."""

    @property
    def mode(self) -> Rounding | None:
        """The only rounding of the format, or `None` if the caller's decides."""

    @property
    def raises_flags(self) -> bool:
        """Whether `encode` reports flags, those pending on the value included."""

    @property
    def canonical_nan(self) -> int | None:
        """The code of the NaN that arithmetic gives, NaR in a posit; `None` if there is none."""

    def decode(self, code: int) -> Real:
        """Give the value of a code below `2**bits`."""

    def encode(self, value: Real, mode: Mode) -> tuple[int, int]:
        """Round a value: its code, and the flags raised."""


class FormatError(ValueError):
    """Settings that make no format; `setting` is the name of the one to blame, if it is one."""

    def __init__(self, message: str, setting: str | None = None) -> None:
        super().__init__(message)
        self.setting = setting


class Range(NamedTuple):
    """The integers that a setting may be; written in its annotation, `Annotated[int, Range(…)]`."""

    low: int
    high: int
