"""`rvx header`: C intrinsics, and their emulation on a host."""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.command import options
from rvx.command.output import check_writable, write_whole
from rvx.emit import header


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "header",
        run,
        "write a C header with an intrinsic for every instruction, for stock GCC and Clang; "
        "with RVX_EMULATE defined it computes the same on a host",
        "rvx header --isa rv32imf_xdotp -o rvx.h",
    )
    parser.add_argument("-o", dest="output", metavar="FILE.h", type=Path, help="(default: print)")
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    if given.output is not None:
        check_writable(given.output, given.extra)
    text = header(options.machine_of(given))
    if given.output is None:
        print(text, end="")
    else:
        write_whole(given.output, text)
    return 0
