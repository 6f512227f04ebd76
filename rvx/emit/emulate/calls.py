"""The intrinsics on a host: from C's types to register words and back, around an instruction's
function."""

from __future__ import annotations

from rvx.emit.ctype import CType, Packed
from rvx.emit.definition import declaration, requirement
from rvx.emit.emulate.function_text import number
from rvx.emit.emulate.instructions import Function, Parameter
from rvx.emit.intrinsic import Constant, Intrinsic, Placed, Value
from rvx.model.machine import RegisterFile, RegisterOperand

CHOSEN = 10
"""The number of a register that a C compiler chooses, where a body asks: anything but 0."""


def call(intrinsic: Intrinsic, function: Function) -> str:
    """The intrinsic: a function, within a macro that checks where a parameter is a constant."""
    name = intrinsic.name
    if not intrinsic.constants:
        return _function("RVX_FUNCTION", name, intrinsic, function)
    inner = f"rvxe_call_{name.removeprefix('rvx_')}"
    text = _function("RVX_FUNCTION", inner, intrinsic, function)
    checks = [requirement(intrinsic, constant) for constant in intrinsic.constants]
    listed = ", ".join(p.name for p in intrinsic.arguments)
    given = ", ".join(f"({p.name})" for p in intrinsic.arguments)
    return f"{text}{_macro(f'{name}({listed})', [*checks, f'{inner}({given});'])}"


def refusal(intrinsic: Intrinsic, reason: str) -> str:
    """An intrinsic that no host has: an error where it is used."""
    message = f"{intrinsic.name} cannot be emulated: {reason}"
    listed = ", ".join(p.name for p in intrinsic.arguments)
    lines = [f'RVX_REQUIRE(0, "{message}");']
    if intrinsic.result is not None:
        held = f"{declaration(intrinsic.result.type, 'rvxe_none')};"
        lines += [held, "rvxe_none;"]
    return _macro(f"{intrinsic.name}({listed})", lines)


def _macro(head: str, lines: list[str]) -> str:
    inner = "".join(f" \\\n    {line}" for line in lines)
    return f"#define {head} __extension__ ({{{inner} }})\n"


def _function(keyword: str, name: str, intrinsic: Intrinsic, function: Function) -> str:
    result = intrinsic.result
    returned = declaration(result.type, name) if result else f"void {name}"
    listed = ", ".join(_declared(intrinsic, p) for p in intrinsic.arguments) or "void"
    before: list[str] = []
    after: list[str] = []
    given = [_argument(intrinsic, p, before, after) for p in function.parameters]
    lines = [*before, f"{function.name}({', '.join(given)});", *after]
    if result is not None:
        lines.append(f"return {from_word(result.type, result.file, f'rvxe_{result.name}')};")
    inner = "".join(f"    {line}\n" for line in lines)
    return f"{keyword} {returned}({listed})\n{{\n{inner}}}\n"


def _declared(intrinsic: Intrinsic, parameter: Constant | Value) -> str:
    match parameter:
        case Constant(name):
            return f"int64_t {name}"
        case Value(name, type):
            by_pointer = parameter.is_written and parameter is not intrinsic.result
            return declaration(type, f"*{name}" if by_pointer else name)


def _argument(
    intrinsic: Intrinsic, parameter: Parameter, before: list[str], after: list[str]
) -> str:
    """What the instruction's function is given, and what has to be done around the call."""
    placed = _placed(intrinsic, parameter)
    if not parameter.is_register:
        return _field(intrinsic, parameter, placed)
    value = _value(intrinsic, parameter, placed)
    if not parameter.is_written:
        return number(0) if value is None else to_word(value.type, value.file, value.name)
    if value is None:  # the zero register
        held = f"rvxe_none_{parameter.name}"
        before.append(f"uint64_t {held} = 0;")
        return f"&{held}"
    held = f"rvxe_{value.name}"
    is_result = value is intrinsic.result
    source = value.name if is_result else f"*{value.name}"
    read = to_word(value.type, value.file, source) if value.is_read else "0"
    before.append(f"uint64_t {held} = {read};")
    if not is_result:
        after.append(f"*{value.name} = {from_word(value.type, value.file, held)};")
    return f"&{held}"


def _placed(intrinsic: Intrinsic, parameter: Parameter) -> Placed | None:
    return next((p for p in intrinsic.placed if p.field.name == parameter.operand), None)


def _field(intrinsic: Intrinsic, parameter: Parameter, placed: Placed | None) -> str:
    """The value of a field: an argument's, or what the form has made it."""
    assert parameter.operand is not None
    if placed is None:
        return f"{intrinsic.instruction.operands[parameter.operand].field.decode(intrinsic.word)}"
    if isinstance(placed.parameter, Value):
        return str(CHOSEN)
    name = placed.parameter.name
    if placed.negated:
        return f"-{name}"
    return f"{name} - {placed.first}" if placed.first else name


def _value(intrinsic: Intrinsic, parameter: Parameter, placed: Placed | None) -> Value | None:
    """The argument that is in the register; None where the form fixes the zero register."""
    if placed is not None:
        assert isinstance(placed.parameter, Value)
        return placed.parameter
    if parameter.operand is not None:
        operand = intrinsic.instruction.operands[parameter.operand]
        assert isinstance(operand, RegisterOperand)
        return None
    name = f"{parameter.file}{parameter.index}"
    return next(v for v in intrinsic.values if v.name == name)


# Between C's types and the bits of a register ----------------------------------------------------


def to_word(type: CType, file: RegisterFile, expression: str) -> str:
    """The register's bits, as uint64_t."""
    raw, of = (
        (type.raw, f"{expression}.raw") if isinstance(type, Packed) else (type.name, expression)
    )
    match raw:
        case "float":
            word = f"rvxe_float_bits({of})"
            if file.width > 32 and file.boxed:
                return f"({word} | {number((1 << file.width) - (1 << 32))})"
            return word
        case "double":
            return f"rvxe_double_bits({of})"
        case "int32_t":
            return f"(uint64_t)(uint32_t){of}"
    if raw.endswith("*"):
        return f"(uint64_t)(uintptr_t){of}"
    return f"(uint64_t){of}"


def from_word(type: CType, file: RegisterFile, word: str) -> str:
    """The C value that the register's bits are; `word` is a variable."""
    if isinstance(type, Packed):
        return f"rvxe_make_{type.name.removeprefix('rvx_')}({word})"
    return raw_from_word(type.name, word)


def raw_from_word(raw: str, word: str) -> str:
    """The same for a type of C's own."""
    match raw:
        case "float" | "double":
            return f"rvxe_bits_{raw}({word})"
    if raw.endswith("*"):
        return f"({raw})(uintptr_t){word}"
    return f"({raw}){word}"


def maker(type: Packed) -> str:
    """The struct around a register's bits."""
    name = type.name.removeprefix("rvx_")
    return f"""\
RVX_FUNCTION {type.name} rvxe_make_{name}(uint64_t word)
{{
    const {type.name} value = {{ {raw_from_word(type.raw, "word")} }};
    return value;
}}
"""
