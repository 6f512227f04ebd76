"""`rvx dis`: from an executable, or a word, to assembly."""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.asm import disassemble, disassemble_elf
from rvx.command import options
from rvx.command.main import UserError
from rvx.model.decoder import length_of


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands, "dis", run, "disassemble an ELF file or single words", "rvx dis 0x00b50533"
    )
    parser.add_argument("what", nargs="+", metavar="FILE.elf|WORD")
    parser.add_argument(
        "--no-aliases", action="store_true", help="instructions as they are, no pseudo-ones"
    )
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    machine = options.machine_of(given)
    aliases = not given.no_aliases
    for text in given.what:
        if text[:1].isdigit() and not Path(text).exists():
            word = _word(text)
            print(disassemble(word, 0, machine, aliases=aliases))
        else:
            for line in disassemble_elf(Path(text), machine, aliases=aliases):
                print(line)
    return 0


def _word(text: str) -> int:
    try:
        word = int(text, 0)
    except ValueError:
        raise UserError(f"{text}: no such file, and no word such as 0x00b50533") from None
    if not 0 <= word < 1 << 8 * length_of(word):
        raise UserError(f"{text}: an instruction starting so has {length_of(word)} bytes")
    return word
