"""`rvx list`: what the descriptions declare."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from rvx.asm import syntax_line
from rvx.command import options
from rvx.description import load_core
from rvx.description.load import core_names, extension_declarations
from rvx.emit.format_facts import declared
from rvx.model.expression import FormatUse, Named
from rvx.model.machine import Machine

Rows = list[dict[str, Any]]


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "list",
        run,
        "list what is declared",
        "rvx list instructions --isa rv32imf_xdotp",
    )
    parser.add_argument("what", nargs="?", choices=sorted(LISTS), default="extensions")
    options.add_machine(parser)
    parser.add_argument("--json", action="store_true", help="list as JSON")


def run(given: argparse.Namespace) -> int:
    rows = LISTS[given.what](options.machine_of(given), given)
    if given.json:
        options.print_json({given.what: rows})
        return 0
    cells = [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        print("  ".join(map(str.ljust, line, widths)).rstrip())
    return 0


def _cell(value: bool | int | str | list[str]) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(value) or "-"
        case _:
            return str(value).partition("\n")[0]


def _extensions(machine: Machine, given: argparse.Namespace) -> Rows:
    inside = {extension.name for extension in machine.extensions}
    return [
        {
            "name": extension.name.id,
            "in_machine": extension.name.id in inside,
            "requires": [name.id for name in extension.requires],
            "doc": extension.doc,
        }
        for extension in extension_declarations(given.extra)
    ]


def _instructions(machine: Machine, given: argparse.Namespace) -> Rows:
    return [
        {
            "extension": i.extension,
            "match": f"{i.match:#010x}",
            "mask": f"{i.mask:#010x}",
            "syntax": syntax_line(i),
            "doc": i.doc,
        }
        for i in machine.instructions.values()
    ]


def _formats(machine: Machine, given: argparse.Namespace) -> Rows:
    return [
        {"name": name, "bits": _bits(use), "declared": _declared(use)}
        for name, use in machine.formats.items()
    ]


def _bits(use: FormatUse) -> int:
    return use.format.bits if isinstance(use, Named) else use.formats[0].bits


def _declared(use: FormatUse) -> str:
    return declared(use.format) if isinstance(use, Named) else "one of " + ", ".join(use.names)


def _cores(machine: Machine, given: argparse.Namespace) -> Rows:
    rows = []
    for name in core_names(given.extra):
        core = load_core(name, given.extra)
        parameters = [f"{p.name.id} {p.low}..{p.high} = {p.default}" for p in core.parameters]
        rows.append({"name": name, "parameters": parameters, "doc": core.doc})
    return rows


def _csrs(machine: Machine, given: argparse.Namespace) -> Rows:
    return [
        {"address": f"{c.address:#05x}", "name": c.name, "extension": c.extension, "doc": c.doc}
        for c in sorted(machine.csrs.values(), key=lambda c: c.address)
    ]


def _registers(machine: Machine, given: argparse.Namespace) -> Rows:
    return [
        {"name": f.name, "count": f.count, "bits": f.width, "doc": f.doc}
        for f in machine.files.values()
    ]


LISTS: Mapping[str, Callable[[Machine, argparse.Namespace], Rows]] = {
    "extensions": _extensions,
    "instructions": _instructions,
    "formats": _formats,
    "cores": _cores,
    "csrs": _csrs,
    "registers": _registers,
}
