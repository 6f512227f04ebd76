"""The CV32E40P's programs, run on the simulator: cycles between their markers."""

from __future__ import annotations

import io
import lzma
import tarfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from replay import DATA, Record, records, traces

from rvx.machine.simulator import Simulator


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    with tarfile.open(
        fileobj=io.BytesIO(lzma.decompress((DATA / "programs.tar.xz").read_bytes()))
    ) as t:
        t.extraction_filter = getattr(tarfile, "data_filter", None)  # none before 3.11.4
        t.extractall(folder)
    return folder


@cache
def simulator(core: str, engine: Literal["jit", "reference"]) -> Simulator:
    # The core's bus has no errors: one program stores above the 512 KiB that it was given.
    return Simulator(
        core=core,
        ram=[range(0, 0x90000)],
        exit_port=0xF0000000,
        stdout=io.BytesIO(),
        engine=engine,
    )


@pytest.mark.parametrize("record", records(), ids=str)
def test_a_run_takes_the_cycles_of_the_core(record: Record, programs: Path) -> None:
    check(record, programs, "reference")


# One record in ten by the JIT, all of them in the sweep: most of its time is LLVM's.
@pytest.mark.parametrize("record", records()[::10], ids=str)
def test_native_code_takes_the_cycles_of_the_core(
    record: Record, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rvx.jit.heat.HOT", 1)
    native = check(record, programs, "jit")
    assert native > 0


@pytest.mark.sweep
@pytest.mark.parametrize("record", records(), ids=str)
def test_native_code_takes_the_cycles_of_the_core_always(
    record: Record, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rvx.jit.heat.HOT", 1)
    check(record, programs, "jit")


def check(record: Record, programs: Path, engine: Literal["jit", "reference"]) -> int:
    """Run a program: every instruction between the markers leaves decode when the core's does. The
    number of instructions that were executed natively."""
    settings = (f"{name}={value}" for name, value in record.parameters.items())
    machine = simulator(",".join(("cv32e40p", *settings)), engine)
    retired: list[tuple[int, int]] = []
    machine.on_stamp = lambda pc, cycle: retired.append((pc, cycle))
    machine.load(programs / f"{record.program}.elf")
    assert machine.run(max_instructions=100_000).status == 0
    # What traps has a place in the recording, but does not retire.
    trace = traces()[record.program]
    stop = record.start + len(record.deltas) + 1
    traps = sum(isinstance(outcome, dict) for outcome in trace["outcomes"][record.start : stop])
    stretch = retired[record.start : stop - traps]
    assert (stretch[0][0], stretch[-1][0]) == (trace["path"][record.start], trace["path"][stop - 1])
    assert stretch[-1][1] - stretch[0][1] == record.cycles
    if not traps:
        stamps = [cycle for _, cycle in stretch]
        assert [b - a for a, b in pairwise(stamps)] == list(record.deltas)
    return machine.native.instret if machine.native else 0
