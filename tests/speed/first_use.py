"""`python -m tests.speed.first_use [-O0] [GUEST ...]`: what it costs to run something once.

Guests of about a million instructions, by `rvx run` with an empty code cache and with a warm one,
in multiples of what Python takes to import LLVM's binding and the reader of ELF files. Processes
alternate; a ratio is the median of the rounds', of wall time and of CPU time.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from .guests import GUESTS, Builder, Guest

ROUNDS = 5
INSTRUCTIONS = 1_000_000
YARDSTICK = [sys.executable, "-c", "import llvmlite.binding, elftools.elf.elffile"]


def run(command: list[str], cache: Path) -> tuple[float, float, str]:
    """Wall and CPU seconds of a process, and what it said on stderr."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        env={**os.environ, "RVX_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stderr


def command(builder: Builder, guest: Guest, repeat: int) -> list[str]:
    program = builder.guest(guest, repeat)
    return [sys.executable, "-m", "rvx", "run", str(program), "--isa", guest.isa]


def sized(builder: Builder, guest: Guest, cache: Path) -> tuple[list[str], int]:
    """The command that runs about so many instructions, and how many they are."""
    counts = []
    for repeat in (1, 2):
        said = run(command(builder, guest, repeat), cache)[2]
        found = re.search(r"rvx: (\d+) instructions", said)
        assert found is not None, said
        counts.append(int(found[1]))
    once, twice = counts
    repeat = max(1, round((INSTRUCTIONS - once) / (twice - once)) + 1)
    return command(builder, guest, repeat), once + (repeat - 1) * (twice - once)


def main() -> int:
    level = "-O0" if "-O0" in sys.argv else "-O2"
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    guests = [guest for guest in GUESTS if guest.name in names or (guest.is_plain and not names)]
    with tempfile.TemporaryDirectory(prefix="rvx-first-", ignore_cleanup_errors=True) as folder:
        cache, builder = Path(folder) / "cache", Builder(Path(folder), level=level)
        for guest in guests:
            once, instructions = sized(builder, guest, cache)
            rounds = []
            for _ in range(ROUNDS):
                yardstick = run(YARDSTICK, cache)
                shutil.rmtree(cache / "objects", ignore_errors=True)
                rounds.append((yardstick, run(once, cache), run(once, cache)))
            wall, cpu = (
                [median(each[place][kind] / each[0][kind] for each in rounds) for place in (1, 2)]
                for kind in (0, 1)
            )
            print(
                f"{guest.name:12s} {instructions:9d} instructions   "
                f"cold {wall[0]:.2f} (CPU {cpu[0]:.2f})   warm {wall[1]:.2f} (CPU {cpu[1]:.2f})",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
