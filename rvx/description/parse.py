"""From the text of a description to its syntax tree. Nothing is resolved here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from lark import Lark, Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from rvx.description.build import Builder
from rvx.description.syntax import Description, DescriptionError, Position


@cache
def _parser() -> Lark:
    grammar = files("rvx.description").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse_text(text: str, file: str) -> Description:
    """Parse one description; `file` is its name in error messages."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(error, text, file) from None
    try:
        declarations = Builder(text, file).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return Description(file, declarations)


def parse_file(path: Path) -> Description:
    """Parse a description file of the user's own."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DescriptionError(None, f"{path}: cannot read this description: {reason}") from None
    return parse_text(text, str(path))


def _syntax_error(error: UnexpectedInput, text: str, file: str) -> DescriptionError:
    match error:
        case UnexpectedToken(token=Token(type="$END")):
            lines = text.splitlines() or [""]
            at = Position(file, len(lines), len(lines[-1]) + 1)
            return DescriptionError(at, f"the text ends here, but {_wanted(error.expected)}")
        case UnexpectedToken():
            at = Position(file, error.line, error.column)
            return DescriptionError(at, f"unexpected '{error.token}': {_wanted(error.expected)}")
        case UnexpectedCharacters():
            at = Position(file, error.line, error.column)
            wanted = _wanted(error.allowed or set())
            return DescriptionError(at, f"unexpected '{error.char}': {wanted}")
    raise error


def _wanted(names: set[str]) -> str:
    terminals = {t.name: t for t in _parser().terminals}
    words = {"NAME": "a name", "MNEMONIC": "a mnemonic", "INT": "an integer", "$END": "the end"}
    described = set()
    for name in names:
        pattern = terminals[name].pattern if name in terminals else None
        if name in words:
            described.add(words[name])
        elif pattern is not None and pattern.type == "str":
            described.add(f"'{pattern.value}'")
        else:
            described.add(name.lower())
    listed = sorted(described)
    if len(listed) > 8:
        return "write " + ", ".join(listed[:8]) + " or the like"
    return "write " + " or ".join(listed)
