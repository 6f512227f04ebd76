"""Directives about symbols, and those that have no effect here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rvx.asm import literal
from rvx.asm.argument import Argument, Call
from rvx.asm.assembly import Binding, Common, SectionFlag, SectionType, SymbolType
from rvx.asm.control_directive import Directive
from rvx.asm.expression import Tree
from rvx.asm.symbol import Symbol
from rvx.asm.unit import Unit, allocate

_NAME = re.compile(r'(?:[^\W\d]|[.$])[\w.$]*|"[^"]+"')

_TYPES = {
    "notype": SymbolType.NOTYPE,
    "object": SymbolType.OBJECT,
    "function": SymbolType.FUNC,
    "func": SymbolType.FUNC,
    "common": SymbolType.COMMON,
    "tls_object": SymbolType.TLS,
    "tls": SymbolType.TLS,
    "gnu_unique_object": SymbolType.OBJECT,
}


def _symbol(unit: Unit, argument: Argument) -> Symbol:
    if _NAME.fullmatch(argument.text) is None:
        raise argument.error(f"`{argument.text}` is not the name of a symbol")
    return unit.symbols.get(argument.text.strip('"'), argument.position())


def _bind(binding: Binding) -> Directive:
    def bind(unit: Unit, call: Call) -> None:
        for argument in call.arguments_between(1, 1 << 16, f"{call.name} symbol, ..."):
            _symbol(unit, argument).binding = binding

    return bind


_VISIBILITIES = {"internal": 1, "hidden": 2, "protected": 3}


def _visible(visibility: int) -> Directive:
    def show(unit: Unit, call: Call) -> None:
        for argument in call.arguments_between(1, 1 << 16, f"{call.name} symbol, ..."):
            _symbol(unit, argument).visibility = visibility

    return show


def _ident(unit: Unit, call: Call) -> None:
    """The compiler's name, into .comment."""
    (text,) = call.arguments_between(1, 1, '.ident "text"')
    try:
        contents = literal.string(text.text) + b"\0"
    except literal.LiteralProblem as problem:
        raise text.error(str(problem), problem.at) from None
    flags = SectionFlag.MERGE | SectionFlag.STRINGS
    section = unit.open_section(".comment", SectionType.PROGBITS, flags, 1)
    section.last.data += contents if section.last.data else b"\0" + contents


def _set(*, once: bool) -> Directive:
    def assign(unit: Unit, call: Call) -> None:
        name, value = call.arguments_between(2, 2, f"{call.name} symbol, value")
        assign_symbol(unit, name, unit.expression(value), once=once)

    return assign


def assign_symbol(unit: Unit, name: Argument, value: Tree, *, once: bool = False) -> None:
    """Give a variable its value."""
    symbol = _symbol(unit, name)
    unit.symbols.assign(symbol.name, value, name.position(), once=once)


def _type(unit: Unit, call: Call) -> None:
    name, type = call.arguments_between(2, 2, ".type symbol, @function")
    word = type.text.strip('"').lstrip("@%#").removeprefix("STT_").lower()
    if word not in _TYPES:
        raise type.error(f"unknown symbol type: write @{', @'.join(_TYPES)}")
    _symbol(unit, name).type = _TYPES[word]


def _size(unit: Unit, call: Call) -> None:
    name, size = call.arguments_between(2, 2, ".size symbol, expression")
    symbol = _symbol(unit, name)
    symbol.size, symbol.size_at = unit.expression(size), size.position()


def _common(unit: Unit, call: Call) -> None:
    symbol, extent = _declared(unit, call)
    if symbol.binding is Binding.LOCAL:
        allocate(unit, symbol, extent)
    else:
        symbol.place = extent


def _local_common(unit: Unit, call: Call) -> None:
    allocate(unit, *_declared(unit, call))


def _declared(unit: Unit, call: Call) -> tuple[Symbol, Common]:
    name, *sizes = call.arguments_between(2, 3, f"{call.name} symbol, bytes, alignment")
    symbol = _symbol(unit, name)
    if symbol.place is not None:
        raise name.error(f"`{symbol.name}` is already defined at {symbol.position}")
    symbol.position, symbol.type = name.position(), SymbolType.OBJECT
    return symbol, Common(*_extent(unit, sizes))


