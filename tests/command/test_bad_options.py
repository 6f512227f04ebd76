"""Options that are wrong: status 2 where the words are, else the command's own; always one line."""

from __future__ import annotations

import pytest
from calling import Rvx

UNUSABLE = 125


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("", "the following arguments are required: COMMAND; see rvx --help"),
        ("frobnicate", "argument COMMAND: invalid choice: 'frobnicate' (choose from 'check', "),
        ("--frobnicate", "the following arguments are required: COMMAND"),
        ("run", "the following arguments are required: PROGRAM; see rvx run --help"),
        ("run p.S --frobnicate", "unrecognized arguments: --frobnicate"),
        ("run p.S --max-instructions 0", "argument --max-instructions: 0 is not positive"),
        ("run p.S --max-instructions -1", "argument --max-instructions: -1 is not positive"),
        ("run p.S --max-instructions 1.5", "argument --max-instructions: invalid positive value"),
        ("run p.S --max-instructions", "argument --max-instructions: expected one argument"),
        ("run p.S --engine fast", "argument --engine: invalid choice: 'fast'"),
        ("run p.S --timing maybe", "argument --timing: invalid choice: 'maybe'"),
        ("run p.S --exit-port here", "argument --exit-port: invalid address value: 'here'"),
        ("run p.S --exit-port -4", "argument --exit-port: -4 is no 32-bit address"),
        ("run p.S --exit-port 0x100000000", "argument --exit-port: 0x100000000 is no 32-bit"),
        ("asm -o p.elf", "the following arguments are required: FILE.S|FILE.o|LIB.a"),
        ("asm p.S", "the following arguments are required: -o"),
        ("asm p.S -o p.elf --text x", "argument --text: invalid address value: 'x'"),
        ("dis", "the following arguments are required: FILE|WORD|-"),
        ("list mnemonics", "argument what: invalid choice: 'mnemonics' (choose from 'cores', "),
        ("compare p.S", "the following arguments are required: OTHER"),
        ("bench --seed x", "argument --seed: invalid natural value: 'x'"),
        ("bench --seed -1", "argument --seed: -1 is negative"),
        ("bench --variant int4", "argument --variant: invalid choice: 'int4' (choose from 'fp32'"),
    ],
)
def test_words_that_are_no_command(rvx: Rvx, words: str, line: str) -> None:
    rvx.program("nop")
    assert rvx(*words.split()).refused(2, line)


CORES = [
    ("none", "unknown core 'none'"),
    ("", "unknown core ''"),
    ("single,", "'' in core 'single,' is not PARAMETER=VALUE"),
    ("single,x", "'x' in core 'single,x' is not PARAMETER=VALUE"),
    ("single,X=1", "core single has no parameter 'X'"),
    ("cv32e40p,X=1", "core cv32e40p has no parameter 'X'; it has FPU_ADDMUL_LAT, FPU_OTHERS_LAT"),
    ("cv32e40p,FPU_ADDMUL_LAT=9", "FPU_ADDMUL_LAT is 9; it may be 0 to 3"),
    ("cv32e40p,FPU_ADDMUL_LAT=-1", "FPU_ADDMUL_LAT is -1; it may be 0 to 3"),
    ("cv32e40p,FPU_ADDMUL_LAT=one", "'FPU_ADDMUL_LAT=one' in core"),
    ("cv32e40p,FPU_ADDMUL_LAT=--1", "'FPU_ADDMUL_LAT=--1' in core"),
    ("cv32e40p,FPU_ADDMUL_LAT=²", "'FPU_ADDMUL_LAT=²' in core"),
    ("cv32e40p,FPU_ADDMUL_LAT=1,FPU_ADDMUL_LAT=2", "sets FPU_ADDMUL_LAT twice"),
]


@pytest.mark.parametrize(("core", "line"), CORES, ids=[core for core, _ in CORES])
def test_a_core_that_is_wrong(rvx: Rvx, core: str, line: str) -> None:
    rvx.program("nop")
    assert rvx("run", "p.S", "--core", core).refused(UNUSABLE, line)
    assert rvx("compare", "p.S", "p.S", "--core", core).refused(1, line)
    assert rvx("bench", "--size", "1", "--core", core).refused(1, line)


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("speed", "--option speed: write NAME=CHOICE"),
        ("speed=fast", "no option 'speed' is declared in this machine"),
        ("=", "no option '' is declared in this machine"),
    ],
)
def test_an_option_that_is_not_declared(rvx: Rvx, option: str, line: str) -> None:
    rvx.program("nop")
    assert rvx("run", "p.S", "--option", option).refused(UNUSABLE, line)
    assert rvx("check", "--option", option).refused(1, line)
    assert rvx("header", "--option", option, "-o", "p.h").refused(1, line)


def test_an_option_chooses_among_those_declared(rvx: Rvx) -> None:
    rvx.write(
        "o.isa",
        "extension Xo requires I { option speed: slow | fast = slow;\n"
        "instruction xo rd: x is I(opcode = 0b0101011, funct3 = 0, rs1 = 0, imm = 0)\n"
        "{ rd = speed == fast ? 2 : 1; } }",
    )
    rvx.program("xo a0", "li a7, 93", "ecall")
    assert rvx("run", "p.S", "-q", "-x", "o.isa").status == 1
    assert rvx("run", "p.S", "-q", "-x", "o.isa", "--option", "speed=fast").status == 2
    wrong = rvx("run", "p.S", "-x", "o.isa", "--option", "speed=medium")
    assert wrong.refused(UNUSABLE, "speed")


@pytest.mark.parametrize(
    ("ram", "line"),
    [
        (["x"], "RAM 'x' is not BASE:SIZE, as in 0x80000000:64M"),
        (["0x80000000"], "is not BASE:SIZE"),
        (["0x80000000:64Q"], "is not BASE:SIZE"),
        (["0x80000000:64M:1"], "is not BASE:SIZE"),
        (["0:0"], "RAM '0:0' has no size"),
        (["0:8G"], "RAM '0:8G' ends beyond the 32-bit address space"),
        (["0x80000000:1M", "0x80000000:1M"], "two pieces of RAM overlap at 0x80000000"),
    ],
)
def test_ram_that_is_wrong(rvx: Rvx, ram: list[str], line: str) -> None:
    rvx.program("nop")
    words = [word for text in ram for word in ("--ram", text)]
    assert rvx("run", "p.S", *words).refused(UNUSABLE, line)


def test_an_exit_port_in_ram(rvx: Rvx) -> None:
    rvx.program("nop")
    line = "a port at 0x80000000 would lie inside RAM or another port"
    assert rvx("run", "p.S", "--exit-port", "0x80000000").refused(UNUSABLE, line)


@pytest.mark.parametrize("size", ["x", "0", "1,2", "1,2,3,4", "1,0,1", "1.5", ",,", ""])
def test_a_size_that_is_wrong(rvx: Rvx, size: str) -> None:
    line = f"size '{size}' is not M,N,K, as in 16,16,64, each at least 1"
    assert rvx("bench", "--size", size).refused(1, line)
    assert not rvx.files()


@pytest.mark.parametrize("size", ["10000", "1,1,100000000", "9" * 30])
def test_a_size_that_is_too_large(rvx: Rvx, size: str) -> None:
    line = "elements do not fit into RAM"
    assert rvx("bench", "--size", "1", "--size", size).refused(1, line)
