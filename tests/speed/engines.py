"""What the benchmark runs guests on. Each run is a process of its own, its CPU time the operating
system's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Timer

from .guests import Builder, Guest

_ENDLESS = 1 << 30  # repetitions
_LONGEST = 600.0  # seconds, then a run is given up
_SPIKE_WHEEL = Path(sysconfig.get_path("purelib")) / "riscv/data/bin/spike"


@dataclass(frozen=True)
class Run:
    """What a process did, with the CPU time of all its threads."""

    seconds: float
    wall: float
    status: int
    output: str
    errors: str


Command = Callable[[Builder, Guest, int], list[str | Path]]


@dataclass(frozen=True)
class Engine:
    """`command` makes the arguments of a process that runs a guest so many times; `missing` says
    why there is none. `inside`, where given, measures from inside, so many seconds with so many
    of patience: the CPU seconds of a million instructions. `runs_all` where the guests' own
    instructions are known."""

    name: str
    command: Command
    missing: Callable[[Builder], str | None]
    inside: Callable[[Builder, Guest, float, float], float] | None = None
    runs_all: bool = False

    def runs(self, guest: Guest) -> bool:
        return self.runs_all or guest.is_plain

    def run(self, builder: Builder, guest: Guest, repeat: int, **environment: str) -> Run:
        """Raises RunError where the guest did not come to its end."""
        run = _timed(self.command(builder, guest, repeat), environment)
        if re.fullmatch(r"[0-9a-f]{8}\n", run.output) is None:
            raise RunError(f"no checksum but {run.output!r}; {run.errors.strip()[-800:]}")
        return run


class RunError(Exception):
    """A process did not do what it was to do."""


def _timed(command: list[str | Path], environment: dict[str, str]) -> Run:
    """Run to the end. Raises RunError where it takes too long or is killed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)),
            stdout=output,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        timer = Timer(_LONGEST, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    if process.returncode < 0:
        raise RunError(f"{command[0]} was ended by signal {-process.returncode}: {texts[1][-500:]}")
    seconds = usage.ru_utime + usage.ru_stime
    return Run(seconds, wall, process.returncode, *texts)


def _rvx(core: str) -> Command:
    def command(builder: Builder, guest: Guest, repeat: int) -> list[str | Path]:
        options = ["--isa", guest.isa, "--core", core, "--stats"]
        return [sys.executable, "-m", "rvx", "run", builder.guest(guest, repeat), *options]

    return command


def _rvx_inside(core: str) -> Callable[[Builder, Guest, float, float], float]:
    def cost(builder: Builder, guest: Guest, seconds: float, patience: float) -> float:
        script = Path(__file__).with_name("rvx_guest.py")
        program = builder.guest(guest, _ENDLESS)
        given = map(str, (guest.isa, core, seconds, patience))
        run = _timed([sys.executable, script, program, *given], {})
        if run.status:
            raise RunError(f"rvx ended with {run.status}: {run.errors.strip()[-800:]}")
        return float(run.output)

    return cost


def _qemu(builder: Builder, guest: Guest, repeat: int) -> list[str | Path]:
    return ["qemu-riscv32", builder.guest(guest, repeat)]


def _unicorn(builder: Builder, guest: Guest, repeat: int) -> list[str | Path]:
    script = Path(__file__).with_name("unicorn_guest.py")
    return [sys.executable, script, builder.guest(guest, repeat)]


def _spike(builder: Builder, guest: Guest, repeat: int) -> list[str | Path]:
    program = builder.guest(guest, repeat, bare=True)
    machine = ["--isa=rv32imf_zicsr", "--priv=m", "-m0x80000000:0x1000000"]
    return [_spike_path() or "spike", *machine, program]


def _spike_path() -> str | None:
    return str(_SPIKE_WHEEL) if _SPIKE_WHEEL.exists() else shutil.which("spike")


def _native(builder: Builder, guest: Guest, repeat: int) -> list[str | Path]:
    return [builder.native(guest, repeat)]


def _spike_missing(_: Builder) -> str | None:
    if _spike_path() is None:
        return "no spike: pip install --pre spike, or build it"
    return None if shutil.which("dtc") else "spike needs dtc: apt-get install device-tree-compiler"


RVX = "rvx"  # on the core with hazards and data-dependent latencies
SINGLE = "rvx single"
QEMU, UNICORN, SPIKE, NATIVE = "qemu", "unicorn", "Spike", "native"


def _rvx_on(name: str, core: str) -> Engine:
    return Engine(name, _rvx(core), lambda _: None, inside=_rvx_inside(core), runs_all=True)


ENGINES = (
    _rvx_on(RVX, "cv32e40p"),
    _rvx_on(SINGLE, "single"),
    Engine(
        QEMU,
        _qemu,
        lambda _: (
            None if shutil.which("qemu-riscv32") else "no qemu-riscv32: apt-get install qemu-user"
        ),
    ),
    Engine(
        UNICORN,
        _unicorn,
        lambda _: None if find_spec("unicorn") else "no unicorn: pip install unicorn",
    ),
    Engine(SPIKE, _spike, _spike_missing),
    Engine(
        NATIVE,
        _native,
        lambda builder: None if builder.native_compiler else "no C compiler: apt-get install gcc",
    ),
)
