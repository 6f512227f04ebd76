"""What a run tells of itself: the lines that `firmware/train/report.c` writes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rvx.train.settings import TrainError


@dataclass(frozen=True)
class Spent:
    """What the guest had spent when it wrote a line: in all, and in training alone, which leaves
    out start-up and evaluation."""

    instret: int
    cycles: int
    train_instret: int
    train_cycles: int


@dataclass(frozen=True)
class Event:
    """A line: its first word, its `key=value` words, and what had been spent."""

    kind: str
    words: dict[str, str]
    spent: Spent

    def whole(self, key: str) -> int:
        return int(self.words[key], 0)

    def real(self, key: str) -> float:
        """A number as the guest wrote it, in hexadecimal with every bit; NaN where it was not
        finite."""
        return float.fromhex(self.words[key])

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Event:
        return cls(found["kind"], found["words"], Spent(**found["spent"]))


def parse_line(line: str, spent: Spent) -> Event:
    """Raises TrainError where it is no line of a training program's."""
    kind, *words = line.split()
    pairs = [word.partition("=") for word in words]
    if kind not in ("start", "step", "epoch", "end") or not all(equals for _, equals, _ in pairs):
        raise TrainError(f"the program wrote '{line}', which is no report")
    return Event(kind, {key: value for key, _, value in pairs}, spent)
