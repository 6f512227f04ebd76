"""Texts of first code, kept for a while. With its routines inlined it is fast code: nearly as fast
as code that is written for that, which takes the guest's own thread ten times as long to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rvx.jit.pack import Kept
from rvx.record import record

QUICK: Final = 1  # the level, of those of `compile_object`
_MOST_TEXTS: Final = 128
_MOST_ROUTINES: Final = 1024
_MOST_BYTES: Final = 1 << 18  # of routines that are linked with a region


@record(frozen=True)
class Draft:
    """What is to be compiled: a module and others with what it calls."""

    text: str
    parts: tuple[str, ...]
    kept: Kept  # still without its object


class Drafts:
    """Of one run, the newest."""

    def __init__(self) -> None:
        self._regions: dict[str, str] = {}
        self._routines: dict[str, str] = {}  # the module in which each is

    def note_routines(self, names: Sequence[str], text: str) -> None:
        """Keep a module of routines. In other modules they are for being inlined."""
        inlined = text.replace("define weak ", "define linkonce_odr ")
        self._routines |= dict.fromkeys(names, inlined)
        _shorten(self._routines, _MOST_ROUTINES)

    def note(self, name: str, text: str) -> None:
        """Keep a region."""
        self._regions[name] = text
        _shorten(self._regions, _MOST_TEXTS)

    def take(self, kept: Kept) -> Draft | None:
        """What a region of first code becomes; None where that is no longer known, or too long."""
        text = self._regions.pop(kept.name, None)
        if text is None or not self._routines.keys() >= set(kept.routines):
            return None
        parts = tuple(dict.fromkeys(self._routines[name] for name in kept.routines))
        if sum(map(len, parts)) > _MOST_BYTES:
            return None
        name = f"quick.{kept.name}"  # both may be linked together
        text = text.replace(f" @{kept.name}(", f" @{name}(")
        return Draft(text, parts, replace(kept, level=QUICK, name=name, object=b"", routines=()))


def _shorten(texts: dict[str, str], most: int) -> None:
    while len(texts) > most:
        del texts[next(iter(texts))]
