"""The run time's own arithmetic, compiled for this host and held against the host's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from program_run import native_compiler

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "firmware" / "runtime"
EXACT = ("sqrt", "floor", "ceil", "trunc", "round", "rint", "fmod")
ERROR_FUNCTIONS = ("erf", "erfc")


@pytest.fixture
def compiler() -> str:
    found = native_compiler()
    if found is None:
        pytest.skip("no C compiler for this host: nothing to compare with")
    return found


def run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_compilers_call_is_exact(compiler: str, tmp_path: Path) -> None:
    """Integers of 64 bits, float and double by integers: every bit, NaN aside."""
    objects = []
    for name in ("single", "double"):
        source = RUNTIME / "compiler" / f"{name}.c"
        objects.append(tmp_path / f"{name}.o")
        run(compiler, "-O2", "-w", "-c", source, "-o", objects[-1])
    objects.append(tmp_path / "fma.o")
    renamed = ("-Dfma=rvx_fma", "-Dfmaf=rvx_fmaf", f"-I{RUNTIME / 'include'}", "-ffp-contract=off")
    run(compiler, "-O2", "-w", "-fno-builtin", *renamed, "-c", RUNTIME / "fma.c", "-o", objects[-1])
    program, source = tmp_path / "soft", HERE / "soft_arithmetic.c"
    run(compiler, "-O2", "-w", f"-I{RUNTIME}", source, *objects, "-lm", "-o", program)
    assert run(program) == "0 differences\n"


def test_mathematics_errs_as_little_as_the_header_says(compiler: str, tmp_path: Path) -> None:
    declared = (RUNTIME / "include" / "math.h").read_text()
    names = re.findall(r"__(?:ONE|TWO)\((\w+)\)", declared)
    names = [n for n in names if n != "name"] + ["ldexp", "scalbn", "frexp", "modf"]
    renamed = [f"-D{n}{f}=rvx_{n}{f}" for n in [*names, "lround", "lrint"] for f in ("", "f")]
    objects = []
    for source in sorted(RUNTIME.glob("math_*.c")):
        objects.append(tmp_path / f"{source.stem}.o")
        flags = ("-O2", "-w", "-fno-builtin", "-ffp-contract=off", f"-I{RUNTIME / 'include'}")
        run(compiler, *flags, *renamed, "-c", source, "-o", objects[-1])
    program = tmp_path / "functions"
    run(compiler, "-O1", "-w", HERE / "elementary_functions.c", *objects, "-lm", "-o", program)
    for line in run(program).splitlines():
        name, *errors = line.split()
        most = 0.5 if name in EXACT else 6 if name in ERROR_FUNCTIONS else 3
        assert max(map(float, errors)) <= most, line
