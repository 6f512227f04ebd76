"""Tables and curves of runs: means, spreads, targets."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import isnan
from statistics import mean, stdev

import pytest
from training_run import plan_of

from rvx.train.comparison import compare
from rvx.train.curves import panels
from rvx.train.event import Spent, parse_line
from rvx.train.page import page
from rvx.train.png import picture
from rvx.train.result import to_json
from rvx.train.run import Done
from rvx.train.settings import TrainError
from rvx.train.svg import drawing
from rvx.train.table import cells

START = (
    "start parameters=10 parameter_bytes=80 master_bytes=120 activation_bytes=64 operand_bytes=16"
)


def run(system: str, seed: int, per_epoch: int, correct: list[int]) -> Done:
    """A run that spent so much an epoch and had so many of 100 right."""
    events = [parse_line(START, Spent(5, 5, 0, 0))]
    for epoch, right in enumerate(correct):
        loss = "nan" if right == 0 else f"0x{200 - right:x}p-7"
        line = f"epoch epoch={epoch} step={epoch} train={loss} held={loss} correct={right}"
        spent = Spent(epoch * per_epoch + 9, epoch * per_epoch + 9, epoch * 2, epoch * per_epoch)
        events.append(parse_line(f"{line} judged=100 skipped=0 scale=0", spent))
    events.append(parse_line("end address=0x80000000 bytes=4 digest=ff", Spent(9, 9, 9, 9)))
    plan = plan_of("mlp", system, seed=seed)
    return Done(plan, tuple(events), b"\0" * 4, 1000, 2000, 2.0, 1.0, 0.5, 8, 8)


RUNS = [
    run("fp32", 1, 1000, [10, 90, 96]),
    run("fp32", 2, 1000, [10, 97, 98]),
    run("fp8", 1, 500, [10, 90, 95]),
    run("fp8", 2, 500, [10, 20, 30]),
    run("posit16", 1, 500, [0, 0, 0]),
]


def test_means_spreads_and_what_a_target_took() -> None:
    fp32, fp8, posit16 = compare(RUNS, 0.95)
    assert (fp32.system, fp32.seeds, fp32.reached) == ("fp32", 2, 2)
    assert fp32.accuracy is not None
    assert fp32.accuracy.mean == pytest.approx(mean([0.96, 0.98]))
    assert fp32.accuracy.deviation == pytest.approx(stdev([0.96, 0.98]))
    assert (fp32.cycles.mean, fp32.instret.mean, fp32.epochs.mean) == (1500, 3, 1.5)
    assert (fp8.reached, fp8.cycles.mean, fp8.speedup) == (1, 1000, 1.5)
    assert (posit16.reached, isnan(posit16.speedup), isnan(posit16.loss.mean)) == (0, True, True)
    assert fp32.memory == 80 + 120 + 64 + 16
    shown = cells(posit16)
    assert shown[3:6] == ("0 of 1", "-", "-")


def test_drawings_and_pages_of_what_went_well_and_of_what_did_not() -> None:
    root = ET.fromstring(drawing(panels(RUNS)))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 2 * len(RUNS)
    assert picture(panels(RUNS)).startswith(b"\x89PNG")
    text = page(RUNS, 0.95)
    assert all(name in text for name in ("fp32", "fp8", "posit16", "95 % right"))
    found = to_json(RUNS, 0.95)["runs"]
    assert isinstance(found, list)
    assert found[4]["epochs"][0]["held_loss"] is None  # JSON has no NaN
    assert found[3]["target_reached"] is None


def test_a_line_that_is_no_report() -> None:
    for line in ("epoch 1", "hello a=1"):
        with pytest.raises(TrainError, match="which is no report"):
            parse_line(line, Spent(0, 0, 0, 0))
