"""What happens to a hart beside its instructions: traps and interrupts."""

from __future__ import annotations

from rvx.description import syntax
from rvx.description.expression import Context, evaluate, truth_of
from rvx.description.scope import Scope
from rvx.description.statement import effects
from rvx.description.syntax import DescriptionError
from rvx.description.values import show, to_integer
from rvx.model import ir
from rvx.model.machine import Interrupt, Trap
from rvx.model.walk import nodes


def trap(scope: Scope, declared: syntax.TrapDeclaration) -> Trap:
    """What a trap does: it goes somewhere, and can itself not go wrong."""
    xlen = scope.names.constants["xlen"]
    if declared.cause.id == declared.value.id:
        raise DescriptionError(declared.value.at, "cause and value need two names")
    context = Context(
        scope,
        locals={
            declared.cause.id: ir.WordLocal("cause", xlen),
            declared.value.id: ir.WordLocal("value", xlen),
        },
    )
    body = effects(context, declared.body)
    if not any(isinstance(s, ir.SetPc) for s in body):
        raise DescriptionError(declared.at, "a trap must say where it goes: pc = ...")
    if any(isinstance(node, ir.RaiseTrap | ir.Load | ir.Store) for node in nodes(body)):
        raise DescriptionError(declared.at, "a trap may not raise or touch memory itself")
    return Trap(body)


def interrupt(scope: Scope, extension: str, declared: syntax.InterruptDeclaration) -> Interrupt:
    """An interrupt: its cause, and a condition over state."""
    context, at = Context(scope), declared.cause.at
    cause = to_integer(evaluate(context, declared.cause), at, "the cause of an interrupt")
    if not 0 <= cause < 1 << scope.names.constants["xlen"]:
        raise DescriptionError(at, f"{show(cause)} is no cause: use one that fits mcause")
    condition = truth_of(context, declared.condition)
    if any(isinstance(node, ir.Load | ir.ProgramCounter) for node in nodes(condition)):
        raise DescriptionError(
            declared.condition.at, "an interrupt depends on state alone: no memory, no pc"
        )
    return Interrupt(cause, condition, extension, declared.doc)
