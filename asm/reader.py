"""The stream of lines: files, the macros and repetitions they expand to, and what .if skips."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from rvx.asm.argument import Call
from rvx.asm.position import AssemblyError, Line, Position

# A recursive macro without an end, or a huge .rept, must not take the machine with it.
DEEPEST = 256
MOST_LINES = 1 << 19
MOST_CHARACTERS = 1 << 26

_WORD = re.compile(r"\s*(?:[\w.$]+\s*:\s*)*(\.[A-Za-z]\w*)\s*")


@dataclass(slots=True)
class _Condition:
    """An .if that is open."""

    position: Position
    has_else: bool = False


@dataclass(slots=True)
class _Frame:
    """Lines to be read, some of them already, and perhaps again."""

    lines: list[Line]
    repetitions: int = 1
    at: int = 0
    conditions: list[_Condition] = field(default_factory=list)  # innermost last


class Reader:
    """Yields lines; directives push expansions, take bodies and skip."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._lines = 0
        self._characters = 0

    def __iter__(self) -> Iterator[Line]:
        frames = self._frames
        while frames:
            frame = frames[-1]
            if frame.at < len(frame.lines):
                line = frame.lines[frame.at]
                frame.at += 1
                yield line
            elif frame.repetitions > 1:
                frame.repetitions -= 1
                frame.at = 0
            else:
                if frame.conditions:
                    raise _unclosed(frame)
                frames.pop()

    def push(self, lines: list[Line], used: Position | None, repetitions: int = 1) -> None:
        """Read these lines next; `used` is what caused it, None for the file itself."""
        if used is not None:
            if len(self._frames) > DEEPEST:
                raise AssemblyError(
                    f"nested more than {DEEPEST} deep: does it expand itself without an end?", used
                )
            self._lines += len(lines) * repetitions
            self._characters += sum(len(line.text) for line in lines)
            if self._lines > MOST_LINES or self._characters > MOST_CHARACTERS:
                raise AssemblyError(
                    f"macros, repetitions and includes give more than {MOST_LINES} lines or "
                    f"{MOST_CHARACTERS} characters",
                    used,
                )
        if lines and repetitions > 0:
            self._frames.append(_Frame(lines, repetitions))

    def leave_macro(self, call: Call) -> None:
        """Read no more of the innermost macro (.exitm)."""
        while self._frames:
            if self._frames.pop().lines[0].source.expands.startswith("macro"):
                return
        raise call.error(f"{call.name} outside a macro")

    def stop(self) -> None:
        """Read nothing more (.end)."""
        self._frames.clear()

    # Bodies and conditions ----------------------------------------------------------------------

    def body(self, call: Call, opening: Collection[str], closing: str) -> list[Line]:
        """The lines up to the matching closing word, which is consumed."""
        depth = 1
        found: list[Line] = []
        for word in self._words():
            if word.name in opening:
                depth += 1
            elif word.name == closing:
                depth -= 1
                if depth == 0:
                    return found
            found.append(word.line)
        raise call.error(f"{call.name} has no {closing}")

    def open_condition(self, call: Call) -> None:
        """An .if is reached."""
        self._frames[-1].conditions.append(_Condition(call.position()))

    def branch(self, call: Call) -> None:
        """An .else, .elseif or .endif is reached."""
        if not self._frames[-1].conditions:
            raise call.error(f"{call.name} without .if")
        condition = self._frames[-1].conditions[-1]
        if call.name == ".endif":
            self._frames[-1].conditions.pop()
        elif condition.has_else:
            raise call.error(f"{call.name} after .else")
        condition.has_else = call.name == ".else"

    def skip(self) -> Call:
        """Skip to the next branch of the innermost .if, and reach it."""
        depth = 0
        for word in self._words():
            if word.name.startswith(".if"):
                depth += 1
            elif depth == 0 and word.name in (".else", ".elseif", ".endif"):
                self.branch(word)
                return word
            elif word.name == ".endif":
                depth -= 1
        raise _unclosed(self._frames[-1])

    def _words(self) -> Iterator[Call]:
        """The lines of this frame as calls of directives; others have an empty name."""
        frame = self._frames[-1]
        while frame.at < len(frame.lines):
            line = frame.lines[frame.at]
            frame.at += 1
            if match := _WORD.match(line.text):
                rest = line.text[match.end() :]
                yield Call(match[1].lower(), rest, line, match.start(1), match.end())
            else:
                yield Call("", line.text, line, 0, 0)


def _unclosed(frame: _Frame) -> AssemblyError:
    return AssemblyError(".if has no .endif", frame.conditions[-1].position)
