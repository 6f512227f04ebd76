"""The other simulators, by name; and what is compared with them at the end of a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rvx.machine.program import Program
from rvx.machine.simulator import Simulator
from rvx.verify import place
from rvx.verify.commit import Peer
from rvx.verify.spike import Spike
from rvx.verify.unicorn import UnicornHart

PEERS = ("spike", "unicorn")
_PATIENCE = 10


@contextmanager
def peer_of(name: str, simulator: Simulator, program: Program) -> Iterator[Peer]:
    """The program on the simulator of that name, at its entry. Raises PeerError."""
    ram = [range(region.base, region.end) for region in simulator.memory.regions]
    if name == "spike":
        with Spike(simulator.machine, ram).start(program) as log:
            yield log
    else:
        yield UnicornHart(simulator.hart, ram, program)


def same_signature(simulator: Simulator, program: Program, steps: int) -> tuple[int, bool]:
    """Run a random program to its end on rvx and on Spike: instructions, and whether the memory
    that it leaves is the same. Raises PeerError."""
    simulator.load(program)
    result = simulator.run(_PATIENCE * steps)  # some take longer than they were made for
    start = program.symbols["begin_signature"].address
    ours = simulator.memory.read(start, len(place.SIGNATURE))
    theirs = Spike(simulator.machine, [place.RAM]).signature(program)
    return result.instret, result.status == 0 and ours == theirs
