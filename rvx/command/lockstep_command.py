"""`rvx lockstep`: rvx and another simulator side by side."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

from rvx.command import options
from rvx.command.main import UserError
from rvx.command.output import write_whole
from rvx.command.program import load_program
from rvx.machine.program import Program
from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.commit import PeerError
from rvx.verify.generator import generate
from rvx.verify.layout import lay_out
from rvx.verify.listing import listing
from rvx.verify.lockstep import Agreement, Lockstep, Mismatch
from rvx.verify.node import Source
from rvx.verify.peers import PEERS, peer_of, same_signature
from rvx.verify.random_program import shape_for

DIFFERENT = 1


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "lockstep",
        run,
        "run a program, or random ones, on rvx and on another simulator, and compare what every "
        "instruction does; the exit status is 1 at the first difference",
        "rvx lockstep prog.elf --against spike --isa rv32imfc",
    )
    parser.add_argument("program", metavar="PROGRAM", type=Path, nargs="?")
    options.add_machine(parser)
    parser.add_argument("--against", choices=PEERS, default="spike", help="the other simulator")
    parser.add_argument(
        "--random", metavar="N", type=options.positive, help="N random programs in place of one"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first of them (default 1)")
    parser.add_argument(
        "--size", type=options.positive, default=400, help="instructions of each (default 400)"
    )
    parser.add_argument(
        "--steps", type=options.positive, default=20_000, help="executed by each, about"
    )
    parser.add_argument(
        "--at-end",
        action="store_true",
        help="run random programs at full speed, compare all registers and memory at their ends",
    )
    parser.add_argument("--keep", metavar="FILE.S", type=Path, help="write the last random program")
    parser.add_argument("--max-instructions", metavar="N", type=options.positive)


def run(given: argparse.Namespace) -> int:
    if (given.program is None) == (given.random is None):
        raise UserError("give a program, or --random N for random ones")
    if given.at_end and (given.random is None or given.against != "spike"):
        raise UserError("--at-end is for --random and Spike")
    started = perf_counter()
    total = Agreement()
    try:
        if given.program is not None:
            _one(given, total)
        else:
            _many(given, total)
    except Mismatch as mismatch:
        print(mismatch)
        return DIFFERENT
    except PeerError as error:
        raise UserError(str(error)) from None
    seconds = perf_counter() - started
    print(f"{total.instructions} instructions like {given.against}'s, {seconds:.1f} s")
    for why, count in total.deviations.items():
        print(f"  {count} times it may differ: {why}")
    return 0


def _one(given: argparse.Namespace, total: Agreement) -> None:
    """The user's program."""
    simulator = _simulator(given, ram=None, engine="reference")
    program = load_program(given.program, simulator.machine)
    simulator.load(program)
    _together(given, simulator, program, given.max_instructions, total)


def _many(given: argparse.Namespace, total: Agreement) -> None:
    """Random programs, a seed each."""
    engine = "jit" if given.at_end else "reference"
    simulator = _simulator(given, ram=place.RAM, engine=engine)
    shape = shape_for(simulator.machine, given.against, given.size, given.steps)
    for seed in range(given.seed, given.seed + given.random):
        if sys.stderr.isatty():
            print(f"seed {seed}, {total.instructions}", end="\r", file=sys.stderr)
        source = generate(simulator.machine, seed, shape)
        image = lay_out(simulator.machine, source)
        program = image.program(simulator.machine)
        if given.keep is not None:
            text = listing(simulator.machine, image, f"rvx lockstep --random 1 --seed {seed}")
            write_whole(given.keep, text)
        try:
            _compare(given, simulator, program, source, total)
        except Mismatch as mismatch:
            raise Mismatch(f"seed {seed}, {simulator.machine.isa}, {mismatch}") from None


def _compare(
    given: argparse.Namespace,
    simulator: Simulator,
    program: Program,
    source: Source,
    total: Agreement,
) -> None:
    if given.at_end:
        instructions, same = same_signature(simulator, program, source.steps)
        total.instructions += instructions
        if same:
            return
        simulator = _simulator(given, ram=place.RAM, engine="reference")
    simulator.load(program)
    _together(given, simulator, program, source.steps, total)
    if given.at_end:
        raise Mismatch("the ends differ, but no instruction by the reference: the JIT is at fault")


def _together(
    given: argparse.Namespace,
    simulator: Simulator,
    program: Program,
    limit: int | None,
    total: Agreement,
) -> None:
    """Instruction by instruction."""
    with peer_of(given.against, simulator, program) as peer:
        lockstep = Lockstep(simulator, peer)
        agreement = lockstep.run(limit)
    total.instructions += agreement.instructions
    total.status = agreement.status
    total.deviations.update(agreement.deviations)


def _simulator(given: argparse.Namespace, ram: range | None, engine: str) -> Simulator:
    return Simulator(
        isa=given.isa,
        extra=given.extra,
        options=options.options_of(given),
        timing=False,
        ram=ram,
        engine="jit" if engine == "jit" else "reference",
    )
