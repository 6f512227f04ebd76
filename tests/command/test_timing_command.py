"""`rvx timing`: the whole command, on an assembly source and on ELF files."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import Any

import pytest
from calling import EXIT, Rvx

LINES = (".option norvc; li t0, 7", "mulh t1, t0, t0", "use: add t1, t1, t1", EXIT)


def told(rvx: Rvx, *options: object, lines: tuple[str, ...] = LINES) -> dict[str, Any]:
    done = rvx("timing", rvx.program(*lines), "--json", *options)
    assert done.succeeded, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_totals_and_the_places(rvx: Rvx) -> None:
    found = told(rvx)
    assert (found["schema"], found["program"], found["core"]) == (1, "p.S", "cv32e40p")
    assert (found["status"], found["instructions"], found["cycles"]) == (0, 5, 9)
    assert found["stalls"] == {"execute": 4}
    assert [(f["name"], f["cycles"], f["stalls"]) for f in found["functions"]] == [
        ("_start", 6, {"execute": 4}),
        ("use", 3, {}),
    ]
    assert found["lines"][0] == {
        "name": "p.S:3",
        "instructions": 1,
        "cycles": 5,
        "stalls": {"execute": 4},
    }
    assert found["window"] == []


def test_a_window_of_the_run(rvx: Rvx) -> None:
    (first, second) = told(rvx, "--window", "1:2")["window"]
    assert first == {
        "index": 1,
        "cycle": 1,
        "pc": 0x80000004,
        "text": "mulh t1, t0, t0",
        "stalls": [],
        "execute": 5,
        "unit": None,
        "late": 0,
        "trap": None,
    }
    assert (second["cycle"], second["stalls"]) == (6, ["execute"] * 4)
    assert [e["index"] for e in told(rvx, "--at", "use:2")["window"]] == [2, 3]
    assert [e["index"] for e in told(rvx, "--at", "0x80000004")["window"]] == [1, 2, 3, 4]


def test_the_tables_and_the_diagram(rvx: Rvx) -> None:
    done = rvx("timing", rvx.program(*LINES), "--window", "0:3")
    assert done.succeeded
    assert done.out.startswith(
        "5 instructions in 9 cycles on cv32e40p: 1.800 cycles each, 4 lost\n"
    )
    assert done.out.endswith(
        "      #    cycle                            cycle 0\n"
        "      0        0  80000000 li t0, 7         DEW\n"
        "      1        1  80000004 mulh t1, t0, t0   DEEEEEW\n"
        "      2        6  80000008 add t1, t1, t1     ddddDEW\n"
        "                    execute 4\n"
    )
    assert "p.S:3" in done.out


def test_a_konata_log_of_the_whole_run(rvx: Rvx) -> None:
    program = rvx.program(*LINES)
    assert rvx("timing", program, "--konata", "p.log", "--json").succeeded
    log = rvx.files()["p.log"].decode().splitlines()
    assert log[:2] == ["Kanata\t0004", "C=\t0"]
    assert sum(line.startswith("R\t") for line in log) == 5
    assert rvx("timing", program, "--konata", program).refused(1, "is an input")


def test_another_core_and_a_budget(rvx: Rvx) -> None:
    found = told(rvx, "--core", "snitch")
    assert (found["cycles"], found["stalls"]) == (8, {"muldiv": 3})
    found = told(rvx, "--max-instructions", 2)
    assert (found["status"], found["instructions"]) == (None, 2)


def test_traps_are_counted_and_drawn(rvx: Rvx) -> None:
    lines = ("la t0, handler", "csrw mtvec, t0", "ecall", ".align 2", "handler:", "nop", EXIT)
    options = ("--at", "handler:1")
    done = rvx("timing", rvx.program(*lines), *options, "--max-instructions", 8)
    assert done.succeeded
    window = told(rvx, "--window", "3:1", "--max-instructions", 8, lines=lines)["window"]
    assert (window[0]["text"], window[0]["trap"], window[0]["execute"]) == ("ecall", 11, 0)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--window", "0:1", "--at", "use"), "--window and --at: give one of them"),
        (("--window", "9:1"), "--window: the run has 5 instructions"),
        (("--at", "nowhere"), "the program has no symbol 'nowhere'"),
        (("--at", "0x10"), "the run never came there"),
        (("--at", "use:x"), "write SYMBOL or SYMBOL:COUNT"),
        (("--core", "cva5"), "cva6"),
    ],
)
def test_what_cannot_be_told(rvx: Rvx, options: tuple[str, ...], part: str) -> None:
    assert rvx("timing", rvx.program(*LINES), *options).refused(1, part)


def test_a_window_that_is_none(rvx: Rvx) -> None:
    assert rvx("timing", rvx.program(*LINES), "--window", "5").refused(2, "is not FROM:COUNT")


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="ziglang is not installed")
def test_the_lines_of_a_compiled_program(rvx: Rvx) -> None:
    source = rvx.write(
        "p.c",
        "static int twice(int x) {\n  return x * x;\n}\n"
        'void _start(void) {\n  register int a0 __asm__("a0") = twice(3);\n'
        '  register int a7 __asm__("a7") = 93;\n'
        '  __asm__ volatile("ecall" :: "r"(a0), "r"(a7));\n}\n',
    )
    target = ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m", "-mabi=ilp32")
    flags = ("-g", "-O0", "-fno-sanitize=all", "-nostdlib", "-ffreestanding")
    command = (sys.executable, "-m", "ziglang", "cc", *target, *flags, source, "-o", "p.elf")
    subprocess.run(command, cwd=rvx.folder, check=True, capture_output=True)
    done = rvx("timing", "p.elf", "--isa", "rv32imc", "--json")
    assert done.succeeded, done.err
    found = json.loads(done.out)
    assert {f["name"] for f in found["functions"]} == {"_start", "twice"}
    assert {"p.c:2", "p.c:5", "p.c:7"} <= {line["name"] for line in found["lines"]}
    assert sum(line["cycles"] for line in found["lines"]) == found["cycles"]
