"""The C text of one intrinsic: a function, or a macro where a parameter is a constant.

A constant has to reach the assembler as a number also where nothing is optimised, and a function's
parameter never does; hence macros, whose arguments are evaluated once and checked at compile time.
"""

from __future__ import annotations

from dataclasses import dataclass

from rvx.emit.ctype import CType, Packed, Scalar
from rvx.emit.effect import ALLOCATED, Order
from rvx.emit.intrinsic import Constant, Intrinsic, Parameter, Value
from rvx.emit.layout import assembly_of

_KEYWORD = {
    Order.FREE: "__asm__",
    Order.MODE: "RVX_ASM_MODE",
    Order.STRICT: "__asm__ __volatile__",
}
_INDENT = "    "
_WIDTH = 88


def prototype(intrinsic: Intrinsic) -> str:
    """How it is called: `uint32_t rvx_addi(uint32_t rs1, constant imm)`."""
    listed = ", ".join(_declared(intrinsic, p) for p in intrinsic.arguments) or "void"
    returned = intrinsic.result.type if intrinsic.result else Scalar("void")
    return f"{declaration(returned, intrinsic.name)}({listed})"


def definition(intrinsic: Intrinsic) -> str:
    """The function or macro, with its comment."""
    text = _macro(intrinsic) if intrinsic.constants else _function(intrinsic)
    return f"{_comment(intrinsic)}\n{text}\n"


def _declared(intrinsic: Intrinsic, parameter: Parameter) -> str:
    match parameter:
        case Constant(name):
            return f"constant {name}"
        case Value(name, type):
            by_pointer = parameter.is_written and parameter is not intrinsic.result
            return declaration(type, f"*{name}" if by_pointer else name)


def declaration(type: CType, name: str) -> str:
    space = "" if type.name.endswith("*") else " "
    return f"{type.name}{space}{name}"


# The two shapes ---------------------------------------------------------------------------------


def _function(intrinsic: Intrinsic) -> str:
    result = intrinsic.result
    lines: list[str] = []
    if result and not result.is_read:
        lines.append(f"{declaration(result.type, result.name)};")
    lines += _body(intrinsic, {v: v.name for v in intrinsic.values})
    if result:
        lines.append(f"return {result.name};")
    inner = "".join(f"{_INDENT}{line}\n" for line in lines)
    return f"RVX_FUNCTION {prototype(intrinsic)}\n{{\n{inner}}}"


def _macro(intrinsic: Intrinsic) -> str:
    names = {v: f"rvx_{v.name}_" for v in intrinsic.values}
    lines = [requirement(intrinsic, constant) for constant in intrinsic.constants]
    for value, name in names.items():
        if value is not intrinsic.result:
            pointer = "*" if value.is_written else ""
            lines.append(f"{declaration(value.type, pointer + name)} = ({value.name});")
    result = intrinsic.result
    if result:
        given = f" = ({result.name})" if result.is_read else ""
        lines.append(f"{declaration(result.type, names[result])}{given};")
    lines += _body(intrinsic, names)
    if result:
        lines.append(f"{names[result]};")
    listed = ", ".join(p.name for p in intrinsic.arguments)
    inner = "".join(f" \\\n{_INDENT}{line}" for line in lines)
    return f"#define {intrinsic.name}({listed}) __extension__ ({{{inner} }})"


def requirement(intrinsic: Intrinsic, constant: Constant) -> str:
    name = constant.name
    tests = [f"RVX_CONSTANT({name}, {constant.low}, {constant.high})"]
    if constant.step > 1:
        tests.append(f"(long long)({name}) % {constant.step} == 0")
    tests += [f"(long long)({name}) != {value}" for value in constant.refused]
    message = f'"{intrinsic.name}: {name} is {constant.wanted}");'
    return f"RVX_REQUIRE({' && '.join(tests)}, \\\n{_INDENT * 2}{message}"


# The asm statement ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where a value is for the asm statement, and what leads there and back."""

    operand: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _place(intrinsic: Intrinsic, value: Value, name: str) -> _Place:
    by_pointer = value.is_written and value is not intrinsic.result
    match value.type:
        case Packed(_, raw):
            found = f"{name}->raw" if by_pointer else f"{name}.raw"
        case Scalar(raw):
            found = f"*{name}" if by_pointer else name
    if value.register is None:
        return _Place(found)
    own = f"rvx_{value.name}_in_{value.register}_"
    given = f" = {found}" if value.is_read else ""
    declared = f'register {declaration(Scalar(raw), own)} __asm__("{value.register}"){given};'
    return _Place(own, (declared,), (f"{found} = {own};",) if value.is_written else ())


def _body(intrinsic: Intrinsic, names: dict[Value, str]) -> list[str]:
    """The asm statement, given the variable that each value is in."""
    assembly = assembly_of(intrinsic)
    places = {v: _place(intrinsic, v, name) for v, name in names.items()}
    outputs, inputs = [], []
    for value in assembly.values:
        letter = ALLOCATED[value.file.name]
        if value.is_written:
            kept = "+" if value.is_read else "="
            outputs.append(f'"{kept}{letter}"({places[value].operand})')
        else:
            inputs.append(f'"{letter}"({places[value].operand})')
    inputs += [f'"i"({expression})' for expression in assembly.constants]
    clobbers = ['"memory"'] if intrinsic.effects.memory else []
    sections = [", ".join(section) for section in (outputs, inputs, clobbers)]
    while sections and not sections[-1]:
        sections.pop()
    numbers = "RVX_REGISTER_NUMBERS " if assembly.needs_numbers else ""
    text = f'{numbers}"{assembly.text} # {intrinsic.instruction.mnemonic}"'
    operands = "".join(f" : {section}".rstrip() for section in sections)
    statement = [f"{_KEYWORD[intrinsic.effects.order]}({text}{operands});"]
    if len(statement[0]) > _WIDTH:
        statement = [f"{_KEYWORD[intrinsic.effects.order]}({text}", f"{_INDENT}{operands[1:]});"]
    before = [line for place in places.values() for line in place.before]
    after = [line for place in places.values() for line in place.after]
    return [*before, *statement, *after]


# The comment ------------------------------------------------------------------------------------


def comment(lines: list[str]) -> str:
    """A block comment; nothing in the lines can end it or begin another."""
    safe = [line.replace("*/", "* /").replace("/*", "/ *") for line in lines]
    return "\n".join(["/*", *(f" * {line}".rstrip() for line in safe), " */"])


def _comment(intrinsic: Intrinsic) -> str:
    lines = [intrinsic.title, *intrinsic.doc.splitlines()]
    width = max((len(p.name) for p in intrinsic.parameters), default=0)
    lines += [f"    {p.name:{width}}  {_described(intrinsic, p)}" for p in intrinsic.parameters]
    lines += [f"    {line}".rstrip() for line in intrinsic.instruction.text.splitlines()]
    return comment(lines)


def _described(intrinsic: Intrinsic, parameter: Parameter) -> str:
    match parameter:
        case Constant(doc=doc):
            return f"{parameter.wanted}{f': {doc}' if doc else ''}"
        case Value(doc=doc):
            result = ", the result" if parameter is intrinsic.result else ""
            return f"{doc}, {parameter.access.value}{result}"
