"""Every node of a body, for questions such as "does it load" or "which states does it read"."""

from __future__ import annotations

from collections.abc import Iterator

from rvx.model import ir

NODES = frozenset(kind for kind in vars(ir).values() if isinstance(kind, type))


def nodes(tree: object) -> Iterator[object]:
    """The tree's nodes, each before its parts, in the order of the text."""
    if isinstance(tree, tuple):
        for part in tree:
            yield from nodes(part)
    elif type(tree) in NODES:
        yield tree
        for name in parts_of(tree):
            yield from nodes(getattr(tree, name))


def parts_of(node: object) -> tuple[str, ...]:
    """The names of a node's fields."""
    names: tuple[str, ...] = type(node).__match_args__  # type: ignore[attr-defined]
    return names
