"""`rvx check`: is a description right?"""

from __future__ import annotations

import argparse
from pathlib import Path

from rvx.command import options
from rvx.description import DEFAULT_ISA, known_names, load_core, load_machine
from rvx.description.load import core_names, extension_declarations
from rvx.machine.clock import CoreClock
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import Machine


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "check",
        run,
        "check descriptions: every bit accounted for, no overlap, every width and rounding",
        "rvx check my.isa",
    )
    parser.add_argument("files", nargs="*", metavar="FILE.isa", type=Path)
    options.add_machine(parser)
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(given: argparse.Namespace) -> int:
    """Check files, or without any every description that ships, each core on its machine."""
    extra = [*given.extra, *given.files]
    chosen = options.options_of(given)
    if extra or chosen or given.isa is not None:
        isa = DEFAULT_ISA if given.isa is None else given.isa
        machines = [load_machine(isa, extra, chosen)]
    else:
        names = [f"rv32i_{e.name.id.lower()}" for e in extension_declarations()]
        machines = list({m.isa: m for m in map(load_machine, names)}.values())
    cores = core_names(extra)
    for name in cores:
        _check_core(name, machines, extra)
    if given.json:
        report = [
            {
                "isa": m.isa,
                "instructions": len(m.instructions),
                "aliases": len(m.aliases),
                "csrs": len(m.csrs),
                "formats": len(m.formats),
            }
            for m in machines
        ]
        options.print_json({"machines": report, "cores": cores})
        return 0
    for machine in machines:
        print(
            f"{machine.isa}: {len(machine.instructions)} instructions, {len(machine.aliases)} "
            f"aliases, {len(machine.csrs)} CSRs, {len(machine.formats)} formats: no overlap"
        )
    print(f"cores: {', '.join(cores)}")
    return 0


def _check_core(name: str, machines: list[Machine], extra: list[Path]) -> None:
    core = load_core(name, extra)
    for machine in machines:
        hart = Hart(machine, Memory([range(0x1000)]))
        CoreClock(hart, core, {}, known_names(extra))
