"""Statements that set the lanes of one register alike: computed at once where `numbers` can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rvx.jit.effects import Local
from rvx.model import ir

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering

_LANES = "lanes of"  # locals that no description can name


def together(to: Lowering, statements: Sequence[ir.Statement]) -> Iterator[ir.Statement]:
    """The statements, in order, with rounded lanes next to each other put together."""
    for _, group in groupby(enumerate(statements), lambda each: _key(*each)):
        found = [s for _, s in group]
        one = _joined(to, found) if len(found) > 1 else None
        yield from found if one is None else [one]


def _key(index: int, s: ir.Statement) -> object:
    """What neighbors that belong together have in common."""
    match s:
        case ir.SetRegister(operand, file, at, low, ir.Encode(width=width)):
            return operand, file, at, width, low - width * index
    return index


def _joined(to: Lowering, statements: list[ir.Statement]) -> ir.SetRegister | None:
    first, last = statements[0], statements[-1]
    assert isinstance(first, ir.SetRegister)
    assert isinstance(last, ir.SetRegister)
    if any(isinstance(s, ir.SetRegister) and s.fill for s in statements[:-1]):
        return None
    values = [s.value for s in statements if isinstance(s, ir.SetRegister)]
    codes = to.numbers.lanes(to, [e for e in values if isinstance(e, ir.Encode)])
    if codes is None:
        return None
    name, width = f"{_LANES} {first.operand}", sum(e.width for e in values)
    to.locals[name] = Local(codes, width)
    whole = ir.WordLocal(name, width)
    return ir.SetRegister(first.operand, first.file, first.index, first.low, whole, last.fill)
