"""What a fast rule is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from rvx.jit.text import Function

Cold: TypeAlias = Callable[[Function, list[str]], tuple[str, str]]
"""Emits a call of the generic function of the same expression: its code and flags."""


class Rule(Protocol):
    """Native code for one rounded expression."""

    @property
    def sets_host_flags(self) -> bool:
        """All flags go to the host's status; the flags that `emit` returns are "0"."""

    @property
    def leaves_specials(self) -> bool:
        """Whether only special operands, zeros of divisors and roots of negative numbers among
        them, are left to `cold`."""

    def emit(self, out: Function, codes: list[str], cold: Cold) -> tuple[str, str]:
        """Write the code into the open block; it may end in another. Gives (code, flags: i32)."""
