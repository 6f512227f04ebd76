"""Cycles are exact: a change is a diff to review, of what `python tests/bench/record.py` writes."""

import pytest
from page import PAGE, page
from recording import (
    FOLDER,
    READ,
    compiler,
    cores_of,
    is_compiled,
    measured,
    odd,
    read,
    sizes_of,
)
from rivals import NAMES, UNROLLED, builds, compared, cycles

from rvx.bench import KERNELS, run_bench, systems_of
from rvx.c import CompilerError

GEMM = KERNELS["gemm"]
AGAIN = "python tests/bench/record.py"
CASES = [(kernel.name, size) for kernel in KERNELS.values() for size in sizes_of(kernel)]
BASELINE = systems_of(GEMM)[0].name


def other_compiler(kernel):
    """Why cycles of code in C cannot be compared, or None."""
    recorded, _ = read(kernel.name)
    try:
        found = compiler()
    except CompilerError as error:
        return str(error)
    if found == recorded:
        return None
    return f"{found} compiles, {recorded} was recorded: pip install -e '.[test]', or {AGAIN}"


def compare(kernel, size, systems):
    _, recorded = read(kernel.name)
    assert recorded, f"{kernel.name} is not recorded: {AGAIN} --missing"
    in_c = [system for system in systems if is_compiled(kernel, system)]
    if in_c and (reason := other_compiler(kernel)) is not None:
        systems = [system for system in systems if system not in in_c]
        if not systems:
            pytest.skip(reason)
    for system, row in measured(kernel, size, systems).items():
        assert row == recorded[size][system], f"{kernel.name} {size} {system}: {AGAIN}"


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=lambda kernel: kernel.name)
def test_everything_there_is_is_recorded(kernel):
    _, recorded = read(kernel.name)
    names = [system.name for system in systems_of(kernel)]
    assert {size: list(rows) for size, rows in recorded.items()} == dict.fromkeys(
        sizes_of(kernel), names
    ), f"{AGAIN} --missing"
    for size, rows in recorded.items():
        for system, row in rows.items():
            cores = {core for core, names in cores_of(kernel, size).items() if system in names}
            assert set(row["cycles"]) == cores, f"{AGAIN} {kernel.name}"


def test_nothing_else_is_recorded():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(KERNELS)


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), f"{AGAIN} --page"


def test_products_take_the_recorded_cycles():
    compare(GEMM, odd(GEMM), [system.name for system in systems_of(GEMM)])


@pytest.mark.parametrize("name", ["adam", "conv2d_input_gradient", "attention_forward"])
def test_kernels_in_c_take_the_recorded_cycles(name):
    compare(KERNELS[name], odd(KERNELS[name]), [BASELINE])


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "size"), CASES)
def test_everything_takes_the_recorded_cycles(name, size):
    kernel = KERNELS[name]
    compare(kernel, size, [system.name for system in systems_of(kernel)])


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_compilers_take_the_recorded_cycles(name):
    for row in compared():
        if row["name"] == name:
            each = builds(name, row["level"])
            try:
                found = each[0].compiler.version
            except CompilerError as error:
                pytest.skip(str(error))
            if found != row["version"]:
                pytest.skip(f"{found} is not {row['version']}, which was recorded")
            assert [cycles(build) for build in each] == row["cycles"]


def test_no_compiler_beats_the_baseline():
    _, recorded = read("gemm")
    ours = recorded["64x64x64"][BASELINE]["cycles"][READ]
    counts = [count for row in compared() for count in row["cycles"]]
    assert len(counts) == len(compared()) * len(UNROLLED)
    assert ours < min(counts)
    assert recorded["64x64x64"]["fp32_c"]["cycles"][READ] == min(counts)


# What the headers of the kernels say of cv32e40p: steps, blocks, and what a tile costs besides.
FORMULAS = {
    "fp32": lambda k: (24 * k + 11 * (k // 16 - 1) + 35) / 16,
    "fp16": lambda k: (24 * (k // 2) + 11 * (k // 32 - 1) + 52) / 16,
    "fp8": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 92) / 16,
    "fp16_64": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 84) / 16,
    "fp8_64": lambda k: (24 * (k // 8) + 11 * (k // 128 - 1) + 100) / 16,
    "posit32_mac": lambda k: (24 * k + 11 * (k // 16 - 1) + 52) / 16,
    "posit16_mac": lambda k: (24 * (k // 2) + 11 * (k // 32 - 1) + 100) / 16,
    "posit8_mac": lambda k: (24 * (k // 4) + 11 * (k // 64 - 1) + 192) / 16,
    "fp32_dot": lambda k: 3 * k + 5 * (k // 16 - 1) + 12,
    "posit32": lambda k: 3 * k + 5 * (k // 16 - 1) + 13,
    "posit16": lambda k: 3 * (k // 2) + 5 * (k // 32 - 1) + 13,
    "posit8": lambda k: 3 * (k // 4) + 5 * (k // 64 - 1) + 14,
}


QUICK = ("fp32", "fp8", "fp8_64", "posit8")


@pytest.mark.parametrize(
    "variant",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.sweep) for name in FORMULAS],
)
def test_a_tile_costs_what_its_source_says(variant):
    def cycles(columns):
        size = GEMM.size(f"4,{columns},128")
        runs = run_bench(GEMM, [size], core="cv32e40p,DATA_WIDTH=64", systems=[variant])
        return next(run.cycles for run in runs if run.system == variant)

    # Four rows by four columns more: a tile, or sixteen elements.
    assert cycles(12) - cycles(8) == 16 * FORMULAS[variant](128)
