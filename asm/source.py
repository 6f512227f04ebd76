"""From the text of a file to its statements: no comments, no separators, no blank lines."""

from __future__ import annotations

import re

from rvx.asm.position import AssemblyError, Line, Position, Source

# Whatever may hide a comment sign or a separator, then the comments themselves.
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\[^\n]|[^"\\\n])*(?P<quote>")?)
      | (?P<character>'(?:\\[^\n]|[^\\\n])'?)
      | (?P<comment>\#[^\n]*|//[^\n]*|/\*.*?(?:(?P<end>\*/)|\Z))""",
    re.VERBOSE | re.DOTALL,
)
_STATEMENT = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'?|[^;"'])+|["']""")
_NOT_NEWLINE = re.compile(r"[^\n]")

# The words of the C preprocessor that no comment is likely to start with. To ignore them as
# comments, as GNU as does, would silently assemble both sides of an #ifdef.
_PREPROCESSOR = re.compile(
    r"^[ \t]*(\#(?:include|define|undef|ifdef|ifndef|elif|endif)\b)", re.MULTILINE
)


def statements(text: str, source: Source) -> list[Line]:
    """The statements of a file, in order."""
    text = text.replace("\r\n", "\n")
    _refuse_preprocessor(text, source)
    clean = _TOKEN.sub(lambda token: _without_comment(token, source), text)
    lines: list[Line] = []
    for number, line in enumerate(clean.split("\n"), 1):
        if not line or line.isspace():
            continue
        if ";" not in line:
            lines.append(Line(line, number, 0, source))
            continue
        lines += [
            Line(found[0], number, found.start(), source)
            for found in _STATEMENT.finditer(line)
            if not found[0].isspace()
        ]
    return lines


def _without_comment(token: re.Match[str], source: Source) -> str:
    text = token[0]
    match token.lastgroup:
        case "string" if token["quote"] is None:
            raise AssemblyError('the string has no closing "', _position(token, source))
        case "comment" if text.startswith("/*"):
            if token["end"] is None:
                raise AssemblyError("the comment has no closing */", _position(token, source))
            return _NOT_NEWLINE.sub(" ", text)  # keeps the lines and columns of what follows
        case "comment":
            return ""
    return text


def uses_preprocessor(text: str) -> bool:
    """Whether the file has lines that are for the C preprocessor."""
    return _preprocessor_line(text) is not None


def _refuse_preprocessor(text: str, source: Source) -> None:
    if found := _preprocessor_line(text):
        raise AssemblyError(
            f"{found[1]} is for the C preprocessor, which only rvx cc runs (and rvx run beside C): "
            "use .include, .equ, .macro or .ifdef",
            _position(found, source, found.start(1)),
        )


def _preprocessor_line(text: str) -> re.Match[str] | None:
    found = _PREPROCESSOR.search(text)
    return None if found and _inside_comment(text, found.start(1)) else found


def _inside_comment(text: str, at: int) -> bool:
    return any(token.start() < at < token.end() for token in _TOKEN.finditer(text, 0))


def _position(token: re.Match[str], source: Source, at: int | None = None) -> Position:
    at = token.start() if at is None else at
    start = token.string.rfind("\n", 0, at) + 1
    end = token.string.find("\n", start)
    text = token.string[start : end if end >= 0 else len(token.string)]
    return Position(Line(text, token.string.count("\n", 0, at) + 1, 0, source), at - start)
