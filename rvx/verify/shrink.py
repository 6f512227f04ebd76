"""From a program that shows a difference to a few instructions that still do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from rvx.verify.node import Group, Node, Set, Source

Nodes = tuple[Node, ...]


class Shrinker:
    """Leaves out what is not needed for the failure, until the time is over.

    `fails` says whether a program still shows it; it may be asked about programs that cannot be
    laid out.
    """

    def __init__(self, fails: Callable[[Source], bool], seconds: float) -> None:
        self._fails, self._until = fails, monotonic() + seconds
        self.tried = 0

    def shrink(self, source: Source) -> Source:
        """The smallest failing program found."""
        before = None
        while before != source and monotonic() < self._until:
            before = source
            source = self._body(source)
            source = self._functions(source)
            source = self._loads(source)
        return source

    def _body(self, source: Source) -> Source:
        def holds(nodes: Nodes) -> bool:
            return self._try(replace(source, body=nodes))

        return replace(source, body=self._list(source.body, holds))

    def _functions(self, source: Source) -> Source:
        def holds(nodes: Nodes) -> bool:
            return self._try(replace(source, functions=nodes))

        return replace(source, functions=self._list(source.functions, holds))

    def _loads(self, source: Source) -> Source:
        """Of the start, leave out loads of registers only: the rest keeps traps in order."""
        *fixed, loads = source.start
        assert isinstance(loads, Group)

        def with_head(head: Nodes) -> Source:
            return replace(source, start=(*fixed, replace(loads, head=head)))

        return with_head(self._list(loads.head, lambda head: self._try(with_head(head))))

    def _try(self, source: Source) -> bool:
        self.tried += 1
        return monotonic() < self._until and self._fails(source)

    def _list(self, nodes: Nodes, holds: Callable[[Nodes], bool]) -> Nodes:
        """Leave out ever smaller parts of the list, then shrink the groups that remain."""
        length = len(nodes)
        while length:
            at = 0
            while at < len(nodes):
                fewer = nodes[:at] + nodes[at + length :]
                if holds(fewer):
                    nodes = fewer
                else:
                    at += length
            length //= 2
        index = 0
        while index < len(nodes):
            nodes = self._inside(nodes, index, holds)
            index += 1
        return nodes

    def _inside(self, nodes: Nodes, index: int, holds: Callable[[Nodes], bool]) -> Nodes:
        group = nodes[index]
        if not isinstance(group, Group):
            return nodes

        def around(*inner: Node) -> Nodes:
            return (*nodes[:index], *inner, *nodes[index + 1 :])

        if holds(around(*group.body)):
            return around(*group.body)
        return around(self._group(group, lambda smaller: holds(around(smaller))))

    def _group(self, group: Group, holds: Callable[[Group], bool]) -> Group:
        """Of each of its parts as little as shows it, and as few rounds."""
        whole = group
        body = self._list(group.body, lambda body: holds(replace(whole, body=body)))
        group = with_body = replace(group, body=body)
        head = self._list(group.head, lambda head: holds(replace(with_body, head=head)))
        group = with_head = replace(group, head=head)
        tail = self._list(group.tail, lambda tail: holds(replace(with_head, tail=tail)))
        return self._fewer_rounds(replace(group, tail=tail), holds)

    @staticmethod
    def _fewer_rounds(node: Group, holds: Callable[[Group], bool]) -> Group:
        """Of a loop, as few as show it."""
        first = node.head[0] if node.head else None
        if not isinstance(first, Set) or first.value != node.repeats:
            return node
        count = 1
        while count < node.repeats:
            tried = replace(node, head=(replace(first, value=count), *node.head[1:]), repeats=count)
            if holds(tried):
                return tried
            count *= 2
        return node
