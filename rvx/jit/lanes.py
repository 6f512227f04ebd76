"""Statements that set the lanes of one register alike: computed at once where `numbers` can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast, get_args

from rvx.jit.effects import Local
from rvx.jit.text import literal
from rvx.model import ir
from rvx.model.walk import nodes

if TYPE_CHECKING:
    from rvx.jit.lowering import Lowering
    from rvx.model.machine import Instruction

_LANES = "lanes of"  # locals that no description can name
_MODES: Final = (ir.CompareWords, ir.Not, ir.Both, ir.Either, ir.Truthy, ir.State, ir.Constant)
_NUMBERS: Final = frozenset(get_args(ir.Number))


def together(to: Lowering, statements: Sequence[ir.Statement]) -> Iterator[ir.Statement]:
    """The statements, in order, with rounded lanes next to each other put together."""
    settled = _settled(to, statements)
    for _, group in groupby(enumerate(settled), lambda each: _key(*each)):
        found = [s for _, s in group]
        one = _joined(to, found) if len(found) > 1 else None
        yield from found if one is None else [one]


def _settled(to: Lowering, statements: Sequence[ir.Statement]) -> Sequence[ir.Statement]:
    """The statements without conditions that the modes decide, and without locals that only say
    what a lane is rounded from, where nothing else is in the way."""
    if statements is not to.instruction.body or not (conditions := _conditions(to.instruction)):
        return statements
    known = [literal(to.truth(condition)) for condition in conditions]
    if None in known:
        return statements
    found = _straight(to.instruction, tuple(map(bool, known)))
    files = {s.file for s in found if isinstance(s, ir.SetRegister)}
    # What is written to a register that is always zero is computed for what it raises.
    return statements if any(to.machine.files[f].zero is not None for f in files) else found


@lru_cache(maxsize=4096)
def _conditions(instruction: Instruction) -> tuple[ir.Truth, ...]:
    """Those of its statements, if states and constants alone decide them all."""
    found = tuple(s.condition for s in instruction.body if isinstance(s, ir.IfElse))
    return found if all(isinstance(node, _MODES) for node in nodes(found)) else ()


@lru_cache(maxsize=4096)
def _straight(instruction: Instruction, taken: tuple[bool, ...]) -> tuple[ir.Statement, ...]:
    """The statements that are carried out, with the locals put where they are rounded; unless a
    local is used otherwise."""
    ways, found, numbers = iter(taken), list[ir.Statement](), dict[str, ir.Number]()
    for s in instruction.body:
        match s:
            case ir.IfElse(_, then, otherwise):
                found += then if next(ways) else otherwise
            case ir.SetLocal(name, value) if type(value) in _NUMBERS:
                numbers[name] = cast("ir.Number", value)
            case _:
                found.append(s)
    for place, s in enumerate(found):
        match s:
            case ir.SetRegister(value=ir.Encode(ir.NumberLocal(name)) as e) if name in numbers:
                found[place] = replace(s, value=replace(e, number=numbers.pop(name)))
    return instruction.body if numbers or _uses_locals(found) else tuple(found)


def _uses_locals(statements: list[ir.Statement]) -> bool:
    local = (ir.NumberLocal, ir.WordLocal, ir.TruthLocal, ir.SetLocal)
    return any(isinstance(node, local) for node in nodes(tuple(statements)))


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
