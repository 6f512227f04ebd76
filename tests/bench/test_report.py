import io
import json

import numpy as np
import pytest
from rich.console import Console

from rvx.bench import Size, dump, progress_bar, render_table, run_bench, to_json

SIZE = Size(5, 6, 7)


@pytest.fixture(scope="module")
def results():
    return run_bench([SIZE], seed=2, core="cv32e40p")


def test_json_has_what_was_promised(results):
    report = json.loads(json.dumps(to_json(results), allow_nan=False))
    assert report["schema"] == "rvx-bench/1"
    assert set(report["versions"]) == {"rvx", "python", "numpy"}
    row = report["results"][2]
    assert (row["kernel"], row["variant"], row["core"]) == ("gemm", "fp8", "cv32e40p")
    assert row["isa"] == "rv32imf_zicsr_xdotp"
    assert row["macs"] == 5 * 6 * 7
    assert row["cycles_per_mac"] == row["cycles"] / row["macs"]
    assert set(row["error"]) == set(row["error_quantized"]) == {"max_abs", "rms", "relative_rms"}
    assert row["data_bytes"] == 5 * 8 + 6 * 8 + 5 * 12


def test_table_fits_eighty_columns(results):
    out = io.StringIO()
    Console(file=out, width=80).print(render_table(results))
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["gemm", "5x6x7", "on", "cv32e40p,", "seed", "2"]
    assert [line.split()[0] for line in lines[3:8]] == [result.variant for result in results]
    assert "…" not in out.getvalue()
    assert lines[5].split()[1:3] == [str(results[2].instret), str(results[2].cycles)]


def test_progress_is_for_terminals(results):
    out = io.StringIO()
    with progress_bar(Console(file=out)) as progress:
        progress(1, 2, "now")
    assert out.getvalue() == ""


def test_progress_counts_runs():
    told = []
    run_bench(
        [Size(1, 1, 1)],
        variants=["fp32_dot"],
        core="single",
        progress=lambda done, total, label: told.append((done, total, label)),
    )
    assert told == [(0, 2, "gemm 1x1x1 fp32"), (1, 2, "gemm 1x1x1 fp32_dot"), (2, 2, "")]


def test_errors_can_be_recomputed_from_the_dump(results, tmp_path):
    folders = dump(results, tmp_path / "out")
    assert [folder.name for folder in folders] == [result.variant for result in results]
    for folder, result in zip(folders, results, strict=True):
        a, bt, qa, qbt, c = (
            np.load(folder / f"{name}.npy")
            for name in ("inputs_0", "inputs_1", "operand_0", "operand_1", "result")
        )
        for reference, error in ((a @ bt.T, result.error), (qa @ qbt.T, result.error_quantized)):
            relative = np.linalg.norm(c - reference) / np.linalg.norm(reference)
            assert relative == pytest.approx(error.relative_rms)
    raw = np.load(tmp_path / "out/gemm-5x6x7/fp8/result_codes.npy")
    assert raw.dtype == np.uint16
    assert raw.view(np.float16).tolist() == np.load(folders[2] / "result.npy").tolist()
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["gemm-5x6x7"]


def test_an_unwritable_dump_is_named_and_leaves_nothing(results, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OSError, match="file"):
        dump(results, blocked)
    assert blocked.read_text() == ""
