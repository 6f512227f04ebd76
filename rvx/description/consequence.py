"""What follows from a body: its classes, what it reads and writes, branch targets, its size."""

from __future__ import annotations

from collections.abc import Mapping

from rvx.description.scope import Scope
from rvx.description.syntax import DescriptionError, Position
from rvx.description.values import formats_of
from rvx.model import ir
from rvx.model.machine import Operand, RegisterOperand
from rvx.model.walk import NODES, nodes, parts_of

MOST_LEVELS = 200
MOST_NODES = 1 << 18


def target_fields(body: tuple[ir.Statement, ...]) -> set[str]:
    """Immediates that are added to pc to give the next pc: assembly writes the address."""
    every = list(nodes(body))
    locals = {n.name: n.value for n in every if isinstance(n, ir.SetLocal)}
    found: set[str] = set()

    def field_of(word: object) -> str | None:
        match word:
            case ir.FieldValue(operand):
                return operand
            case ir.IntegerBits(ir.WordNumber(inner), 0):
                return field_of(inner)
            case ir.WordLocal(name):
                return field_of(locals.get(name))
        return None

    def look(word: object) -> None:
        match word:
            case ir.WordOp("+", ir.ProgramCounter(False), offset) | ir.WordOp(
                "+", offset, ir.ProgramCounter(False)
            ):
                if (name := field_of(offset)) is not None:
                    found.add(name)
            case ir.WordSelect(_, one, other):
                look(one)
                look(other)
            case ir.WordLocal(name):
                look(locals.get(name))

    for node in every:
        if isinstance(node, ir.SetPc):
            look(node.value)
    return found


def check_size(body: tuple[ir.Statement, ...], at: Position) -> None:
    """Engines walk a body by recursion; what is deeper or larger than this is a mistake."""
    cure = "name parts of it with let or var, so that each is computed once"
    stack: list[tuple[object, int]] = [(body, 0)]
    count = 0
    while stack:
        node, depth = stack.pop()
        if isinstance(node, tuple):
            stack += [(part, depth) for part in node]
        elif type(node) in NODES:
            count += 1
            if depth > MOST_LEVELS:
                raise DescriptionError(
                    at, f"an expression here is more than {MOST_LEVELS} deep: {cure}"
                )
            if count > MOST_NODES:
                raise DescriptionError(at, f"this takes more than {MOST_NODES} operations: {cure}")
            stack += [(getattr(node, name), depth + 1) for name in parts_of(node)]


def check_flags(body: tuple[ir.Statement, ...], scope: Scope, at: Position) -> None:
    """What raises flags needs a place for them."""
    if "fflags" in scope.names.states:
        return
    for node in nodes(body):
        match node:
            case ir.Named() | ir.Choice():
                raises = any(format.raises_flags for format in formats_of(node))
            case ir.CompareNumbers(_, left, right, quiet):
                raises = not (quiet or (left.integral and right.integral))
            case _:
                continue
        if raises:
            raise DescriptionError(
                at, "this raises floating-point flags, but there is no fflags: require F"
            )


def classes(body: tuple[ir.Statement, ...]) -> frozenset[str]:
    """load, store, csr, trap, jump and branch: a branch assigns pc under a condition."""
    found = set()
    for node in nodes(body):
        match node:
            case ir.Load():
                found.add("load")
            case ir.Store():
                found.add("store")
            case ir.CsrValue() | ir.SetCsr():
                found.add("csr")
            case ir.RaiseTrap():
                found.add("trap")
            case ir.SetPc():
                found.add("jump" if node in body else "branch")
    return frozenset(found)


def reads(operands: Mapping[str, Operand], body: tuple[ir.Statement, ...]) -> tuple[str, ...]:
    """Register operands whose value matters, a register that is written only in part included."""
    found = {n.operand for n in nodes(body) if isinstance(n, ir.Register)}
    for name, operand in operands.items():
        if isinstance(operand, RegisterOperand) and _keeps_part(name, operand, body):
            found.add(name)
    return tuple(name for name in operands if name in found)


def _keeps_part(name: str, operand: RegisterOperand, body: tuple[ir.Statement, ...]) -> bool:
    """Whether some bits of the register may stay as they were: not all are always written."""
    whole = (1 << operand.file.width) - 1
    written, touched = 0, False
    for node in nodes(body):
        if isinstance(node, ir.SetRegister) and node.operand == name:
            touched = True
            if node in body:
                bits = (1 << node.value.width) - 1 << node.low
                written |= bits if node.fill is None else whole & -(1 << node.low)
    return touched and written != whole


def writes(operands: Mapping[str, Operand], body: tuple[ir.Statement, ...]) -> tuple[str, ...]:
    """Register operands that are written."""
    found = {n.operand for n in nodes(body) if isinstance(n, ir.SetRegister)}
    return tuple(name for name in operands if name in found)


def needs(
    operands: Mapping[str, Operand], body: tuple[ir.Statement, ...], scope: Scope
) -> tuple[ir.Truth, ...]:
    """What the register files that it names need, each once."""
    found: list[ir.Truth] = []
    files = [o.file for o in operands.values() if isinstance(o, RegisterOperand)]
    files += [
        scope.names.files[n.file]
        for n in nodes(body)
        if isinstance(n, ir.FixedRegister | ir.SetRegister)
    ]
    for file in files:
        if file.needs is not None and file.needs not in found:
            found.append(file.needs)
    return tuple(found)


def marks(body: tuple[ir.Statement, ...], scope: Scope) -> tuple[ir.Statement, ...]:
    """What writing the register files and states that it writes also does."""
    names = scope.names
    files = {n.file for n in nodes(body) if isinstance(n, ir.SetRegister)}
    states = {n.name for n in nodes(body) if isinstance(n, ir.SetState)}
    found = [mark for name in sorted(files) for mark in names.files[name].marks]
    found += [mark for name in sorted(states) for mark in names.states[name].marks]
    return tuple(found)
