"""`rvx verify`: instructions put to the proof by tests derived from their descriptions."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from pathlib import Path
from time import perf_counter
from typing import Any

from rvx.command import options
from rvx.command.main import UserError
from rvx.description import DEFAULT_ISA, load_machine
from rvx.model.machine import Machine
from rvx.verify.commit import PeerError
from rvx.verify.instruction.again import again
from rvx.verify.instruction.oracle import ORACLES, oracle_of
from rvx.verify.instruction.pool import Result, Task, default_jobs, verify_all
from rvx.verify.instruction.shipped import Target, targets
from rvx.verify.instruction.show import CaseError, fault_text, parse_case
from rvx.verify.instruction.verifier import Settings

FAULTS = 1


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "verify",
        run,
        "prove instructions by tests derived from their descriptions: every engine against the "
        "reference, the reference against exact arithmetic, encodings there and back; the exit "
        "status is 1 where one fails",
        "rvx verify 'fadd.*' fdiv.s",
    )
    parser.add_argument(
        "mnemonics",
        metavar="MNEMONIC",
        nargs="*",
        help="which, as fadd.* (default: those of the -x files, of --isa, or all that ship)",
    )
    options.add_machine(parser)
    parser.add_argument("--seed", type=int, default=1, help="of random cases (default 1)")
    parser.add_argument(
        "--cases",
        metavar="N",
        type=options.positive,
        help=f"random and special cases of each (default {Settings().cases})",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the cases")
    parser.add_argument(
        "--engine",
        choices=("all", "jit", "reference"),
        default="all",
        help="what is tested; reference: only against exact arithmetic (default all)",
    )
    parser.add_argument(
        "--against",
        choices=ORACLES,
        action="append",
        default=[],
        help="a simulator as another oracle, for what it knows",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=options.positive, help="processes (default: one a processor)"
    )
    parser.add_argument(
        "--case", metavar="TEXT", help="try this one case again, as a counter-example shows it"
    )
    parser.add_argument("--json", action="store_true", help="results as JSON")


def run(given: argparse.Namespace) -> int:
    try:
        for name in given.against:
            oracle_of(name)
    except PeerError as error:
        raise UserError(str(error)) from None
    if given.case is not None:
        return _again(given)
    started = perf_counter()
    tasks = [task for target in _targets(given) for task in _tasks(given, target)]
    if not tasks:
        raise UserError("there is nothing to verify")
    results = list(_shown_progress(verify_all(tasks, given.jobs or default_jobs()), len(tasks)))
    order = {task: i for i, task in enumerate(tasks)}
    results.sort(key=lambda result: order[result.task])
    seconds = perf_counter() - started
    if given.json:
        _print_json(results, seconds)
    else:
        _print(given, results, seconds)
    return FAULTS if any(result.fault for result in results) else 0


# What is verified


def _targets(given: argparse.Namespace) -> list[Target]:
    if given.isa is None and not given.extra and not given.options:
        return _matching(given.mnemonics, targets())
    isa = given.isa or DEFAULT_ISA
    chosen = tuple(sorted(options.options_of(given).items()))
    machine = load_machine(isa, given.extra, dict(chosen))
    mnemonics = list(machine.instructions)
    if not given.mnemonics and given.extra:
        files = {str(path) for path in given.extra}
        mnemonics = [m for m in mnemonics if _file(machine, m) in files]
    return _matching(given.mnemonics, [Target(isa, tuple(mnemonics), chosen)])


def _file(machine: Machine, mnemonic: str) -> str:
    return machine.instructions[mnemonic].source.rsplit(":", 2)[0]


def _matching(patterns: Sequence[str], found: Iterable[Target]) -> list[Target]:
    """The targets with the mnemonics that are asked for."""
    if not patterns:
        return list(found)
    chosen, used = [], set()
    for target in found:
        mnemonics = []
        for mnemonic in target.mnemonics:
            by = [p for p in patterns if fnmatchcase(mnemonic, p)]
            used.update(by)
            if by:
                mnemonics.append(mnemonic)
        chosen.append(replace(target, mnemonics=tuple(mnemonics)))
    for pattern in patterns:
        if pattern not in used:
            raise UserError(f"no instruction '{pattern}'; see: rvx list instructions")
    return chosen


def _tasks(given: argparse.Namespace, target: Target) -> list[Task]:
    settings = _settings(given)
    if not (given.mnemonics or given.isa or given.extra or given.options):
        settings = settings.broad()
    if target.repeats:
        settings = settings.repeated()
    extra = tuple(Path(path) for path in given.extra)
    against = tuple(dict.fromkeys(given.against))
    return [
        Task(mnemonic, target.isa, extra, target.options, settings, against)
        for mnemonic in target.mnemonics
    ]


def _settings(given: argparse.Namespace) -> Settings:
    jit = given.engine != "reference"
    if given.quick:
        return Settings.quick(given.seed, jit)
    return Settings(given.seed, given.cases or Settings().cases, jit=jit)


# One case


def _again(given: argparse.Namespace) -> int:
    machine = options.machine_of(given)
    try:
        case = parse_case(machine, given.case)
    except CaseError as error:
        raise UserError(f"--case: {error}") from None
    oracles = [oracle_of(name) for name in given.against]
    mismatch = again(machine, case, oracles, jit=given.engine != "reference")
    if mismatch is None:
        print("no difference")
        return 0
    print(fault_text(machine, mismatch))
    return FAULTS


# Output


def _shown_progress(results: Iterable[Result], total: int) -> Iterable[Result]:
    faults = 0
    for count, result in enumerate(results, 1):
        faults += result.fault is not None
        if sys.stderr.isatty():
            text = f"{count}/{total}  {result.task.mnemonic}  {faults} faults"
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        yield result
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _print(given: argparse.Namespace, results: Sequence[Result], seconds: float) -> None:
    head = ("instruction", "does", "operands", "words", "cases", "exact", "native", "result")
    rows = [head, *(_row(result) for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if 3 <= i <= 6 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
    faults = [result for result in results if result.fault]
    for result in faults:
        print(f"\n{result.fault}\n  again: {_command(given, result)}")
    cases = sum(result.cases for result in results)
    compared = sum(result.native for result in results)
    print(
        f"\n{len(results)} instructions, {cases} cases on the reference, {compared} natively, "
        f"{len(faults)} faults, {seconds:.0f} s"
    )


def _row(result: Result) -> tuple[str, ...]:
    verdict = "FAULT" if result.fault else "ok"
    if result.not_covered:
        verdict += f"; exact: not covered: {result.not_covered}"
    if not result.native and result.task.settings.jit and not result.fault:
        verdict += "; executed by the reference only"
    numbers = (result.words, result.cases, result.exact, result.native)
    return (
        result.task.mnemonic,
        result.kind,
        result.coverage,
        *map(str, numbers),
        verdict,
    )


def _command(given: argparse.Namespace, result: Result) -> str:
    """What shows the fault again: the case, or where there is none all of the instruction."""
    task = result.task
    words = ["rvx", "verify", "--isa", task.isa]
    for path in task.extra:
        words += ["-x", str(path)]
    for name, choice in task.options:
        words += ["--option", f"{name}={choice}"]
    for name in task.against:
        words += ["--against", name]
    if result.case is not None:
        words += ["--case", result.case]
    else:
        words += ["--seed", str(given.seed), task.mnemonic]
    return shlex.join(words)


def _print_json(results: Sequence[Result], seconds: float) -> None:
    rows: list[dict[str, Any]] = []
    for result in results:
        row = asdict(result)
        task = row.pop("task")
        rows.append({"mnemonic": task["mnemonic"], "isa": task["isa"], **row})
    options.print_json({"seconds": round(seconds, 1), "instructions": rows})
