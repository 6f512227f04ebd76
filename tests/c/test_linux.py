"""A static Linux program made by another toolchain, with another C library: musl."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from program_run import on_qemu, on_rvx

SOURCE = Path(__file__).with_name("linux.c")


@pytest.mark.sweep
def test_a_static_linux_program_runs(tmp_path: Path) -> None:
    """The first time Zig compiles all of musl, which takes half a minute."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("ziglang is not installed: pip install 'rvx[c]'")
    program = tmp_path / "linux.elf"
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "riscv32-linux-musl", "-static"]
    subprocess.run([*command, "-O1", SOURCE, "-o", program], check=True)
    root = tmp_path / "root"
    root.mkdir()
    image, given = program.read_bytes(), {"stdin": b"typed\n", "arguments": ("one", "two")}
    here = on_rvx(image, "rv32imafdc", root=root, **given)
    assert here.status == 9
    assert list(root.iterdir()) == []
    qemu = shutil.which("qemu-riscv32")
    if qemu is None:
        pytest.skip("qemu-riscv32 is not installed (Debian: qemu-user), and no pip package has it")
    there = on_qemu(qemu, image, root, **given)
    assert here == there
