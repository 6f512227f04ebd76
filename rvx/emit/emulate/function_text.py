"""The text of one C function while it is being written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Unsupported(Exception):
    """What portable C cannot stand for, in words that go on with 'because'."""


@dataclass
class FunctionText:
    """Lines of statements, in blocks; expressions are left to who writes them."""

    lines: list[str] = field(default_factory=list)
    depth: int = 1
    _names: int = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def name(self, letter: str) -> str:
        """A variable that nobody else has."""
        self._names += 1
        return f"{letter}{self._names}"

    def set(self, type: str, letter: str, expression: str) -> str:
        """A new constant of that value, in C."""
        name = self.name(letter)
        self.line(f"const {type} {name} = {expression};")
        return name

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written inside is under the head, such as `if (a)`."""
        self.line(f"{head} {{")
        self.depth += 1
        yield
        self.depth -= 1
        self.line("}")

    @contextmanager
    def aside(self) -> Iterator[list[str]]:
        """What is written inside is set apart, one block deeper."""
        kept, self.lines = self.lines, []
        found = self.lines
        self.depth += 1
        yield found
        self.depth -= 1
        self.lines = kept

    def conditional(self, head: str, lines: list[str]) -> None:
        """Lines that were set apart, under the head."""
        self.line(f"{head} {{")
        self.lines += lines
        self.line("}")


# What is written everywhere ---------------------------------------------------------------------

WORD_BITS = 64
"""Words up to here are C's uint64_t, wider ones arrays of uint32_t, lowest first."""


def is_wide(width: int) -> bool:
    return width > WORD_BITS


def limbs(width: int) -> int:
    """The limbs of a wide word."""
    return (width + 31) // 32


def number(value: int) -> str:
    """An unsigned constant of 64 bits."""
    return f"{value:#x}ull" if value > 9 else f"{value}ull"


def masked(expression: str, width: int) -> str:
    """The low bits of an expression."""
    return (
        f"({expression} & {number((1 << width) - 1)})" if width < WORD_BITS else f"({expression})"
    )


def local(name: str) -> str:
    """The C variable of a local."""
    return "l_" + "".join(c if c.isalnum() else "_" for c in name)


def bare(expression: str) -> str:
    """A condition without parentheses around it: compilers take two pairs for a slip."""
    depth = 0
    for i, c in enumerate(expression):
        depth += (c == "(") - (c == ")")
        if not depth:
            whole = c == ")" and i == len(expression) - 1
            return bare(expression[1:-1]) if whole else expression
    return expression
