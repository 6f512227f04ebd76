"""Expressions of a core's text over an instruction's operands, with the meaning of its body."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.description.expression import Context, evaluate
from rvx.description.scope import Scope
from rvx.description.syntax import DescriptionError, Expression
from rvx.description.values import is_word, to_number
from rvx.model import ir
from rvx.model.machine import Instruction, Machine


def compile_integer(
    machine: Machine, instruction: Instruction, e: Expression, constants: Mapping[str, int]
) -> int | ir.Number:
    """The integer that the expression is: a constant, or an integral number of the model.

    Raises DescriptionError where it names what the instruction does not have, or is no integer.
    """
    assert isinstance(machine.scope, Scope)
    context = Context(machine.scope, instruction.operands, dict(constants))
    value = evaluate(context, e)
    if isinstance(value, int):
        return value
    number = ir.WordNumber(value, signed=False) if is_word(value) else to_number(value, e.at)
    if not number.integral:
        raise DescriptionError(e.at, "a number of cycles must be an integer: round it first")
    return number
