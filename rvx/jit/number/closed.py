"""Quotients, roots and comparisons with a zero, an infinity or a NaN: a table of kinds.

What they are then depends on the kinds of the operands only; the definition, asked once for each
kind or pair of kinds, says it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Final, TypeAlias

from rvx import number
from rvx.jit.number.callee import Target
from rvx.jit.number.monomial import CLASSES, class_of, class_of_value
from rvx.jit.number.polynomial import leaf
from rvx.jit.number.site import Shape
from rvx.jit.text import Function
from rvx.model import ir
from rvx.number import Format, Rounding
from rvx.number.flags import NV
from rvx.number.real import QUIET_NAN, SIGNALING_NAN, Real, dyadic, infinity, zero

Coded: TypeAlias = tuple[str, str]
Result: TypeAlias = tuple[int, int]
"""A code, or a truth, and flags."""
Operation: TypeAlias = Callable[..., Result]

# One number of each kind.
_VALUES: Final = (
    dyadic(1, 0),
    dyadic(-1, 0),
    zero(False),
    zero(True),
    infinity(False),
    infinity(True),
    QUIET_NAN,
    SIGNALING_NAN,
)
_KIND_BITS: Final = 3
_SIGN: Final = 16  # NaNs have signs too, which do not count


def is_closed(shape: Shape) -> bool:
    """Whether the shape is a quotient or a root, or two numbers to compare, of codes."""
    return _operands(shape) is not None


def _operands(shape: Shape) -> tuple[ir.Number, ...] | None:
    found: tuple[ir.Number, ...]
    match shape.numbers:
        case (ir.Quotient(one, other),) | (one, other):
            found = one, other
        case (ir.NumberFunction("sqrt", value),):
            found = (value,)
        case _:
            return None
    are_codes = all(isinstance(each, ir.Decode | ir.WordNumber) for each in found)
    return found if are_codes else None


def encoded(format: Format, mode: Rounding) -> Operation:
    """A quotient or a root, rounded."""

    def operation(*values: Real) -> Result:
        exact = number.quotient(*values) if len(values) == 2 else number.root(*values)
        return format.encode(exact, mode)

    return operation


def compared(op: str, quiet: bool) -> Operation:
    """Whether a comparison holds."""

    def operation(a: Real, b: Real) -> Result:
        order, flags = number.compare(a, b), a.flags | b.flags
        if order is None:
            raised = 0 if quiet or op in ("==", "!=") else NV
            return int(op == "!="), flags | raised
        holds = {
            "==": order == 0,
            "!=": order != 0,
            "<": order < 0,
            "<=": order <= 0,
            ">": order > 0,
            ">=": order >= 0,
        }
        return int(holds[op]), flags

    return operation


def special_closed(
    out: Function, shape: Shape, parameters: Sequence[str], operation: Operation, target: Target
) -> Coded:
    """The result and flags where an operand is no number, or not a divisor."""
    width = target.width
    operands = _operands(shape)
    assert operands is not None
    kinds = out.module.table("i8", [_kind(each) for each in range(CLASSES)])
    index = "0"
    for each in operands:
        code, format, _ = leaf(shape, each, parameters)
        kind = out.element(kinds, CLASSES, "i8", class_of(out, format, code), 32)
        index = out.op("shl", 32, index, str(_KIND_BITS))
        index = out.op("or", 32, index, out.resize(kind, 8, 32))
    results = [operation(*values) for values in product(_VALUES, repeat=len(operands))]
    word = f"i{max(width, 8)}"  # an i1 takes a byte
    codes = out.module.table(word, [code for code, _ in results])
    raised = out.module.table("i8", [flags for _, flags in results])
    code = out.element(codes, len(results), word, index, 32)
    flags = out.element(raised, len(results), "i8", index, 32)
    its_flags = out.resize(flags, 8, 32) if target.raises else "0"
    return out.resize(code, max(width, 8), width), its_flags


def _kind(its_class: int) -> int:
    """The place among `_VALUES` of the numbers of a class."""
    classes = [class_of_value(value) for value in _VALUES]
    for each in (its_class, its_class & ~_SIGN):
        if each in classes:
            return classes.index(each)
    return 0  # no number has such a class
