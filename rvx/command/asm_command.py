"""`rvx asm`: from assembly and object files to an executable, or to object files."""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.asm import (
    Assembly,
    InputFiles,
    assemble_file,
    link,
    listing,
    listing_of_object,
    write_elf,
    write_object,
)
from rvx.asm.input_file import is_source
from rvx.asm.linker import ENTRY, TEXT_BASE
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import check_writable
from rvx.model.machine import Machine

_ABIS = {"ilp32": 0, "ilp32f": 32, "ilp32d": 64}


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands, "asm", run, "assemble and link", "rvx asm kernel.S -o kernel.elf --isa rv32imf"
    )
    parser.add_argument("files", nargs="+", metavar="FILE.S|FILE.o|LIB.a", type=Path)
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help="what to write")
    parser.add_argument(
        "-c", dest="compile_only", action="store_true", help="write object files, do not link"
    )
    parser.add_argument("--listing", action="store_true", help="print addresses, bytes and lines")
    parser.add_argument("-I", dest="include", metavar="DIR", type=Path, action="append", default=[])
    for kind, place in (("text", "0x80000000"), ("data", "a page behind the code")):
        parser.add_argument(
            f"--{kind}",
            metavar="ADDRESS",
            type=options.address,
            help=f"where {kind} starts (default {place})",
        )
    parser.add_argument(
        "-e", dest="entry", metavar="SYMBOL", default=ENTRY, help="where to start (_start)"
    )
    parser.add_argument(
        "--abi",
        choices=_ABIS,
        help="how floats are passed, for object files (default: in the machine's f registers)",
    )
    options.add_machine(parser)
    parser.set_defaults(refuse=parser.error, late_files="files")


def run(given: argparse.Namespace) -> int:
    machine = options.machine_of(given)
    if given.compile_only:
        return _objects(given, machine)
    if given.output is None:
        given.refuse("the following arguments are required: -o")
    check_writable(given.output, [*given.files, *given.extra])
    executable = link(
        InputFiles(given.files, machine, given.include).needed(),
        text_base=TEXT_BASE if given.text is None else given.text,
        data_base=given.data,
        entry=given.entry,
    )
    write_elf(executable, given.output)
    if given.listing:
        print(listing(executable), end="")
    return 0


def _objects(given: argparse.Namespace, machine: Machine) -> int:
    """One object file a source: as -o says, or beside where rvx was called."""
    if given.output is not None and len(given.files) > 1:
        raise UserError("-o names one file, but there are several sources: leave it out")
    float_abi = machine.flen if given.abi is None else _ABIS[given.abi]
    assembled: list[tuple[Assembly, Path]] = []
    for file in given.files:
        if not is_source(file):
            raise UserError(f"{file}: is assembled already: leave it out, or leave out -c")
        output = given.output or Path(file.name).with_suffix(".o")
        check_writable(output, [*given.files, *given.extra])
        assembled.append((assemble_file(file, machine, include=given.include), output))
    for assembly, output in assembled:
        write_object(assembly, output, float_abi)
        if given.listing:
            print(listing_of_object(assembly), end="")
    return 0
