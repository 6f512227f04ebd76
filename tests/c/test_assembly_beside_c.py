"""Assembly beside C: every described instruction, the preprocessor, and where errors are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rvx.command.main import main

ISA = """
extension Xmine requires I {
  instruction mine.mac rd: x, rs1: x, rs2: x is R(opcode = 0b0001011, funct3 = 1, funct7 = 0)
  { rd = rd + rs1 * rs2; }
}
"""
MAIN = """
int dot(const int *a, const int *b, int n);
int main(void) { int a[] = {1, 2, 3}, b[] = {4, 5, 6}; return dot(a, b, 3); }
"""
LOOP = """\
# if there are words, their products are added
    .globl dot
dot:
    mv a3, a0; li a0, 0
1:  lw a4, 0(a3)
    lw a5, 0(a1)
    mine.mac a0, a4, a5
    addi a3, a3, 4
    addi a1, a1, 4
    addi a2, a2, -1
    bnez a2, 1b
    ret
"""
PREPROCESSED = """\
/* of
   words */
#include "step.h"
#ifdef __riscv_xlen
    .globl dot
dot:
    mv      a3, a0;   li   a0, 0   // the sum
1:  lw      a4, 0(a3)
    lw      a5, 0(a1)
    mine.mac a0, a4, a5
    STEP(a3)
    STEP(a1)
    addi    a2, a2, -1
    bnez    a2, 1b
    ret
#endif
"""
STEP = "#define STEP(register) addi register, register, WIDTH\n"
COMPILERS = ("zig", "riscv64-unknown-elf-gcc")


@pytest.fixture(autouse=True)
def _sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"mine.isa": ISA, "main.c": MAIN, "loop.S": LOOP, "cpp.S": PREPROCESSED}
    for name, text in {**files, "step.h": STEP + "#define WIDTH 4\n"}.items():
        Path(name).write_text(text)


def rvx(*words: str) -> int:
    return main([*words, *("-x", "mine.isa")])


def compiler(name: str) -> str:
    if shutil.which(name) is None and name != "zig":
        pytest.skip(f"{name} is not installed, and no pip package has it")
    return name


@pytest.mark.parametrize("source", ["loop.S", "cpp.S"])
@pytest.mark.parametrize("name", COMPILERS)
def test_c_calls_assembly_with_an_instruction_of_its_own(name: str, source: str) -> None:
    assert rvx("run", "-q", "main.c", source, "--compiler", compiler(name)) == 32


@pytest.mark.parametrize("name", COMPILERS)
def test_a_definition_on_the_command_line(name: str) -> None:
    Path("step.h").write_text(STEP)
    words = ("--compiler", compiler(name), "-DWIDTH=4")
    assert rvx("cc", "-c", "cpp.S", *words) == 0
    assert rvx("cc", "main.c", "cpp.o", "-o", "p.elf", *words) == 0
    assert rvx("run", "-q", "p.elf") == 32


def test_objects_of_the_assembler_and_of_the_compiler_link_with_each() -> None:
    assert rvx("asm", "-c", "loop.S", "-o", "loop.o") == 0
    assert rvx("cc", "main.c", "loop.o", "-o", "p.elf") == 0
    assert rvx("run", "-q", "p.elf") == 32
    Path("twice.c").write_text("int twice(int x) { return 2 * x; }\n")
    Path("start.S").write_text("_start: li a0, 21\n call twice\n li a7, 93\n ecall\n")
    assert rvx("cc", "-c", "twice.c") == 0
    assert rvx("asm", "twice.o", "start.S", "-o", "q.elf") == 0
    assert rvx("run", "-q", "q.elf") == 42


def test_files_may_stand_behind_options() -> None:
    assert rvx("asm", "loop.S", "-c", "-o", "loop.o") == 0
    assert rvx("cc", "-c", "main.c", "-O1") == 0
    assert rvx("cc", "main.o", "-O1", "-o", "p.elf", "loop.o") == 0
    assert rvx("run", "-q", "p.elf") == 32
    assert rvx("run", "main.c", "-q", "loop.S") == 32
    Path("start.S").write_text("_start: li a0, 7\n li a7, 93\n tail stop\n")
    Path("stop.S").write_text(".globl stop\nstop: ecall\n")
    assert rvx("asm", "start.S", "-o", "q.elf", "stop.S") == 0
    assert rvx("run", "q.elf", "-q") == 7


def test_assembly_only_is_what_the_assembler_is_given() -> None:
    assert rvx("cc", "-S", "cpp.S") == 0
    assert "addi a3, a3, 4" in Path("cpp.s").read_text()
    assert rvx("run", "-q", "main.c", "cpp.s") == 32
    assert rvx("cc", "-S", "loop.S", "-o", "same.s") == 0
    assert Path("same.s").read_text() == LOOP


@pytest.mark.parametrize("name", COMPILERS)
@pytest.mark.parametrize(
    ("written", "instead", "place"),
    [
        ("0   //", "1x  //", "cpp.S:7:33: "),  # behind a separator, and spaces that vanish
        ("STEP(a1)", "STEP(a99)", "cpp.S:12:5: "),  # made by a macro: the line
        ("ret", "rett", "cpp.S:15:5: "),
        ("bnez    a2", "bnez    b2", "cpp.S:14:13: "),
    ],
)
def test_errors_are_where_they_were_written(name, written, instead, place, capfd) -> None:
    Path("cpp.S").write_text(PREPROCESSED.replace(written, instead))
    assert rvx("cc", "-c", "cpp.S", "--compiler", compiler(name)) == 1
    shown = capfd.readouterr().err
    assert shown.startswith(f"rvx: {place}"), shown
    assert shown.count("\n") == 1
    assert not Path("cpp.o").exists()


def test_errors_in_included_assembly(capfd) -> None:
    Path("step.h").write_text("# a comment\n\n  nop a0\n")
    assert rvx("cc", "-c", "cpp.S") == 1
    assert "step.h:3:" in capfd.readouterr().err
