"""Directives that decide which lines are read: conditions, macros, repetitions, includes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from rvx.asm import literal
from rvx.asm.argument import Argument, Call
from rvx.asm.macro import Macro, check_size, expanded, parameters, substituted, words
from rvx.asm.position import AssemblyError, Source
from rvx.asm.source import statements
from rvx.asm.unit import Unit

Directive: TypeAlias = Callable[[Unit, Call], None]

# Conditions -------------------------------------------------------------------------------------


def _if(unit: Unit, call: Call) -> None:
    unit.reader.open_condition(call)
    if not CONDITIONS[call.name](unit, call):
        _enter_branch(unit)


def _enter_branch(unit: Unit) -> None:
    """Skip to the .else, or to the first .elseif that holds, or past the .endif."""
    while True:
        branch = unit.reader.skip()
        if branch.name != ".elseif" or _compares(operator.ne)(unit, branch):
            return


def _branch(unit: Unit, call: Call) -> None:
    """The branch before was read, so skip the others."""
    unit.reader.branch(call)
    while call.name != ".endif":
        call = unit.reader.skip()


def _compares(compare: Callable[[int, int], bool]) -> Callable[[Unit, Call], bool]:
    def holds(unit: Unit, call: Call) -> bool:
        (value,) = call.arguments_between(1, 1, f"{call.name} expression")
        return compare(unit.constant(value), 0)

    return holds


def _is_defined(unit: Unit, call: Call) -> bool:
    (name,) = call.arguments_between(1, 1, f"{call.name} symbol")
    symbol = unit.symbols.by_name.get(name.text)
    return symbol is not None and symbol.place is not None


def _is_blank(_: Unit, call: Call) -> bool:
    return not call.rest.strip()


def _is_same(_: Unit, call: Call) -> bool:
    left, right = call.arguments_between(2, 2, f"{call.name} one, other")
    return left.text.strip("'\"") == right.text.strip("'\"")


def _not(condition: Callable[[Unit, Call], bool]) -> Callable[[Unit, Call], bool]:
    return lambda unit, call: not condition(unit, call)


CONDITIONS: Mapping[str, Callable[[Unit, Call], bool]] = {
    ".if": _compares(operator.ne),
    ".ifne": _compares(operator.ne),
    ".ifeq": _compares(operator.eq),
    ".ifge": _compares(operator.ge),
    ".ifgt": _compares(operator.gt),
    ".ifle": _compares(operator.le),
    ".iflt": _compares(operator.lt),
    ".ifdef": _is_defined,
    ".ifndef": _not(_is_defined),
    ".ifnotdef": _not(_is_defined),
    ".ifb": _is_blank,
    ".ifnb": _not(_is_blank),
    ".ifc": _is_same,
    ".ifnc": _not(_is_same),
    ".ifeqs": _is_same,
    ".ifnes": _not(_is_same),
}

# Macros and repetitions -------------------------------------------------------------------------

_REPETITIONS = (".rept", ".irp", ".irpc")
_MACRO_NAME = re.compile(r"\s*([^\s,]+)[\s,]*")


def _macro(unit: Unit, call: Call) -> None:
    match = _MACRO_NAME.match(call.rest)
    if match is None:
        raise call.error("the macro has no name: write `.macro name parameter, ...`")
    found = parameters(call, call.rest[match.end() :], call.rest_at + match.end())
    body = unit.reader.body(call, (".macro",), ".endm")
    unit.macros[match[1]] = Macro(match[1], found, body)


def call_macro(unit: Unit, macro: Macro, call: Call) -> None:
    """Read the lines of the macro next."""
    unit.macro_calls += 1
    unit.reader.push(expanded(macro, call, unit.macro_calls - 1), call.position())


def _purge(unit: Unit, call: Call) -> None:
    for name in call.arguments():
        if unit.macros.pop(name.text, None) is None:
            raise name.error(f"no macro `{name.text}`")


def _repeat(unit: Unit, call: Call) -> None:
    (count,) = call.arguments_between(1, 1, ".rept count")
    times = unit.constant(count)
    if times < 0:
        raise count.error(f"the count is {times}, but must not be negative")
    body = unit.reader.body(call, _REPETITIONS, ".endr")
    source = Source(call.line.source.file, ".rept", call.position())
    unit.reader.push(substituted(body, {}, source), call.position(), times)


def _repeat_words(unit: Unit, call: Call) -> None:
    values = words(call)
    if not values:
        raise call.error("write `.irp name, value, ...`")
    name = values[0].text
    _repeat_with(unit, call, name, [value.text for value in values[1:]] or [""])


def _repeat_characters(unit: Unit, call: Call) -> None:
    values = words(call)
    if len(values) != 2:
        raise call.error("write `.irpc name, characters`")
    _repeat_with(unit, call, values[0].text, list(values[1].text) or [""])


def _repeat_with(unit: Unit, call: Call, name: str, values: list[str]) -> None:
    body = unit.reader.body(call, _REPETITIONS, ".endr")
    check_size(body, [len(value) for value in values], call.position())
    source = Source(call.line.source.file, call.name, call.position())
    lines = [line for value in values for line in substituted(body, {name: value}, source)]
    unit.reader.push(lines, call.position())


def _stray(_: Unit, call: Call) -> None:
    raise call.error(f"{call.name} has nothing to end")


# Files ------------------------------------------------------------------------------------------


def _include(unit: Unit, call: Call) -> None:
    (name,) = call.arguments_between(1, 1, '.include "file"')
    path = find(unit, call, name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(name, path, error) from None
    unit.texts[str(path)] = text
    unit.reader.push(statements(text, Source(str(path))), call.position())


def find(unit: Unit, call: Call, name: Argument) -> Path:
    """The file of this name: beside the file that names it, or in an include folder."""
    try:
        wanted = literal.string(name.text).decode()
    except (literal.LiteralProblem, UnicodeDecodeError) as problem:
        raise name.error(str(problem)) from None
    folders = [Path(call.line.source.file).parent, *unit.include]
    for folder in folders:
        if "\0" not in wanted and (folder / wanted).is_file():
            return folder / wanted
    raise name.error(f"no file {wanted} in {', '.join(str(folder) for folder in folders)}")


def unreadable(name: Argument, path: Path, error: OSError | UnicodeDecodeError) -> AssemblyError:
    """The error for a file that is there, but cannot be read."""
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return name.error(f"cannot read {path}: {reason}")


# Messages ---------------------------------------------------------------------------------------


def _message(call: Call) -> str:
    arguments = call.arguments_between(0, 1, f'{call.name} "message"')
    if not arguments:
        return f"{call.name} is reached"
    try:
        return literal.string(arguments[0].text).decode(errors="replace")
    except literal.LiteralProblem as problem:
        raise arguments[0].error(str(problem), problem.at) from None


def _error(_: Unit, call: Call) -> None:
    raise call.error(_message(call))


def _warning(unit: Unit, call: Call) -> None:
    unit.warnings.append(f"{call.position()}: {_message(call)}{call.position().expansion}")


def _unsupported(_: Unit, call: Call) -> None:
    raise call.error(f"{call.name} is not supported")


CONTROL: Mapping[str, Directive] = {
    **dict.fromkeys(CONDITIONS, _if),
    ".else": _branch,
    ".elseif": _branch,
    ".endif": lambda unit, call: unit.reader.branch(call),
    ".macro": _macro,
    ".endm": _stray,
    ".purgem": _purge,
    ".exitm": lambda unit, call: unit.reader.leave_macro(call),
    ".altmacro": _unsupported,
    ".rept": _repeat,
    ".irp": _repeat_words,
    ".irpc": _repeat_characters,
    ".endr": _stray,
    ".include": _include,
    ".end": lambda unit, call: unit.reader.stop(),
    ".error": _error,
    ".err": _error,
    ".warning": _warning,
}
