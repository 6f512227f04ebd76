"""A run that is killed goes on from its last checkpoint to the same bits and cycles."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from killed_run import finish, kill_once, same
from training_run import plan_of, short

from rvx.machine.checkpoint import CheckpointError, write_checkpoint
from rvx.train.checkpoints import Checkpoints
from rvx.train.run import Done, Silent, Training


def kill_and_compare(tmp_path: Path, words: tuple[str, ...], kills: int, latest: float) -> None:
    """Kill runs at `kills` moments, each at most `latest` seconds after a checkpoint, and let each
    go on to its end. A run that was done before its moment came says nothing: the next one is
    killed earlier, however fast the machine."""
    (tmp_path / "whole").mkdir()
    whole, _ = finish(tmp_path / "whole", *words)
    draw, killed = random.Random(8), 0
    for number in range(kills + 20):
        folder = tmp_path / f"killed{number}"
        folder.mkdir()
        before = killed
        while killed < kills and kill_once(folder, words, draw, latest):
            killed += 1
        latest = latest if killed == kills else latest / 2
        run, said = finish(folder, *words)
        assert "resumed from" in said or killed == before
        assert same(run, whole)
        assert not list((folder / "kept").rglob(".checkpoint-*"))
        if killed == kills:
            return
    raise AssertionError(f"killed {killed} times only: the run is done too early")


def test_killed_at_any_moment(tmp_path: Path) -> None:
    kill_and_compare(tmp_path, ("--epochs", "40", "--core", "single"), 2, 0.2)


@pytest.mark.sweep
@pytest.mark.parametrize("system", ["fp32", "luq4"])
def test_killed_at_twenty_moments(tmp_path: Path, system: str) -> None:
    epochs = "60" if system == "fp32" else "8"
    kill_and_compare(tmp_path, ("--epochs", epochs, "--numbers", system), 20, 1.0)


class Told(Silent):
    def __init__(self) -> None:
        self.messages: list[str] = []

    def on_resume(self, message: str) -> None:
        self.messages.append(message)


def training(folder: Path, **settings: object) -> tuple[Training, Told]:
    told = Told()
    plan = plan_of("mlp", epochs=3, **settings)
    kept = Checkpoints(folder, 0.0)
    return Training(plan, short("mlp", 64), checkpoints=kept, watcher=told), told


def equal(done: Done, other: Done) -> bool:
    return (done.weights, done.events, done.cycles) == (other.weights, other.events, other.cycles)


def test_a_corrupt_checkpoint_is_refused_and_the_one_before_used(tmp_path: Path) -> None:
    first, told = training(tmp_path)
    whole = first.run()
    assert told.messages == []
    older, newer = sorted(tmp_path.iterdir())
    for damaged in (newer, older):
        data = bytearray(damaged.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        kept = {path: path.read_bytes() for path in (older, newer)}
        again, told = training(tmp_path)
        assert equal(again.run(), whole)
        refused = f"{newer}: is not whole: its checksum is wrong; trying the one before"
        assert told.messages[0] == refused
        if damaged is newer:
            assert told.messages[1].startswith(f"resumed from {older}, ")
        else:
            assert told.messages[1].startswith(f"{older}: is not whole")
            assert len(told.messages) == 2
        for path in tmp_path.iterdir():
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    newer.unlink()
    older.unlink()
    write_checkpoint(first.simulator, older, {})
    with pytest.raises(CheckpointError, match="another program"):
        training(tmp_path, rate=0.25)[0].run()
