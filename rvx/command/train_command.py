"""`rvx train`: networks trained on the simulated core."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from itertools import product
from math import frexp
from pathlib import Path

from rich.console import Console

from rvx.c import CompilerError
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import check_directory, check_writable, write_whole
from rvx.command.train_progress import Shown
from rvx.machine.checkpoint import CheckpointError
from rvx.train.checkpoints import Checkpoints
from rvx.train.comparison import compare
from rvx.train.curves import panels
from rvx.train.data import DataSet
from rvx.train.page import page
from rvx.train.program import build_program, machine_of
from rvx.train.result import to_json
from rvx.train.run import Done, Plan, Training
from rvx.train.settings import MASTERS, OPTIMIZERS, SCALINGS, Settings, TrainError
from rvx.train.svg import drawing
from rvx.train.system import SYSTEMS, system_called
from rvx.train.table import render
from rvx.train.workload import BY_NAME as WORKLOADS
from rvx.train.workload import Workload, settings_of

_WIDE = 150  # characters of a table that goes to a file


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "train",
        run,
        "train a network on the simulated core: what a number system does to accuracy and cycles",
        "rvx train --compare fp32,fp16,fp8 --seeds 1,2,3 --page digits.html",
    )
    parser.add_argument("--workload", choices=WORKLOADS, default="mlp", help="default mlp")
    parser.add_argument(
        "--numbers", metavar="SYSTEM", default="fp32", help=f"of {', '.join(SYSTEMS)}"
    )
    parser.add_argument(
        "--compare",
        metavar="SYSTEM,...",
        help="run several, on one page; the first is the baseline",
    )
    parser.add_argument("--core", default="cv32e40p", help="whose timing (default cv32e40p)")
    _add_settings(parser)
    parser.add_argument("--seed", type=options.natural, default=1, help="default 1")
    parser.add_argument("--seeds", metavar="N,...", help="run each; the table has mean and spread")
    parser.add_argument(
        "--target", type=float, metavar="X", help="accuracy from 0 to 1, or loss, to be reached"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write the result as JSON"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw loss and accuracy: a .svg, or a .png"
    )
    parser.add_argument("--page", metavar="FILE.html", type=Path, help="table and drawing as HTML")
    parser.add_argument(
        "--dump-weights",
        metavar="FILE",
        type=Path,
        help="write the parameters as they end (one run)",
    )
    parser.add_argument(
        "--checkpoint",
        metavar="DIR",
        type=Path,
        help="keep the machine's state there, and go on from it when the same run starts again",
    )
    parser.add_argument(
        "--checkpoint-every", metavar="SECONDS", type=_positive_real, default=5.0, help="default 5"
    )
    parser.add_argument(
        "--elf", metavar="FILE", type=Path, help="write the program and run nothing (one run)"
    )
    parser.add_argument(
        "--bare", action="store_true", help="with --elf: for the bare machine, as Spike runs it"
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--epochs", type=options.positive, help="default: the workload's")
    parser.add_argument("--batch", type=options.positive, help="samples a step")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, help="default: the workload's")
    parser.add_argument("--rate", type=_positive_real, help="the learning rate")
    parser.add_argument("--momentum", type=_share, default=0.9, help="b1 of Adam; default 0.9")
    parser.add_argument("--decay", type=_share, default=0.0, help="of weights, in SGD; default 0")
    parser.add_argument(
        "--loss-scale", metavar="2^N", type=_loss_scale, help="a power of two, or dynamic"
    )
    parser.add_argument(
        "--scaling",
        choices=SCALINGS,
        default="none",
        help="tensor: scale operands of products by powers of two, tensor by tensor",
    )
    parser.add_argument(
        "--master",
        choices=MASTERS,
        default="real",
        help="weights for the optimizer in the system's computing precision (real, the default), "
        "or as products store them (none)",
    )
    parser.add_argument(
        "--stochastic", action="store_true", help="round sums of products stochastically (Xsr)"
    )


def run(given: argparse.Namespace) -> int:
    try:
        return _run(given)
    except (TrainError, CheckpointError) as error:
        raise UserError(str(error)) from None
    except CompilerError as error:
        from rvx.command.cc_command import shown  # one command loads no other

        raise shown(error) from None


def _run(given: argparse.Namespace) -> int:
    workload = WORKLOADS[given.workload]
    plans = _plans(given, workload)
    _check_outputs(given, plans)
    data = workload.data()
    for plan in plans:
        _check_batch(plan, data)
    if given.elf is not None:
        return _write_elf(given, plans[0], data)
    target = workload.target if given.target is None else given.target
    runs = [_train(plan, data, given, len(plans)) for plan in plans]
    _report(given, runs, target)
    return 0


def _plans(given: argparse.Namespace, workload: Workload) -> list[Plan]:
    systems = [system_called(name) for name in (given.compare or given.numbers).split(",")]
    seeds = [_seed(str(given.seed))]
    if given.seeds is not None:
        seeds = [_seed(text) for text in given.seeds.split(",")]
    settings = _settings(given, workload)
    plans = [
        Plan(workload, system, given.core, settings.with_seed(seed))
        for system, seed in product(systems, seeds)
    ]
    if given.stochastic:
        for system in systems:
            if 6 not in machine_of(system).roundings:
                raise TrainError(f"--stochastic: {system.name} has no stochastic rounding of sums")
    return plans


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise TrainError(f"--seeds: '{text}' is no seed; give numbers, as 1,2,3")
    if int(text) >> 32:
        raise TrainError(f"{text} is no seed: it has more than 32 bits")
    return int(text)


def _settings(given: argparse.Namespace, workload: Workload) -> Settings:
    """The workload's, but for what is given."""
    scale, dynamic = given.loss_scale or (workload.loss_scale, False)
    return replace(
        settings_of(workload),
        epochs=given.epochs or workload.epochs,
        batch=given.batch or workload.batch,
        optimizer=given.optimizer or workload.optimizer,
        rate=given.rate or workload.rate,
        momentum=given.momentum,
        decay=given.decay,
        master=given.master,
        scaling=given.scaling,
        stochastic=given.stochastic,
        loss_scale=scale,
        dynamic=dynamic,
    )


