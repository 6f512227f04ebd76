"""The size of a problem: a number for each dimension that a kernel names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class BenchError(Exception):
    """Why a benchmark cannot be run or believed; one line for the user."""


@dataclass(frozen=True)
class Size:
    """The dimensions of a kernel by name, in the order of its contract."""

    names: tuple[str, ...]
    values: tuple[int, ...]

    @classmethod
    def parse(cls, text: str, names: Sequence[str]) -> Size:
        """Read one number for each dimension, `16,16,64`, or one for all of them."""
        try:
            numbers = [int(part) for part in text.split(",")]
        except ValueError:
            numbers = []
        if len(numbers) == 1:
            numbers *= len(names)
        if len(numbers) != len(names) or min(numbers) < 1:
            form = ",".join(name.upper() for name in names)
            raise BenchError(f"size {text!r} is not {form}, as in 16,16,64, each at least 1")
        return cls(tuple(names), tuple(numbers))

    def __getitem__(self, name: str) -> int:
        return self.values[self.names.index(name)]

    def __str__(self) -> str:
        return "x".join(map(str, self.values))
