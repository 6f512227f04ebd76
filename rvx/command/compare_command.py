"""`rvx compare`: two programs side by side."""

from __future__ import annotations

import argparse
import io
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from rvx.command import options
from rvx.command.main import UserError
from rvx.command.profile import Profile, Profiler
from rvx.command.program import load_program
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import Simulator


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "compare",
        run,
        "compare two programs: instructions, cycles, mix, cycles by symbol",
        "rvx compare base.elf extended.elf --isa rv32imf_xdotp --core cv32e40p",
    )
    parser.add_argument("base", type=Path, metavar="BASE")
    parser.add_argument("other", type=Path, metavar="OTHER")
    options.add_machine(parser)
    options.add_core(parser, "single")
    parser.add_argument("--json", action="store_true", help="compare as JSON")


def run(given: argparse.Namespace) -> int:
    base, other = (_profile(path, given) for path in (given.base, given.other))
    names = str(given.base), str(given.other)
    if given.json:
        programs = [_as_json(name, p) for name, p in zip(names, (base, other), strict=True)]
        speedup = _ratio(base.cycles, other.cycles)
        core = given.core if given.timing == "on" else None
        options.print_json({"core": core, "programs": programs, "speedup": speedup})
        return 0
    console = Console()
    console.print(_totals(names, base, other))
    console.print(_counts("instruction", "instructions", names, base.mnemonics, other.mnemonics))
    console.print(_counts("symbol", "cycles by symbol", names, base.symbols, other.symbols))
    return 0


def _profile(path: Path, given: argparse.Namespace) -> Profile:
    simulator = Simulator(
        isa=given.isa,
        core=given.core,
        extra=given.extra,
        options=options.options_of(given),
        timing=given.timing == "on",
        engine=given.engine,
        stdout=io.BytesIO(),
        stderr=io.BytesIO(),
        stdin=io.BytesIO(),
    )
    simulator.load(load_program(path, simulator.machine))
    profiler = Profiler(simulator)
    try:
        result = simulator.run(given.max_instructions)
    except UnhandledTrap as trap:
        raise UserError(f"{path}: {trap}") from None
    if result.status is None:
        raise UserError(f"{path}: the budget of {given.max_instructions} instructions is used up")
    profile = profiler.profile(result)
    if profile is None:
        raise UserError(f"{path}: has markers but never came from rvx_begin to rvx_end")
    return profile


def _ratio(base: int, other: int) -> float:
    return base / other if other else 0.0


def _totals(names: tuple[str, str], base: Profile, other: Profile) -> Table:
    table = Table("", *names, "ratio", title="totals")
    table.add_row("exit status", str(base.status), str(other.status), "")
    for name, one, two in (
        ("instructions", base.instret, other.instret),
        ("cycles", base.cycles, other.cycles),
    ):
        table.add_row(name, str(one), str(two), f"{_ratio(one, two):.2f}")
    return table


def _counts(
    heading: str, title: str, names: tuple[str, str], base: Counter[str], other: Counter[str]
) -> Table:
    """What one or both count, the most first."""
    table = Table(heading, *names, title=title)
    for name in sorted({*base, *other}, key=lambda n: (-max(base[n], other[n]), n)):
        table.add_row(name, str(base[name]), str(other[name]))
    return table


def _as_json(name: str, profile: Profile) -> dict[str, Any]:
    return {
        "program": name,
        "status": profile.status,
        "instret": profile.instret,
        "cycles": profile.cycles,
        "instructions": dict(profile.mnemonics.most_common()),
        "cycles_by_symbol": dict(profile.symbols.most_common()),
    }
