"""From the text of a description to its syntax tree. Nothing is resolved here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from lark import Lark, Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from rvx.description.build import Builder
from rvx.description.syntax import Description, DescriptionError, Position

# What people write out of habit, and what it is here.
HABITS: Mapping[str, str] = {
    "&&": "write 'and'",
    "||": "write 'or'",
    "!": "write 'not', or '!=' between two values",
    "/*": "a comment starts with // and ends with the line",
    "+=": "write x = x + ...",
    "-=": "write x = x - ...",
    "*=": "write x = x * ...",
    "|=": "write x = x | ...",
    "^=": "write x = x ^ ...",
    "++": "write x = x + 1",
    '"': "there are no strings: write a name",
}
BRACKETS = set(";,:=()[]{}")
OPERATORS = {
    "?",
    ".",
    "..",
    "<",
    ">",
    "<<",
    ">>",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&",
    "|",
    "^",
    "~",
    "==",
}
OPERATORS |= {"!=", "<=", ">=", "and", "or", "not", "as", "in", "is", "reads", "owes"}
EXPRESSION = {"LPAR", "LBRACE", "ALIGNED", "ATOMIC", "NAME", "INT", "NOT", "MINUS", "TILDE"}
WORDS = {"NAME": "a name", "MNEMONIC": "a mnemonic", "INT": "an integer", "$END": "the end"}


@cache
def _parser() -> Lark:
    grammar = files("rvx.description").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse_text(text: str, file: str) -> Description:
    """Parse one description; `file` is its name in error messages."""
    try:
        tree = _parser().parse(text)
        return Description(file, Builder(text, file).transform(tree))
    except UnexpectedInput as error:
        raise _syntax_error(error, text, file) from None
    except VisitError as error:
        if isinstance(error.orig_exc, RecursionError):
            raise _too_deep(file) from None
        raise error.orig_exc from None
    except RecursionError:
        raise _too_deep(file) from None


def _too_deep(file: str) -> DescriptionError:
    return DescriptionError(
        Position(file, 1, 1), "something here nests too deeply: name parts of it with let"
    )


def _syntax_error(error: UnexpectedInput, text: str, file: str) -> DescriptionError:
    position = error.pos_in_stream or 0
    match error:
        case UnexpectedToken(token=Token(type="$END")):
            lines = text.splitlines() or [""]
            at = Position(file, len(lines), len(lines[-1]) + 1)
            return DescriptionError(at, f"the text ends here: {_wanted(error.accepts)}")
        case UnexpectedToken():
            found, expected = str(error.token), error.accepts
        case UnexpectedCharacters():
            found, expected = error.char, error.allowed or set()
        case _:
            raise error
    if not found.isprintable():
        found = f"U+{ord(found[0]):04X}"
    ended = _end_before(text, position)
    if "SEMICOLON" in expected and "\n" in text[ended:position]:
        return DescriptionError(_position(text, ended, file), "';' is missing at the end of this")
    cure = _habit(text, position) or _wanted(expected, found)
    return DescriptionError(_position(text, position, file), f"unexpected '{found}': {cure}")


def _end_before(text: str, position: int) -> int:
    """Where the text before a position ends, blanks and comments aside."""
    blanked = re.sub(r"//[^\n]*", lambda found: " " * len(found[0]), text[:position])
    return len(blanked.rstrip())


def _position(text: str, position: int, file: str) -> Position:
    before = text[:position]
    return Position(file, before.count("\n") + 1, position - before.rfind("\n"))


def _habit(text: str, position: int) -> str | None:
    """What the text means to say, where it is another language's."""
    around = text[max(position - 1, 0) : position + 2]
    for written, cure in HABITS.items():
        if written in (around[:2], around[1:]) or written == text[position]:
            return cure
    if re.match(r"\d*\.\d", text[max(position - 2, 0) : position + 2]):
        return "there are no decimal fractions: write 3/2"
    return None


def _wanted(names: Collection[str], found: str = "") -> str:
    """What may stand there: what closes or separates first, then names, words and operators."""
    terminals = {terminal.name: terminal.pattern for terminal in _parser().terminals}
    brackets: set[str] = set()
    things: set[str] = set()
    words: set[str] = set()
    operators: set[str] = set()
    if {"ALIGNED", "INT"} <= set(names):
        names = set(names) - EXPRESSION
        things.add("an expression")
    for name in names:
        pattern = terminals.get(name)
        text = pattern.value if pattern is not None and pattern.type == "str" else ""
        if name in WORDS:
            things.add(WORDS[name])
        elif text in BRACKETS:
            brackets.add(f"'{text}'")
        elif not text or text in OPERATORS:
            operators.add(f"'{text or name}'")
        else:
            words.add(text)
    near = get_close_matches(found, words, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    if "format" in words:
        words, things = set(), things | {"a declaration"}
    if "raise" in words:
        words, things = set(), things - {"an expression"} | {"a statement"}
    if len(operators) > 2:
        operators = {"an operator"}
    quoted = {f"'{word}'" for word in words}
    return "write " + " or ".join(
        [*sorted(brackets), *sorted(things), *sorted(quoted), *sorted(operators)]
    )
