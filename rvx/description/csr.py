"""CSRs and ports of devices: an address, an expression over state, and what a write to it does."""

from __future__ import annotations

from rvx.description import syntax
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate
from rvx.description.scope import Scope
from rvx.description.syntax import DescriptionError, Name, Position
from rvx.description.values import (
    Value,
    constant_word,
    describe,
    is_truth,
    is_word,
    show,
    to_integer,
    to_truth,
)
from rvx.model import ir
from rvx.model.machine import Csr, Port


def csr(scope: Scope, extension: str, declared: syntax.CsrDeclaration) -> Csr:
    """The checked CSR."""
    at, context = declared.at, Context(scope)
    name = scope.template(declared.name, at)
    address = to_integer(evaluate(context, declared.address), at, "a CSR's address")
    if not 0 <= address < 1 << 12:
        raise DescriptionError(at, f"{show(address)} is no CSR address: use 0 to 0xfff")
    value, write = _register(context, name, declared)
    needs: ir.Truth | None = None
    for owned in declared.properties:
        match owned:
            case syntax.Property("needs", condition) if condition is not None:
                needs = to_truth(evaluate(context, condition), owned.at)
            case syntax.Property("marks", target, marked) if target and marked:
                write += tuple(assign(context, target, evaluate(context, marked), marked.at))
            case _:
                raise DescriptionError(
                    owned.at, f"a CSR has no property '{owned.name}': it has needs and marks"
                )
    return Csr(name, address, value, write, needs, extension, declared.doc)


def port(scope: Scope, extension: str, declared: syntax.PortDeclaration) -> Port:
    """The checked port: a word of memory."""
    at, context = declared.at, Context(scope)
    name = scope.template(declared.name, at)
    address = to_integer(evaluate(context, declared.address), at, "a port's address")
    xlen = context.xlen
    if not 0 <= address < 1 << xlen or address % (xlen // 8):
        raise DescriptionError(
            at, f"a port at {address:#x}: use a multiple of {xlen // 8} of {xlen} bits"
        )
    value, write = _register(context, name, declared)
    for owned in declared.properties:
        match owned:
            case syntax.Property("marks", target, marked) if target and marked:
                write += tuple(assign(context, target, evaluate(context, marked), marked.at))
            case _:
                raise DescriptionError(
                    owned.at, f"a port has no property '{owned.name}': it has marks"
                )
    return Port(name, address, value, write, extension, declared.doc)


def _register(
    context: Context, name: str, declared: syntax.CsrDeclaration | syntax.PortDeclaration
) -> tuple[ir.Word, tuple[ir.Statement, ...]]:
    """What it reads as, and what a write of the local "value" does."""
    xlen, at = context.xlen, declared.at
    meaning = declared.value or _state_of_its_name(context.scope, Name(name, at))
    value = _word(evaluate(context, meaning), name, xlen, at)
    width = value.width
    whole = value if width == xlen else ir.Join((ir.Constant(0, xlen - width), value))
    new = ir.WordSlice(ir.WordLocal("value", xlen), width - 1, 0)
    if _can_be_written(meaning):
        return whole, tuple(assign(context, meaning, new, at))
    return whole, ()


def _state_of_its_name(scope: Scope, name: Name) -> syntax.Expression:
    """The state that a CSR without an expression is, or its encoding where it is a number."""
    state = scope.names.states.get(name.id)
    if state is None:
        raise DescriptionError(
            name.at, f"no state is called {name.id}: declare one or write csr ... = expression"
        )
    return name if state.format is None else syntax.Call(Name("bits", name.at), (name,), name.at)


def _word(value: Value, name: str, xlen: int, at: Position) -> ir.Word:
    if isinstance(value, int):
        return constant_word(value, xlen, at)
    if is_truth(value):
        return ir.TruthBits(value, 1)
    if not is_word(value) or value.width > xlen:
        raise DescriptionError(
            at, f"{name} must be at most {xlen} bits, not {describe(value)}: take bits or a slice"
        )
    return value


def _can_be_written(meaning: syntax.Expression) -> bool:
    """Whether a write has somewhere to go; else it changes nothing."""
    match meaning:
        case Name() | syntax.Slice() | syntax.Index() | syntax.Concat():
            return True
        case syntax.Call(Name("bits" | "legal")):
            return True
    return False
