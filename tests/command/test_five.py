"""Instructions of a user's own, in one file outside of rvx: everything follows from it.

Two sets of five: integer lanes with accumulate, a number format, a state, a memory access, a
conditional branch.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from calling import HERE, ISA, Done, Rvx, command

from rvx.machine.elf import read_elf


@dataclass(frozen=True)
class Own:
    """A description with five instructions, and a program that uses them and checks the results."""

    name: str
    extension: str
    mnemonics: tuple[str, ...]
    output: str
    instret: int
    cycles: dict[str, int]

    @property
    def description(self) -> Path:
        return HERE / f"{self.name}.isa"

    @property
    def program(self) -> Path:
        return HERE / f"{self.name}.S"


SETS = [
    Own(
        "five",
        "Xfive",
        ("five.dot", "five.fma", "five.sad", "five.lh2", "five.bany"),
        output="",
        instret=53,
        cycles={"single": 53, "cv32e40p": 56},  # a load is used at once; a branch is taken
    ),
    Own(
        "other",
        "Xother",
        ("other.mac", "other.mean", "other.peak", "other.swap", "other.bnei"),
        output="ok\n",
        instret=58,
        cycles={"single": 58, "cv32e40p": 60},  # a branch is taken
    ),
]


@pytest.mark.parametrize("own", SETS, ids=lambda own: own.name)
def test_each_command_knows_them(own: Own, tmp_path: Path) -> None:
    with_own = ("-x", own.description)

    checked = command("check", own.description, cwd=tmp_path)
    assert checked.succeeded
    assert checked.out.startswith(f"{ISA}_{own.extension.lower()}: ")

    assert command("asm", own.program, *with_own, "-o", "p.elf", cwd=tmp_path).succeeded
    for core, cycles in own.cycles.items():
        ran = command("run", "p.elf", *with_own, "--core", core, cwd=tmp_path)
        line = f"rvx: {own.instret} instructions, {cycles} cycles on {core}\n"
        assert (ran.status, ran.out, ran.err) == (0, own.output, line)

    listed = json.loads(command("list", "instructions", *with_own, "--json", cwd=tmp_path).out)
    syntax = [row["syntax"] for row in listed["instructions"] if row["extension"] == own.extension]
    assert tuple(line.split()[0] for line in syntax) == own.mnemonics

    header = command("header", *with_own, cwd=tmp_path)
    assert header.succeeded
    assert command("docs", *with_own, "-o", "reference", cwd=tmp_path).status == 0
    page = (tmp_path / "reference" / f"{own.extension.lower()}.md").read_text(encoding="utf-8")
    index = (tmp_path / "reference" / "index.md").read_text(encoding="utf-8")
    for line in syntax:
        mnemonic = line.split()[0]
        assert mnemonic in header.out
        assert f"`{mnemonic}`" in page
        assert line in index


@pytest.mark.parametrize("own", SETS, ids=lambda own: own.name)
def test_the_disassembly_assembles_to_the_same_words(own: Own, rvx: Rvx) -> None:
    with_own = ("-x", own.description)
    assert rvx("asm", own.program, *with_own, "-o", "p.elf").succeeded
    text = rvx("dis", "p.elf", *with_own).out
    lines = re.findall(r"^[0-9a-f]+:  ([0-9a-f]{8})  (.*?)(?: <.*>)?$", text, re.MULTILINE)
    assert {line.split()[0] for _, line in lines} >= set(own.mnemonics)

    rvx.program(*(line for _, line in lines), name="again.S")
    assert rvx("asm", "again.S", *with_own, "-o", "again.elf").succeeded
    again = read_elf((rvx.folder / "again.elf").read_bytes(), name="again.elf", xlen=32)
    assert again.segments[0].data == b"".join(bytes.fromhex(word)[::-1] for word, _ in lines)


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="ziglang is not installed")
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_a_c_program_uses_them_by_the_header(rvx: Rvx, level: str) -> None:
    with_own = ("-x", HERE / "five.isa")
    assert rvx("header", *with_own, "-o", "five.h").succeeded
    target = ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+f", "-mabi=ilp32f")
    compiled = subprocess.run(
        [
            *(sys.executable, "-m", "ziglang", "cc", *target, level, "-ffreestanding", "-nostdlib"),
            *("-fno-sanitize=all", "-I.", str(HERE / "five.c"), "-o", "five.elf"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert compiled.returncode == 0, compiled.stderr
    assert rvx("run", "-q", "five.elf", *with_own) == Done(0, "", "")
