"""`rvx calibrate`: a core's numbers from measured cycles."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rvx.calibrate.fit import Fit, Fitter
from rvx.calibrate.measured import Measured, StampError, is_records, read_records, read_stamps
from rvx.calibrate.model import Bench
from rvx.calibrate.trace import Trace, trace
from rvx.calibrate.unexplained import Unexplained, measured_cycles, unexplained
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.program import load_program
from rvx.description import known_names, load_core
from rvx.description.syntax import CoreDeclaration
from rvx.description.texts import own_text
from rvx.explain.diagram import reasons
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import Simulator, parse_core


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "calibrate",
        run,
        "fit the parameters of a core to measured cycles, and tell what it cannot explain",
        "rvx calibrate mine.isa a.elf b.elf --stamps a.txt b.txt",
    )
    parser.add_argument("core", metavar="CORE.isa", type=Path, help="declares it, with parameters")
    parser.add_argument("programs", metavar="PROGRAM", type=Path, nargs="+")
    parser.add_argument(
        "--stamps",
        metavar="FILE",
        type=Path,
        nargs="+",
        required=True,
        help="of each program, as `rvx run --stamps` writes; or one JSON file of records",
    )
    parser.add_argument(
        "--config",
        metavar="NAME=VALUE[,...]",
        default="",
        help="which records of the JSON file, as FPU_ADDMUL_LAT=1",
    )
    parser.add_argument(
        "--core",
        dest="name",
        metavar="NAME[,PARAMETER=VALUE...]",
        help="which core of the file, and parameters that are known",
    )
    options.add_machine(parser)
    options.add_memory(parser)
    options.add_budget(parser)
    parser.add_argument("--top", metavar="N", type=options.positive, default=20, help="rows shown")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(given: argparse.Namespace) -> int:
    files = [given.core, *given.extra]
    name, fixed = _core(given)
    declared = load_core(name, files)
    try:
        traces = _traces(given, name, files)
    except StampError as error:
        raise UserError(str(error)) from None
    machine = _simulator(given, name, files).machine
    bench = Bench(machine, declared, known_names(files), traces)
    fit = Fitter(bench, fixed, _alive).fit()
    left = unexplained(bench, fit.values)
    if given.json:
        options.print_json(_as_json(bench, fit, left))
    else:
        _show(bench, fit, left, given.top)
    return 0


def _core(given: argparse.Namespace) -> tuple[str, dict[str, int]]:
    """The core's name, and the parameters that the user knows."""
    if given.name is not None:
        return parse_core(given.name)
    from rvx.description.parse import parse_text  # reads no grammar until it is needed

    path, text = own_text(given.core)
    declared = parse_text(text, path).declarations
    names = [one.name.id for one in declared if isinstance(one, CoreDeclaration)]
    if len(names) != 1:
        has = f"{len(names)} cores: choose one with --core" if names else "no core"
        raise UserError(f"{given.core}: declares {has}")
    return names[0], {}


def _traces(given: argparse.Namespace, name: str, files: Sequence[Path]) -> list[Trace]:
    simulator = _simulator(given, name, files)
    traces = []
    for path, measured in _measured(given).items():
        program = load_program(path, simulator.machine)
        try:
            limit = given.max_instructions or 10_000_000
            traces.append(trace(simulator, program, measured, limit))
        except UnhandledTrap as trap:
            raise UserError(f"{path}: {trap}") from None
    return traces


def _measured(given: argparse.Namespace) -> Mapping[Path, Measured]:
    """What was measured of each program."""
    if len(given.stamps) == 1 and is_records(given.stamps[0]):
        config = parse_core(f"records,{given.config}")[1] if given.config else {}
        found = read_records(given.stamps[0], given.programs, config)
        if missing := len(given.programs) - len(found):
            print(f"rvx: {missing} programs have no such record", file=sys.stderr)
        return found
    if len(given.stamps) != len(given.programs):
        raise UserError(
            f"{len(given.programs)} programs and {len(given.stamps)} files of stamps: "
            "give one for each, in the same order"
        )
    return {
        program: read_stamps(path)
        for program, path in zip(given.programs, given.stamps, strict=True)
    }


def _simulator(given: argparse.Namespace, name: str, files: Sequence[Path]) -> Simulator:
    """Timing is off: what a program does must not depend on the numbers that are looked for."""
    return Simulator(
        isa=given.isa,
        core=name,
        extra=files,
        options=options.options_of(given),
        timing=False,
        ram=given.ram,
        exit_port=given.exit_port,
        engine="reference",
        stdin=io.BytesIO(),
        stdout=io.BytesIO(),
        stderr=io.BytesIO(),
    )


def _alive(tried: int, best: int) -> None:
    if sys.stderr.isatty():
        print(f"{tried} candidates, the best {best} cycles off ", end="\r", file=sys.stderr)


def _show(bench: Bench, fit: Fit, left: Mapping[Unexplained, int], top: int) -> None:
    console = Console(highlight=False)
    declared = {p.name.id: p for p in bench.declared.parameters}
    table = Table("parameter", "range", "declared", "fitted", "as good", title="parameters")
    for name, value in fit.values.items():
        parameter = declared[name]
        others = [other for other in fit.as_good.get(name, []) if other != value]
        table.add_row(
            name,
            f"{parameter.low}..{parameter.high}",
            str(parameter.default),
            f"{value}" if name in fit.as_good else f"{value} (given)",
            _ranges(others),
        )
    console.print(table)
    settings = ",".join(f"{name}={value}" for name, value in fit.values.items())
    console.print(f"--core {bench.declared.name.id}{',' if settings else ''}{settings}")
    instructions, cycles = measured_cycles(bench)
    console.print(
        f"{sum(left.values())} of {instructions} instructions are not explained: "
        f"{fit.difference} of {cycles} cycles",
        soft_wrap=True,
    )
    for one, times in list(left.items())[:top]:
        often = f"{times} times " if times > 1 else ""
        why = f" ({reasons(one.stalls)})" if one.stalls else ""
        print(
            f"  {one.name} {one.pc:x}: {one.text}, after {one.before}: "
            f"{often}measured {one.measured}, model {one.model}{why}"
        )
    if len(left) > top:
        print(f"  and {len(left) - top} more; --top {len(left)} shows all")


def _ranges(values: Sequence[int]) -> str:
    """`0, 2..5`: values in increasing order, shortly."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ", ".join(str(a) if a == b else f"{a}..{b}" for a, b in runs)


def _as_json(bench: Bench, fit: Fit, left: Mapping[Unexplained, int]) -> dict[str, object]:
    instructions, cycles = measured_cycles(bench)
    return {
        "core": bench.declared.name.id,
        "parameters": dict(fit.values),
        "as_good": {name: list(values) for name, values in fit.as_good.items()},
        "instructions": instructions,
        "cycles": cycles,
        "difference": fit.difference,
        "unexplained": [
            {
                "program": one.name,
                "pc": one.pc,
                "text": one.text,
                "after": one.before,
                "times": times,
                "measured": one.measured,
                "model": one.model,
                "stalls": list(one.stalls),
            }
            for one, times in left.items()
        ],
    }
