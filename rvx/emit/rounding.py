"""Where an instruction rounds, and how wide the exact value is before it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rvx.emit.effect import formats_of
from rvx.model import ir
from rvx.model.machine import Instruction, LanesView, RegisterOperand
from rvx.model.walk import nodes
from rvx.number import Fixed, Rounding, Span


@dataclass(frozen=True)
class Narrowing:
    """A number put into a format: one rounding, unless nothing is lost."""

    targets: tuple[str, ...]  # what takes it, as the text names it
    number: ir.Number
    format: ir.FormatUse
    mode: ir.Mode  # None: the instruction's own

    @property
    def span(self) -> Span | None:
        """What the checker knows of the exact value."""
        return self.number.span

    @property
    def is_lossless(self) -> bool:
        """Whether the number is one of the format's by how it is made, or the format exact."""
        exact = all(format.is_exact for format in formats_of(self.format))
        return exact or _is_already(self.number, self.format)

    def __str__(self) -> str:
        name = self.format.name
        if _is_already(self.number, self.format):
            return f"{', '.join(self.targets)}: a number of {name} already, nothing is rounded"
        kind = "integer" if self.number.integral else "value"
        exact = f"an exact {kind}"
        if self.span is not None:
            exact += f" of {self.span.bits} bit{'s' * (self.span.bits > 1)}"
            if self.span.lsb:
                exact += f" in units of 2^{self.span.lsb}"
        return f"{', '.join(self.targets)}: {exact}, {self._fate()}"

    def _fate(self) -> str:
        name = self.format.name
        match formats_of(self.format):
            case (Fixed(bits, 0, overflow=overflow),) if self.number.integral:
                fates = {
                    "wrap": f"kept modulo 2^{bits} ({name})",
                    "saturate": f"saturated to {name}",
                    "none": f"which fits {name}",
                }
                return fates[overflow]
        if all(format.is_exact for format in formats_of(self.format)):
            return f"kept exactly in the {formats_of(self.format)[0].bits} bits of {name}"
        mode = f", {_described(self.mode)}" if self.mode else ""
        return f"rounded once to {name}{mode}"


def _described(mode: Rounding | ir.Stochastic) -> str:
    match mode:
        case ir.Stochastic(draw):
            return f"stochastically, by {draw.width} bits drawn"
    return mode.value


def narrowings(instruction: Instruction) -> tuple[Narrowing, ...]:
    """All of them in the order of the text; those of several lanes that are alike as one."""
    found: dict[tuple[object, ...], Narrowing] = {}
    for target, tree in _values(instruction, instruction.body):
        for node in nodes(tree):
            match node:
                case ir.Encode(ir.Exact()):
                    pass  # a constant
                case ir.Encode(number, format, mode) | ir.Rounded(number, format, mode):
                    fate = str(Narrowing(("",), number, format, mode))
                    before = found.get((fate,), Narrowing((), number, format, mode))
                    targets = dict.fromkeys((*before.targets, target))
                    found[fate,] = Narrowing(tuple(targets), number, format, mode)
    return tuple(found.values())


def _values(
    instruction: Instruction, body: tuple[ir.Statement, ...]
) -> Iterator[tuple[str, object]]:
    """Everything that is computed, with the name of what takes it."""
    for statement in body:
        match statement:
            case ir.SetLocal(name, value):
                yield name.split(".")[0], value
            case ir.SetRegister(None, file, index, _, value):
                yield f"{file}[{index}]", value
            case ir.SetRegister(str(operand), _, _, low, value):
                yield _lane(instruction, operand, low), value
            case ir.SetState(name, _, _, value):
                yield name, value
            case ir.Store(address, _, _, value):
                yield "the address", address
                yield "memory", value
            case ir.SetPc(value):
                yield "pc", value
            case ir.SetCsr(value):
                yield "csr", value
            case ir.RaiseTrap(cause, value):
                yield "the trap", (cause, value)
            case ir.IfElse(condition, then, otherwise):
                yield "the condition", condition
                yield from _values(instruction, then)
                yield from _values(instruction, otherwise)


def _lane(instruction: Instruction, name: str, low: int) -> str:
    match instruction.operands[name]:
        case RegisterOperand(_, _, LanesView(_, width)):
            return f"{name}[{low // width}]"
    return name


def _is_already(number: ir.Number, format: ir.FormatUse) -> bool:
    """Whether the number is one of the format's by how it is made."""
    match number:
        case ir.Decode(_, of) | ir.Rounded(_, of):
            return of == format
        case ir.NumberOp("minimum" | "maximum", left, right):
            return _is_already(left, format) and _is_already(right, format)
        case ir.NumberFunction("-" | "abs", value):
            integers = any(isinstance(each, Fixed) for each in formats_of(format))
            return not integers and _is_already(value, format)
        case ir.NumberSelect(_, then, otherwise):
            return _is_already(then, format) and _is_already(otherwise, format)
    return False
