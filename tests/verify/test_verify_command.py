"""`rvx verify`: what is verified, what it prints, and one case tried again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rvx.command.main import main
from rvx.description import load_machine
from rvx.verify.instruction.shipped import targets

HERE = Path(__file__).parent
OWN = HERE / "own.isa"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["verify", *words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_format_of_ones_own_and_its_dot_product(capsys) -> None:
    assert len(OWN.read_text(encoding="utf-8").splitlines()) <= 15
    status, out, _ = run(capsys, "-x", str(OWN), "--json", "--jobs", "1")
    assert status == 0
    dot, mul = json.loads(out)["instructions"]
    assert (dot["mnemonic"], mul["mnemonic"]) == ("own.dot", "own.mul")
    assert mul["coverage"] == "exhaustive by lane"
    assert mul["cases"] > 65536 / 4
    for row in (dot, mul):
        assert row["fault"] is None
        assert not row["not_covered"]
        assert row["exact"] == row["cases"]
        assert row["native"] > row["cases"] * 0.9


def test_the_table(capsys) -> None:
    status, out, _ = run(capsys, "lw", "addi", "--quick", "--jobs", "1", "--isa", "rv32i")
    assert status == 0
    head, *rows = (line.split() for line in out.splitlines() if line)
    assert head == [
        "instruction",
        "does",
        "operands",
        "words",
        "cases",
        "exact",
        "native",
        "result",
    ]
    assert [row[0] for row in rows[:2]] == ["lw", "addi"]
    assert rows[0][1:3] == ["load", "memory"]
    assert rows[1][1:5] == ["computes", "special", "and", "random"]
    assert all(row[-1] == "ok" for row in rows[:2])
    assert rows[2][:2] == ["2", "instructions,"]


def test_several_processes_say_the_same(capsys) -> None:
    words = ("add", "sub", "--quick", "--isa", "rv32i", "--json")
    one, two = (json.loads(run(capsys, *words, "--jobs", n)[1]) for n in ("1", "2"))
    for each in (one, two):
        for row in each["instructions"]:
            row.pop("seconds")
    assert one["instructions"] == two["instructions"]


def test_without_the_jit(capsys) -> None:
    words = ("fadd.s", "--quick", "--isa", "rv32if", "--json", "--jobs", "1")
    (row,) = json.loads(run(capsys, *words, "--engine", "reference")[1])["instructions"]
    assert row["native"] == 0 < row["exact"]


def test_one_case_again(capsys) -> None:
    text = "fadd.s f1, f2, f3, rtz; f2=0x3f800000; f3=0x33800000; fs=3"
    assert run(capsys, "--case", text)[:2] == (0, "no difference\n")
    assert run(capsys, "--case", "0x0031105b; fs=3")[0] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing.*"], "no instruction 'nothing.*'; see: rvx list instructions"),
        (["--case", "add x1, x2, x3; x9=1"], "--case: x9=1: this instruction has nothing to do"),
        (["--case", "add x1, x2, x3; x2"], "--case: 'x2': write NAME=VALUE, as f3=0x3f800000"),
        (["--case", "add x1, x2, x3; y=1"], "has no register and no state 'y'"),
        (["--case", "add x1, x2, x3; x2=0x100000000"], "x2 has 32 bits"),
        (["--case", "nothing x1"], "nothing"),
        (["--case", "0xffffffff"], "no instruction of"),
    ],
)
def test_what_cannot_be_verified(capsys, words: list[str], message: str) -> None:
    status, out, err = run(capsys, *words)
    assert status == 1
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1


def test_everything_that_ships_is_verified() -> None:
    found = targets()
    everything = {m for target in found for m in target.mnemonics}
    assert everything >= set(load_machine("rv32imafdcb_zicsr_zifencei_xdotp_xposit").instructions)
    wide, narrow = found[0], found[1]
    assert load_machine(wide.isa).flen == 64
    assert load_machine(narrow.isa).flen == 32
    assert "fadd.s" in narrow.mnemonics
    assert "add" not in narrow.mnemonics
    chosen = [target for target in found if target.options]
    assert chosen
    for target in chosen:
        assert target.mnemonics
