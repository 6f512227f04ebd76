"""Roundings within an expression, each computed by itself as if it were a local: fast rules are for
one rounding. Only those whose flags are the whole's too, which no choice can leave out.
"""

from __future__ import annotations

from collections.abc import Callable

from rvx.jit.number.canonical import Canonical, Known
from rvx.jit.number.site import Tree
from rvx.model import ir
from rvx.record import record


@record(frozen=True)
class _Apart:
    tree: Tree

    def number(self, canonical: Canonical) -> ir.Number:
        return canonical.copied(self.tree, self.tree.arguments)


def apart(
    e: ir.Number, compute: Callable[[ir.Rounded], Tree | None]
) -> tuple[ir.Number, dict[str, Known]]:
    """The expression with locals in place of what is rounded in it and `compute` computes, and
    those locals; the same object and none where there is nothing."""
    known: dict[str, Known] = {}

    def of(e: ir.Number) -> ir.Number:
        match e:
            case ir.NumberOp("+" | "-" | "*" as op, left, right, span, integral):
                one, other = of(left), of(right)
                if one is left and other is right:
                    return e
                return ir.NumberOp(op, one, other, span, integral)
            case ir.NumberFunction("-", value, span, integral):
                found = of(value)
                return e if found is value else ir.NumberFunction("-", found, span, integral)
            case ir.Scale(value, power, span, integral):
                found = of(value)
                return e if found is value else ir.Scale(found, power, span, integral)
            case ir.Rounded() if not e.integral and (tree := compute(e)) is not None:
                name = f"rounded {len(known)}"  # which no description can name
                known[name] = _Apart(tree)
                return ir.NumberLocal(name, e.span, False)
        return e

    return of(e), known
