import io
import json

import numpy as np
import pytest
from rich.console import Console

from rvx.bench import KERNELS, dump, progress_bar, render_table, run_bench, to_json

GEMM = KERNELS["gemm"]
SIZE = GEMM.size("5,6,7")
SYSTEMS = ("fp32_dot", "fp16", "bf16", "fp8", "fp8alt", "mxfp8", "ibm4", "posit32")


@pytest.fixture(scope="module")
def results():
    return run_bench(GEMM, [SIZE], seed=2, core="cv32e40p", systems=SYSTEMS)


def test_json_has_what_was_promised(results):
    report = json.loads(json.dumps(to_json(results), allow_nan=False))
    assert report["schema"] == "rvx-bench/3"
    assert set(report["versions"]) == {"rvx", "python", "numpy"}
    (row,) = (row for row in report["results"] if row["system"] == "fp8")
    assert (row["kernel"], row["system"], row["core"]) == ("gemm", "fp8", "cv32e40p")
    assert row["isa"] == "rv32imf_zicsr_xsmallfloat_xfvec"
    assert (row["work"], row["unit"]) == (5 * 6 * 7, "MAC")
    assert row["cycles_per_work"] == row["cycles"] / row["work"]
    assert set(row["error"]) == set(row["error_quantized"]) == {"max_abs", "rms", "relative_rms"}
    assert row["data_bytes"] == 5 * 8 + 6 * 8 + 5 * 12


def test_table_fits_eighty_columns(results):
    out = io.StringIO()
    Console(file=out, width=80).print(render_table(results))
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["gemm", "5x6x7", "on", "cv32e40p,", "seed", "2"]
    assert [line.split()[0] for line in lines[3 : 3 + len(results)]] == [
        result.system for result in results
    ]
    assert "…" not in out.getvalue()
    assert lines[7].split()[1:3] == [str(results[4].instret), str(results[4].cycles)]


def test_progress_is_for_terminals(results):
    out = io.StringIO()
    with progress_bar(Console(file=out)) as progress:
        progress(1, 2, "now")
    assert out.getvalue() == ""


def test_progress_counts_runs():
    told = []
    run_bench(
        GEMM,
        [GEMM.size("1")],
        systems=["fp32_dot"],
        core="single",
        progress=lambda done, total, label: told.append((done, total, label)),
    )
    assert told == [(0, 2, "gemm 1x1x1 fp32"), (1, 2, "gemm 1x1x1 fp32_dot"), (2, 2, "")]


def test_errors_can_be_recomputed_from_the_dump(results, tmp_path):
    folders = dump(results, tmp_path / "out")
    assert [folder.name for folder in folders] == [result.system for result in results]
    for folder, result in zip(folders, results, strict=True):
        a, bt, qa, qbt, c = (
            np.load(folder / f"{name}.npy")
            for name in ("input_a", "input_bt", "operand_a", "operand_bt", "result_c")
        )
        for reference, error in ((a @ bt.T, result.error), (qa @ qbt.T, result.error_quantized)):
            relative = np.linalg.norm(c - reference) / np.linalg.norm(reference)
            assert relative == pytest.approx(error.relative_rms)
    raw = np.load(tmp_path / "out/gemm-5x6x7/fp8/result_c_codes.npy")
    assert raw.dtype == np.uint16
    assert (
        raw.view(np.float16).tolist()
        == np.load(tmp_path / "out/gemm-5x6x7/fp8/result_c.npy").tolist()
    )
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["gemm-5x6x7"]


def test_an_unwritable_dump_is_named_and_leaves_nothing(results, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OSError, match="file"):
        dump(results, blocked)
    assert blocked.read_text() == ""
