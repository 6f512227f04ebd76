"""`rvx.Machine`: load, run, step, and arrays by symbol."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from calling import EXIT, HERE, Rvx

import rvx as package
from rvx import Machine
from rvx.description import DescriptionError
from rvx.machine.console import GuestExit
from rvx.machine.memory import AccessFault, MemoryMapError
from rvx.machine.program import ProgramError
from rvx.machine.report import UnhandledTrap
from rvx.machine.simulator import CoreTextError

ADDS = (
    *("la a0, numbers", "la a1, sum", "lw a2, count", "fmv.w.x fa0, zero"),
    *("1: flw fa1, 0(a0)", "fadd.s fa0, fa0, fa1", "addi a0, a0, 4", "addi a2, a2, -1"),
    *("bnez a2, 1b", "fsw fa0, 0(a1)", "li a0, 6", EXIT, ".data"),
    *("count: .word 4", "numbers: .float 1, 2, 3, 4", "sum: .float 0", "bytes: .byte 1, 2, 3"),
)


@pytest.fixture
def elf(rvx: Rvx) -> Path:
    rvx.program(*ADDS)
    assert rvx("asm", "p.S", "-o", "p.elf").succeeded
    return rvx.folder / "p.elf"


def test_arrays_by_symbol(elf: Path) -> None:
    machine = Machine(isa="rv32imf", core="cv32e40p")
    machine.load(elf)
    assert machine.read("numbers", "float32", 4).tolist() == [1, 2, 3, 4]
    assert machine.read("numbers", np.float32, (2, 2)).tolist() == [[1, 2], [3, 4]]
    machine.write("numbers", np.float32([0.5, 1.5, -1, 100])[::-1])
    result = machine.run()
    assert machine.read("sum", np.float32, 1)[0] == 101
    assert (result.status, result.instret) == (6, 7 + 4 * 5 + 4)
    assert result.cycles == machine.cycles > result.instret


def test_arrays_of_any_layout(elf: Path) -> None:
    machine = Machine()
    machine.load(str(elf))
    machine.write("numbers", np.array([[1, 2], [3, 4]], dtype=">u2", order="F"))
    assert machine.read("numbers", "<u2", 4).tolist() == [1, 2, 3, 4]
    machine.write("bytes", np.int8(-1))
    assert machine.read("bytes", "u1", 3).tolist() == [255, 2, 3]
    address = machine.address_of("bytes")
    assert machine.read(address + 1, "u1", 1).tolist() == [2]
    copy = machine.read("bytes", "u1", 3)
    copy[:] = 0
    assert machine.read("bytes", "u1", 3).any()


def test_steps_and_runs_count_together(elf: Path) -> None:
    machine = Machine(core="tiny")
    machine.load(elf)
    machine.step()
    machine.step()
    assert (machine.instret, machine.cycles, machine.hart.pc) == (2, 2, 0x80000008)
    assert machine.run(3) == package.RunResult(None, 5, machine.cycles)
    assert machine.run(0).instret == 5
    rest = machine.run()
    machine.load(elf)
    assert machine.run() == rest
    machine.load(elf)
    for _ in range(rest.instret - 1):
        machine.step()
    with pytest.raises(GuestExit) as end:
        machine.step()
    assert (end.value.code, machine.instret) == (6, rest.instret)


def test_registers_and_states_are_the_harts(elf: Path) -> None:
    machine = Machine()
    machine.load(elf)
    machine.run()
    assert machine.hart.registers["f"][10] == np.float32(10).view(np.uint32)
    assert machine.hart.states["fflags"] == [0]


def test_streams_of_ones_own(rvx: Rvx) -> None:
    rvx.program(
        "li a0, 1",
        "la a1, text",
        "li a2, 3",
        "li a7, 64",
        "ecall",
        EXIT,
        ".data",
        'text: .ascii "hi\\n"',
    )
    assert rvx("asm", "p.S", "-o", "p.elf").succeeded
    out = io.BytesIO()
    machine = Machine(stdout=out)
    machine.load("p.elf")
    assert (machine.run().status, out.getvalue()) == (3, b"hi\n")


def test_a_notebook_has_no_byte_streams(monkeypatch: pytest.MonkeyPatch, elf: Path) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", io.StringIO())
    machine = Machine()
    machine.load(elf)
    assert machine.run().status == 6


def test_a_machine_without_a_program() -> None:
    machine = Machine()
    with pytest.raises(UnhandledTrap, match="instruction access fault at 0x00000000"):
        machine.run(10)
    with pytest.raises(KeyError, match="the program has no symbol 'x'"):
        machine.read("x", "u4", 1)
    machine.hart.pc = 0x80000000
    machine.write(0x80000000, np.uint32([0x00500513, 0x00100073]))  # li a0, 5; ebreak
    machine.step()
    assert machine.hart.registers["x"][10] == 5


def test_what_is_wrong(elf: Path, tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match="unknown core 'none'"):
        Machine(core="none")
    with pytest.raises(CoreTextError, match="is not PARAMETER=VALUE"):
        Machine(core="single,x")
    with pytest.raises(DescriptionError, match="'x' is no ISA string"):
        Machine(isa="x")
    with pytest.raises(MemoryMapError, match="is not BASE:SIZE"):
        Machine(ram="lots")
    machine = Machine(extra=str(HERE / "five.isa"), ram=range(0x80000000, 0x80010000))
    with pytest.raises(ProgramError, match="cannot be read"):
        machine.load(tmp_path / "none.elf")
    with pytest.raises(ProgramError, match="is not an ELF file"):
        machine.load(tmp_path / "p.S")
    machine.load(elf)
    with pytest.raises(KeyError, match="no symbol 'none'"):
        machine.write("none", np.uint8([1]))
    with pytest.raises(AccessFault):
        machine.read("numbers", "u1", 1 << 20)
    with pytest.raises(TypeError, match="give a numpy array"):
        machine.write("numbers", [1, 2, 3])  # type: ignore[arg-type]
