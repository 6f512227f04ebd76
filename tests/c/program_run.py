"""C programs on every machine there is: rvx, qemu-riscv32 or unicorn, and this host."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import unicorn
from unicorn import riscv_const

from rvx import Machine
from rvx.machine.console import Console, GuestExit
from rvx.machine.elf import read_elf
from rvx.machine.host import Host
from rvx.machine.memory import Memory
from rvx.machine.program import Program
from rvx.machine.stack import place_arguments

PROGRAMS = Path(__file__).parents[2] / "firmware" / "programs"
NAME = "program.elf"
RAM = range(0x8000_0000, 0x8400_0000)
NO_QEMU = "qemu-riscv32 is not installed (Debian: qemu-user); unicorn takes its place"


@dataclass(frozen=True)
class Ended:
    """What a program wrote, and its exit status."""

    out: bytes
    err: bytes
    status: int


def on_rvx(
    image: bytes, isa: str, *, stdin: bytes = b"", arguments: tuple[str, ...] = (), **more: object
) -> Ended:
    out, err = io.BytesIO(), io.BytesIO()
    machine = Machine(
        isa=isa, arguments=arguments, stdin=io.BytesIO(stdin), stdout=out, stderr=err, **more
    )  # type: ignore[arg-type]
    machine.load(read_elf(image, name=NAME, xlen=32))
    status = machine.run(200_000_000).status
    assert status is not None
    return Ended(out.getvalue(), err.getvalue(), status)


def elsewhere(image: bytes, folder: Path, *, stdin: bytes = b"") -> Ended:
    """On a machine that shares no code with rvx's engines."""
    qemu = shutil.which("qemu-riscv32")
    return on_unicorn(image, stdin) if qemu is None else on_qemu(qemu, image, folder, stdin=stdin)


def on_qemu(
    qemu: str, image: bytes, folder: Path, *, stdin: bytes = b"", arguments: tuple[str, ...] = ()
) -> Ended:
    program = folder / NAME
    program.write_bytes(image)
    program.chmod(0o755)
    command = [qemu, f"./{NAME}", *arguments]
    done = subprocess.run(command, input=stdin, cwd=folder, capture_output=True, check=False)
    return Ended(done.stdout, done.stderr, done.returncode)


def on_unicorn(image: bytes, stdin: bytes = b"") -> Ended:
    """With rvx's memory, loader and host."""
    program = read_elf(image, name=NAME, xlen=32)
    cpu, host, streams = _unicorn(program, stdin)
    ends: list[int] = []

    def on_trap(cpu: unicorn.Uc, cause: int, data: object) -> None:
        a = [cpu.reg_read(riscv_const.UC_RISCV_REG_A0 + i) for i in range(8)]
        try:
            assert cause in {8, 11}, f"trap {cause}"
            result = host.call(a[7], a[:6])
        except GuestExit as end:
            ends.append(end.code)
            cpu.emu_stop()
        else:
            cpu.reg_write(riscv_const.UC_RISCV_REG_A0, result & 0xFFFF_FFFF)

    cpu.hook_add(unicorn.UC_HOOK_INTR, on_trap)
    cpu.emu_start(program.entry, 0xFFFF_FFFF, timeout=60_000_000)
    return Ended(streams[0].getvalue(), streams[1].getvalue(), ends[0])


def _unicorn(
    program: Program, stdin: bytes
) -> tuple[unicorn.Uc, Host, tuple[io.BytesIO, io.BytesIO]]:
    memory = Memory([RAM])
    program.load_into(memory)
    streams = io.BytesIO(), io.BytesIO()
    heap = range(program.end + 15 & -16, RAM.stop - 0x10_0000)
    console = Console(io.BytesIO(stdin), *streams)
    host = Host(memory, console, now=lambda: 0, heap=heap, xlen=32)
    cpu = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    pointer = memory.view(RAM.start, np.uint8, len(RAM)).ctypes.data
    cpu.mem_map_ptr(RAM.start, len(RAM), unicorn.UC_PROT_ALL, pointer)
    cpu.reg_write(riscv_const.UC_RISCV_REG_MSTATUS, 0x6000)  # floating point is off at reset
    stack = place_arguments(memory, RAM.stop, program, (), ())
    cpu.reg_write(riscv_const.UC_RISCV_REG_SP, stack)
    return cpu, host, streams


def native_compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def natively(source: Path, folder: Path, *, stdin: bytes = b"") -> Ended:
    program = folder / source.stem
    command = [native_compiler(), "-O2", "-w", "-ffp-contract=off", source, "-lm", "-o", program]
    subprocess.run(list(map(str, command)), check=True)
    done = subprocess.run([program], input=stdin, capture_output=True, check=False)
    return Ended(done.stdout, done.stderr, done.returncode)
