"""How many limbs the exact numbers of a machine take: what the checker's spans say."""

from __future__ import annotations

from collections.abc import Iterable

from rvx.model import ir
from rvx.model.machine import Machine
from rvx.model.walk import nodes
from rvx.number.real import QUOTIENT_BITS

_SPARE = 160  # bits: what is kept in no normal form, and both ends of a shift
_LOGARITHM = 21  # bits of an exponent


def limbs(machine: Machine) -> int:
    """The limbs of 32 bits that every number of every instruction fits."""
    most = 256
    for instruction in machine.instructions.values():
        most = max(most, _most(instruction.body))
    return (most + _SPARE + 31) // 32


def _most(body: tuple[ir.Statement, ...]) -> int:
    locals = {
        n.name: _bits(n.value, {})
        for n in nodes(body)
        if isinstance(n, ir.SetLocal) and isinstance(n.value, ir.Number)
    }
    return max(_each(body, locals), default=0)


def _each(body: tuple[ir.Statement, ...], locals: dict[str, int]) -> Iterable[int]:
    for node in nodes(body):
        match node:
            case ir.Quotient(left, right):
                yield _bits(left, locals) + _bits(right, locals) + QUOTIENT_BITS
            case ir.NumberFunction("sqrt", value):
                yield max(2 * QUOTIENT_BITS, _bits(value, locals))
            case ir.CompareNumbers(_, left, right):
                yield max(_bits(left, locals), _bits(right, locals))
            case _ if isinstance(node, ir.Number):
                yield _bits(node, locals)


def _bits(e: ir.Number, locals: dict[str, int]) -> int:
    """The bits of a number's significand, at most."""
    if e.span is not None:
        return e.span.bits
    match e:
        case ir.NumberLocal(name):
            return locals.get(name, QUOTIENT_BITS)
        case ir.Quotient():
            return QUOTIENT_BITS + 1
        case ir.NumberOp(_, left, right) | ir.NumberSelect(_, left, right):
            return _bits(left, locals) + _bits(right, locals) + 1
        case ir.NumberFunction("sqrt"):
            return QUOTIENT_BITS + 1
        case ir.NumberFunction("exponent" | "sign"):
            return _LOGARITHM
        case ir.NumberFunction(_, value):
            return _bits(value, locals) + _LOGARITHM + 1
        case ir.Scale(value) | ir.Truncate(value) | ir.Shift(_, value):
            return _bits(value, locals)
    return QUOTIENT_BITS
