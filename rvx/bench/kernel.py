"""What a kernel and its variants are.

A kernel is a problem: its operands, its exact answer, its work. A variant is a program for it in
certain number formats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rvx.bench.matrix import Values


class BenchError(Exception):
    """Why a benchmark cannot be run or believed; one line for the user."""


class Size(NamedTuple):
    """C is m by n, and k products are summed for each of its elements."""

    m: int
    n: int
    k: int

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read `M,N,K`, or one number for all three."""
        try:
            numbers = [int(part) for part in text.split(",")]
        except ValueError:
            numbers = []
        match numbers:
            case [n] if n >= 1:
                return cls(n, n, n)
            case [m, n, k] if min(numbers) >= 1:
                return cls(m, n, k)
        raise BenchError(f"size {text!r} is not M,N,K, as in 16,16,64, each at least 1")

    def __str__(self) -> str:
        return f"{self.m}x{self.n}x{self.k}"


@dataclass(frozen=True)
class Variant:
    """A program for a kernel. Formats are named as in `isa/formats.isa`."""

    name: str
    isa: str
    source: str
    """Its file, in the kernel's folder."""
    entry: str
    operand: str
    result: str
    """The format it accumulates in; for a quire, the one it rounds the sum to."""
    roundings: Callable[[Size], int]
    """The most roundings that a product goes through on its way into the result."""


@dataclass(frozen=True)
class Kernel:
    """A problem, whatever solves it."""

    name: str
    macs: Callable[[Size], int]
    """Multiplications with accumulation in the definition: not those that a program performs."""
    operands: Callable[[Size, np.random.Generator], tuple[Values, ...]]
    """Float64 operands, as the program takes them."""
    answer: Callable[[tuple[Values, ...]], Values]
    """The result in float64. Linear in each operand."""
    shape: Callable[[Size], tuple[int, int]]
    """Rows and columns of the result."""
    terms: Callable[[Size], int]
    """The products summed in an element."""
    variants: tuple[Variant, ...]
    """The first is the baseline: what every other is compared with."""
