"""Every node of a body, for questions such as "does it load" or "which states does it read"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from rvx.model import ir

NODES = frozenset(
    kind for kind in vars(ir).values() if isinstance(kind, type) and is_dataclass(kind)
)


def nodes(tree: object) -> Iterator[object]:
    """The tree's nodes, each before its parts, in the order of the text."""
    if isinstance(tree, tuple):
        for part in tree:
            yield from nodes(part)
    elif type(tree) in NODES:
        yield tree
        for each in fields(tree):  # type: ignore[arg-type]
            yield from nodes(getattr(tree, each.name))
