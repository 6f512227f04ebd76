"""What is known of an instruction before it is translated: once for each, not for each use."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Final

from rvx.model import ir
from rvx.model.machine import Instruction
from rvx.model.walk import NODES, nodes, parts_of
from rvx.number import Fixed, Format
from rvx.record import record

# Nodes that may leave native code, raise flags, or are long: where they lie under a condition,
# there is control flow. Everything else is computed on both sides and selected from.
_HEAVY: Final = (
    ir.Load,
    ir.Store,
    ir.Encode,
    ir.Rounded,
    ir.Classify,
    ir.CsrValue,
    ir.SetCsr,
)

_LONG: Final = 24  # nodes


@record(frozen=True)
class Facts:
    """Of one body."""

    raises: bool  # it may raise floating-point flags
    leaves: bool  # native code may be left in the middle of it
    heavy: frozenset[int]  # identities of its nodes under which something heavy lies
    sure: frozenset[int]  # of the values of locals whose flags accrue in the end, whatever happens


@cache
def facts_of(instruction: Instruction) -> Facts:
    """The facts of an instruction, which compares by identity and is kept alive."""
    heavy: set[int] = set()
    for s in instruction.body:
        _mark(s, heavy)
    every = list(nodes(instruction.body))
    leaving = (ir.Load, ir.Store, ir.SetPc, ir.RaiseTrap, ir.CsrValue, ir.SetCsr)
    return Facts(
        any(_raises(node) for node in every),
        any(isinstance(node, leaving) for node in every),
        frozenset(heavy),
        _sure(instruction.body),
    )


def is_heavy(tree: object) -> bool:
    """Whether something heavy lies in a tree that is no part of an instruction's body."""
    return any(_is_heavy(node) for node in nodes(tree))


def is_long(tree: object) -> bool:
    """Whether computing it takes longer than a jump that is foreseen."""
    return next(islice(nodes(tree), _LONG, None), None) is not None


def _mark(node: object, heavy: set[int]) -> bool:
    """Note the identities of the node and its parts where they are heavy."""
    found = _is_heavy(node)
    for part in _parts(node):
        found |= _mark(part, heavy)
    if found:
        heavy.add(id(node))
    return found


def _parts(node: object) -> list[object]:
    if isinstance(node, tuple):
        return list(node)
    return [getattr(node, name) for name in parts_of(node)] if type(node) in NODES else []


def _is_heavy(node: object) -> bool:
    match node:
        case ir.CompareNumbers(_, left, right):
            return not (left.integral and right.integral)
        case ir.Encode(number, ir.Named(_, Fixed(flags=False))) | ir.Rounded(
            number, ir.Named(_, Fixed(flags=False))
        ):
            return not (number.integral or _is_integral_quotient(number))
    return isinstance(node, _HEAVY)


def _sure(body: tuple[ir.Statement, ...]) -> frozenset[int]:
    """What is rounded into a local keeps its flags until the local, or what is made of it, is
    assigned: here those of which no choice, comparison or later value can get rid."""
    found, needed = set[int](), set[str]()
    for s in reversed(body):
        match s:
            case ir.SetRegister(value=ir.Encode(number, use)) if _keeps(use):
                needed |= _carried(number)
            case ir.SetLocal(name, value):
                if name in needed and isinstance(value, ir.Number):
                    found.add(id(value))
                    needed = needed - {name} | _carried(value)
            case _:
                needed -= {n.name for n in nodes(s) if isinstance(n, ir.SetLocal)}
    return frozenset(found)


def _carried(e: ir.Number) -> set[str]:
    """The locals whose flags a number has too."""
    match e:
        case ir.NumberLocal(name):
            return {name}
        case ir.NumberOp("+" | "-" | "*", left, right) | ir.Quotient(left, right):
            return _carried(left) | _carried(right)
        case ir.NumberFunction("-" | "sqrt", value) | ir.Scale(value):
            return _carried(value)
        case ir.Rounded(value, use) if _keeps(use):
            return _carried(value)
    return set()


def _keeps(use: ir.FormatUse) -> bool:
    """Whether what is rounded to it hands on the flags that are pending."""
    return all(format.raises_flags for format in formats_of(use))


def _is_integral_quotient(e: ir.Number) -> bool:
    match e:
        case ir.Quotient(left, right):
            return left.integral and right.integral
        case ir.NumberSelect(_, one, other):
            return all(each.integral or _is_integral_quotient(each) for each in (one, other))
    return False


def _raises(node: object) -> bool:
    match node:
        case ir.Encode(_, format) | ir.Rounded(_, format):
            return any(f.raises_flags for f in formats_of(format))
        case ir.CompareNumbers(op, left, right, quiet) if not (left.integral and right.integral):
            formats = [
                f
                for use in nodes((left, right))
                if isinstance(use, ir.Named | ir.Choice)
                for f in formats_of(use)
            ]
            ordered = not quiet and op not in ("==", "!=")
            has_nan = any(f.canonical_nan is not None for f in formats)
            return (ordered and has_nan) or any(f.raises_flags for f in formats)
    return False


def formats_of(use: ir.FormatUse) -> tuple[Format, ...]:
    """The formats that it may be."""
    return (use.format,) if isinstance(use, ir.Named) else use.formats
