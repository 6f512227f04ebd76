"""`rvx asm`: from assembly to an executable."""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.asm import assemble_file, link, listing, write_elf
from rvx.asm.linker import TEXT_BASE
from rvx.command import options
from rvx.command.output import check_writable


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands, "asm", run, "assemble and link", "rvx asm kernel.S -o kernel.elf --isa rv32imf"
    )
    parser.add_argument("files", nargs="+", metavar="FILE.S", type=Path)
    parser.add_argument("-o", dest="output", metavar="FILE.elf", type=Path, required=True)
    parser.add_argument("--listing", action="store_true", help="print addresses, bytes and lines")
    parser.add_argument("-I", dest="include", metavar="DIR", type=Path, action="append", default=[])
    for kind, place in (("text", "0x80000000"), ("data", "a page behind the code")):
        parser.add_argument(
            f"--{kind}",
            metavar="ADDRESS",
            type=options.address,
            help=f"where {kind} starts (default {place})",
        )
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    machine = options.machine_of(given)
    check_writable(given.output, [*given.files, *given.extra])
    text = TEXT_BASE if given.text is None else given.text
    executable = link(
        [assemble_file(f, machine, include=given.include) for f in given.files],
        text_base=text,
        data_base=given.data,
    )
    write_elf(executable, given.output)
    if given.listing:
        print(listing(executable), end="")
    return 0
