"""Macros: their parameters, the arguments of a call, and the lines that a call becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rvx.asm.argument import Argument, Call
from rvx.asm.position import AssemblyError, Line, Position, Source, Substitution
from rvx.asm.reader import MOST_CHARACTERS, MOST_LINES

_PARAMETER = re.compile(
    r"""\s*(?P<name>[A-Za-z_.$][\w.$]*)\s*(?::\s*(?P<kind>\w+))?"""
    r"""(?:\s*=\s*(?P<default>"(?:\\.|[^"\\])*"|[^\s,]*))?\s*,?"""
)
_KEYWORD = re.compile(r"([A-Za-z_.$][\w.$]*)\s*=(?!=)\s*")
_REFERENCE = re.compile(r"\\(\(\)|@|[A-Za-z_.$][\w.$]*)")

# Blanks beside an operator do not separate arguments: `a + b` is one.
_TOKEN = re.compile(
    r"""(?P<other>"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'?|[^\s,()<>&|^~!=+*/%"'-]+|["'])|(?P<blank>\s+)"""
    r"""|(?P<comma>,)|(?P<open>\()|(?P<close>\))|(?P<operator>[-+*/%<>&|^~!=]+)"""
)


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    default: str
    is_required: bool
    is_rest: bool  # takes all that remains (vararg)


@dataclass(frozen=True, slots=True)
class Macro:
    name: str
    parameters: tuple[Parameter, ...]
    body: list[Line]


def parameters(call: Call, text: str, at: int) -> tuple[Parameter, ...]:
    """The parameters of `.macro name a, b=1, c:req, d:vararg`; `at` is the text's index."""
    found: list[Parameter] = []
    end = 0
    while end < len(text) and not text[end:].isspace():
        position = Position(call.line, at + end)
        if (match := _PARAMETER.match(text, end)) is None or match["kind"] not in _KINDS:
            raise AssemblyError(
                "expected a parameter: name, name=default, name:req or name:vararg", position
            )
        if found and found[-1].is_rest:
            raise AssemblyError(f"nothing can follow {found[-1].name}:vararg", position)
        if match["name"] in (parameter.name for parameter in found):
            raise AssemblyError(f"parameter {match['name']} is named twice", position)
        kind = match["kind"]
        default = _unquoted(match["default"] or "")
        found.append(Parameter(match["name"], default, kind == "req", kind == "vararg"))
        end = match.end()
    return tuple(found)


_KINDS = (None, "req", "vararg")


def expanded(macro: Macro, call: Call, count: int) -> list[Line]:
    """The lines of a call; `count` is what `\\@` stands for."""
    values = _bound(macro, call)
    values["@"], values["()"] = str(count), ""
    check_size(macro.body, [max(map(len, values.values()))], call.position())
    source = Source(call.line.source.file, f"macro {macro.name}", call.position())
    return substituted(macro.body, values, source)


def check_size(body: Sequence[Line], lengths: Sequence[int], position: Position) -> None:
    """Raise where expansions of the body, with values of these lengths, could get too large."""
    characters = sum(len(line.text) for line in body) * len(lengths)
    characters += sum(line.text.count("\\") for line in body) * sum(lengths)
    if len(lengths) * len(body) > MOST_LINES or characters > MOST_CHARACTERS:
        raise AssemblyError(
            f"this could become more than {MOST_LINES} lines or {MOST_CHARACTERS} characters",
            position,
        )


def substituted(body: Sequence[Line], values: Mapping[str, str], expansion: Source) -> list[Line]:
    """The lines with values for `\\name`; names that are not there stay as they are."""
    sources: dict[str, Source] = {}
    lines = []
    for line in body:
        file = line.source.file
        if file not in sources:
            sources[file] = Source(file, expansion.expands, expansion.used)
        if "\\" in line.text:
            lines.append(_with_values(line, values)._replace(source=sources[file]))
        else:
            lines.append(line._replace(source=sources[file]))
    return lines


def _with_values(line: Line, values: Mapping[str, str]) -> Line:
    text, end, places = "", 0, []
    for match in _REFERENCE.finditer(line.text):
        name = match[1]
        stop = match.end()
        # `\x.w` is parameter x before `.w`, unless there is a parameter `x.w`.
        while name not in values and "." in name:
            name = name.rpartition(".")[0]
        if name not in values:
            continue
        stop = match.start(1) + len(name)
        text += line.text[end : match.start()]
        places.append(
            Substitution(len(text), len(values[name]), match.start(), stop - match.start())
        )
        text += values[name]
        end = stop
    if not places:
        return line
    return line._replace(text=text + line.text[end:], substitutions=tuple(places))


def _bound(macro: Macro, call: Call) -> dict[str, str]:
    """The value of each parameter."""
    names = {parameter.name for parameter in macro.parameters}
    values: dict[str, str] = {}
    positional = iter(macro.parameters)
    for argument in words(call):
        if (match := _KEYWORD.match(argument.text)) and match[1] in names:
            values[match[1]] = _unquoted(argument.text[match.end() :])
            continue
        if (parameter := next(positional, None)) is None:
            raise argument.error(f"macro {macro.name} has {len(macro.parameters)} parameters only")
        if parameter.is_rest:
            start = argument.at - call.rest_at
            values[parameter.name] = call.rest[start:].strip()
            break
        values[parameter.name] = _unquoted(argument.text)
    for parameter in macro.parameters:
        if not values.get(parameter.name):
            if parameter.is_required:
                raise call.error(f"macro {macro.name} needs a value for {parameter.name}")
            values[parameter.name] = parameter.default
    return values


def words(call: Call) -> list[Argument]:
    """The arguments of a macro call: separated by commas, or by blanks outside expressions."""
    found: list[Argument] = []
    start: int | None = None  # of the argument that is being read
    end = depth = 0
    before = ""  # the kind of the last token that is no blank
    for token in _TOKEN.finditer(call.rest):
        kind = token.lastgroup or ""
        if kind == "blank":
            continue
        if kind == "comma" and depth <= 0:
            found.append(_part(call, token.start() if start is None else start, end))
            start = None
        elif start is None:
            start = token.start()
        elif depth <= 0 and token.start() > end and "operator" not in (kind, before):
            found.append(_part(call, start, end))
            start = token.start()
        depth += (kind == "open") - (kind == "close")
        before, end = kind, token.end()
    if start is not None or before == "comma":
        found.append(_part(call, end if start is None else start, end))
    return found


def _part(call: Call, start: int, end: int) -> Argument:
    text = call.rest[start:end]
    return Argument(text.strip(), call.line, call.rest_at + start)


def _unquoted(text: str) -> str:
    """The text of a quoted argument; its escapes are left to the statement that uses it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
