"""`rvx cc`: from C to an executable."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rvx.c import Compilation, CompilerError, find_compiler
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import check_writable, write_whole
from rvx.description import isa_of_core, load_core
from rvx.machine.simulator import parse_core
from rvx.model.machine import Machine

_HELP = (
    "compile C and assembly, with the intrinsics of <rvx.h> and a run time; all other flags "
    "(-O2, -I, -D, -g, -W...) go to the compiler, and so does all behind --"
)


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands, "cc", run, _HELP, "rvx cc kernel.c --isa rv32imf_xdotp -o kernel.elf"
    )
    parser.set_defaults(passes_flags=True, late_files="files")
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        help="C (.c), assembly (.S, .s), objects (.o, .a)",
    )
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help="(default a.elf)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("-c", dest="kind", action="store_const", const=".o", help="objects only")
    kind.add_argument("-S", dest="kind", action="store_const", const=".s", help="assembly only")
    options.add_compiler(parser)
    parser.add_argument(
        "--htif", action="store_true", help="for the bare machine, with calls through tohost: Spike"
    )
    options.add_named_core(parser, None)
    options.add_machine(parser)


def run(given: argparse.Namespace) -> int:
    sources, flags = given.files, (*given.flags, *given.behind)
    if not sources:
        raise UserError("cc: name a source file; see rvx cc --help")
    outputs = _outputs(given, sources)
    for output in outputs:
        check_writable(output, [*sources, *given.extra])
    try:
        compilation = Compilation(_machine(given), find_compiler(given.compiler), flags, given.htif)
        made = _made(compilation, given.kind, sources)
    except CompilerError as error:
        raise shown(error) from None
    show(compilation)
    for output, content in zip(outputs, made, strict=True):
        write_whole(output, content)
        if given.kind is None and output.is_file():
            output.chmod(output.stat().st_mode | 0o111)
    return 0


def _machine(given: argparse.Namespace) -> Machine:
    """As --isa says, or as the core has it."""
    if given.isa is None and given.core is not None:
        given.isa = isa_of_core(load_core(parse_core(given.core)[0], given.extra))
    return options.machine_of(given)


def _outputs(given: argparse.Namespace, sources: list[Path]) -> list[Path]:
    if given.kind is None:
        return [given.output or Path("a.elf")]
    if given.output is None:
        return [Path(source.name).with_suffix(given.kind) for source in sources]
    if len(sources) > 1:
        raise UserError("cc: -o names one file, and there are several sources: link, or leave it")
    return [given.output]


def _made(compilation: Compilation, kind: str | None, sources: list[Path]) -> list[bytes]:
    if kind is None:
        return [compilation.program(sources)]
    make = compilation.object if kind == ".o" else compilation.assembly
    return [make(source) for source in sources]


def show(compilation: Compilation) -> None:
    """What the compiler wrote: its warnings."""
    print("".join(compilation.warnings), end="", file=sys.stderr)


def shown(error: CompilerError) -> UserError:
    """The error as the command ends with it, once what the compiler wrote has been shown."""
    if error.shown:
        print(error.shown.rstrip("\n"), file=sys.stderr)
    return UserError(str(error))
