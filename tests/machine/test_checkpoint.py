"""Checkpoints: another simulator goes on to the same bits, instructions and cycles."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from rvx.asm import assemble, elf_image, link
from rvx.machine.checkpoint import CheckpointError, DamagedCheckpoint, restore, write_checkpoint
from rvx.machine.simulator import Simulator

# Loads that stall, divisions, floating point with flags in flight, branches both ways, a region,
# memory on the heap and below the stack, and output.
GUEST = """
_start: li      s0, 400
        li      s1, 0x1234567
        la      s2, table
        li      a7, 214
        li      a0, 0
        ecall
        mv      s4, a0
        li      t0, 4096
        add     a0, a0, t0
        ecall
loop:
rvx_begin$work$1:
        andi    t0, s0, 63
        slli    t0, t0, 2
        add     t1, s2, t0
        lw      t2, (t1)
        add     t2, t2, s1
        sw      t2, (t1)
        add     t3, s4, t0
        sw      t2, (t3)
        li      t4, 7
        div     t5, t2, t4
        fcvt.s.w ft0, t5
        fcvt.s.w ft1, s0
        fdiv.s  ft2, ft0, ft1
        fmadd.s ft3, ft2, ft2, ft3
        sw      t2, -64(sp)
        slli    t6, s1, 13
        xor     s1, s1, t6
        srli    t6, s1, 17
        xor     s1, s1, t6
        bltz    s1, even
        addi    s3, s3, 1
even:
rvx_end$work$1:
        addi    s0, s0, -1
        bnez    s0, loop
        li      a7, 64
        li      a0, 1
        la      a1, told
        li      a2, 3
        ecall
        fmv.x.w a0, ft3
        add     a0, a0, s3
        add     a0, a0, s1
        andi    a0, a0, 127
        li      a7, 93
        ecall
        .data
told:   .ascii  "end"
        .balign 4
table:  .zero   256
"""


def simulator(core: str = "cv32e40p", engine: str = "jit", timing: bool = True) -> Simulator:
    made = Simulator(
        isa="rv32imf_zicsr_zicntr",
        core=core,
        engine=engine,  # type: ignore[arg-type]
        timing=timing,
        stdin=io.BytesIO(),
        stdout=io.BytesIO(),
        stderr=io.BytesIO(),
    )
    made.load(elf_image(link([assemble(GUEST, made.machine, file="guest.S")])))
    return made


def everything(of: Simulator) -> object:
    table = of.read("table", "uint32", 64).tolist()
    stack = of.read(of.hart.registers["x"][2] - 64, "uint32", 1).tolist()
    return of.hart.pc, of.hart.registers, of.hart.states, table, stack, of.regions


@pytest.mark.parametrize(
    ("core", "timing"), [("cv32e40p", True), ("snitch", True), ("tiny", False)]
)
def test_a_run_in_pieces_is_the_run(tmp_path: Path, core: str, timing: bool) -> None:
    whole = simulator(core, timing=timing)
    expected = whole.run()
    draw = random.Random(4)
    engines = ["jit", "reference", "jit", "reference", "jit"]
    now = simulator(core, "jit", timing)
    for number, engine in enumerate(engines):
        now.run(draw.randrange(1, expected.instret // len(engines)))
        path = tmp_path / f"{number}"
        write_checkpoint(now, path, {"number": number})
        now = simulator(core, engine, timing)
        assert restore(now, path) == {"number": number}
    assert now.run() == expected
    assert everything(now) == everything(whole)


def test_a_damaged_one_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    first = simulator()
    first.run(1000)
    path = tmp_path / "checkpoint"
    write_checkpoint(first, path, {})
    data = path.read_bytes()
    fresh = simulator()
    before = everything(fresh)
    draw = random.Random(4)
    damages = [data[: len(data) // 2], b"", data + b"x"]
    damages += [
        data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
        for at in (0, len(data) - 1, *(draw.randrange(len(data)) for _ in range(20)))
    ]
    for damaged in damages:
        path.write_bytes(damaged)
        with pytest.raises(DamagedCheckpoint, match="checkpoint: is "):
            restore(fresh, path)
    assert everything(fresh) == before


def test_one_of_another_machine_is_refused(tmp_path: Path) -> None:
    first = simulator()
    first.run(100)
    write_checkpoint(first, tmp_path / "c", {})
    for other in (simulator("snitch"), simulator(timing=False)):
        with pytest.raises(CheckpointError, match="is of another program, machine or core"):
            restore(other, tmp_path / "c")
    empty = Simulator(isa="rv32imf_zicsr_zicntr", core="cv32e40p")
    with pytest.raises(CheckpointError, match="load one first"):
        write_checkpoint(empty, tmp_path / "d", {})
    assert not (tmp_path / "d").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    first = simulator()
    first.run(100)
    (tmp_path / "c").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_checkpoint(first, tmp_path / "c", {})
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
