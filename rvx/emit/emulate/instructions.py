"""One C function an instruction: its body on the bits of registers."""

from __future__ import annotations

from dataclasses import dataclass

from rvx.emit.effect import ALLOCATED
from rvx.emit.emulate.formats import Formats
from rvx.emit.emulate.function_text import FunctionText, Unsupported, is_wide, masked, number
from rvx.emit.emulate.hart import HART, place_of
from rvx.emit.emulate.statements import Statements, Target, key_of
from rvx.model import ir
from rvx.model.machine import Address, Instruction, Machine, RegisterOperand
from rvx.model.walk import nodes


@dataclass(frozen=True)
class Parameter:
    """A parameter of the function: an operand's register or field, or a register that the body
    names."""

    name: str  # in C
    operand: str | None
    file: str
    index: int
    is_register: bool  # a register's bits, else a field's value
    is_written: bool  # then it points to the bits

    @property
    def declaration(self) -> str:
        if not self.is_register:
            return f"int64_t {self.name}"
        return f"uint64_t {'*' if self.is_written else ''}{self.name}"


@dataclass(frozen=True)
class Function:
    """The function's name, parameters and text."""

    name: str
    parameters: tuple[Parameter, ...]
    text: str


def function(machine: Machine, instruction: Instruction, name: str, formats: Formats) -> Function:
    """The instruction's function, of that name. Raises Unsupported."""
    parameters = _parameters(machine, instruction)
    text = FunctionText()
    scope = _Scope(machine, instruction, parameters)
    statements = Statements(machine, text, scope, formats)
    for parameter in parameters:
        read = f"*{parameter.name}" if parameter.is_written else parameter.name
        text.line(f"(void){read};")
    for need in instruction.needs:
        with text.block(f"if (!{statements.truth(need)})"):
            scope.trap(text, "2", "0")
    if instruction.rounds or instruction.rm is not None:
        _mode(machine, instruction, text, scope)
    else:
        text.line("const int mode = RVXE_RNE;")  # what nothing depends on
    text.line("(void)mode;")
    statements.run(instruction.body, scope.targets)
    listed = ", ".join(p.declaration for p in parameters) or "void"
    body = "\n".join(text.lines)
    return Function(name, parameters, f"RVXE_FUNCTION void {name}({listed})\n{{\n{body}\n}}\n")


def _mode(machine: Machine, instruction: Instruction, text: FunctionText, scope: _Scope) -> None:
    if instruction.rm is not None:
        code = f"(uint64_t){scope.field('rm')}"
    elif "frm" in machine.states:
        code = place_of(machine, "frm", 0)
        dynamic = [c for c, mode in machine.roundings.items() if mode is None]
        code = str(dynamic[0]) if dynamic else code
    else:
        text.line("const int mode = RVXE_RNE;")
        return
    text.line(f"const int mode = rvxe_mode({code});")
    with text.block("if (mode < 0)"):
        scope.trap(text, "2", "0")


def _parameters(machine: Machine, instruction: Instruction) -> tuple[Parameter, ...]:
    found = []
    body = tuple(nodes(instruction.body))
    for name, operand in instruction.operands.items():
        c_name = key_of(name, "", 0)
        if isinstance(operand, RegisterOperand) and operand.file.name in ALLOCATED:
            written = any(isinstance(n, ir.SetRegister) and n.operand == name for n in body)
            letter = "o" if written else "r"
            file = operand.file.name
            found.append(Parameter(f"{letter}_{c_name}", name, file, 0, True, written))
            if any(isinstance(n, ir.FieldValue) and n.operand == name for n in body):
                found.append(Parameter(f"k_{c_name}", name, file, 0, False, False))
        else:
            found.append(Parameter(f"i_{c_name}", name, "", 0, False, False))
    fixed: dict[tuple[str, int], bool] = {}
    for node in body:
        match node:
            case ir.FixedRegister(file, index) | ir.SetRegister(None, file, index):
                written = isinstance(node, ir.SetRegister)
                if file in ALLOCATED and index != machine.files[file].zero:
                    fixed[file, index] = fixed.get((file, index), False) or written
    for (file, index), written in fixed.items():
        name = f"{'o' if written else 'r'}_{key_of(None, file, index)}"
        found.append(Parameter(name, None, file, index, True, written))
    return tuple(found)


