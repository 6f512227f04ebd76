"""The constants of assembly text: integers, characters and strings."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)|([^\\]+)", re.DOTALL)
_STRING = re.compile(r'\s*"((?:\\.|[^"\\])*)"\s*')
_ESCAPES = {"b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "'": 39, "\\": 92}


class LiteralProblem(Exception):
    """A constant that has no value; `at` is the index of the fault."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


def integer(text: str) -> int:
    """The value of an unsigned integer: 0x, 0b, octal with a leading 0, or decimal."""
    digits = text.lower()
    if digits.startswith(("0x", "0b")) or digits == "0":
        return _bounded(int(digits, 0), text)
    if digits.startswith("0"):
        if set(digits) & set("89"):
            raise LiteralProblem(f"{text} starts with 0, so it is octal and has no digit 8 or 9")
        return _bounded(int(digits, 8), text)
    if len(digits) > 20:  # more than 64 bits, and int() is quadratic in the digits
        return _bounded(1 << 64, text)
    return _bounded(int(digits), text)


def _bounded(value: int, text: str) -> int:
    if value >> 64:
        raise LiteralProblem(f"{text[:20]}{'...' * (len(text) > 20)} has more than 64 bits")
    return value


def character(text: str) -> int:
    """The code of `'a'`, of `'\\n'`, or of `'a` as GNU as writes it."""
    body = text[1:]
    if len(body) > 1 and body.endswith("'"):
        body = body[:-1]
    return int.from_bytes(_unescaped(body, 1), "big")


def string(text: str) -> bytes:
    """The bytes of one quoted string; others than ASCII are UTF-8."""
    if (match := _STRING.fullmatch(text)) is None:
        raise LiteralProblem('expected a string in "quotes"')
    return _unescaped(match[1], match.start(1))


def _unescaped(text: str, at: int) -> bytes:
    found = bytearray()
    for match in _ESCAPE.finditer(text):
        escape, plain = match.groups()
        if plain is not None:
            found += plain.encode()
        elif escape in _ESCAPES:
            found.append(_ESCAPES[escape])
        elif escape[0] in "01234567":
            found.append(int(escape, 8) & 0xFF)
        elif escape[0] == "x" and len(escape) > 1:
            found.append(int(escape[1:][-2:], 16))  # GNU as keeps the last two digits
        else:
            raise LiteralProblem(
                f"unknown escape \\{escape}: write \\\\ for a backslash", at + match.start()
            )
    return bytes(found)
