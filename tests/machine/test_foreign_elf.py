"""Programs made by another toolchain, end to end: output, errors and exit status."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import unicorn
from unicorn import riscv_const

from rvx.machine.console import Console, GuestExit
from rvx.machine.elf import load_elf
from rvx.machine.host import Host
from rvx.machine.memory import Memory
from rvx.machine.placement import ram_for

Compiler = Callable[..., Path]
Runner = Callable[..., tuple[bytes, bytes, int]]

RAM = range(0x8000_0000, 0x8400_0000)


def run_on_rvx(path: Path, *options: str, stdin: bytes = b"") -> tuple[bytes, bytes, int]:
    """Standard output, standard error and exit status of `rvx run`."""
    command = [sys.executable, "-m", "rvx", "run", path, *options]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)
    return done.stdout, done.stderr, done.returncode


def run_on_unicorn(path: Path, stdin: bytes = b"") -> tuple[bytes, bytes, int]:
    """The same from a CPU that shares no code with rvx, with rvx's memory, loader and host."""
    program = load_elf(path, xlen=32)
    memory = Memory(ram_for(program, RAM))
    program.load_into(memory)
    stdout, stderr = io.BytesIO(), io.BytesIO()
    console = Console(io.BytesIO(stdin), stdout, stderr)
    main = memory.regions[0]
    heap = range(program.end + 15 & -16, main.end - 0x10_0000)
    host = Host(memory, console, now=lambda: 0, heap=heap, xlen=32)
    cpu = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    for region in memory.regions:
        pointer = memory.view(region.base, np.uint8, region.size).ctypes.data
        cpu.mem_map_ptr(region.base, region.size, unicorn.UC_PROT_ALL, pointer)
    cpu.reg_write(riscv_const.UC_RISCV_REG_MSTATUS, 0x6000)  # the F extension is off at reset
    cpu.reg_write(riscv_const.UC_RISCV_REG_SP, main.end)
    ends: list[int] = []

    def on_trap(cpu: unicorn.Uc, cause: int, data: object) -> None:
        assert cause in {8, 11}, f"trap {cause}"
        a = [cpu.reg_read(riscv_const.UC_RISCV_REG_A0 + i) for i in range(8)]
        try:
            result = host.call(a[7], a[:6])
        except GuestExit as end:
            ends.append(end.code)
            cpu.emu_stop()
        else:
            cpu.reg_write(riscv_const.UC_RISCV_REG_A0, result & 0xFFFF_FFFF)

    cpu.hook_add(unicorn.UC_HOOK_INTR, on_trap)
    cpu.emu_start(program.entry, 0xFFFF_FFFF, timeout=10_000_000)
    return stdout.getvalue(), stderr.getvalue(), ends[0]


has_command = pytest.mark.skipif(
    importlib.util.find_spec("rvx.__main__") is None, reason="there is no `python -m rvx` yet"
)
RUNNERS = [
    pytest.param(run_on_rvx, id="rvx", marks=has_command),
    pytest.param(run_on_unicorn, id="unicorn"),
]


def foreign_output() -> tuple[bytes, int]:
    """What foreign.c prints and returns, computed here in the same single-precision steps."""
    f = np.float32
    third = f(1) / f(3)
    total = f(0)
    for i in range(1, 51):
        total = total + third / f(i)
    root = f(2)
    for _ in range(5):
        root = (root + f(2) / root) * f(0.5)
    fused = f(float(third) * 3.0 - 1.0)  # exact in binary64, then rounded once
    squares = sum(i * i for i in range(64))
    lines = {
        "quotient": -14 % 2**32,
        "remainder": -2 % 2**32,
        "unsigned": 4_000_000_000 // 7,
        "by zero": 2**32 - 1,
        "long": 4_000_000_000**2 // 7,
        "sum": f"{total.view(np.uint32):x}",
        "root": f"{root.view(np.uint32):x}",
        "fused": f"{fused.view(np.uint32):x}",
        "truncated": int(total * f(-100)) % 2**32,
        "squares": squares,
    }
    output = "".join(f"{label} {value}\n" for label, value in lines.items())
    return output.encode(), squares + int(total) & 0x7F


@pytest.mark.parametrize("run", RUNNERS)
@pytest.mark.parametrize("level", ["-O0", "-O2", "-Os"])
def test_a_c_program(compile_program: Compiler, level: str, run: Runner) -> None:
    output, status = foreign_output()
    path = compile_program(level, "start.S", "foreign.c")
    assert run(path)[0::2] == (output, status)


@pytest.mark.parametrize("run", RUNNERS)
def test_a_filter(compile_program: Compiler, run: Runner) -> None:
    text = b"Hello, World\nno newline at the end"
    stdout, stderr, status = run(compile_program("start.S", "echo.c"), stdin=text)
    assert (stdout, status) == (text.upper(), len(text))
    assert b"done\n" in stderr


@pytest.mark.parametrize("run", RUNNERS)
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_a_program_at_the_address_its_linker_chose(
    compile_program: Compiler, level: str, run: Runner
) -> None:
    path = compile_program(level, "bare.c", script=None)
    assert load_elf(path, xlen=32).entry < RAM.start
    assert run(path)[0::2] == (b"bare\n", 55 + 99)


@has_command
def test_a_program_that_speaks_htif(compile_program: Compiler) -> None:
    assert run_on_rvx(compile_program("tohost.S"))[0::2] == (b"ABC\n", 5)


@has_command
def test_a_program_with_an_exit_port(compile_program: Compiler) -> None:
    done = run_on_rvx(compile_program("port.S"), "--exit-port", "0xF0000000")
    assert done[0::2] == (b"4294967295\n12\n0\n", 3)


@has_command
def test_a_program_that_cannot_be_used_is_one_line_and_status_125(
    compile_program: Compiler, tmp_path: Path
) -> None:
    whole = compile_program("start.S", "foreign.c").read_bytes()
    riscv64 = compile_program(
        "empty.c", target=("-target", "riscv64-freestanding-none"), script=None
    )
    bad = {
        "truncated.elf": (whole[:1000], "is a truncated ELF file: "),
        "wide.elf": (riscv64.read_bytes(), "is a 64-bit ELF; this machine is RV32"),
        "text.elf": (b"hello", "is not an ELF file"),
        "empty.elf": (b"", "is empty"),
    }
    for name, (data, message) in bad.items():
        (tmp_path / name).write_bytes(data)
        stdout, stderr, status = run_on_rvx(tmp_path / name)
        assert (stdout, status) == (b"", 125)
        assert len(stderr.splitlines()) == 1
        assert f"{name}: {message}" in stderr.decode()
