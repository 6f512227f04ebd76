"""Code that is made while the guest waits: routines, the size of regions, and what follows it."""

from __future__ import annotations

import ctypes
import pickle
from pathlib import Path

import pytest
from test_translation import BASE, translator

from rvx.jit.host import this_host
from rvx.jit.native import Code
from rvx.jit.pack import Kept, Late, load_pack, store_in
from rvx.jit.region import Region
from rvx.jit.situation import Pending, Situation
from rvx.jit.slices import Slices
from rvx.jit.worker import Worker, started
from rvx.verify import place
from rvx.verify.differential import Differential, simulators
from rvx.verify.shape import Shape

MOST = 60


def first(source: str, served: frozenset[int] = frozenset()) -> Region:
    """First code of a program's beginning, where there is code for some pcs already."""
    made = translator(source)
    number = made.situations.number(Situation(Pending(0, 0, 0, False), (0,) * 3, False))
    return made.region(BASE, number, {}, MOST, lambda pc, _: pc in served, served.__contains__)


def called(region: Region) -> list[str]:
    """The mnemonics of the routines that the region calls, each once."""
    return sorted(name.split(".")[1] for name in region.routines)


@pytest.mark.parametrize(
    "source",
    [
        "nop\n" * 3000 + "ecall",
        "1:\n" + "addi a0, a0, 1\n" * 1000 + "bnez a0, 1b\n ecall",
        "beqz a0, 1f\n addi a1, a1, 1\n 1:\n" * 500 + "ecall",
    ],
    ids=["straight", "loop", "branches"],
)
def test_a_region_of_first_code_is_small_whatever_the_program(source: str) -> None:
    region = first(source)
    assert MOST // 2 <= region.instructions <= region.longest <= 2 * MOST


def test_what_there_is_code_for_is_not_made_again() -> None:
    source = "beqz a0, f\n g: addi a1, a1, 1\n ecall\n f: addi a2, a2, 1\n j g"
    assert first(source).instructions == 5
    assert first(source, frozenset({BASE + 4})).instructions == 3


def test_words_of_a_kind_share_a_routine() -> None:
    assert called(first("addi a0, a1, 7\n addi s0, s1, -9\n ecall")) == ["addi"]
    assert called(first("addi a0, a0, 7\n addi s0, s1, -9\n ecall")) == ["addi", "addi"]
    assert called(first("addi a0, zero, 7\n addi s0, s1, -9\n ecall")) == ["addi", "addi"]


def test_every_block_can_be_entered() -> None:
    region = first("beqz a0, f\n addi a1, a1, 1\n ecall\n f: addi a2, a2, 1\n ecall")
    assert {pc - BASE for pc, _ in region.entries} == {4, 12}


def test_where_a_call_returns_to_can_be_entered() -> None:
    region = first("jal f\n addi a1, a1, 1\n ecall\n f: ret", frozenset({BASE + 12}))
    assert BASE + 4 in {pc for pc, _ in region.entries}


@pytest.mark.parametrize("isa", ["rv32imfc_zicsr_xposit", "rv32imafdc_zicsr"])
def test_code_without_routines_is_equal_too(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
    pair = simulators(("reference", "jit"), isa=isa, core="cv32e40p", ram=place.RAM)
    differential = Differential(pair, Shape(100, 2000))
    assert [failure.report for failure in differential.run(range(2))] == []


def test_a_worker_compiles_and_survives_its_end() -> None:
    worker, text = (
        Worker(),
        "declare i32 @f()\ndefine i32 @seven() {\n  %r = call i32 @f()\n  ret i32 %r\n}\n",
    )
    part = "define i32 @f() {\n  ret i32 7\n}\n"
    kept = Kept(BASE, 0, 2, 1, 1, "seven", (), (), (), (), b"")
    late = Late(None, "program", kept, {})
    worker.start()
    for _ in range(2):
        object = worker.compile(text, (part,), this_host(), late)
        assert object is not None
        assert Code([object], ["seven"]).function("seven", ctypes.c_int)() == 7
        assert worker.compile("nonsense", (), this_host(), late) is None
        process = worker._process
        assert process is not None
        process.kill()
        process.wait()


def test_what_is_compiled_when_the_process_ends_is_kept(tmp_path: Path) -> None:
    """Runs that end too early do not have it made again and again."""
    kept = Kept(BASE, 0, 2, 1, 1, "seven", (), (), (), (), b"")
    late = Late(tmp_path / "objects", "program", kept, {0: b"situation"})
    process = started()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.close()  # as the end of this process would
    pickle.dump(("define i32 @seven() {\n  ret i32 7\n}\n", (), this_host(), late), process.stdin)
    process.stdin.close()
    process.wait()
    (region,) = load_pack(store_in(tmp_path / "objects"), "program").regions
    assert Code([region.object], ["seven"]).function("seven", ctypes.c_int)() == 7


def test_a_slice_of_fast_code_does_not_take_long_where_slow_code_follows() -> None:
    slices = Slices()
    for _ in range(1000):
        slices.passed(slices.length, slices.length / 6e9)
        slices.found(something=False)
    assert slices.length <= 12_000_000
