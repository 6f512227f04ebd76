"""`rvx run`: execute a program, with cycles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import check_writable, write_whole
from rvx.command.program import load_program
from rvx.machine.report import UnhandledTrap
from rvx.machine.signature import signature
from rvx.machine.simulator import DEFAULT_CORE, RunResult, Simulator

BUDGET_USED, UNUSABLE, UNHANDLED = 124, 125, 126


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "run",
        run,
        "run an ELF file, or C and assembly sources; arguments of the program follow --; "
        "the exit status is the guest's "
        "(124 budget used up, 125 unusable input, 126 a trap nobody handles)",
        "rvx run kernel.S --isa rv32imf_xdotp --core cv32e40p",
    )
    parser.set_defaults(unusable=UNUSABLE, late_files="more")
    parser.add_argument("program", metavar="PROGRAM", type=Path)
    parser.add_argument(
        "more", metavar="SOURCE", type=Path, nargs="*", default=[], help="sources beside it"
    )
    options.add_machine(parser)
    options.add_core(parser, DEFAULT_CORE)
    options.add_memory(parser)
    parser.add_argument(
        "--root", metavar="DIR", type=Path, help="the directory that the program sees as /"
    )
    parser.add_argument(
        "--env",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a variable of the program's environment, which is empty otherwise (repeatable)",
    )
    options.add_compiler(parser)
    parser.add_argument(
        "--stamps", metavar="FILE", type=Path, help="write pc and cycle of each instruction"
    )
    parser.add_argument(
        "--signature", metavar="FILE", type=Path, help="write begin_signature to end_signature"
    )
    parser.add_argument("--trace", action="store_true", help="print each instruction on stderr")
    parser.add_argument("--stats", action="store_true", help="also the speed of the simulation")
    parser.add_argument("-q", "--quiet", action="store_true", help="no statistics on stderr")


def run(given: argparse.Namespace) -> int:
    simulator = _simulator(given)
    program = load_program(given.program, simulator.machine, given.more, compiler=given.compiler)
    simulator.load(program)
    for output in filter(None, (given.stamps, given.signature)):
        check_writable(output, [given.program, *given.more, *given.extra])
    if given.signature:
        signature(simulator.memory, program)  # raises now rather than after the run
    stamps: list[str] = []
    if given.stamps:
        simulator.on_stamp = lambda pc, cycle: stamps.append(f"{pc:08x} {cycle}\n")
    if given.trace:
        simulator.on_retire = _tracer(simulator)
    started = perf_counter()
    try:
        result = simulator.run(given.max_instructions)
    except UnhandledTrap as trap:
        raise UserError(str(trap), UNHANDLED) from None
    seconds = perf_counter() - started
    if given.stamps:
        write_whole(given.stamps, "".join(stamps))
    if given.signature:
        write_whole(given.signature, signature(simulator.memory, program))
    if not given.quiet:
        _statistics(simulator, result, seconds if given.stats else None)
    if result.status is None:
        raise UserError(
            f"the budget of {given.max_instructions} instructions is used up; "
            f"pc is {simulator.hart.pc:#010x}",
            BUDGET_USED,
        )
    return result.status


def _simulator(given: argparse.Namespace) -> Simulator:
    return Simulator(
        isa=given.isa,
        core=given.core,
        extra=given.extra,
        options=options.options_of(given),
        timing=given.timing == "on",
        ram=given.ram,
        exit_port=given.exit_port,
        engine=given.engine,
        arguments=given.behind,
        environment=dict(_variable(text) for text in given.env),
        root=given.root,
    )


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UserError(f"--env {text}: write NAME=VALUE")
    return name, value


def _tracer(simulator: Simulator) -> Callable[[int, int], None]:
    from rvx.asm import disassemble

    def trace(pc: int, cycle: int) -> None:
        word = simulator.hart.fetch_word(pc)
        text = disassemble(word, pc, simulator.machine)
        print(f"{cycle:10d} {pc:08x} {word:08x} {text}", file=sys.stderr)

    return trace


def _statistics(simulator: Simulator, result: RunResult, seconds: float | None) -> None:
    timing = f"on {simulator.core}" if simulator.timing else "with timing off"
    print(f"rvx: {result.instret} instructions, {result.cycles} cycles {timing}", file=sys.stderr)
    named = {"rvx_begin to rvx_end": simulator.kernel, **simulator.regions}
    for name, interval in named.items():
        if interval.passages:
            print(
                f"rvx: {name}: {interval.instret} instructions, {interval.cycles} cycles"
                + (f" in {interval.passages} passages" if interval.passages > 1 else ""),
                file=sys.stderr,
            )
    if seconds is not None:
        print(f"rvx: {seconds:.3f} s, {_speed(simulator, result, seconds)}", file=sys.stderr)


def _speed(simulator: Simulator, result: RunResult, seconds: float) -> str:
    mips = f"{result.instret / seconds / 1e6:.3f} MIPS"
    native = simulator.native
    if native is None:
        return f"{mips} by the reference"
    share = 100 * native.instret / max(result.instret, 1)
    return f"{mips}, {share:.2f} % natively, {native.translation:.3f} s of translation"
