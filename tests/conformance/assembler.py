"""Real assemblers: LLVM's, as clang of the ziglang package runs it, and GNU's where it is there."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from elftools.elf.elffile import ELFFile

TARGET = ("-target", "riscv32-freestanding-none")


def assemble(lines: Iterable[str], cpu: str, directory: Path) -> list[int]:
    """The words of .text that the lines assemble to."""
    source, object = directory / "lines.s", directory / "lines.o"
    # Without norelax a branch would leave a relocation beside it, with rvc it could get shorter.
    source.write_text("\n".join([".option norelax", ".option norvc", *lines, ""]))
    command = [sys.executable, "-m", "ziglang", "cc", *TARGET, f"-mcpu={cpu}", "-c", source]
    done = subprocess.run([*command, "-o", object], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with object.open("rb") as stream:
        text = ELFFile(stream).get_section_by_name(".text").data()
    return [word for (word,) in struct.iter_unpack("<I", text)]


GNU = shutil.which("riscv64-unknown-elf-as")


def assemble_gnu(lines: Iterable[str], march: str, directory: Path) -> list[int]:
    """As `assemble`, by GNU's assembler."""
    source, object = directory / "gnu.s", directory / "gnu.o"
    source.write_text("\n".join([".option norelax", *lines, ""]))
    command = [str(GNU), f"-march={march}", "-mabi=ilp32", "-o", str(object), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with object.open("rb") as stream:
        text = ELFFile(stream).get_section_by_name(".text").data()
    return [word for (word,) in struct.iter_unpack("<I", text)]
