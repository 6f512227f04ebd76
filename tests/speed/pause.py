"""`python -m tests.speed.pause`: how long guests with much hot code stand still for translation.

Three programs of 20,000 distinct instructions, all of them hot: in loops of 40, in one loop, and in
200 functions of 100. A thread looks every few milliseconds whether instructions have retired: the
longest time without is the pause. A fourth program has more than 10,000 regions: how much more
memory the process has at any time after its 5,000th than then.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rvx.asm import assemble, elf_image, link
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator

INSTRUCTIONS = 20_000
ROUNDS = 300  # of each loop
LOOK = 0.002  # seconds
REGIONS = 11_000
FEW = 5000  # of them


def loops() -> Iterator[str]:
    """Straight loops, one after the other."""
    for start in range(0, INSTRUCTIONS, 40):
        yield f"li s0, {ROUNDS}\n1:"
        yield from _work(start, 38)
        yield "addi s0, s0, -1\nbnez s0, 1b"


def one_loop() -> Iterator[str]:
    """One loop around everything."""
    yield f"li s0, {ROUNDS}\nloop:"
    yield from _work(0, INSTRUCTIONS)
    yield "addi s0, s0, -1\nbeqz s0, over\nj loop\nover:"


def functions() -> Iterator[str]:
    """A loop that calls many functions."""
    count = INSTRUCTIONS // 100
    yield f"li s0, {ROUNDS}\nloop:"
    yield from (f"call f{number}" for number in range(count))
    yield "addi s0, s0, -1\nbnez s0, loop\nj over"
    for number in range(count):
        yield f"f{number}:"
        yield from _work(100 * number, 99)
        yield "ret"
    yield "over:"


def regions() -> Iterator[str]:
    """As many small functions, called through a pointer, so that each is a region."""
    yield f"li s0, 4\nouter: la t0, f0\n li s1, {REGIONS}\nloop: jalr t0\n addi t0, t0, 8"
    yield "addi s1, s1, -1\nbnez s1, loop\naddi s0, s0, -1\nbnez s0, outer\nj over\nf0:"
    yield from (f"addi a0, a0, {number % 2000}\nret" for number in range(REGIONS))
    yield "over:"


PROGRAMS = (loops, one_loop, functions)


def _work(start: int, count: int) -> Iterator[str]:
    """Instructions of which no two are equal."""
    for number in range(start, start + count):
        register, other = 10 + number % 8, 10 + number // 8 % 8
        match number % 4:
            case 0:
                yield f"addi a{register - 10}, a{other - 10}, {number % 2047}"
            case 1:
                yield f"lw a{register - 10}, {4 * (number % 500)}(sp)"
            case 2:
                yield f"xor a{register - 10}, a{other - 10}, a{number // 64 % 8}"
            case _:
                yield f"sw a{register - 10}, {4 * (number % 500)}(sp)"


def simulator(lines: Iterator[str], core: str) -> Simulator:
    """The program, loaded."""
    source = "_start: la sp, data\n" + "\n".join(lines)
    source += "\nli a0, 0\nli a7, 93\necall\n.data\n.balign 4\ndata: .zero 4096\n"
    made = Simulator(isa="rv32imc_zicsr", core=core)
    executable = link([assemble(source, made.machine, file="pause.S")])
    made.load(read_elf(elf_image(executable), name="pause.elf", xlen=32))
    return made


def watched(made: Simulator, look: Callable[[], None] = lambda: None) -> tuple[float, float, float]:
    """Run to the end: the longest time in which nothing retired, and what the guest's thread
    has used of it, whatever else the machine does; and all of the time (s)."""
    longest, used, done = 0.0, 0.0, threading.Event()
    clock = time.pthread_getcpuclockid(threading.get_ident())

    def watch() -> None:
        nonlocal longest, used
        last, since, spent = -1, time.perf_counter(), time.clock_gettime(clock)
        while not done.wait(LOOK):
            retired = _retired(made)
            if retired != last:
                last, since, spent = retired, time.perf_counter(), time.clock_gettime(clock)
            else:
                longest = max(longest, time.perf_counter() - since)
                used = max(used, time.clock_gettime(clock) - spent)
            look()

    thread = threading.Thread(target=watch)
    thread.start()
    started = time.perf_counter()
    try:
        made.run()
    finally:
        seconds = time.perf_counter() - started
        done.set()
        thread.join()
    return longest, used, seconds


def _retired(made: Simulator) -> int:
    """By the reference and, so far, by native code."""
    engine = made._jit  # type: ignore[attr-defined]
    native = engine.__dict__.get("_native")
    return made.instret + (native._context["instret"] if native else 0)


def _resident() -> float:
    """MB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> int:
    """Measure with a code cache of its own: what is in one is not translated."""
    with TemporaryDirectory() as folder:
        os.environ["RVX_CACHE_DIR"] = folder
        return measure()


def measure() -> int:
    core = sys.argv[1] if len(sys.argv) > 1 else "cv32e40p"
    for program in PROGRAMS:
        made = simulator(program(), core)
        longest, used, seconds = watched(made)
        print(
            f"{program.__name__:10s} {made.instret} instructions in {seconds:.2f} s, "
            f"longest pause {1000 * longest:.0f} ms ({1000 * used:.0f} ms of CPU time)",
            flush=True,
        )
    made, sizes = simulator(regions(), core), list[float]()

    def look() -> None:
        if made.native and made.native.translated >= FEW:
            sizes.append(_resident())

    sys.setswitchinterval(LOOK / 10)  # so that it does not come too late
    watched(made, look)
    print(f"regions    {made.native.translated if made.native else 0}", end=", ")
    print(f"{max(sizes) - sizes[0]:.1f} MB from the {FEW:,}th to the end, at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
