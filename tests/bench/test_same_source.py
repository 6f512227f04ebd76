"""The C of the kernels in fp32 is ordinary C: one program of all of them prints the same bits on
rvx, on qemu-riscv32 and on Spike, and the bits that `rvx bench` judges."""

import io
import shutil
import subprocess

import pytest
from every_kernel import checksum, kernels_of, program

from rvx import Machine
from rvx.bench import SYSTEMS, run_bench
from rvx.verify.device_tree import bare_hart
from rvx.verify.spike import spike_binary

(BASELINE,) = (system for system in SYSTEMS if system.name == "fp32")
RAM = range(0x8000_0000, 0x8100_0000)
SIZES = {1: "21", 2: "5,7", 3: "5,3,7", 5: "5,7,3,3,2", 6: "5,7,3,3,2,5"}


@pytest.fixture(scope="module")
def results():
    return {
        kernel.name: run_bench(
            kernel,
            [kernel.size(SIZES[len(kernel.dimensions)])],
            core="single",
            systems=[BASELINE.name],
        )[0]
        for kernel in kernels_of(BASELINE)
    }


@pytest.fixture(scope="module")
def expected(results):
    """What the program has to print."""
    return "".join(
        f"{name} {output} {checksum(result.arrays.outputs[output].matrix.rows):08x}\n"
        for name, result in results.items()
        for output in result.arrays.outputs
    )


def test_on_rvx(results, expected, tmp_path):
    for engine in ("jit", "reference"):
        out = io.BytesIO()
        machine = Machine(isa=BASELINE.isa, stdout=out, engine=engine)
        (tmp_path / "p.elf").write_bytes(program(BASELINE, results, tmp_path))
        machine.load(tmp_path / "p.elf")
        assert machine.run(20_000_000).status == 0
        assert out.getvalue().decode() == expected


def test_on_qemu(results, expected, tmp_path):
    qemu = shutil.which("qemu-riscv32")
    if qemu is None:
        pytest.skip("qemu-riscv32 is not installed (Debian: qemu-user)")
    image = tmp_path / "p.elf"
    image.write_bytes(program(BASELINE, results, tmp_path))
    image.chmod(0o755)
    assert printed(qemu, image) == expected


def test_on_spike(results, expected, tmp_path):
    isa = "rv32imf_zicsr_zicntr"
    image, tree = tmp_path / "p.elf", tmp_path / "tree.dtb"
    image.write_bytes(program(BASELINE, results, tmp_path, htif=True))
    tree.write_bytes(bare_hart(isa, RAM))
    memory = f"-m{RAM.start:#x}:{len(RAM):#x}"
    machine = (f"--isa={isa}", "--priv=m", memory, f"--dtb={tree}")
    assert printed(spike_binary(), *machine, image) == expected


def printed(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
