"""The checkpoints of a run in a folder: the last two, so that one is there whatever happens to the
other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from rvx.machine.checkpoint import DamagedCheckpoint, restore, write_checkpoint
from rvx.machine.simulator import Simulator

_NAME: Final = re.compile(r"checkpoint-(\d{20})\.rvx")
_KEPT: Final = 2


class Checkpoints:
    """Checkpoints in `folder`, one every so many seconds of the run."""

    def __init__(self, folder: Path, every: float) -> None:
        self.folder = folder
        self.every = every
        self._last = 0.0

    def are_due(self, seconds: float) -> bool:
        return seconds - self._last >= self.every

    def write(self, simulator: Simulator, seconds: float, about: Mapping[str, Any]) -> None:
        """Keep one more, and of the others the newest. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_checkpoint(simulator, self.folder / f"checkpoint-{simulator.instret:020}.rvx", about)
        self._last = seconds
        for old in self._newest_first()[_KEPT:]:
            old.unlink(missing_ok=True)

    def restore(self, simulator: Simulator, tell: Callable[[str], None]) -> dict[str, Any] | None:
        """Go on from the newest that is whole, and tell of those that are not; what was said about
        it, or None where there is none. Raises CheckpointError where it is of another run."""
        if self.folder.is_dir():
            for left in self.folder.glob(".checkpoint-*"):  # by a process that was killed
                left.unlink(missing_ok=True)
        for path in self._newest_first():
            try:
                about = restore(simulator, path)
            except DamagedCheckpoint as error:
                tell(f"{error}; trying the one before")
                continue
            self._last = about["seconds"]
            tell(f"resumed from {path}, {simulator.instret} instructions in")
            return about
        return None

    def _newest_first(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted((p for p in self.folder.iterdir() if _NAME.fullmatch(p.name)), reverse=True)
