"""Locals of an instruction that are numbers: kept as expressions over words that have values.

Where a local was set in another block of the function, perhaps in either side of a condition, its
words are read back from variables, and a variable says which of the definitions was the last.
"""

from __future__ import annotations

from dataclasses import field

from rvx.jit.number.canonical import Canonical
from rvx.jit.number.site import Argument, Tree
from rvx.jit.text import Function
from rvx.model import ir
from rvx.record import record


@record(frozen=True)
class Definition:
    """One place where the local is set: its words there, and the variables that hold them."""

    tree: Tree
    block: str
    cells: tuple[str, ...]


@record()
class NumberOfInstruction:
    """A local: every definition so far, in the order of the code."""

    out: Function
    which: str  # a variable, i32: the number of the definition
    definitions: list[Definition] = field(default_factory=list)

    def define(self, tree: Tree) -> None:
        """Set it here."""
        out, cells = self.out, []
        for argument in tree.arguments:
            cell = out.variable(argument.type)
            out.store(argument.type, argument.value, cell, align=8)
            cells.append(cell)
        out.store("i32", str(len(self.definitions)), self.which, align=8)
        self.definitions.append(Definition(tree, out.block, tuple(cells)))

    def number(self, canonical: Canonical) -> ir.Number:
        """Its value here."""
        last = self.definitions[-1]
        if last.block == self.out.block:
            return canonical.copied(last.tree, last.tree.arguments)
        found = self._read(canonical, last)
        which = self._load("i32", self.which) if len(self.definitions) > 1 else ""
        for i, definition in enumerate(self.definitions[:-1]):
            holds = Argument("i1", self.out.compare("eq", 32, which, str(i)))
            truth = ir.TruthLocal(str(canonical.given(holds)))
            one = self._read(canonical, definition)
            found = ir.NumberSelect(truth, one, found, None, False)
        return found

    def _read(self, canonical: Canonical, definition: Definition) -> ir.Number:
        arguments = tuple(
            Argument(argument.type, self._load(argument.type, cell))
            for argument, cell in zip(definition.tree.arguments, definition.cells, strict=True)
        )
        return canonical.copied(definition.tree, arguments)

    def _load(self, type: str, cell: str) -> str:
        """The variable's value; where it has none, any, which then does not matter."""
        return self.out.value(f"freeze {type} {self.out.load(type, cell, align=8)}")
