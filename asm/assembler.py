"""From assembly text to an assembly: the loop over statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rvx.asm.argument import Argument, Call, similar
from rvx.asm.assembly import Assembly
from rvx.asm.control_directive import CONTROL, call_macro
from rvx.asm.data_directive import DATA
from rvx.asm.debug_directive import DEBUG
from rvx.asm.finish import finish
from rvx.asm.insn import insn
from rvx.asm.instruction import instruction
from rvx.asm.position import AssemblyError, Line, Position, Source
from rvx.asm.preprocessed import preprocessed_statements
from rvx.asm.pseudo import FALLBACK, PSEUDO
from rvx.asm.section_directive import SECTIONS, origin
from rvx.asm.source import statements
from rvx.asm.symbol_directive import IGNORED, SYMBOLS, assign_symbol
from rvx.asm.unit import Unit
from rvx.model.machine import Machine

# The first word of a statement, or of what follows its labels.
_HEAD = re.compile(
    r"""\s*([^\W\d][\w.$]*|[.$][\w.$]*|\d+(?=\s*:)|"[^"]*"(?=\s*:))\s*(:|=(?!=))?\s*"""
)

_DIRECTIVES = {**CONTROL, **DATA, **DEBUG, **SECTIONS, **SYMBOLS, ".insn": insn}


def assemble(
    source: str,
    machine: Machine,
    *,
    file: str,
    include: Sequence[Path] = (),
    compress: bool = False,
) -> Assembly:
    """Assemble a text; `file` is its name in messages, and files that it includes are searched
    beside it and in the folders of `include`. With `compress`, as after `.option rvc`,
    instructions become short forms where the machine has any. Raises AssemblyError."""
    unit = Unit(machine, file, include, compress=compress)
    unit.texts[file] = source
    return _assembled(unit, statements(source, Source(file)))


def assemble_preprocessed(
    text: str, machine: Machine, *, file: str, include: Sequence[Path] = ()
) -> Assembly:
    """Assemble what a C preprocessor wrote of the file, with short forms. Its line markers say
    where the lines come from. Raises AssemblyError."""
    unit = Unit(machine, file, include, compress=True)
    return _assembled(unit, preprocessed_statements(text, file, unit.texts))


def assemble_file(
    path: Path, machine: Machine, *, include: Sequence[Path] = (), compress: bool = True
) -> Assembly:
    """Assemble a file; as the toolchains do, with short forms. Raises AssemblyError."""
    source = read_source(path)
    return assemble(source, machine, file=str(path), include=include, compress=compress)


def read_source(path: Path) -> str:
    """The text of an assembly source. Raises AssemblyError."""
    try:
        source = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise AssemblyError(f"{path}: cannot read this file: {error.strerror}") from None
    # Compilers write any byte into comments.
    if not source.isascii() and any(
        "\udc80" <= character <= "\udcff"
        for line in statements(source, Source(str(path)))
        for character in line.text
    ):
        raise AssemblyError(f"{path}: cannot read this file: it is not UTF-8 text")
    return source


def _assembled(unit: Unit, lines: list[Line]) -> Assembly:
    unit.reader.push(lines, None)
    for line in unit.reader:
        _statement(unit, line)
    return finish(unit)


def _statement(unit: Unit, line: Line) -> None:
    text, at = line.text, 0
    while (match := _HEAD.match(text, at)) is not None:
        name, sign = match.groups()
        if sign != ":":
            break
        _label(unit, Argument(name, line, match.start(1)))
        at = match.end()
        if at == len(text):
            return
    else:
        raise AssemblyError(
            "expected a label, a directive or an instruction", Position(line, _skipped(text, at))
        )
    call = Call(name, text[match.end() :], line, match.start(1), match.end())
    if sign == "=":
        _assignment(unit, call)
    elif name in unit.macros:
        call_macro(unit, unit.macros[name], call)
    else:
        _command(unit, call)


def _command(unit: Unit, call: Call) -> None:
    name = call.name
    lower = name.lower()  # only directives may be written in capitals
    unit.section.mark(call.line)
    if name in PSEUDO and name not in unit.machine.instructions:
        PSEUDO[name](unit, call)
    elif (forms := unit.forms.get(name)) is not None:
        instruction(unit, forms, call)
    elif lower in _DIRECTIVES:
        _DIRECTIVES[lower](unit, call._replace(name=lower))
    elif lower in IGNORED:
        pass
    elif name in FALLBACK:
        FALLBACK[name](unit, call)
    elif name.startswith("."):
        raise call.error(f"unknown directive `{name}`{similar(name, _DIRECTIVES)}")
    else:
        raise call.error(
            f"{unit.machine.isa} has no instruction `{name}`"
            + similar(name, (*unit.forms, *PSEUDO, *unit.macros))
        )


def _label(unit: Unit, name: Argument) -> None:
    if name.text.isdecimal():
        unit.symbols.define_numeric(int(name.text), unit.here(), name.position())
    else:
        unit.symbols.define(name.text.strip('"'), unit.here(), name.position())


def _assignment(unit: Unit, call: Call) -> None:
    if call.name == ".":
        origin(unit, call._replace(name=".org"))
        return
    (value,) = call.arguments_between(1, 1, "symbol = value")
    assign_symbol(unit, Argument(call.name, call.line, call.at), unit.expression(value))


def _skipped(text: str, at: int) -> int:
    """The index of the first character from here that is not blank."""
    return len(text) - len(text[at:].lstrip())
