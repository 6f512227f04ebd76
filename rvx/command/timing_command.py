"""`rvx timing`: why a run takes the cycles that it takes."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import get_terminal_size

from rvx.asm import disassemble
from rvx.command import options, timing_report
from rvx.command.main import UserError
from rvx.command.output import check_writable, write_whole
from rvx.command.program import line_table, load_program
from rvx.explain.diagram import LEGEND, diagram
from rvx.explain.konata import konata
from rvx.explain.recorder import Executed, Recorder
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import RunResult, Simulator

_SHOWN = 40  # instructions of --at, if it does not say


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "timing",
        run,
        "explain a run: stalls by reason, function and source line; a pipeline diagram",
        "rvx timing kernel.elf --core cv32e40p --at main --konata kernel.log",
    )
    parser.add_argument("program", metavar="PROGRAM", type=Path)
    options.add_machine(parser)
    options.add_named_core(parser, "cv32e40p")
    options.add_budget(parser)
    options.add_memory(parser)
    parser.add_argument(
        "--window", metavar="FROM:COUNT", type=_window, help="draw these instructions of the run"
    )
    parser.add_argument(
        "--at",
        metavar="SYMBOL[:COUNT]",
        help=f"draw what follows the first arrival at a symbol or address ({_SHOWN} instructions)",
    )
    parser.add_argument(
        "--konata", metavar="FILE", type=Path, help="write a Kanata log of the window, or of all"
    )
    parser.add_argument("--top", metavar="N", type=options.positive, default=10, help="rows shown")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(given: argparse.Namespace) -> int:
    if given.konata is not None:
        check_writable(given.konata, [given.program, *given.extra])
    simulator = _simulator(given)
    program = load_program(given.program, simulator.machine)
    recorder = Recorder(_alive if sys.stderr.isatty() else None)
    simulator.watcher = recorder
    simulator.load(program)
    _choose_window(given, simulator, recorder)
    result = _watch(given, simulator, recorder)
    lines = line_table(given.program, simulator.machine)
    text_of = _texts(simulator)
    if given.konata is not None:
        write_whole(given.konata, konata(recorder.kept, text_of))
    report = timing_report.Report(str(given.program), simulator, recorder, result, lines)
    if given.json:
        options.print_json(report.as_json(text_of))
        return 0
    report.show(given.top)
    if recorder.kept and (given.window or given.at):
        print(LEGEND)
        width = get_terminal_size((120, 0)).columns
        print(*diagram(recorder.kept, text_of, width), sep="\n")
    return 0


def _simulator(given: argparse.Namespace) -> Simulator:
    """Only the reference tells why; what the program prints would mix with the report."""
    return Simulator(
        isa=given.isa,
        core=given.core,
        extra=given.extra,
        options=options.options_of(given),
        ram=given.ram,
        exit_port=given.exit_port,
        engine="reference",
        stdin=io.BytesIO(),
        stdout=io.BytesIO(),
        stderr=io.BytesIO(),
    )


def _choose_window(given: argparse.Namespace, simulator: Simulator, recorder: Recorder) -> None:
    if given.window is not None and given.at is not None:
        raise UserError("--window and --at: give one of them")
    if given.window is not None:
        recorder.window = given.window
    elif given.at is not None:
        symbol, _, count = given.at.partition(":")
        if not re.fullmatch(r"|[1-9]\d*", count):
            raise UserError(f"--at {given.at}: write SYMBOL or SYMBOL:COUNT")
        try:
            address = int(symbol, 0)
        except ValueError:
            try:
                address = simulator.address_of(symbol)
            except KeyError as error:
                raise UserError(f"--at: {error.args[0]}") from None
        recorder.opens_at = address, int(count or _SHOWN)
    elif given.konata is not None:
        recorder.window = range(sys.maxsize)


def _watch(given: argparse.Namespace, simulator: Simulator, recorder: Recorder) -> RunResult:
    try:
        result = simulator.run(given.max_instructions)
    except UnhandledTrap as trap:
        raise UserError(f"{given.program}: {trap}") from None
    finally:
        recorder.finish()
    if recorder.opens_at is not None:
        raise UserError(f"--at {given.at}: the run never came there")
    if given.window and not recorder.kept:
        raise UserError(f"--window: the run has {recorder.instructions} instructions")
    return result


def _alive(instructions: int) -> None:
    print(f"{instructions} instructions", end="\r", file=sys.stderr)


def _texts(simulator: Simulator) -> Callable[[Executed], str]:
    texts: dict[tuple[int, int], str] = {}

    def text_of(executed: Executed) -> str:
        key = executed.pc, executed.word
        if key not in texts:
            text = disassemble(executed.word, executed.pc, simulator.machine)
            texts[key] = f"{executed.pc:08x} {text}"
        return texts[key]

    return text_of


def _window(text: str) -> range:
    form = re.fullmatch(r"(\d+):([1-9]\d*)", text)
    if form is None:
        raise argparse.ArgumentTypeError(f"{text} is not FROM:COUNT, as 1000:40")
    return range(int(form[1]), int(form[1]) + int(form[2]))