def _extent(unit: Unit, sizes: list[Argument]) -> tuple[int, int]:
    size = unit.constant(sizes[0])
    if not 0 <= size < 1 << unit.xlen:
        raise sizes[0].error(f"the size is {size}, but must be 0 to {(1 << unit.xlen) - 1}")
    if not sizes[1:]:  # the largest power of two up to the size, at most 16
        return size, min(1 << max(size, 1).bit_length() - 1, 16)
    alignment = unit.constant(sizes[1])
    if alignment < 1 or alignment & alignment - 1:
        raise sizes[1].error(f"the alignment is {alignment}, but must be a power of two")
    return size, alignment


# Options ----------------------------------------------------------------------------------------

# Without effect: the assembler leaves nothing for the linker to relax.
_OPTIONS = ("csr-check", "no-csr-check", "norelax", "relax")


def _option(unit: Unit, call: Call) -> None:
    option, *more = call.arguments_between(1, 64, ".option name")
    match option.text:
        case "push":
            unit.option_stack.append(unit.options)
        case "pop" if not unit.option_stack:
            raise option.error(".option pop without .option push")
        case "pop":
            unit.options = unit.option_stack.pop()
        case "arch":
            _arch(unit, more)
        case "rvc" if unit.compressor is None:
            raise option.error(f"the machine {unit.machine.isa} has no short forms")
        case "rvc" | "norvc" as text:
            unit.options = replace(unit.options, is_compressed=text == "rvc")
        case "pic" | "nopic" as text:
            unit.options = replace(unit.options, is_pic=text == "pic")
        case text if text not in _OPTIONS:
            known = ", ".join((*_OPTIONS, "rvc", "norvc", "pic", "nopic", "push", "pop", "arch"))
            raise option.error(f"unknown option `{text}`: the options are {known}")


def _arch(unit: Unit, arguments: list[Argument]) -> None:
    """`.option arch, +c, -m` or `.option arch, rv32imc`: only what is about short forms matters,
    and that the machine has what is asked for."""
    known = {extension.name.lower() for extension in unit.machine.extensions}
    instructions = unit.machine.instructions.values()
    short = {i.extension.lower() for i in instructions if i.long is not None}
    for argument in arguments:
        text = argument.text.lower()
        name = text.lstrip("+-").rstrip("0123456789p")
        if text[:1] not in ("+", "-"):
            letters = text.split("_")[0].removeprefix(f"rv{unit.xlen}")
            unit.options = replace(unit.options, is_compressed=bool(short & set(letters)))
        elif name in short:
            unit.options = replace(unit.options, is_compressed=text[0] == "+")
        name = argument.text.removeprefix("+").rstrip("0123456789p").lower()
        if argument.text.startswith("+") and name not in known:
            raise argument.error(
                f"the machine {unit.machine.isa} has no extension {name}: assemble for one that has"
            )


SYMBOLS: Mapping[str, Directive] = {
    **dict.fromkeys((".globl", ".global"), _bind(Binding.GLOBAL)),
    ".local": _bind(Binding.LOCAL),
    ".weak": _bind(Binding.WEAK),
    **{f".{name}": _visible(number) for name, number in _VISIBILITIES.items()},
    ".ident": _ident,
    **dict.fromkeys((".set", ".equ"), _set(once=False)),
    ".equiv": _set(once=True),
    ".type": _type,
    ".size": _size,
    ".comm": _common,
    ".common": _common,
    ".lcomm": _local_common,
    ".option": _option,
}

# Notes for other tools, and listing control.
IGNORED = frozenset(
    (
        *(".addrsig", ".addrsig_sym", ".attribute", ".gnu_attribute", ".version"),
        *(".line", ".ln", ".variant_cc"),
        *(".eject", ".list", ".nolist", ".psize", ".sbttl", ".title"),
    )
)
