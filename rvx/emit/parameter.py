"""From an operand, or a register that a body names, to a parameter of an intrinsic."""

from __future__ import annotations

from rvx.emit.c_name import parameter_name
from rvx.emit.ctype import CType, Scalar, Types, raw_type, type_in
from rvx.emit.effect import ALLOCATED, bits_read, keeps_bits
from rvx.emit.intrinsic import Access, Constant, Parameter, Value
from rvx.emit.register_choice import RegisterChoice
from rvx.emit.signature import type_of
from rvx.model import ir
from rvx.model.machine import (
    Address,
    CsrOperand,
    Instruction,
    LettersOperand,
    Machine,
    Operand,
    RegisterFile,
    RegisterOperand,
    RoundingOperand,
    WordView,
)
from rvx.model.walk import nodes


class Parameters:
    """Makes the parameters of one instruction; each register that is asked for is given once."""

    def __init__(self, machine: Machine, types: Types, instruction: Instruction) -> None:
        self._machine = machine
        self._types = types
        self._instruction = instruction
        self._choice = RegisterChoice(instruction.excluded)
        self._bases = {item.base.name for item in instruction.syntax if isinstance(item, Address)}

    def of_operand(self, operand: Operand, name: str, negated: bool) -> Parameter:
        """The operand's parameter, under the name that the form has for it."""
        if isinstance(operand, RegisterOperand) and operand.file.name in ALLOCATED:
            access = self._access(operand.file, operand.name, 0)
            return Value(
                parameter_name(name),
                self._type(operand, access),
                operand.file,
                access,
                type_of(operand),
                self._choice.of_operand(operand),
            )
        return self._constant(operand, name, negated)

    def implicit(self) -> tuple[Value, ...]:
        """Values in registers that the body names, such as `x[10]`."""
        found: dict[tuple[str, int], None] = {}
        for node in nodes(self._instruction.body):
            match node:
                case ir.FixedRegister(file, index) | ir.SetRegister(None, file, index):
                    if file in ALLOCATED and index != self._machine.files[file].zero:
                        found[file, index] = None
        return tuple(self._implicit(self._machine.files[file], i) for file, i in found)

    def _implicit(self, file: RegisterFile, index: int) -> Value:
        return Value(
            f"{file.name}{index}",
            type_in(file, WordView()),
            file,
            self._access(file, None, index),
            file.name,
            self._choice.of_index(file, index),
        )

    def _access(self, file: RegisterFile, name: str | None, index: int) -> Access:
        """Which way the register's value goes: one that is kept in part is read as well."""
        here = (name, file.name, index)
        read = written = False
        for node in nodes(self._instruction.body):
            match node:
                case ir.Register(operand, where):
                    read |= (operand, where, 0) == here
                case ir.FixedRegister(where, number):
                    read |= (None, where, number) == here
                case ir.SetRegister(operand, where, number):
                    written |= (operand, where, number) == here
        if not written:
            return Access.IN
        keeps = keeps_bits(self._instruction, file, name, index)
        return Access.INOUT if read or keeps else Access.OUT

    def _type(self, operand: RegisterOperand, access: Access) -> CType:
        """A base is a pointer; one that the instruction updates points to no volatile object, so
        that the caller's own pointer can be handed over."""
        if isinstance(operand.view, WordView) and access is Access.IN and operand.file.name == "f":
            # fsw and fmv.x.w want a float, however wide the register is.
            bits = bits_read(self._instruction, operand)
            return Scalar(raw_type(operand.file, bits))
        if operand.name not in self._bases or operand.file.name != "x":
            return self._types.of_operand(operand)
        const = "" if "store" in self._instruction.classes else "const "
        volatile = "volatile " if access is Access.IN else ""
        return Scalar(f"{const}{volatile}void *")

    def _constant(self, operand: Operand, name: str, negated: bool) -> Constant:
        field = operand.field
        first = operand.first if isinstance(operand, RegisterOperand) else 0
        sign = -1 if negated else 1
        refused = [value for of, value in self._instruction.excluded if of == operand.name]
        doc = ""
        match operand:
            case RoundingOperand():
                codes = self._machine.roundings
                refused += [code for code in range(field.high + 1) if code not in codes]
                doc = "a rounding mode, RVX_RM_..."
            case LettersOperand(_, letters):
                weights = (f"{c} = {1 << i}" for i, c in enumerate(reversed(letters)))
                doc = f"the sum of {', '.join(reversed(tuple(weights)))}"
            case RegisterOperand():
                doc = f"the number of a register, {type_of(operand)}"
            case CsrOperand():
                doc = "a CSR, RVX_CSR_..."
        bounds = sorted((sign * field.low + first, sign * field.high + first))
        return Constant(
            parameter_name(name),
            bounds[0],
            bounds[1],
            1 << field.lowest,
            tuple(sorted(sign * value + first for value in set(refused))),
            doc,
        )