class _Scope:
    """What the body reads, and how it leaves."""

    def __init__(
        self, machine: Machine, instruction: Instruction, parameters: tuple[Parameter, ...]
    ) -> None:
        self._machine = machine
        self._instruction = instruction
        named = [p for p in parameters if p.operand is not None]
        self._by_operand = {p.operand: p for p in reversed(named)}
        self._fields = {p.operand: p for p in named if not p.is_register}
        self._fixed = {(p.file, p.index): p for p in parameters if p.operand is None}
        syntax = instruction.syntax
        self._bases = {item.base.name for item in syntax if isinstance(item, Address)}

    @property
    def targets(self) -> dict[str, Target]:
        """The registers that the body writes."""
        found = {}
        for node in nodes(self._instruction.body):
            match node:
                case ir.SetRegister(operand, file, index):
                    target = self._target(operand, file, index)
                    if target is not None:
                        found[key_of(operand, file, index)] = target
        return found

    def _target(self, operand: str | None, file: str, index: int) -> Target | None:
        home = self._machine.files[file]
        if is_wide(home.width):
            raise Unsupported(f"registers {file} have {home.width} bits")
        if operand is None:
            if index == home.zero:
                return None
            if file in ALLOCATED:
                return Target(f"*{self._fixed[file, index].name}", home.width)
            return Target(f"{HART}.{file}[{index}]", home.width)
        if file in ALLOCATED:
            pointer = self._is_pointer(operand)
            return Target(f"*{self._by_operand[operand].name}", home.width, pointer)
        number_ = self._number(operand)
        guard = f"{number_} != {home.zero}" if home.zero is not None else None
        return Target(f"{HART}.{file}[{number_}]", home.width, guard=guard)

    def _number(self, operand: str) -> str:
        """The number of the register that a field names."""
        found = self._instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        name = self._by_operand[operand].name
        return f"({name} + {found.first})" if found.first else name

    def _is_pointer(self, operand: str) -> bool:
        found = self._instruction.operands[operand]
        assert isinstance(found, RegisterOperand)
        return operand in self._bases and found.file.name == "x"

    def register(self, operand: str) -> str:
        parameter = self._by_operand[operand]
        if not parameter.is_register:
            found = self._instruction.operands[operand]
            assert isinstance(found, RegisterOperand)
            return f"{HART}.{found.file.name}[{self._number(operand)}]"
        word = f"*{parameter.name}" if parameter.is_written else parameter.name
        width = self._machine.files[parameter.file].width
        return masked(word, width) if self._is_pointer(operand) else f"({word})"

    def address(self, operand: str) -> str | None:
        if not self._is_pointer(operand):
            return None
        parameter = self._by_operand[operand]
        return f"*{parameter.name}" if parameter.is_written else parameter.name

    def fixed_register(self, file: str, index: int) -> str:
        if index == self._machine.files[file].zero:
            return number(0)
        if file not in ALLOCATED:
            return f"{HART}.{file}[{index}]"
        parameter = self._fixed[file, index]
        return f"(*{parameter.name})" if parameter.is_written else parameter.name

    def field(self, operand: str) -> str:
        return self._fields[operand].name

    def state(self, name: str, index: int) -> str:
        return place_of(self._machine, name, index)

    def trap(self, text: FunctionText, cause: str, value: str) -> None:
        text.line(f'RVX_TRAP({cause}, {value}, "{self._instruction.mnemonic}");')
        text.line("return;")
