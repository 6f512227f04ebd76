"""Compiling and running the program of `operand_source` on the simulator and on this host."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rvx.c.runtime import SCRIPT

_START = """\
__asm__(".section .text.init, \\"ax\\", @progbits\\n.globl _start\\n_start: la sp, __stack_top\\n"
        "call main\\nli a7, 93\\necall\\n.text\\n");
void *memset(void *to, int value, size_t size);
void *memset(void *to, int value, size_t size)
{
    volatile unsigned char *at = to;
    while (size--)
        *at++ = (unsigned char)value;
    return to;
}
void *memcpy(void *to, const void *from, size_t size);
void *memcpy(void *to, const void *from, size_t size)
{
    volatile unsigned char *at = to;
    const unsigned char *source = from;
    while (size--)
        *at++ = *source++;
    return to;
}
"""
_ZIG = (sys.executable, "-m", "ziglang", "cc")
_GCC = "riscv64-unknown-elf-gcc"
_FREESTANDING = ("-ffreestanding", "-fno-builtin", "-nostdlib", "-static", f"-T{SCRIPT}")


@dataclass(frozen=True)
class Target:
    """A compiler for the machine."""

    name: str
    command: tuple[str, ...]
    libraries: tuple[str, ...] = ()


def targets(wide: bool) -> list[Target]:
    """Clang and, where it is installed, GCC for RV32 with F, or with D too."""
    d, abi = ("d", "ilp32d") if wide else ("", "ilp32f")
    zig = (*_ZIG, "-target", "riscv32-freestanding-none", f"-mabi={abi}")
    clang = Target("clang", (*zig, f"-mcpu=generic_rv32+m+a+f{'+d' if wide else ''}"))
    gcc = Target("gcc", (_GCC, f"-march=rv32imaf{d}", f"-mabi={abi}"), ("-lgcc",))
    return [clang] if shutil.which(_GCC) is None else [clang, gcc]


HOSTS = {"zig": _ZIG, "gcc": ("gcc",)}


def build_for_target(target: Target, directory: Path, options: tuple[str, ...]) -> Path:
    source, elf = directory / "target.c", directory / f"{target.name}.elf"
    source.write_text(f'#include "calls.c"\n{_START}', encoding="utf-8")
    _compile(
        (*target.command, *_FREESTANDING, "-Wl,--no-warn-rwx-segments")[:-1]
        if target.name == "clang"
        else (*target.command, *_FREESTANDING),
        source,
        elf,
        options,
        target.libraries,
    )
    return elf


def build_for_host(host: str, directory: Path, options: tuple[str, ...]) -> Path:
    program = directory / f"{host}.host"
    _compile(HOSTS[host], directory / "calls.c", program, ("-DRVX_EMULATE", *options), ())
    return program


def _compile(
    command: tuple[str, ...],
    source: Path,
    output: Path,
    options: tuple[str, ...],
    libraries: tuple[str, ...],
) -> None:
    whole = [*command, "-std=gnu99", *options, str(source), "-o", str(output), *libraries]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(whole)}: {done.stderr[:4000]}"


def run_on_host(program: Path) -> list[str]:
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{program.name}: {done.returncode} {done.stderr[:2000]}"
    return done.stdout.splitlines()


def run_on_target(elf: Path, isa: str, more: tuple[str, ...] = ()) -> list[str]:
    """The lines that it prints, run by the simulator."""
    command = [sys.executable, "-m", "rvx", "run", str(elf), "--isa", isa, "--timing", "off", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.returncode} {done.stderr[:2000]}"
    return done.stdout.splitlines()


def first_difference(one: list[str], other: list[str]) -> str:
    """The first line that differs, with its number."""
    for i, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return f"line {i}:\n  target {left}\n  host   {right}"
    return f"{len(one)} lines on the target, {len(other)} on the host"
