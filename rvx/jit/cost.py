"""Costs that data decides: their range at translation, and their value at run time.

The terms are those of the core's text, so that no timing is written a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar

from rvx.jit.effects import Local, Locals
from rvx.jit.text import Function
from rvx.model import ir
from rvx.model.walk import NODES, nodes
from rvx.record import record
from rvx.timing.outcome import Outcome
from rvx.timing.scope import Checked, OfOutcome, OverOperands, Straddles
from rvx.timing.terms import Applied, Chosen, Combined, apply, choose, combine

Node = TypeVar("Node", ir.Number, ir.Truth)
Term: TypeAlias = Callable[[Outcome], int] | int
_COMPARISONS = {"==": "eq", "!=": "ne", "<": "slt", "<=": "sle", ">": "sgt", ">=": "sge"}
_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor"}
_SHIFTS = {"<<": "shl", ">>": "ashr"}
_WIDTH = 64  # of a cost while it is computed


class Unknown(Exception):
    """A term that cannot be computed here: the reference has to."""


@record(frozen=True)
class Known:
    """What translation knows of the outcome. An access that native code makes is aligned."""

    taken: bool
    writes_csr: bool | None
    size: int  # of the memory access, in bytes


@record(frozen=True)
class Usual:
    """What a term is where its first condition holds, and otherwise."""

    condition: ir.Truth
    value: int
    otherwise: ir.Number


class Operands(Protocol):
    """What computes expressions over an instruction's operands."""

    out: Function
    locals: Locals

    def truth(self, e: ir.Truth) -> str:
        """The truth, an i1."""

    def word(self, e: ir.Word) -> str:
        """The word, an i{width}."""

    def integer(self, e: ir.Number) -> tuple[str, int]:
        """The value of an integral number and its width, in two's complement."""


def settle(term: Term, known: Known) -> Term:
    """The term with what is known put in."""
    match term:
        case OfOutcome("taken"):
            return int(known.taken)
        case OfOutcome("writes_csr") if known.writes_csr is not None:
            return int(known.writes_csr)
        case Straddles(line):
            return int(known.size > line)
        case Checked(value, least, e):
            settled = settle(value, known)
            return settled if isinstance(settled, int) else Checked(settled, least, e)
        case Applied(op, operand):
            return apply(op, settle(operand, known))
        case Combined(op, left, right):
            return combine(op, settle(left, known), settle(right, known))
        case Chosen(condition, then, otherwise):
            return choose(settle(condition, known), settle(then, known), settle(otherwise, known))
    return term


def bounds(term: Term) -> tuple[int, int]:
    """The least and the largest value. Raises Unknown."""
    match term:
        case int():
            return term, term
        case Checked(value, least):
            low, high = bounds(value)
            return max(low, least), max(high, least)
        case OverOperands(evaluate):
            return _span(evaluate.node)  # type: ignore[attr-defined]
        case Chosen(_, then, otherwise):
            one, other = bounds(then), bounds(otherwise)
            return min(one[0], other[0]), max(one[1], other[1])
        case Applied("not") | Combined("==" | "!=" | "<" | "<=" | ">" | ">="):
            return 0, 1
        case Applied("-", operand):
            low, high = bounds(operand)
            return -high, -low
        case Combined("+" | "-" | "*" | "/" | ">>" as op, left, right, operation):
            one, other = bounds(left), bounds(right)
            if op in ("/", ">>") and other[0] < (op == "/"):
                raise Unknown
            corners = [operation(a, b) for a in one for b in other]
            return min(corners), max(corners)
        case Combined("&" | "%", left, int(most)) if most > 0:
            return 0, most
    raise Unknown


def usual(term: Term) -> Usual | None:
    """A core's text tests first what is most often so: the cost that is known at once then."""
    match term:
        case Checked(value):
            return usual(value)
        case OverOperands(evaluate):
            node: ir.Number = evaluate.node  # type: ignore[attr-defined]
            match node:
                case ir.NumberSelect(condition, ir.Exact(found, exponent), otherwise) if (
                    exponent >= 0
                ):
                    return Usual(condition, found << exponent, otherwise)
    return None


def _span(node: int | ir.Number) -> tuple[int, int]:
    if isinstance(node, int):
        return node, node
    span = node.span
    if span is None or span.lsb < 0:
        raise Unknown
    return span.low << span.lsb, span.high << span.lsb


@lru_cache(maxsize=256)
def _rounds(node: Node) -> bool:
    return any(isinstance(each, ir.Rounded) for each in nodes(node))


def _with_codes(node: Node, operands: Operands) -> Node:
    """The expression with each rounded number computed once, as a code: that is where the fast
    rules are. What it raises does not matter here."""
    if not _rounds(node):
        return node
    known: dict[ir.Number, ir.Number] = {}

    def coded(tree: Any) -> Any:  # noqa: ANN401 -- any part of an expression
        if isinstance(tree, tuple):
            return tuple(coded(part) for part in tree)
        if type(tree) not in NODES:
            return tree
        if tree not in known:
            parts = [coded(getattr(tree, each.name)) for each in fields(tree)]
            known[tree] = code(type(tree)(*parts))
        return known[tree]

    def code(made: Any) -> Any:  # noqa: ANN401
        if not isinstance(made, ir.Rounded):
            return made
        use = made.format
        bits = use.format.bits if isinstance(use, ir.Named) else use.formats[0].bits
        name = f"rounded.{len(known)}"
        value = operands.word(ir.Encode(made.number, use, made.mode, bits))
        operands.locals[name] = Local(value, bits)
        return ir.Decode(ir.WordLocal(name, bits), use, made.span, made.integral)

    found: Node = coded(node)
    return found


def emit_truth(node: ir.Truth, operands: Operands) -> str:
    """Compute the condition: an i1."""
    return operands.truth(_with_codes(node, operands))


def emit_number(node: ir.Number, operands: Operands) -> str:
    """Compute the integral number: an i64."""
    found, width = operands.integer(_with_codes(node, operands))
    return operands.out.resize(found, width, _WIDTH, signed=True)


def emit(term: Term, operands: Operands) -> str:
    """Compute the term: an i64. Raises Unknown."""
    out = operands.out
    match term:
        case int():
            return str(term & (1 << _WIDTH) - 1)
        case Checked(value):
            return emit(value, operands)
        case OverOperands(evaluate):
            node = evaluate.node  # type: ignore[attr-defined]
            if isinstance(node, int):
                return emit(node, operands)
            return emit_number(node, operands)
        case Applied("not", operand):
            return out.resize(out.compare("eq", _WIDTH, emit(operand, operands), "0"), 1, _WIDTH)
        case Applied("-", operand):
            return out.op("sub", _WIDTH, "0", emit(operand, operands))
        case Combined(op, left, right):
            a, b = emit(left, operands), emit(right, operands)
            if op in _COMPARISONS:
                return out.resize(out.compare(_COMPARISONS[op], _WIDTH, a, b), 1, _WIDTH)
            if op in _OPERATIONS:
                return out.op(_OPERATIONS[op], _WIDTH, a, b)
            if op in _SHIFTS and isinstance(right, int) and right < _WIDTH:
                return out.op(_SHIFTS[op], _WIDTH, a, b)
        case Chosen(condition, then, otherwise):
            test = out.compare("ne", _WIDTH, emit(condition, operands), "0")
            return out.select(test, f"i{_WIDTH}", emit(then, operands), emit(otherwise, operands))
    raise Unknown
