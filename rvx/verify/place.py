"""Where things lie in a random program, and which integer registers have a duty."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

BASE = 0x8000_0000
RAM = range(BASE, BASE + (1 << 20))
PAGE = 0x1000
NOWHERE = 0x4000_0000  # no memory for a long way around

# Offsets in the data, which begins on a page behind the code.
TOHOST = 0x0040
AREA = 0x1000  # loads and stores go here
AREA_BYTES = 0x1000
SLACK = 0x40  # behind the area, for the widest access at its end
LOG = 0x2800  # of traps: a ring, whose index bit the mask below clears
LOG_BYTES = 0x400
LOG_ENTRY = 16
RECOVERY = 0x2C00  # where to go on after a jump to nowhere
SEEDS = 0x3000
REGISTERS = 0x4000  # stored at the end
TABLES = 0x5000
SIGNATURE = range(AREA, TABLES)  # what is compared with other simulators


@dataclass(frozen=True)
class Duties:
    """Integer registers that the program's frame needs; random instructions only read them."""

    base: int  # points to the middle of the area
    stack: int  # so does this
    log: int
    scratch: tuple[int, int]  # of short sequences that belong together
    handler: tuple[int, int]  # the trap handler's own
    links: tuple[int, int]
    counters: tuple[int, ...]  # of loops, from the outermost

    @property
    def kept(self) -> frozenset[int]:
        """What random code never writes."""
        return frozenset(
            (self.base, self.stack, self.log, *self.scratch, *self.handler, *self.counters)
        )


def duties(random: Random) -> Duties:
    """A choice of registers. The links are those of the calling convention, the stack is x2 and
    the base one that short forms reach."""
    base = random.randint(8, 15)
    free = [n for n in range(3, 32) if n not in (5, base)]
    log, *others = random.sample(free, 9)
    scratch, handler, counters = others[:2], others[2:4], others[4:]
    return Duties(
        base, 2, log, (scratch[0], scratch[1]), (handler[0], handler[1]), (1, 5), tuple(counters)
    )
