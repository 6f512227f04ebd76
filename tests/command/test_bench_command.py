"""`rvx bench`: the table, the same as JSON, and arrays from which its errors can be recomputed."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from calling import Rvx

from rvx.bench import KERNELS, SYSTEMS

KEYS = {
    *("kernel", "system", "isa", "core", "size", "seed", "instret", "cycles", "work", "unit"),
    *("cycles_per_work", "speedup", "error", "error_quantized", "code_bytes", "data_bytes"),
    "compiler",
}


def errors(result: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    """As anyone would write them down."""
    difference = result - reference
    rms = math.sqrt(np.mean(difference**2))
    return {
        "max_abs": np.max(np.abs(difference)),
        "rms": rms,
        "relative_rms": rms / math.sqrt(np.mean(reference**2)),
    }


def close(found: dict[str, float], expected: dict[str, float]) -> bool:
    return found.keys() == expected.keys() and all(
        math.isclose(found[name], expected[name], rel_tol=1e-12) for name in expected
    )


def test_the_errors_can_be_recomputed(rvx: Rvx) -> None:
    done = rvx("bench", "--size", "5,6,7", "--seed", "3", "--json", "r.json", "--dump", "arrays")
    assert done.succeeded
    report = json.loads((rvx.folder / "r.json").read_text(encoding="utf-8"))
    assert set(report["versions"]) == {"rvx", "python", "numpy"}
    rows = report["results"]
    assert rows[0]["system"] == "fp32"
    assert len(rows) >= 4
    for row in rows:
        assert set(row) == KEYS
        assert (row["size"], row["seed"], row["work"]) == ([5, 6, 7], 3, 5 * 6 * 7)
        assert row["cycles_per_work"] == row["cycles"] / row["work"]
        assert row["speedup"] == rows[0]["cycles"] / row["cycles"]
        arrays = Arrays(rvx.folder / "arrays" / "gemm-5x6x7" / row["system"])
        a, b = arrays["input_a"], arrays["input_bt"]
        assert close(errors(arrays["result_c"], a @ b.T), row["error"])
        a, b = arrays["operand_a"], arrays["operand_bt"]
        assert close(errors(arrays["result_c"], a @ b.T), row["error_quantized"])
        assert f"{row['system']} " in done.out
        assert f" {row['cycles']} " in done.out


class Arrays:
    """The .npy files of a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> np.ndarray:
        return np.load(self._folder / f"{name}.npy")


def test_fp32_results_are_what_numpy_would_store(rvx: Rvx) -> None:
    assert rvx("bench", "--size", "2", "--variant", "fp32", "--dump", "arrays").succeeded
    arrays = Arrays(rvx.folder / "arrays" / "gemm-2x2x2" / "fp32")
    assert np.array_equal(arrays["operand_a"], arrays["input_a"].astype(np.float32))
    assert np.array_equal(arrays["result_c_codes"].astype("<u4").view("<f4"), arrays["result_c"])


def test_json_alone_on_standard_output(rvx: Rvx) -> None:
    one = rvx("bench", "--size", "2", "--variant", "fp8", "--core", "single", "--json", "-")
    assert one.succeeded
    rows = json.loads(one.out)["results"]
    assert [row["system"] for row in rows] == ["fp32", "fp8"]  # always beside the baseline
    assert all(row["core"] == "single" and row["cycles"] == row["instret"] for row in rows)
    assert rvx("bench", "--size", "2", "--variant", "fp8", "--core", "single", "--json", "-") == one
    assert not rvx.files()


def test_sizes_one_after_the_other(rvx: Rvx) -> None:
    done = rvx("bench", "--size", "1", "--size", "2,1,3", "--variant", "fp32", "--seed", "9")
    assert done.succeeded
    titles = [line.strip() for line in done.out.splitlines() if "seed" in line]
    assert titles == [f"gemm {size} on cv32e40p, seed 9" for size in ("1x1x1", "2x1x3")]


def test_everything_there_is_can_be_listed(rvx: Rvx) -> None:
    done = rvx("bench", "--list")
    assert done.succeeded
    assert all(len(line) <= 80 for line in done.out.splitlines())
    words = {line.split()[0] for line in done.out.splitlines() if line.strip()}
    assert {*KERNELS, *(system.name for system in SYSTEMS)} <= words


def test_cores_one_beside_the_other(rvx: Rvx) -> None:
    done = rvx("bench", "--size", "2", "--core", "single", "--core", "snitch", "--variant", "fp8")
    titles = [line.strip() for line in done.out.splitlines() if "seed" in line]
    assert titles == [f"gemm 2x2x2 on {core}, seed 0" for core in ("single", "snitch")]


def test_where_the_cycles_went_adds_up(rvx: Rvx) -> None:
    done = rvx("bench", "--size", "5,6,7", "--roofline", "--json", "r.json")
    assert done.succeeded
    for row in json.loads((rvx.folder / "r.json").read_text(encoding="utf-8"))["results"]:
        assert sum(row["instructions"].values()) == row["instret"]
        assert row["instret"] + sum(row["stalls"].values()) == row["cycles"]
        assert row["products"] >= row["work"]
        per_work = row["instructions_per_work"]
        assert per_work["load"] == row["instructions"]["load"] / row["work"]
        assert math.isclose(row["share_of_peak"] + sum(row["lost_to"].values()), 1.0)
        assert f"{row['share_of_peak']:.1%}" in done.out


def test_wrong_names_take_one_line(rvx: Rvx) -> None:
    for words, told in (
        (("nope",), "there is no kernel 'nope'; rvx bench --list names them all"),
        (("relu_forward", "--variant", "fp32_dot"), "relu_forward has no variant 'fp32_dot'; it"),
        (("--compiler", "nope"), "there is no compiler nope; install one, as with: pip install"),
        (("--cflag=--nope", "--variant", "fp32_c"), "refuses what it compiles"),
    ):
        assert rvx("bench", "--size", "2", *words).refused(1, told)


def test_without_a_compiler_the_assembly_runs(rvx: Rvx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rvx.c.compiler._named", lambda name: None)
    note = "rvx: kernels in C are left out: there is no C compiler for RISC-V: install one, as "
    for words, runs, noted in (
        (("--size", "2"), "fp32_dot ", True),
        (("all",), "fp32_dot ", True),
        (("--size", "2", "--variant", "fp8"), "fp8 ", False),
    ):
        done = rvx("bench", *words)
        assert done.status == 0
        assert done.err.startswith(note) if noted else not done.err
        assert runs in done.out
        assert "fp32_c " not in done.out
    for words in (("relu_forward",), ("--size", "2", "--variant", "fp32_c")):
        assert rvx("bench", *words).refused(1, "rvx: there is no C compiler for RISC-V: install")
