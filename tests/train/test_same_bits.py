"""The fp32 program elsewhere: the same bits on simulators that share no code with rvx."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from training_run import plan_of, short, trained

from rvx.train.program import build_program, machine_of
from rvx.verify.commit import PeerError
from rvx.verify.spike import spike_binary

STEPS = 3


def built(folder: Path, *, htif: bool) -> Path:
    plan = plan_of("mlp", momentum=0.875, decay=0.001)
    elf = folder / "train.elf"
    machine = machine_of(plan.system)
    data = short("mlp", 8 * STEPS)
    elf.write_bytes(
        build_program(machine, plan.system, plan.workload, plan.settings, data, htif=htif)
    )
    elf.chmod(0o755)
    return elf


def expected() -> tuple[str, list[dict[str, str]]]:
    done = trained("mlp", short("mlp", 8 * STEPS), momentum=0.875, decay=0.001)
    return done.events[-1].words["digest"], [event.words for event in done.epochs]


def told(output: str) -> tuple[str, list[dict[str, str]]]:
    lines = [line.split() for line in output.splitlines()]
    words = [(line[0], dict(word.split("=") for word in line[1:])) for line in lines]
    return words[-1][1]["digest"], [found for kind, found in words if kind == "epoch"]


def test_qemu(tmp_path: Path) -> None:
    qemu = shutil.which("qemu-riscv32")
    if qemu is None:
        pytest.skip("qemu-riscv32 is not installed (Debian: qemu-user), and no pip package has it")
    elf = built(tmp_path, htif=False)
    done = subprocess.run([qemu, elf], capture_output=True, text=True, check=True)
    assert told(done.stdout) == expected()


def test_spike(tmp_path: Path) -> None:
    try:
        spike = spike_binary()
    except PeerError as error:
        pytest.skip(str(error))
    elf = built(tmp_path, htif=True)
    command = [spike, "--isa=rv32imf_zicsr", "-m0x80000000:0x8000000", elf]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told(done.stdout) == expected()
