"""`rvx cc` and C in `rvx run`: what they make, and how they refuse."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from program_run import on_qemu, on_rvx

from rvx import c
from rvx.c.cache import builds
from rvx.command.main import main

HELLO = '#include <stdio.h>\nint main(void) { printf("hello\\n"); return 3; }\n'
ARGUMENTS = r"""
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    char line[20];
    for (int i = 1; i < argc; i++)
        printf("[%s]", argv[i]);
    printf("%s %s\n", getenv("COLOUR") ? getenv("COLOUR") : "none", fgets(line, 20, stdin));
    FILE *file = fopen("/notes/new", "w");
    if (!file)
        return 4;
    fprintf(file, "%d", argc);
    return fclose(file) ? 5 : 6;
}
"""
REGIONS = r"""
#include <rvx/region.h>
int main(void)
{
    for (volatile int i = 0; i < 3; i++) {
        RVX_BEGIN("first");
        __asm__ volatile("nop\n nop");
        RVX_END("first");
        RVX_BEGIN("second");
        __asm__ volatile("nop");
        RVX_END("second");
    }
    return rdinstret() < 20 || rdcycle64() < 20;
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rvx(*words: object) -> int:
    try:
        return main([str(word) for word in words])
    except SystemExit as end:
        return int(end.code or 0)


def write(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


def test_an_executable_runs_here_and_on_qemu(folder: Path, capfdbinary) -> None:
    write("hello.c", HELLO)
    assert rvx("cc", "hello.c", "-O1", "-Wall", "-o", "hello.elf") == 0
    assert rvx("run", "-q", "hello.elf") == 3
    assert capfdbinary.readouterr().out == b"hello\n"
    qemu = shutil.which("qemu-riscv32")
    if qemu is not None:
        done = on_qemu(qemu, Path("hello.elf").read_bytes(), folder)
        assert (done.out, done.status) == (b"hello\n", 3)


def test_several_sources_objects_and_definitions(folder: Path, capfd) -> None:
    write("main.c", "int twice(int);\nint main(void) { return twice(N) + OTHER; }\n")
    write("twice.S", ".globl twice\ntwice: slli a0, a0, 1\n ret\n")
    write("other.h", "#define OTHER 5\n")
    assert rvx("cc", "-c", "twice.S") == 0
    words = ("main.c", "-DN=20", "-I.", "--", "-include", "other.h")
    assert rvx("cc", "-O2", "twice.o", "-o", "p.elf", *words) == 0
    assert rvx("run", "-q", "p.elf") == 45
    assert rvx("cc", "-S", "-Os", "main.c", "-DN=1", "-DOTHER=2") == 0
    assert "main:" in Path("main.s").read_text()
    write("direct.c", "int twice(int);\nint main(void) { return twice(21); }\n")
    assert rvx("run", "-q", "direct.c", "twice.S") == 42
    assert capfd.readouterr().err == ""


def test_arguments_environment_input_and_root(folder: Path) -> None:
    write("args.c", ARGUMENTS)
    (folder / "notes").mkdir()
    command = [
        sys.executable,
        "-m",
        "rvx",
        "run",
        "-q",
        "args.c",
        "--root",
        ".",
        "--env",
        "COLOUR=red",
    ]
    done = subprocess.run(
        [*command, "--", "a b", "-x", ""], input=b"typed", capture_output=True, check=False
    )
    assert (done.stdout, done.returncode) == (b"[a b][-x][]red typed\n", 6)
    assert (folder / "notes" / "new").read_text() == "4"
    (folder / "notes" / "new").unlink()
    done = subprocess.run(command[:-4], input=b"", capture_output=True, check=False)
    assert (done.returncode, list((folder / "notes").iterdir())) == (4, [])


def test_regions_are_counted_by_name(folder: Path, capfd) -> None:
    write("regions.c", REGIONS)
    assert rvx("run", "regions.c") == 0
    shown = capfd.readouterr().err.splitlines()[1:]
    assert shown == [
        "rvx: first: 6 instructions, 6 cycles in 3 passages",
        "rvx: second: 3 instructions, 3 cycles in 3 passages",
    ]


def test_intrinsics_of_an_extension(folder: Path) -> None:
    source = write(
        "dot.c", "#include <rvx.h>\nint main(void) { return RVX_ISA[0] == 'r' ? 8 : 9; }\n"
    )
    image = c.compile([source], isa="rv32imf_xdotp")
    assert on_rvx(image, "rv32imf_xdotp").status == 8
    assert ELFFile(io.BytesIO(image))["e_flags"] & 6 == 2  # ilp32f


@pytest.mark.parametrize(
    ("isa", "march", "mabi"),
    [
        ("rv32i", "rv32i", "ilp32"),
        ("rv32imf_xdotp_xposit", "rv32imf", "ilp32f"),
        ("rv32imafdc_zba_zbb_zbs", "rv32imafdc", "ilp32d"),
    ],
)
def test_what_the_compiler_is_told(isa: str, march: str, mabi: str) -> None:
    from rvx.description import load_machine

    target = c.Compilation(load_machine(isa), c.find_compiler("zig")).target
    assert target.march.split("_")[0] == march
    assert not [name for name in target.march.split("_") if name.startswith("x")]
    assert target.mabi == mabi


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("bad.c", "int main(void) { return x; }\n", "undeclared identifier"),
        ("link.c", "int f(void);\nint main(void) { return f(); }\n", "undefined symbol: f"),
        ("bad.S", "main: nonsense a0\n", "bad.S:1:7: "),
    ],
)
def test_a_compilers_errors_are_shown_and_nothing_is_left(
    folder: Path, capfd, name, text, part
) -> None:
    write(name, text)
    assert rvx("cc", name, "-o", "p.elf") == 1
    shown = capfd.readouterr().err
    assert part in shown
    assert shown.splitlines()[-1].startswith("rvx: ")
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "name a source file"),
        (("none.c",), "none.c: No such file"),
        (("p.txt",), "p.txt: is no source that rvx knows"),
        (("p.c", "--compiler", "none"), "there is no compiler none"),
        (("p.c", "q.c", "-c", "-o", "p.o"), "-o names one file"),
        (("p.c", "-o", "p.c"), "p.c: is an input"),
        (("p.c", "-o", "none/p.elf"), "none"),
        (("p.c", "--isa", "rv32q"), "rv32q"),
        (("p.c", "--core", "none"), "none"),
    ],
)
def test_bad_words_are_one_line(folder: Path, capfd, words, part) -> None:
    for name in ("p.c", "q.c", "p.txt"):
        write(name, HELLO)
    assert rvx("cc", *words) in (1, 2)
    shown = capfd.readouterr().err.splitlines()
    assert len(shown) == 1
    assert shown[0].startswith("rvx: ")
    assert part in shown[0]
    assert sorted(path.name for path in folder.iterdir()) == ["p.c", "p.txt", "q.c"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("none.c",), "none.c: No such file"),
        (("p.elf", "q.elf"), "q.elf: is a second program"),
        (("p.c", "--root", "none"), "none: No such file"),
        (("p.c", "--env", "x"), "--env x: write NAME=VALUE"),
        (("p.c", "--wibble"), "unrecognized arguments: --wibble"),
        (("p.cpp",), "C++ is compiled elsewhere"),
    ],
)
def test_bad_runs_are_one_line(folder: Path, capfd, words, part) -> None:
    write("p.c", HELLO)
    assert rvx("run", *words) in (2, 125)
    shown = capfd.readouterr().err.splitlines()
    assert len(shown) == 1
    assert part in shown[0]


