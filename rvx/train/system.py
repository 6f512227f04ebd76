"""The number systems that networks can be trained in: those of the bench that have all kernels."""

from __future__ import annotations

from typing import Final

from rvx.bench.system import SYSTEMS as ALL
from rvx.bench.system import System
from rvx.train.settings import TrainError

SYSTEMS: Final = {system.name: system for system in ALL if system.header and not system.only}


def system_called(name: str) -> System:
    """Raises TrainError where there is none."""
    if name not in SYSTEMS:
        raise TrainError(f"there is no '{name}' to train with; there are {', '.join(SYSTEMS)}")
    return SYSTEMS[name]
