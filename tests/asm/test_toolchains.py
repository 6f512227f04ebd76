"""The same bytes as real assemblers and linkers: LLVM's, from the ziglang package, and GNU's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from rvx.asm import assemble_file, link, write_elf
from rvx.model.machine import Machine

SNIPPETS = sorted((Path(__file__).parent / "snippets").glob("*.S"))


def llvm(source: Path, objects: Path) -> None:
    zig("cc", "-target", "riscv32-freestanding-none", CPU, "-g0", "-c", source, "-o", objects)


def llvm_link(script: Path, objects: Path, program: Path) -> None:
    zig("ld.lld", "--no-relax", "-T", script, objects, "-o", program)


CPU = "-mcpu=generic_rv32+m+f+zicsr+zifencei"


def zig(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "ziglang", *arguments], check=True)


def gnu(source: Path, objects: Path) -> None:
    options = ["-march=rv32imf_zicsr_zifencei", "-mabi=ilp32f"]
    subprocess.run([f"{GNU}as", *options, source, "-o", objects], check=True)


def gnu_link(script: Path, objects: Path, program: Path) -> None:
    options = ["-m", "elf32lriscv", "--no-relax", "--no-warn-rwx-segments"]
    subprocess.run([f"{GNU}ld", *options, "-T", script, objects, "-o", program], check=True)


GNU = "riscv64-unknown-elf-"

TOOLCHAINS = [
    pytest.param(
        llvm,
        llvm_link,
        id="llvm",
        marks=pytest.mark.skipif(find_spec("ziglang") is None, reason="no ziglang package"),
    ),
    pytest.param(
        gnu,
        gnu_link,
        id="gnu",
        marks=pytest.mark.skipif(which(f"{GNU}as") is None, reason=f"no {GNU}as"),
    ),
]


def loaded(path: Path) -> dict[str, tuple[int, bytes]]:
    """Addresses and contents of the loaded sections."""
    with path.open("rb") as file:
        return {
            section.name: (section["sh_addr"], section.data())
            for section in ELFFile(file).iter_sections()
            if section["sh_flags"] & SH_FLAGS.SHF_ALLOC
            and section["sh_size"]
            and section.name != ".eh_frame"  # equal in meaning, see test_compiler_output
        }


@pytest.mark.parametrize(("assemble", "link_at"), TOOLCHAINS)
@pytest.mark.parametrize("source", SNIPPETS, ids=lambda path: path.stem)
def test_a_snippet_becomes_the_same_bytes(
    source: Path,
    assemble: Callable[[Path, Path], None],
    link_at: Callable[[Path, Path, Path], None],
    machine: Machine,
    tmp_path: Path,
) -> None:
    check(source, assemble, link_at, machine, tmp_path)


@pytest.mark.skipif(find_spec("ziglang") is None, reason="no ziglang package")
@pytest.mark.parametrize("options", ["-O1", "-O2", "-O3 -g", "-O2 -ffunction-sections"])
def test_what_a_compiler_writes_becomes_the_same_bytes(
    options: str, machine: Machine, tmp_path: Path
) -> None:
    source = tmp_path / "compiled.s"
    more = ("-mabi=ilp32f", "-ffreestanding", "-fno-pic", "-g0", *options.split())
    compiled = Path(__file__).parent / "compiled.c"
    zig("cc", "-target", "riscv32-freestanding-none", CPU, *more, "-S", compiled, "-o", source)
    check(source, llvm, llvm_link, machine, tmp_path)


def check(
    source: Path,
    assemble: Callable[[Path, Path], None],
    link_at: Callable[[Path, Path, Path], None],
    machine: Machine,
    folder: Path,
) -> None:
    write_elf(link([assemble_file(source, machine)]), folder / "ours.elf")
    ours = loaded(folder / "ours.elf")
    assemble(source, folder / "theirs.o")
    places = " ".join(
        f"{name} {address:#x} : {{ *({name} {name}.*) }}" for name, (address, _) in ours.items()
    )
    (folder / "script.ld").write_text(
        f"ENTRY(_start) SECTIONS {{ {places} /DISCARD/ : {{ *(.eh_frame) }} }}"
    )
    link_at(folder / "script.ld", folder / "theirs.o", folder / "theirs.elf")
    assert rows(ours) == rows(loaded(folder / "theirs.elf"))


def rows(sections: dict[str, tuple[int, bytes]]) -> list[str]:
    """As text that shows well where it differs."""
    return [
        f"{name} {address + i:x}: {data[i : i + 4].hex()}"
        for name, (address, data) in sections.items()
        for i in range(0, len(data), 4)
    ]
