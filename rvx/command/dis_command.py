"""`rvx dis`: from programs, object files and words to assembly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rvx.asm import disassemble, disassemble_elf, disassemble_image
from rvx.asm.dump import Shown
from rvx.command import options
from rvx.command.main import UserError
from rvx.model.decoder import length_of
from rvx.model.machine import Machine

_ELF = b"\x7fELF"


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands, "dis", run, "disassemble ELF files or single words", "rvx dis 0x00b50533"
    )
    parser.add_argument(
        "what",
        nargs="+",
        metavar="FILE|WORD|-",
        help="a program, an object file or an instruction word; - is standard input",
    )
    parser.add_argument(
        "--no-aliases", action="store_true", help="instructions as they are, no pseudo-ones"
    )
    parser.add_argument(
        "--source", action="store_true", help="source lines between them, where DWARF has them"
    )
    parser.add_argument(
        "--data", action="store_true", help="also the sections that are no code, as bytes"
    )
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    machine = options.machine_of(given)
    shown = Shown(not given.no_aliases, given.source, given.data)
    for text in given.what:
        for line in _lines(text, machine, shown):
            print(line)
    return 0


def _lines(text: str, machine: Machine, shown: Shown) -> Iterator[str]:
    if text == "-":
        yield from _input(machine, shown)
    elif text[:1].isdigit() and not Path(text).exists():
        yield disassemble(_word(text), 0, machine, aliases=shown.aliases)
    else:
        yield from disassemble_elf(Path(text), machine, shown=shown)


def _input(machine: Machine, shown: Shown) -> Iterator[str]:
    """Standard input: an ELF file, or words with blanks between them."""
    contents = sys.stdin.buffer.read()
    if contents.startswith(_ELF):
        yield from disassemble_image(contents, machine, "standard input", shown)
        return
    for text in contents.decode(errors="replace").split():
        yield disassemble(_word(text), 0, machine, aliases=shown.aliases)


def _word(text: str) -> int:
    try:
        word = int(text, 0)
    except ValueError:
        raise UserError(f"{text}: no such file, and no word such as 0x00b50533") from None
    if not 0 <= word < 1 << 8 * length_of(word):
        raise UserError(f"{text}: an instruction starting so has {length_of(word)} bytes")
    return word
