"""What random programs are to be like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Settings of the generator. `left_out` names instructions, extensions and CSRs."""

    size: int = 400  # instructions of the random part, about
    steps: int = 20_000  # executed, about
    traps: bool = True
    interrupts: bool = True  # where the machine has any
    misaligned_atomics: bool = True
    patches: bool = False  # stores to code
    left_out: frozenset[str] = frozenset()
