"""From what `rvx bench --dump` writes, and numpy alone, anyone gets the errors of the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from calling import Rvx

Arrays = Mapping[str, np.ndarray]


def softmax(of: Arrays) -> dict[str, np.ndarray]:
    powers = np.exp(of["x"])
    return {"y": powers / powers.sum(axis=1, keepdims=True)}


def layernorm(of: Arrays) -> dict[str, np.ndarray]:
    x = of["x"]
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + of["epsilon"])
    y = (x - x.mean(axis=1, keepdims=True)) / deviation * of["gamma"] + of["beta"]
    return {"y": y}


def momentum(of: Arrays) -> dict[str, np.ndarray]:
    rate, momentum, decay = of["by"]
    v = momentum * of["v"] + of["g"] + decay * of["w"]
    return {"v": v, "w": of["w"] - rate * v}


def head(of: Arrays) -> dict[str, np.ndarray]:
    """Where products take the operands as they are: only before rounding."""
    scores = np.where(np.tri(len(of["q"])) > 0, of["scale"] * (of["q"] @ of["k"].T), -np.inf)
    p = softmax({"x": scores})["y"]
    return {"p": p, "y": p @ of["v"]}


DEFINITIONS = {
    "dot": lambda of: {"z": (of["x"] * of["y"]).sum(keepdims=True)},
    "matvec": lambda of: {"y": of["x"] @ of["a"].T},
    "softmax": softmax,
    "layernorm_forward": layernorm,
    "sgd": momentum,
    "attention_forward": head,
    "transpose": lambda of: {"y": of["x"].T},
}
ROUNDS_AGAIN = {"attention_forward"}
QUICK = {"dot", "sgd", "attention_forward"}


def loaded(folder: Path, kind: str) -> dict[str, np.ndarray]:
    found = {p.stem: np.load(p) for p in folder.glob(f"{kind}_*.npy")}
    return {
        name.removeprefix(f"{kind}_"): array
        for name, array in found.items()
        if not name.endswith("_codes") and not name.startswith(f"{kind}_quantized")
    }


def relative(folder: Path, references: Mapping[str, np.ndarray]) -> float:
    """The error of all results together."""
    pairs = [(loaded(folder, "result")[name], right) for name, right in references.items()]
    squares = sum(((found - right) ** 2).sum() for found, right in pairs)
    return float(np.sqrt(squares / sum((right**2).sum() for _, right in pairs)))


@pytest.mark.parametrize(
    "kernel",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.sweep) for name in DEFINITIONS],
)
def test_errors_come_from_the_files_alone(rvx: Rvx, kernel: str) -> None:
    words = ("--variant", "fp8", "--core", "single", "--dump", "out", "--json", "r.json")
    done = rvx("bench", kernel, "--size", "6", *words)
    assert done.succeeded
    rows = json.loads((rvx.folder / "r.json").read_text(encoding="utf-8"))["results"]
    assert [row["system"] for row in rows] == ["fp32", "fp8"]
    for row in rows:
        (folder,) = (rvx.folder / "out").glob(f"{kernel}-*/{row['system']}")
        define = DEFINITIONS[kernel]
        before = relative(folder, define(loaded(folder, "input")))
        assert before == pytest.approx(row["error"]["relative_rms"], rel=1e-6)
        assert f" {before:.2e} " in done.out
        assert before == pytest.approx(relative(folder, loaded(folder, "reference")), rel=1e-6)
        if kernel not in ROUNDS_AGAIN:
            after = relative(folder, define(loaded(folder, "operand")))
            assert after == pytest.approx(row["error_quantized"]["relative_rms"], rel=1e-6)