def test_without_a_compiler_the_message_says_what_to_install(
    folder: Path, capfd, monkeypatch
) -> None:
    write("p.c", HELLO)
    write("p.S", "_start: li a0, 7\n li a7, 93\n ecall\n")
    monkeypatch.setattr("rvx.c.compiler._named", lambda name: None)
    assert rvx("run", "p.c") == 125
    assert capfd.readouterr().err == (
        "rvx: there is no C compiler for RISC-V: install one, as with: pip install 'rvx[c]'\n"
    )
    assert rvx("run", "-q", "p.S") == 7


def test_the_run_time_is_built_once_and_by_many_at_a_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RVX_CACHE_DIR", str(folder / "cache"))
    write("p.c", HELLO)
    command = [sys.executable, "-m", "rvx", "run", "-q", "p.c", "--isa", "rv32im"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [(run.communicate()[0], run.returncode) for run in runs] == [(b"hello\n", 3)] * 2
    before = {path.name: status.st_mtime_ns for path, status in builds().entries()}
    monkeypatch.setattr("rvx.c.runtime._build", None)
    assert c.compile(["p.c"], isa="rv32im")
    assert {path.name for path, _ in builds().entries()} == set(before)


def test_on_the_bare_machine_with_htif(folder: Path) -> None:
    """Also on Spike, which knows nothing but tohost."""
    write("p.c", HELLO)
    image = c.compile(["p.c"], isa="rv32imf", htif=True)
    assert on_rvx(image, "rv32imf").out == b"hello\n"
    spike = shutil.which("spike") or shutil.which("spike", path=Path(sys.executable).parent)
    if spike is None or shutil.which("dtc") is None:
        pytest.skip("Spike needs the dtc of the distribution (Debian: device-tree-compiler)")
    (folder / "p.elf").write_bytes(image)
    done = subprocess.run(
        [spike, "--isa=rv32imf_zicntr", "p.elf"], capture_output=True, check=False
    )
    assert (done.stdout, done.returncode) == (b"hello\n", 3), done.stderr
