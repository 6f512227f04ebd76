"""Shapes of expressions over words alone, found once for each expression and not for each use."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from rvx.jit.number.canonical import Canonical, TooLarge
from rvx.jit.number.site import Conditional, Shape, Site
from rvx.model import ir
from rvx.model.walk import nodes
from rvx.number import Format, Rounding
from rvx.record import record

Found: TypeAlias = tuple[Shape, tuple[ir.Word, ...]]
"""A shape and the words that are its parameters."""


class _NotWords(Exception):
    """There are parameters that are none, or locals."""


@record(frozen=True)
class _Entry:
    number: ir.Number  # kept alive, as its identity is the key
    mode: Rounding  # of what is rounded on the way
    choices: tuple[ir.Choice, ...]
    chosen: tuple[Format | None, ...]
    found: Found | None


class Noted:
    """What was found so far."""

    def __init__(self) -> None:
        self._entries: dict[int, list[_Entry]] = {}

    def shape(self, site: Site, number: ir.Number) -> Found | None:
        """The shape with the formats in force, or None: not of words alone. It is the same object
        each time."""
        entries = self._entries.setdefault(id(number), [])
        for entry in entries:
            if entry.mode is site.mode and entry.chosen == _chosen(site, entry.choices):
                return entry.found
        choices = tuple({n: None for n in nodes(number) if isinstance(n, ir.Choice)})
        chosen = _chosen(site, choices)
        entries.append(_Entry(number, site.mode, choices, chosen, _found(site, number)))
        return entries[-1].found


def _chosen(site: Site, choices: tuple[ir.Choice, ...]) -> tuple[Format | None, ...]:
    return tuple(site.choose(choice) for choice in choices)


def _found(site: Site, number: ir.Number) -> Found | None:
    words = _Words(site)
    try:
        shape = Canonical(cast(Any, words), {}).tree(number).shape
    except (_NotWords, TooLarge, Conditional, KeyError):
        return None
    return shape, tuple(words.found)


class _Words:
    """A site that notes the words instead of computing them."""

    def __init__(self, site: Site) -> None:
        self.choose = site.choose
        self.mode = site.mode
        self.found: list[ir.Word] = []

    def word(self, e: ir.Word) -> str:
        self.found.append(e)
        return ""

    def truth(self, e: ir.Truth) -> str:
        raise _NotWords

    def integer(self, e: ir.Number) -> tuple[str, int]:
        raise _NotWords
