"""The C of the kernels in fp32 is ordinary C: one program of all of them prints the same bits on
rvx, on qemu-riscv32 and on Spike, and the bits that `rvx bench` judges."""

import io
import shutil
import subprocess

import pytest
from every_kernel import checksum, problems, program

from rvx import Machine
from rvx.bench import SYSTEMS, run_bench
from rvx.verify.device_tree import bare_hart
from rvx.verify.spike import spike_binary

(BASELINE,) = (system for system in SYSTEMS if system.name == "fp32")
RAM = range(0x8000_0000, 0x8100_0000)
SIZES = {1: "21", 2: "5,7", 3: "5,3,7", 5: "5,7,3,3,2", 6: "5,7,3,3,2,5"}


@pytest.fixture(scope="module")
def solved():
    return problems(BASELINE, SIZES)


@pytest.fixture(scope="module")
def image(solved, tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "p.elf"
    path.write_bytes(program(BASELINE, solved, path.parent))
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def expected(image):
    """What rvx prints."""
    return on_rvx(image, "jit")


def on_rvx(image, engine):
    out = io.BytesIO()
    machine = Machine(isa=BASELINE.isa, stdout=out, engine=engine)
    machine.load(image)
    assert machine.run(20_000_000).status == 0
    return out.getvalue().decode()


def test_every_result_is_printed(solved, expected):
    names = [[p.kernel.name, result] for p in solved for result in p.results]
    assert [line.split()[:2] for line in expected.splitlines()] == names
    assert len(names) > 30


def test_on_qemu(image, expected):
    qemu = shutil.which("qemu-riscv32")
    if qemu is None:
        pytest.skip("qemu-riscv32 is not installed (Debian: qemu-user)")
    assert printed(qemu, image) == expected


def test_on_spike(solved, expected, tmp_path):
    isa = "rv32imf_zicsr_zicntr"
    image, tree = tmp_path / "p.elf", tmp_path / "tree.dtb"
    image.write_bytes(program(BASELINE, solved, tmp_path, htif=True))
    tree.write_bytes(bare_hart(isa, RAM))
    memory = f"-m{RAM.start:#x}:{len(RAM):#x}"
    machine = (f"--isa={isa}", "--priv=m", memory, f"--dtb={tree}")
    assert printed(spike_binary(), *machine, image) == expected


@pytest.mark.sweep
def test_by_the_reference(image, expected):
    assert on_rvx(image, "reference") == expected


@pytest.mark.sweep
def test_bench_judges_these_bits(solved, expected):
    lines = []
    for problem in solved:
        systems = [BASELINE.name]
        (run,) = run_bench(problem.kernel, [problem.size], core="single", systems=systems)
        for name, output in run.arrays.outputs.items():
            lines.append(f"{problem.kernel.name} {name} {checksum(output.matrix.rows):08x}\n")
    assert "".join(lines) == expected


def printed(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
