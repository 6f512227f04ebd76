"""What the blocks of a region are known by, and what a region is like that is made first."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rvx.jit.timing import States


class BlockKey(NamedTuple):
    """A block: where it starts, and what it may rely on once its first instruction has left
    decode."""

    pc: int
    states: States
    modes: tuple[int, ...]
    sticky: bool
    turn: int = 0  # of several without checks that have been made before (`loop_writer.py`)


class First(NamedTuple):
    """How first code, made while the guest waits, differs: instructions are calls of routines, all
    values lie in the block, every block of code is an entry, and what other regions serve is not
    made again."""

    serves: Callable[[int, int], bool]  # whether there is code for a pc in a situation
    most: int  # instructions
