"""`rvx docs`: reference pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.command import options
from rvx.command.output import check_directory, check_writable, write_whole
from rvx.emit import pages


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "docs",
        run,
        "write Markdown reference pages: encodings drawn, semantics shown",
        "rvx docs --isa rv32imf_xdotp_xposit -o reference",
    )
    parser.add_argument("-o", dest="output", metavar="DIR", type=Path, help="(default: print)")
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    if given.output is not None:
        check_directory(given.output)
    found = pages(options.machine_of(given))
    if given.output is None:
        print("\n".join(found.values()), end="")
        return 0
    given.output.mkdir(parents=True, exist_ok=True)
    for name in found:
        check_writable(given.output / name)
    for name, text in found.items():
        write_whole(given.output / name, text)
    print(f"{len(found)} pages in {given.output}")
    return 0