def _check_batch(plan: Plan, data: DataSet) -> None:
    most = min(data.train, plan.workload.most_batch)
    if plan.settings.batch > most:
        raise TrainError(
            f"--batch {plan.settings.batch}: {plan.workload.name} takes {most} at most"
        )


def _check_outputs(given: argparse.Namespace, plans: list[Plan]) -> None:
    for path in filter(None, (given.output, given.page, given.dump_weights, given.elf, given.plot)):
        check_writable(path)
    if given.checkpoint is not None:
        check_directory(given.checkpoint)
    for option, path in (("--dump-weights", given.dump_weights), ("--elf", given.elf)):
        if path is not None and len(plans) > 1:
            raise TrainError(f"{option}: is for one run; give one system and one seed")
    if given.plot is not None and given.plot.suffix not in (".svg", ".png"):
        raise UserError(f"{given.plot}: a drawing's name ends in .svg or .png")
    if given.plot is not None and given.plot.suffix == ".png":
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            raise UserError(
                f"{given.plot}: a .png is drawn by matplotlib, which is not installed; "
                "pip install 'rvx[train]', or name a .svg"
            ) from None


def _write_elf(given: argparse.Namespace, plan: Plan, data: DataSet) -> int:
    machine = machine_of(plan.system)
    elf = build_program(machine, plan.system, plan.workload, plan.settings, data, htif=given.bare)
    write_whole(given.elf, elf)
    given.elf.chmod(given.elf.stat().st_mode | 0o111)
    return 0


def _train(plan: Plan, data: DataSet, given: argparse.Namespace, runs: int) -> Done:
    checkpoints = None
    if given.checkpoint is not None:
        settings = plan.settings
        name = f"{plan.workload.name}-{plan.system.name}-{settings.seed}"
        checkpoints = Checkpoints(given.checkpoint / name, given.checkpoint_every)
    with Shown(plan, is_quiet=given.json, is_short=runs > 1) as shown:
        training = Training(plan, data, checkpoints=checkpoints, watcher=shown)
        return shown.finished(training.run())


def _report(given: argparse.Namespace, runs: list[Done], target: float) -> None:
    plan = runs[0].plan
    text = json.dumps(to_json(runs, target), indent=2) + "\n"
    if given.json:
        print(text, end="")
    elif len(runs) > 1 or given.compare:
        rows = compare(runs, target)
        console = Console() if Console().is_terminal else Console(width=_WIDE)
        console.print(render(rows, plan.workload, plan.core, target))
    if given.output is not None:
        write_whole(given.output, text)
    if given.page is not None:
        write_whole(given.page, page(runs, target))
    if given.plot is not None:
        if given.plot.suffix == ".svg":
            write_whole(given.plot, drawing(panels(runs)))
        else:
            from rvx.train.png import picture

            write_whole(given.plot, picture(panels(runs)))
    if given.dump_weights is not None:
        write_whole(given.dump_weights, runs[0].weights)


def _loss_scale(text: str) -> tuple[int, bool]:
    """log2 of it, and whether it follows the gradients."""
    if text == "dynamic":
        return 10, True
    try:
        significand, exponent = frexp(float(text))
    except ValueError:
        significand, exponent = 0.0, 0
    if significand != 0.5 or not -20 <= exponent - 1 <= 24:
        raise argparse.ArgumentTypeError(f"{text} is neither a power of two up to 2^24 nor dynamic")
    return exponent - 1, False


def _positive_real(text: str) -> float:
    value = float(text)
    if not 1e-9 <= value <= 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not from 1e-9 to 1e9")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to below 1")
    return value
