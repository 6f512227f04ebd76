"""Options that mean the same in every command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from rvx.command.main import UserError
from rvx.description import DEFAULT_ISA, load_machine
from rvx.model.machine import Machine

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

SCHEMA = 1  # of everything that --json writes


def command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], help: str, example: str
) -> argparse.ArgumentParser:
    """A subcommand with its one-line help and an example."""
    parser = commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def add_machine(parser: argparse.ArgumentParser) -> None:
    """--isa, -x and --option."""
    parser.add_argument(
        "--isa", metavar="STRING", help=f"the machine, as in -march (default {DEFAULT_ISA})"
    )
    parser.add_argument(
        "-x",
        dest="extra",
        metavar="FILE.isa",
        action="append",
        default=[],
        type=Path,
        help="a description of your own: its extensions join the machine (repeatable)",
    )
    parser.add_argument(
        "--option",
        dest="options",
        metavar="NAME=CHOICE",
        action="append",
        default=[],
        help="choose a declared option, as division=exact (repeatable)",
    )


def add_core(parser: argparse.ArgumentParser, default: str | None) -> None:
    """--core, --timing, --engine and --max-instructions."""
    add_named_core(parser, default)
    parser.add_argument(
        "--timing",
        choices=("on", "off"),
        default="on",
        help="off: one cycle an instruction, whatever the core",
    )
    parser.add_argument(
        "--engine",
        choices=("jit", "reference"),
        default="jit",
        help="what executes: native code where it can (jit), or the definition itself",
    )
    add_budget(parser, " (exit status 124)")


def add_named_core(parser: argparse.ArgumentParser, default: str | None) -> None:
    """--core."""
    parser.add_argument(
        "--core",
        metavar="NAME[,PARAMETER=VALUE...]",
        default=default,
        help=f"whose timing counts the cycles (default {default}); rvx list cores",
    )


def add_budget(parser: argparse.ArgumentParser, then: str = "") -> None:
    """--max-instructions."""
    parser.add_argument(
        "--max-instructions",
        metavar="N",
        type=positive,
        help=f"stop after so many instructions{then}",
    )


def add_memory(parser: argparse.ArgumentParser) -> None:
    """--ram and --exit-port."""
    parser.add_argument(
        "--ram", metavar="BASE:SIZE", action="append", help="RAM, as 0x80000000:64M (repeatable)"
    )
    parser.add_argument(
        "--exit-port",
        metavar="ADDRESS",
        type=address,
        help="a word stored here ends the run; one stored at +4, +8, +12 is printed",
    )


def add_compiler(parser: argparse.ArgumentParser) -> None:
    """--compiler."""
    parser.add_argument(
        "--compiler",
        metavar="NAME",
        help="zig, clang, or the name or path of a GCC (default: the first there is)",
    )


def natural(text: str) -> int:
    """An integer argument that is not negative."""
    value = int(text, 0)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def positive(text: str) -> int:
    """A positive integer argument."""
    value = int(text, 0)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


def address(text: str) -> int:
    """An address argument, as 0xF0000000."""
    value = int(text, 0)
    if not 0 <= value < 1 << 32:
        raise argparse.ArgumentTypeError(f"{text} is no 32-bit address")
    return value


def options_of(given: argparse.Namespace) -> dict[str, str]:
    """The declared options that --option chooses."""
    found = {}
    for text in given.options:
        name, equals, choice = text.partition("=")
        if not equals:
            raise UserError(f"--option {text}: write NAME=CHOICE")
        found[name] = choice
    return found


def machine_of(given: argparse.Namespace) -> Machine:
    """The machine that --isa, -x and --option describe."""
    isa = DEFAULT_ISA if given.isa is None else given.isa
    return load_machine(isa, given.extra, options_of(given))


def print_json(value: dict[str, Any]) -> None:
    """One JSON document on standard output, with the version of its schema."""
    import json

    json.dump({"schema": SCHEMA, **value}, sys.stdout, indent=2)
    print()
