"""`rvx train`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from hashlib import sha256

import numpy as np
import pytest
from calling import Rvx


def test_a_run_and_its_result(rvx: Rvx) -> None:
    written = ("-o", "r.json", "--page", "p.html", "--plot", "c.svg", "--dump-weights", "w.bin")
    done = rvx("train", "--epochs", "1", "--core", "single", *written)
    assert done.succeeded, done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("epoch   0 ")
    assert lines[1].startswith("epoch   1 ")
    result = json.loads((rvx.folder / "r.json").read_text())
    assert (result["schema"], result["target"]) == ("rvx-train/1", 0.95)
    (run,) = result["runs"]
    assert lines[2].endswith(run["weights_digest"])
    weights = (rvx.folder / "w.bin").read_bytes()
    assert sha256(weights).hexdigest() == run["weights_sha256"]
    assert run["parameters"] == 64 * 64 + 64 + 10 * 64 + 10
    assert np.isfinite(np.frombuffer(weights, "<f4")).all()
    before, after = run["epochs"]
    assert before["held_loss"] > 2 > after["held_loss"]
    assert after["accuracy"] > 0.8
    # On this core an instruction is a cycle; evaluation is not counted as training.
    assert 0 < after["cycles"] <= after["instret"] + 1 < run["instret"]
    ET.fromstring((rvx.folder / "c.svg").read_text())
    assert "<svg" in (rvx.folder / "p.html").read_text()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("--numbers fp7", "there is no 'fp7' to train with; there are fp32, "),
        ("--compare fp32,", "there is no '' to train with"),
        ("--seeds 1,two", "--seeds: 'two' is no seed; give numbers, as 1,2,3"),
        ("--seed 4294967296", "4294967296 is no seed: it has more than 32 bits"),
        ("--batch 100000", "--batch 100000: mlp takes 256 at most"),
        ("--stochastic", "--stochastic: fp32 has no stochastic rounding of sums"),
        ("--seeds 1,2 --dump-weights w", "--dump-weights: is for one run; give one system and one"),
        ("--plot c.gif", "c.gif: a drawing's name ends in .svg or .png"),
        ("-o none/r.json", "none/r.json: No such file or directory"),
        ("--checkpoint p.S", "p.S: Not a directory"),
        ("--core nothing", "unknown core 'nothing': declare it or correct the name"),
    ],
)
def test_what_is_refused(rvx: Rvx, words: str, line: str) -> None:
    rvx.program("nop")
    assert rvx("train", *words.split()).refused(1, line), rvx("train", *words.split())


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("--workload rnn", "argument --workload: invalid choice: 'rnn'"),
        ("--loss-scale 3", "argument --loss-scale: 3 is neither a power of two up to 2^24 nor"),
        ("--rate 0", "argument --rate: 0 is not from 1e-9 to 1e9"),
        ("--momentum 1", "argument --momentum: 1 is not from 0 to below 1"),
        ("--epochs 0", "argument --epochs: 0 is not positive"),
    ],
)
def test_words_that_are_none(rvx: Rvx, words: str, line: str) -> None:
    assert rvx("train", *words.split()).refused(2, line)
