"""Spike, the RISC-V ISA simulator of the foundation, as a stream of commits.

The wheel `spike` on PyPI carries the binary (`pip install --pre spike`); one in PATH does as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from rvx.machine.hart import Hart
from rvx.machine.program import Program
from rvx.model.machine import Machine
from rvx.verify.commit import Commit, PeerError
from rvx.verify.deviation import SPIKE_RESET
from rvx.verify.device_tree import bare_hart
from rvx.verify.elf_file import elf_file

_ROM = range(0x1000, 0x2000)  # where Spike's own start code is
_PATIENCE = 60  # seconds for one program; Spike's own limit of instructions stops too early
_NO_CSRS: dict[int, int] = {}


def spike_binary() -> Path:
    """Of the wheel, or in PATH. Raises PeerError."""
    spec = find_spec("riscv")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "data" / "bin" / "spike"
        if binary.exists():
            return binary
    found = shutil.which("spike")
    if found is None:
        raise PeerError("Spike is not installed: pip install --pre spike")
    return Path(found)


def spike_isa(machine: Machine) -> str:
    """The machine's ISA string as far as Spike knows extensions: no X ones, none of S and M
    levels, which Spike has by itself, and the counters, which rvx always has."""
    base, *others = machine.isa.split("_")
    kept = [name for name in others if name.startswith("z") and name not in ("zcf", "zcd")]
    return "_".join([base, *kept, *({"zicclsm", "zicntr", "zihpm"} - set(kept))])


class Spike:
    """Runs one program."""

    def __init__(self, machine: Machine, ram: Sequence[range]) -> None:
        self._binary, self._isa, self._ram = spike_binary(), spike_isa(machine), ram
        self._modes = "mu" if "mpp" in machine.states else "m"

    @contextmanager
    def start(self, program: Program) -> Iterator[SpikeLog]:
        """Its commits, those of its start code first. Raises PeerError where Spike refuses."""
        with tempfile.TemporaryDirectory(prefix="rvx-spike-") as folder:
            read, write = os.pipe()
            command = self._command(program, Path(folder))
            command.insert(1, f"--log=/dev/fd/{write}")
            command.insert(1, "--log-commits")
            process = subprocess.Popen(
                command,
                pass_fds=(write,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            os.close(write)
            try:
                with os.fdopen(read, "r", buffering=1 << 20) as log:
                    yield SpikeLog(self._parsed(log, process))
            finally:
                process.kill()
                process.communicate()

    def signature(self, program: Program) -> bytes:
        """Run to the end; what lies between begin_signature and end_signature then. Raises
        PeerError."""
        with tempfile.TemporaryDirectory(prefix="rvx-spike-") as name:
            folder = Path(name)
            command = self._command(program, folder)
            target = folder / "signature"
            command[-1:] = [f"+signature={target}", "+signature-granularity=4", command[-1]]
            try:
                done = subprocess.run(
                    command,
                    capture_output=True,
                    text=True,
                    stdin=subprocess.DEVNULL,
                    timeout=_PATIENCE,
                )
            except subprocess.TimeoutExpired:
                raise PeerError(f"Spike has not ended after {_PATIENCE} seconds") from None
            if not target.exists():
                raise PeerError(f"Spike ended with {done.returncode}: {done.stderr.strip()}")
            words = target.read_text(encoding="utf-8").split()
            return b"".join(int(word, 16).to_bytes(4, "little") for word in words)

    def _command(self, program: Program, folder: Path) -> list[str]:
        elf, tree = folder / "program.elf", folder / "tree.dtb"
        elf.write_bytes(elf_file(program))
        tree.write_bytes(bare_hart(self._isa, self._ram[0]))
        memory = ",".join(f"{r.start:#x}:{len(r):#x}" for r in self._ram)
        return [
            str(self._binary),
            f"--isa={self._isa}",
            f"--priv={self._modes}",
            f"-m{memory}",
            f"--dtb={tree}",
            str(elf),
        ]

    @staticmethod
    def _parsed(lines: Iterator[str], process: subprocess.Popen[bytes]) -> Iterator[Commit]:
        line = next(lines, None)
        if line is None:
            _, errors = process.communicate()
            raise PeerError(f"Spike does not run it: {errors.decode().strip()}")
        yield parsed(line)
        yield from map(parsed, lines)


class SpikeLog:
    """A running Spike, as a peer: it goes its own way."""

    name = "spike"

    def __init__(self, commits: Iterator[Commit]) -> None:
        self._commits = commits
        self._first: Commit | None = None

    def begin(self, hart: Hart) -> None:
        """Leave the registers as Spike's start code does, and mstatus as it is at its reset."""
        numbers = hart.registers["x"]
        numbers[:] = [0] * len(numbers)
        for commit in self._commits:
            if commit.pc not in _ROM:
                self._first = commit
                break
            for name, value in commit.registers:
                numbers[int(name[1:])] = value
        for name, value in SPIKE_RESET.items():
            if name in hart.states:
                hart.states[name][0] = value

    def commit(self, ours: Commit) -> Commit | None:
        first, self._first = self._first, None
        return first or next(self._commits, None)

    def adopt(self, ours: Commit) -> bool:
        return False


def parsed(line: str) -> Commit:
    """A line of the commit log: `core   0: 3 0x80000000 (0x0062a223) mem 0x80001004 0x00000007`.

    Behind the word come registers with values (`x5  0x00000001`, `f1  0x3f800000`,
    `c1_fflags 0x1`), loads (`mem` and an address) and stores (`mem`, address and value).
    """
    tokens = line.split()
    pc, word = int(tokens[3], 16), int(tokens[4][1:-1], 16)
    registers: list[tuple[str, int]] = []
    stores: list[tuple[int, int]] = []
    csrs = _NO_CSRS
    at, end = 5, len(tokens)
    while at < end:
        name, value = tokens[at], int(tokens[at + 1], 16)
        at += 2
        if name == "mem":
            if at < end and tokens[at].startswith("0x"):
                stores.append((value, int(tokens[at], 16)))
                at += 1
        elif name[0] == "c":
            csrs = {**csrs, int(name[1:].partition("_")[0]): value}
        else:
            registers.append((name, value))
    return Commit(pc, word, tuple(registers), csrs, tuple(stores))
