"""Damaged inputs, made from good ones with a seed; and the watch over what is done with them."""

from __future__ import annotations

import re
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

SECONDS = 20  # for one input: a hang, whatever the load of the machine
MEMORY = 1 << 30  # bytes that all inputs together may take
SWEEP, DEFAULT = 10_000, 150

_TOKEN = re.compile(r"//[^\n]*|\w+|\.\.|[=!<>]=|<<|>>|\s+|.", re.S)
_WORDS = (
    *("%hi(", ")", "(", '"', "'", "\\", "/*", "#", ";", ":", ",", "=", "-", "~", "<<", "0x", "1f"),
    *(".rept 9", ".endr", ".macro m a", ".endm", "m 1", ".if 1", ".else", ".endif", ".org 99999"),
    *(".align 20", ".space 1 << 40", ".zero -1", ".set a, b", ".set b, a", ".fill 9,9,9"),
    *('.section .x,"aMS",@progbits,1', ".popsection", ".loc 1 1", ".file 1", ".cfi_endproc"),
    *(
        ".cfi_startproc",
        ".uleb128 . - x",
        ".sleb128 x - y",
        ".option pop",
        ".insn 0",
        ".quad x - .",
    ),
    *("beqz a0, x", "j x", "call x", "la a0, x", "li a0, x", ".word x - y", "x:", "y:", "\0", "é"),
)


def mutated_text(text: str, random: Random, words: Sequence[str] = _WORDS) -> str:
    """The text with some words, characters or lines changed."""
    lines = text.splitlines()
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        at = random.randrange(len(lines))
        line = lines[at]
        cut = random.randrange(len(line) + 1)
        match random.randrange(7):
            case 0:
                lines[at] = line[:cut] + random.choice(words) + line[cut:]
            case 1:
                lines[at] = line[:cut] + line[cut + random.randrange(1, 5) :]
            case 2:
                lines[at] = line[:cut] + chr(random.randrange(1, 128)) + line[cut + 1 :]
            case 3:
                lines[at] = lines[random.randrange(len(lines))]
            case 4:
                lines.insert(at, random.choice(words))
            case 5:
                number = random.choice((-1, 0, 1, 31, 32, 4096, 1 << 31, 1 << 32, 1 << 64, 1 << 70))
                lines[at] = line[:cut] + str(number) + line[cut:]
            case 6 if len(lines) > 1:
                del lines[at]
    return "\n".join(lines) + "\n"


def mutated_tokens(text: str, random: Random) -> str:
    """The text with some names, integers or signs in the place of others of it, or left out."""
    tokens = _TOKEN.findall(text)
    places: dict[str, list[int]] = {}
    for i, token in enumerate(tokens):
        if token.strip() and not token.startswith("//"):
            places.setdefault(_kind(token), []).append(i)
    for _ in range(random.choice((1, 1, 2, 3))):
        chosen = places.get(random.choice(("name", "name", "integer", "sign")), [0])
        at = random.choice(chosen)
        tokens[at] = tokens[random.choice(chosen)] if random.random() < 0.9 else ""
    return "".join(tokens)


def _kind(token: str) -> str:
    if token[0].isdigit():
        return "integer"
    return "name" if token[0].isalnum() else "sign"


def mutated_bytes(contents: bytes, random: Random) -> bytes:
    """The file with some bytes or words changed, most of them in its headers, or cut short."""
    found = bytearray(contents)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        where = random.random()
        if where < 0.3:
            at = random.randrange(min(52, len(found)))  # the ELF header
        elif where < 0.6:
            at = max(len(found) - 1 - random.randrange(1200), 0)  # the section headers
        else:
            at = random.randrange(len(found))
        match random.randrange(4):
            case 0:
                found[at] = random.randrange(256)
            case 1:
                found[at] ^= 1 << random.randrange(8)
            case 2:
                value = random.choice((0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))
                found[at : at + 4] = value.to_bytes(4, "little")[: len(found) - at]
            case 3 if random.random() < 0.1 and at > 4:
                del found[at:]
    return bytes(found)


def check(
    inputs: Iterator[object], use: Callable[[object], None], errors: tuple[type[Exception], ...]
) -> tuple[int, int]:
    """Use every input: it may raise `errors` alone, in time. How many were taken, and refused."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = refused = 0
    for number, given in enumerate(inputs):
        try:
            with _time_limit():
                use(given)
            taken += 1
        except errors as error:
            refused += 1
            message = str(error)
            assert message, f"input {number} was refused without a word"
            assert "\n" not in message.strip(), f"input {number}: {message}"
            assert "Traceback" not in message
        except BaseException as error:
            error.add_note(f"input {number}: {given!r:.3000}")
            raise
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < MEMORY
    return taken, refused


@contextmanager
def _time_limit() -> Iterator[None]:
    def hang(*_: object) -> None:
        raise TimeoutError("this takes too long")

    signal.signal(signal.SIGALRM, hang)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
