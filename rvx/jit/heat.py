"""What the reference's steps tell: which code is worth translating, and where indirect jumps go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Executions of a leader, by the reference, before it is translated. To execute an instruction for
# the first time takes the reference longer than to make first code of it.
HOT: Final = 2
# Those of code that was translated in vain, because it was written to; each time after the first
# twice that many doublings.
_AGAIN: Final = 128
_HOTTER: Final = 2
_MOST_FAILURES: Final = 6
_MOST_COUNTS: Final = 1 << 16  # then counting starts anew: bounded memory
_MOST_TARGETS: Final = 64  # of one jump
_LONGEST: Final = 4  # bytes of an instruction

Key = tuple[int, int]  # pc and number of the situation


class Heat:
    """Counts of the leaders of one run, by pc while nothing is translated, then by situation."""

    def __init__(self) -> None:
        self.targets: dict[int, list[int]] = {}  # of each jump that was seen, by its pc
        self._leaders: dict[int, int] = {}
        self._keys: dict[Key, int] = {}
        self._failures: dict[int, int] = {}

    def moved(self, pc: int, next: int) -> bool:
        """Note a step; whether it was a jump, so that `next` is a leader."""
        if 0 < next - pc <= _LONGEST:
            return False
        self.observe(((pc, next),))
        return True

    def observe(self, jumps: Iterable[tuple[int, int]]) -> None:
        """Note jumps, each from a pc to a pc."""
        if len(self.targets) > _MOST_COUNTS:
            self.targets.clear()
        for pc, target in jumps:
            known = self.targets.setdefault(pc, [])
            if target not in known and len(known) < _MOST_TARGETS:
                known.append(target)

    def is_warm(self, pc: int) -> bool:
        """Count an execution of a leader; whether it was executed often enough to look closer."""
        if len(self._leaders) >= _MOST_COUNTS:
            self._leaders.clear()
        count = self._leaders[pc] = self._leaders.get(pc, 0) + 1
        return count >= HOT

    def is_hot(self, key: Key, known: bool) -> bool:
        """Count an execution in a situation; whether to translate. `known`: the pc has been
        translated for other situations, so that its own count tells nothing."""
        failures = self._failures.get(key[0], 0)
        if failures > _MOST_FAILURES:
            return False
        if len(self._keys) >= _MOST_COUNTS:
            self._keys.clear()
        count = self._keys[key] = self._keys.get(key, 0) + 1
        if failures:
            return count >= _AGAIN << _HOTTER * (failures - 1)
        return not known or count >= HOT // 2

    def is_fresh(self, pc: int) -> bool:
        """Whether no code for pc has come to nothing so far."""
        return pc not in self._failures

    def is_hopeless(self, pc: int) -> bool:
        """Whether code is written too often to translate it."""
        return self._failures.get(pc, 0) > _MOST_FAILURES

    def fail(self, key: Key) -> None:
        """Note that what was translated is no longer the code."""
        self._failures[key[0]] = self._failures.get(key[0], 0) + 1
        self._keys.pop(key, None)
        self._leaders.pop(key[0], None)
