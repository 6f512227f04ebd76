"""Models kept from run to run: the same as those made anew, and one for all that decides."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rvx.description import DescriptionError, known_names, load_core, load_machine, texts
from rvx.machine.clock import CoreClock
from rvx.machine.hart import Hart
from rvx.machine.memory import Memory
from rvx.model.machine import RegisterOperand

from .kept import ISA, OWN, forget, names, own, shown


def test_what_is_kept_is_what_was_made(parsed: list[str]) -> None:
    made = load_machine(ISA)
    assert "isa/rv32i.isa" in parsed
    forget()
    parsed.clear()
    kept = load_machine(ISA)
    assert not parsed
    assert kept is not made
    assert shown(kept) == shown(made)
    assert load_machine(ISA) is kept


def test_one_machine_is_one_graph(folder: Path) -> None:
    load_machine(ISA)
    forget()
    machine = load_machine(ISA)
    for instruction in machine.instructions.values():
        for operand in instruction.operands.values():
            if isinstance(operand, RegisterOperand):
                assert operand.file is machine.files[operand.file.name]
    assert all(a.target is machine.instructions[a.target.mnemonic] for a in machine.aliases)
    assert machine.scope.names.files["x"] is machine.files["x"]  # type: ignore[attr-defined]


def test_a_core_and_a_machine_from_the_cache_fit(parsed: list[str]) -> None:
    for _ in range(2):
        parsed.clear()
        core, machine = load_core("cv32e40p"), load_machine("rv32imf_zicsr")
        hart = Hart(machine, Memory([range(0x1000)]))
        clock = CoreClock(hart, core, {"FPU_ADDMUL_LAT": 2}, known_names())
        assert clock.cycles == 0
        forget()
    assert not parsed


def test_a_core_is_checked_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rvx.timing.word import Words

    checks = []
    monkeypatch.setattr(Words, "check", lambda words, instructions: checks.append(1))
    core = load_core("cv32e40p")
    hart = Hart(load_machine(ISA), Memory([range(0x1000)]))
    for latency in (1, 1, 2, 1):
        CoreClock(hart, core, {"FPU_ADDMUL_LAT": latency}, known_names())
    assert len(checks) == 2


def test_another_machine_of_known_texts_parses_nothing(tmp_path: Path, parsed: list[str]) -> None:
    load_machine(ISA)
    forget()
    parsed.clear()
    load_machine("rv32i")
    assert not parsed
    load_machine("rv32i", [own(tmp_path)])
    assert parsed == [str(tmp_path / "own.isa")]


def test_everything_that_decides_has_its_own_entry(tmp_path: Path, folder: Path) -> None:
    path = own(tmp_path)
    asked = [
        load_machine("rv32im"),
        load_machine("rv32i_xposit"),
        load_machine("rv32i_xposit", options={"division": "exact"}),
        load_machine("rv32im", [path]),
    ]
    assert len({machine.digest for machine in asked}) == 4
    assert {f"machine-{machine.digest}" for machine in asked} <= names(folder)


def test_a_changed_text_is_read_again(tmp_path: Path, folder: Path) -> None:
    path = own(tmp_path)
    time = path.stat().st_mtime_ns
    assert "own.add" in load_machine("rv32i", [path]).instructions
    own(tmp_path, OWN.replace("own.add", "own.sum"))
    os.utime(path, ns=(time, time))
    assert "own.sum" in load_machine("rv32i", [path]).instructions
    forget()
    assert "own.sum" in load_machine("rv32i", [path]).instructions


def test_the_key() -> None:
    one = texts.key("isa", texts=[("a.isa", "text")])
    assert one == texts.key("isa", texts=[("a.isa", "text")])
    for other in (
        texts.key("isb", texts=[("a.isa", "text")]),
        texts.key("isa", texts=[("b.isa", "text")]),
        texts.key("isa", texts=[("a.isa", "texts")]),
        texts.key("isa", texts=[("a.isat", "ext")]),
        texts.key("isa", "", texts=[("a.isa", "text")]),
        texts.key("isa", texts=[]),
    ):
        assert other != one


def test_the_key_changes_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts.key(texts=[])
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"\n")
    texts._makers.cache_clear()
    assert texts.key(texts=[]) != before
    monkeypatch.undo()
    texts._makers.cache_clear()
    assert texts.key(texts=[]) == before


def test_an_error_is_not_kept(tmp_path: Path, folder: Path) -> None:
    path = own(tmp_path, OWN.replace("rs1 + rs2", "rs1 + rs3"))
    messages = set()
    for _ in range(2):
        with pytest.raises(DescriptionError, match="rs3") as error:
            load_machine("rv32i", [path])
        messages.add(str(error.value))
        forget()
    assert len(messages) == 1
    assert not [name for name in names(folder) if name.startswith("machine-")]
