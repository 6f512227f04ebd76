"""Watching runs: what instructions wait for, to whom it is charged, and how it is drawn."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache

import pytest

from rvx.asm import assemble, elf_image, link
from rvx.explain.diagram import diagram, letters
from rvx.explain.konata import konata
from rvx.explain.places import functions, lines_of_assembly
from rvx.explain.recorder import Executed, Recorder
from rvx.explain.tally import by_place, charged_before, whole
from rvx.machine.elf import read_elf
from rvx.machine.simulator import Simulator

SOURCE = """\
_start:
  li t0, 1000
  mulh t2, t0, t0
  add t3, t2, t2
  lw t5, -8(sp)
  addi t5, t5, 1
  j after
  nop
after:
  fcvt.s.w fa0, t0
  fsw fa0, -4(sp)
  li a7, 93
  li a0, 0
  ecall
"""
CORE = "cv32e40p,FPU_ADDMUL_LAT=1,FPU_OTHERS_LAT=2"


@cache
def watched() -> tuple[Simulator, Recorder]:
    simulator = Simulator(core=CORE, engine="reference", stdout=io.BytesIO())
    recorder = simulator.watcher = Recorder()
    recorder.window = range(100)
    executable = link([assemble(SOURCE, simulator.machine, file="p.S")])
    simulator.load(read_elf(elf_image(executable), name="p.S", xlen=32))
    assert simulator.run().status == 0
    recorder.finish()
    return simulator, recorder


def test_each_instruction_has_its_cycle_and_a_reason_for_each_cycle_lost() -> None:
    simulator, recorder = watched()
    kept = recorder.kept
    assert [e.cycle for e in kept] == [0, 1, 6, 7, 9, 10, 12, 15, 16, 17, 18]
    assert {e.index: e.stalls for e in kept if e.stalls} == {
        2: ("execute",) * 4,
        4: ("load_use",),
        6: ("redirect",),
        7: ("fpu",) * 2,
    }
    assert recorder.instructions == len(kept)
    assert whole(recorder.counts).cycles == simulator.cycles == 19


def test_how_long_it_is_in_execute_and_beside_it() -> None:
    kept = watched()[1].kept
    assert [e.execute for e in kept] == [1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert [(e.index, e.unit, e.late) for e in kept if e.unit] == [(6, "fpu", 2)]


def test_a_stall_is_charged_to_its_cause() -> None:
    simulator, recorder = watched()
    assert simulator.pipeline is not None
    assert simulator.program is not None
    executable = link([assemble(SOURCE, simulator.machine, file="p.S")])
    before = charged_before(simulator.pipeline.rules)
    lines = by_place(recorder.counts, lines_of_assembly(executable), before)
    lost = {name: dict(share.stalls) for name, share in lines.items() if share.stalls}
    assert lost == {
        "p.S:3": {"execute": 4},  # mulh, not the sum behind it
        "p.S:6": {"load_use": 1},  # who needs the word too soon
        "p.S:7": {"redirect": 1},  # the jump
        "p.S:11": {"fpu": 2},
    }
    shares = by_place(recorder.counts, functions(simulator.program), before)
    assert {name: share.cycles for name, share in shares.items()} == {"_start": 12, "after": 7}
    assert sum(share.cycles for share in shares.values()) == simulator.cycles


@pytest.mark.parametrize(
    ("executed", "drawn"),
    [
        (Executed(0, 0, 0, 5, (), execute=1), "DEW"),
        (Executed(0, 0, 0, 5, ("redirect", "redirect"), execute=2), "..DEEW"),
        (
            Executed(0, 0, 0, 5, ("execute", "resume", "fpu"), execute=1, late=2, unit="fpu"),
            "..dDEuuW",
        ),
        (Executed(0, 0, 0, 5, ("load_use",), execute=1, late=1), "dDErW"),
        (Executed(0, 0, 0, 5, (), cause=2), "D!"),
    ],
)
def test_letters(executed: Executed, drawn: str) -> None:
    assert letters(executed) == drawn


def test_a_diagram_fits_and_starts_again_where_the_room_ends() -> None:
    kept = [Executed(i, i, 0, 7 * i, ("execute",) * 6 * (i > 0), execute=7) for i in range(6)]
    lines = list(diagram(kept, lambda e: f"instruction {e.index}", width=60))
    assert max(map(len, lines)) <= 60
    assert [line.split()[-2:] for line in lines if line.split()[0] == "#"] == [
        ["cycle", "0"],
        ["cycle", "15"],
        ["cycle", "29"],
    ]
    assert lines[1].split() == ["0", "0", "instruction", "0", "DEEEEEEEW"]
    assert Counter(line.strip() for line in lines)["execute 6"] == 5


def test_konata() -> None:
    kept = watched()[1].kept
    log = konata(kept[1:3], lambda e: f"at {e.pc:x}").splitlines()
    assert log == [
        "Kanata\t0004",
        "C=\t1",
        *("I\t0\t1\t0", "L\t0\t0\tat 80000004", "S\t0\t0\tD"),
        "C\t1",
        *("S\t0\t0\tX", "I\t1\t2\t0", "L\t1\t0\tat 80000008", "L\t1\t1\texecute 4"),
        *("S\t1\t0\tD", "S\t1\t1\texecute"),
        "C\t4",
        "E\t1\t1\texecute",
        "C\t1",
        *("S\t0\t0\tW", "S\t1\t0\tX"),
        "C\t1",
        *("R\t0\t1\t0", "S\t1\t0\tW"),
        "C\t1",
        "R\t1\t2\t0",
    ]
